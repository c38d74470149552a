"""The verbs of a need: draft it step by step, publish, withdraw, duplicate, close, declare a crisis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.ground.workflow import move
from skillshare.needs import queries, supply
from skillshare.needs.completeness import check_complete
from skillshare.needs.models import CloseReason, Need, NeedSkill, NeedState, Seat
from skillshare.needs.workflow import NEED
from skillshare.organisation.models import Agent, Unit
from skillshare.organisation.queries import people_named
from skillshare.skills.models import Skill, SkillState

MOST_SKILLS, MOST_SEATS = 8, 20
COPIED = ("unit_id", "mission_lead_id", "title", "reason", "context", "expected_results", "support_answer",
          "support_note", "starts_on", "ends_on", "load", "rhythm", "hours", "remote", "site_id", "workplace", "means")
CONTEXT = ("title", "reason", "context", "expected_results", "support_answer", "support_note", "mission_lead_id")
PERIOD = ("starts_on", "ends_on", "load", "rhythm", "hours", "remote", "site_id", "workplace", "means")


@dataclass(frozen=True)
class Demand:
    """One skill asked: level 1–4, required or desired, whether a neighbour of the catalogue may do."""

    skill_id: int
    level: int
    required: bool = True
    neighbours_allowed: bool = False


def start_draft(requester: Agent, *, unit: Unit, at: datetime) -> Need:
    demand(requester, Ability.NEED_CREATE, unit)
    need = Need(unit_id=unit.id, requester_id=requester.id, mission_lead_id=requester.id, created_at=at,
                seats=[Seat(number=1)])
    db.session.add(need)
    db.session.flush()
    return need


def save_context(need: Need, *, actor: Agent, at: datetime, **fields: Any) -> None:
    """Step 1: what and why now, and whether a support service already does it (R11)."""
    _save(need, CONTEXT, fields, actor=actor, at=at)


def lead_named(unit: Unit, text: str) -> Agent:
    """The active agent who leads the mission: by staff number or name, among those `unit` may name."""
    found = [agent for agent in people_named(text) if agent.unit.path.startswith(queries.perimeter(unit))]
    if not found:
        raise RuleBroken("mission_lead", f"Personne de ce nom dans votre service : {text}. Essayez son matricule.")
    if len(found) > 1:
        raise RuleBroken("mission_lead", "Plusieurs personnes portent ce nom : écrivez le matricule.")
    return found[0]


def save_skills(need: Need, *, actor: Agent, at: datetime, demands: Sequence[Demand]) -> None:
    """Step 2: the skills, by level; a published need always keeps one required."""
    _demand_open(need, actor)
    _check_demands(need, demands)
    before = _content(need)
    known = {row.skill_id: row for row in need.demands}
    need.demands[:] = [_update(known.get(d.skill_id) or NeedSkill(skill_id=d.skill_id), d) for d in demands]
    db.session.flush()
    _changed(need, before, actor=actor, at=at)


def _check_demands(need: Need, demands: Sequence[Demand]) -> None:
    if len(demands) > MOST_SKILLS:
        raise RuleBroken("add", f"Gardez au plus {MOST_SKILLS} compétences : au-delà, presque personne ne répond.")
    if len({d.skill_id for d in demands}) < len(demands):
        raise RuleBroken("add", "Cette compétence est déjà dans la liste.")
    for d in demands:
        skill = db.session.get(Skill, d.skill_id)
        if skill is None or skill.state != SkillState.ACTIVE:
            raise RuleBroken("add", "Cette compétence n’est pas dans le catalogue.")
    if need.state == NeedState.PUBLISHED and not any(d.required for d in demands):
        raise RuleBroken("add", "Un besoin publié garde au moins une compétence indispensable.")


def _update(row: NeedSkill, asked: Demand) -> NeedSkill:
    row.level, row.required, row.neighbours_allowed = asked.level, asked.required, asked.neighbours_allowed
    return row


def save_period(need: Need, *, actor: Agent, at: datetime, seats: int | None = None, **fields: Any) -> None:
    """Step 3: how many places, when and where."""
    _demand_open(need, actor)
    starts_on, ends_on = fields.get("starts_on", need.starts_on), fields.get("ends_on", need.ends_on)
    if starts_on and ends_on and ends_on < starts_on:
        raise RuleBroken("ends_on", f"La fin précède le début, le {starts_on:%d/%m/%Y}. Choisissez une date après.")
    if fields.get("load") is not None and not 1 <= fields["load"] <= 100:
        raise RuleBroken("load", "Demandez entre 1 et 100 % d’un temps plein.")
    if seats is not None and seats != len(need.seats):
        _resize(need, seats)
    _save(need, PERIOD, fields, actor=actor, at=at)


def _resize(need: Need, seats: int) -> None:
    if not 1 <= seats <= MOST_SEATS:
        raise RuleBroken("seats", f"Demandez entre 1 et {MOST_SEATS} places.")
    if need.state != NeedState.DRAFT:
        raise RuleBroken("seats", "Le nombre de places d’un besoin publié ne change plus : dupliquez-le pour en demander.")
    need.seats[:] = need.seats[:seats] + [Seat(number=n + 1) for n in range(len(need.seats), seats)]


def _save(need: Need, allowed: tuple[str, ...], fields: dict[str, Any], *, actor: Agent, at: datetime) -> None:
    _demand_open(need, actor)
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"not fields of this step: {sorted(unknown)}")
    before = _content(need)
    for name, value in fields.items():
        setattr(need, name, value)
    db.session.flush()
    if need.state == NeedState.PUBLISHED:
        check_complete(need, on=clock.local_date(at))
    _changed(need, before, actor=actor, at=at)


def _demand_open(need: Need, actor: Agent) -> None:
    demand(actor, Ability.NEED_EDIT, need)
    if need.state == NeedState.CLOSED:
        raise RuleBroken("", "Ce besoin est clos : dupliquez-le pour demander à nouveau.")


def _content(need: Need) -> tuple[Any, ...]:
    """What agents answered to: a change of it ends the proposals of a published need."""
    skills = sorted((d.skill_id, d.level, d.required, d.neighbours_allowed) for d in need.demands)
    return (need.starts_on, need.ends_on, need.load, need.rhythm, need.hours, need.remote, need.site_id,
            need.workplace, skills)


def _changed(need: Need, before: tuple[Any, ...], *, actor: Agent, at: datetime) -> None:
    if need.state == NeedState.PUBLISHED and _content(need) != before:
        journal.record("needs:change", actor=actor, at=at, subject=need)
        events.announce(events.NeedChanged(need.id, at))


def publish(need: Need, *, actor: Agent, at: datetime) -> None:
    """Open the need to matching; refuses with the first thing that lacks."""
    demand(actor, Ability.NEED_PUBLISH, need)
    check_complete(need, on=clock.local_date(at))
    move(NEED, need, "publish", actor=actor, at=at)
    need.published_at = at


def withdraw(need: Need, *, actor: Agent, at: datetime) -> None:
    """Take a need back; everybody who answered is told."""
    was_published = need.state == NeedState.PUBLISHED
    _close(need, "withdraw", CloseReason.WITHDRAWN, actor=actor, at=at)
    if was_published:
        events.announce(events.NeedWithdrawn(need.id, at))


def _close(need: Need, verb: str, reason: CloseReason, *, actor: Any, at: datetime) -> None:
    move(NEED, need, verb, actor=actor, at=at)
    need.close_reason, need.closed_at = reason, at
    db.session.flush()


def close_expired(at: datetime) -> int:
    """Close needs whose start is past: filled where every place has its agent, else expired, and what was still
    being answered is cancelled. Loans go on. One transaction each; returns how many."""
    with one_by_one() as rows:
        rows.each("besoin", queries.to_expire(clock.local_date(at)), lambda need_id: _close_started(need_id, at))
    return rows.done


def _close_started(need_id: int, at: datetime) -> int:
    need = db.session.get_one(Need, need_id)
    db.session.refresh(need, attribute_names=["state", "starts_on"], with_for_update=True)
    if need.state != NeedState.PUBLISHED or need.starts_on is None or need.starts_on >= clock.local_date(at):
        return 0
    if supply.served([need_id]):
        close_filled(need, at=at)
        return 1
    _close(need, "expire", CloseReason.EXPIRED, actor=SYSTEM, at=at)
    events.announce(events.NeedWithdrawn(need_id, at))
    return 1


def close_filled(need: Need, *, at: datetime) -> None:
    """Close a need whose every place has its agent."""
    _close(need, "fill", CloseReason.FILLED, actor=SYSTEM, at=at)


def duplicate(need: Need, *, actor: Agent, at: datetime) -> Need:
    """A draft with everything of a need, places and skills included."""
    demand(actor, Ability.NEED_DUPLICATE, need)
    copy = Need(**{name: getattr(need, name) for name in COPIED}, requester_id=actor.id, copied_from_id=need.id,
                created_at=at, seats=[Seat(number=seat.number) for seat in need.seats],
                demands=[NeedSkill(skill_id=d.skill_id, level=d.level, required=d.required,
                                   neighbours_allowed=d.neighbours_allowed) for d in need.demands])
    db.session.add(copy)
    db.session.flush()
    journal.record("needs:duplicate", actor=actor, at=at, subject=copy, source=need.id)
    return copy


def declare_crisis(need: Need, *, actor: Agent, from_on: date, until_on: date, at: datetime) -> None:
    """Give a named need the first rank for these dates; written to the journal."""
    demand(actor, Ability.NEED_DECLARE_CRISIS, need)
    if need.state != NeedState.PUBLISHED:
        raise RuleBroken("", "La priorité de crise se donne à un besoin publié.")
    if until_on < from_on:
        raise RuleBroken("until_on", "La fin précède le début. Choisissez une date après.")
    need.crisis_from, need.crisis_until = from_on, until_on
    journal.record("needs:declare_crisis", actor=actor, at=at, subject=need, from_on=from_on, until_on=until_on)
