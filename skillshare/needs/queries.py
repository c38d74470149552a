"""Questions about needs: who reads which, how urgent, how often the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedSkill, NeedState
from skillshare.organisation.models import Agent, Unit
from skillshare.organisation.queries import requester_unit_ids
from skillshare.skills.models import Skill

RECURRENCE_MONTHS = 24


def visible_to(agent: Agent) -> sa.Select[tuple[Need]]:
    """Needs `agent` may read: published and closed ones, and the drafts of the units they ask for."""
    own_drafts = sa.and_(Need.state == NeedState.DRAFT, Need.unit_id.in_(requester_unit_ids(agent)))
    return sa.select(Need).where(sa.or_(Need.state != NeedState.DRAFT, own_drafts))


def of_units_of(agent: Agent, state: NeedState | None = None) -> sa.Select[tuple[Need]]:
    """The needs of the units `agent` asks for, newest first."""
    query = sa.select(Need).where(Need.unit_id.in_(requester_unit_ids(agent)))
    return (query.where(Need.state == state) if state else query).order_by(Need.id.desc())


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


def recurrence(unit: Unit, skill_ids: Collection[int], on: date, *, excluding: int | None = None) -> list[Recurrence]:
    """R12: skills this unit already asked for, most often first. Season is no excuse nor fault: the measure is
    cumulated duration and frequency."""
    since = on - timedelta(days=RECURRENCE_MONTHS * 30)
    query = (sa.select(NeedSkill.skill_id, Need.starts_on, Need.ends_on).join(Need)
             .where(Need.unit_id == unit.id, Need.state != NeedState.DRAFT, Need.starts_on >= since,
                    NeedSkill.skill_id.in_(list(skill_ids)), NeedSkill.required))
    if excluding is not None:
        query = query.where(Need.id != excluding)
    found: dict[int, list[int]] = {}
    for skill_id, starts_on, ends_on in db.session.execute(query):
        found.setdefault(skill_id, []).append((ends_on - starts_on).days + 1)
    rows = [Recurrence(db.session.get_one(Skill, skill_id), len(days), sum(days)) for skill_id, days in found.items()]
    return sorted(rows, key=lambda row: (-row.times, -row.days, row.skill.key))


def to_expire(on: date) -> list[Need]:
    """Published needs whose start is past: no new proposal can answer them."""
    query = sa.select(Need).where(Need.state == NeedState.PUBLISHED, Need.starts_on < on)
    return list(db.session.scalars(query.order_by(Need.id)))


def earliest_start() -> date:
    """The first start a need may ask: time for an answer, a choice and a visa (5 working days)."""
    return clock.add_working_days(clock.today(), 5)
