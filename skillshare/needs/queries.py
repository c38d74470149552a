"""Questions about needs: who reads which, how urgent, how often the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedSkill, NeedState
from skillshare.organisation.models import Agent, Site, Unit
from skillshare.organisation.queries import requester_unit_ids
from skillshare.skills.models import Skill

RECURRENCE_MONTHS = 24
RECURRENT_TIMES, RECURRENT_DAYS = 2, 180


def visible_to(agent: Agent) -> sa.Select[tuple[Need]]:
    """Needs `agent` may read: published and closed ones, and the drafts of the units they ask for."""
    own_drafts = sa.and_(Need.state == NeedState.DRAFT, Need.unit_id.in_(requester_unit_ids(agent)))
    return sa.select(Need).where(sa.or_(Need.state != NeedState.DRAFT, own_drafts))


VIEWS = ("brouillons", "mes-besoins", "publies", "clos")


def view(agent: Agent, name: str) -> sa.Select[tuple[Need]]:
    """One of VIEWS among what `agent` may read, newest first, with all a list shows."""
    query = visible_to(agent)
    if name == "brouillons":
        query = query.where(Need.state == NeedState.DRAFT)
    elif name == "mes-besoins":
        query = query.where(Need.state == NeedState.PUBLISHED, Need.unit_id.in_(requester_unit_ids(agent)))
    else:
        query = query.where(Need.state == (NeedState.CLOSED if name == "clos" else NeedState.PUBLISHED))
    return query.order_by(Need.published_at.desc(), Need.id.desc())


def counts(agent: Agent) -> dict[str, int]:
    """View → how many needs it holds."""
    return {name: db.session.scalar(sa.select(sa.func.count()).select_from(view(agent, name).order_by(None).subquery()))
            or 0 for name in VIEWS}


def for_list(query: sa.Select[tuple[Need]]) -> sa.Select[tuple[Need]]:
    """The same rows with unit, site, skills and places read at once."""
    return query.options(joinedload(Need.unit), joinedload(Need.site), selectinload(Need.seats),
                         selectinload(Need.demands).joinedload(NeedSkill.skill))


def whole(need_id: int) -> Need | None:
    """A need with all that its form shows, in one query."""
    query = (sa.select(Need).where(Need.id == need_id)
             .options(joinedload(Need.unit), joinedload(Need.site), joinedload(Need.mission_lead), joinedload(Need.requester),
                      joinedload(Need.seats), joinedload(Need.demands).joinedload(NeedSkill.skill)))
    return db.session.scalars(query).unique().one_or_none()


def units(ids: Collection[int]) -> list[Unit]:
    return list(db.session.scalars(sa.select(Unit).where(Unit.id.in_(list(ids))).order_by(Unit.label, Unit.id)))


def possible_leads(unit: Unit, *also: Agent | None) -> list[Agent]:
    """Active people of the unit, with those in `also` wherever they work, by name."""
    known = [agent.id for agent in also if agent is not None]
    query = sa.select(Agent).where(Agent.active, sa.or_(Agent.unit_id == unit.id, Agent.id.in_(known)))
    return list(db.session.scalars(query.order_by(Agent.sort_name, Agent.id)))


def sites(unit: Unit) -> list[Site]:
    return list(db.session.scalars(sa.select(Site).where(Site.employer_id == unit.employer_id).order_by(Site.name)))


def priority(need: Need, on: date) -> int:
    """0: crisis declared by the mediator or HR for these dates; 1: starts within 15 days; 2: the rest. Never typed."""
    if need.crisis_from and need.crisis_until and need.crisis_from <= on <= need.crisis_until:
        return 0
    return 1 if need.starts_on and (need.starts_on - on).days <= 15 else 2


@dataclass(frozen=True)
class Recurrence:
    """How often a unit asked for one skill over 24 months: times, and cumulated calendar days."""

    skill: Skill
    times: int
    days: int

    @property
    def is_heavy(self) -> bool:
        """Enough to ask whether a post is missing, whatever the season."""
        return self.times >= RECURRENT_TIMES or self.days >= RECURRENT_DAYS


def recurrence(unit: Unit, skill_ids: Collection[int], on: date, *, excluding: int | None = None) -> list[Recurrence]:
    """R12: skills this unit already published needs for, most often first. Season is no excuse nor fault: the
    measure is cumulated duration and frequency."""
    since = on - timedelta(days=RECURRENCE_MONTHS * 30)
    query = (sa.select(Skill, Need.starts_on, Need.ends_on).join(NeedSkill, NeedSkill.skill_id == Skill.id).join(Need)
             .where(Need.unit_id == unit.id, Need.published_at.is_not(None), Need.starts_on >= since,
                    Skill.id.in_(list(skill_ids)), NeedSkill.required))
    if excluding is not None:
        query = query.where(Need.id != excluding)
    found: dict[Skill, list[int]] = {}
    for skill, starts_on, ends_on in db.session.execute(query):
        if starts_on and ends_on:
            found.setdefault(skill, []).append((ends_on - starts_on).days + 1)
    rows = [Recurrence(skill, len(days), sum(days)) for skill, days in found.items()]
    return sorted(rows, key=lambda row: (-row.times, -row.days, row.skill.key))


def to_expire(on: date) -> list[int]:
    """Published needs whose start is past: no new proposal can answer them."""
    query = sa.select(Need.id).where(Need.state == NeedState.PUBLISHED, Need.starts_on < on)
    return list(db.session.scalars(query.order_by(Need.id)))


def earliest_start() -> date:
    """The first start a need may ask: time for an answer, a choice and a visa (5 working days)."""
    return clock.add_working_days(clock.today(), 5)


def perimeter(unit: Unit) -> str:
    """The path under which a mission lead works: the unit; for a SAM, what it serves."""
    return unit.parent.path if unit.is_sam and unit.parent is not None else unit.path
