"""What a loan does to the lending team: presence week by week, cap, days lent and received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from skillshare.commitments import queries as commitments
from skillshare.commitments.models import Commitment
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.organisation.models import Absence, Agent, Unit
from skillshare.proposals.models import Proposal


@dataclass(frozen=True)
class Week:
    """The lowest working day of one week, in full-time equivalents, without and with the loan."""

    monday: date
    before: float
    after: float

    @property
    def label(self) -> str:
        return f"S{self.monday.isocalendar().week}"

    @property
    def date(self) -> str:
        return f"{self.monday:%d/%m}"


@dataclass(frozen=True)
class Team:
    """A unit's people and what keeps them away over a period; loads in hundredths of full time."""

    unit: Unit
    lent_id: int
    threshold: float | None
    working_time: dict[int, int]
    absences: list[Absence]
    given: list[Commitment]

    def present(self, day: date) -> dict[int, int]:
        """Agent id → share of full time present on that day, before this loan."""
        left = dict(self.working_time)
        for row in self.given:
            if row.starts_on <= day <= row.ends_on and row.agent_id in left:
                left[row.agent_id] = max(0, left[row.agent_id] - row.load)
        for absence in self.absences:
            if absence.starts_on <= day <= absence.ends_on:
                left[absence.agent_id] = 0
        return left

    def weeks(self, starts_on: date, ends_on: date, load: int) -> list[Week]:
        """One row per week of the loan."""
        lowest: dict[date, tuple[int, int]] = {}
        for day in working_days(starts_on, ends_on):
            left = self.present(day)
            before = sum(left.values())
            after = before - min(load, left.get(self.lent_id, 0))
            monday = day - timedelta(days=day.weekday())
            lowest[monday] = min(lowest.get(monday, (after, before)), (after, before))
        return [Week(monday, before / 100, after / 100) for monday, (after, before) in sorted(lowest.items())]

    def is_below(self, week: Week) -> bool:
        return self.threshold is not None and week.after < self.threshold

    def is_pushed_below(self, week: Week) -> bool:
        """Below the threshold because of this loan, and not already without it."""
        return self.is_below(week) and week.before >= (self.threshold or 0)

    @property
    def away(self) -> int:
        """How many of the others have an absence in the period."""
        return len({absence.agent_id for absence in self.absences if absence.agent_id != self.lent_id})

    @property
    def lent(self) -> int:
        """How many of the others are on loan in the period."""
        return len({row.agent_id for row in self.given if row.agent_id != self.lent_id})


@dataclass(frozen=True)
class Cap:
    """The nearest lending cap above the agent, in hundredths: lent today, highest in the period without and
    with this loan."""

    unit: Unit
    limit: int
    today: int
    peak: int
    load: int
    lent: list[Commitment]

    @property
    def with_loan(self) -> int:
        return self.peak + self.load

    @property
    def is_exceeded(self) -> bool:
        return self.with_loan > self.limit

    @property
    def room(self) -> int:
        return max(0, self.limit - self.peak)


def working_days(starts_on: date, ends_on: date) -> Iterator[date]:
    for n in range((ends_on - starts_on).days + 1):
        day = starts_on + timedelta(days=n)
        if clock.is_working_day(day):
            yield day


def lineage(unit: Unit) -> list[Unit]:
    """The unit, then those above it."""
    found = {row.id: row for row in db.session.scalars(sa.select(Unit).where(Unit.id.in_(unit.lineage_ids)))}
    return [found[unit_id] for unit_id in unit.lineage_ids]


def team_and_caps(proposal: Proposal, on: date) -> tuple[Team, list[Cap]]:
    """The team of the nearest unit above the agent that has a presence threshold, else the agent's own unit; and every
    cap above the agent, the nearest first. What the whole of them has given is read once."""
    units = lineage(proposal.agent.unit)
    unit = next((each for each in units if each.presence_threshold is not None), units[0])
    capped = [each for each in units if each.cap is not None]
    widest = min([unit, *capped], key=lambda each: len(each.path))
    given = commitments.of_unit(widest, min(on, proposal.starts_on), proposal.ends_on, excluding=(f"proposal:{proposal.id}",))
    return _team(proposal, unit, _within(given, unit)), [_cap(each, proposal, on, _within(given, each)) for each in capped]


def _within(rows: list[Commitment], unit: Unit) -> list[Commitment]:
    return [row for row in rows if row.agent.unit.is_within(unit)]


def _overlapping(rows: list[Commitment], first: date, last: date) -> list[Commitment]:
    return [row for row in rows if row.starts_on <= last and row.ends_on >= first]


def _team(proposal: Proposal, unit: Unit, given: list[Commitment]) -> Team:
    return Team(
        unit=unit, lent_id=proposal.agent_id,
        threshold=None if unit.presence_threshold is None else unit.presence_threshold / 100,
        working_time=_working_time(unit, proposal.starts_on),
        absences=_absences(unit, proposal.starts_on, proposal.ends_on),
        given=_overlapping(given, proposal.starts_on, proposal.ends_on))


def _working_time(unit: Unit, on: date) -> dict[int, int]:
    query = (sa.select(Agent.id, Agent.working_time).join(Unit, Unit.id == Agent.unit_id)
             .where(Unit.path.startswith(unit.path), Agent.active,
                    sa.or_(Agent.exit_on.is_(None), Agent.exit_on >= on)))
    return {row.id: row.working_time for row in db.session.execute(query)}


def _absences(unit: Unit, starts_on: date, ends_on: date) -> list[Absence]:
    query = (sa.select(Absence).join(Agent, Agent.id == Absence.agent_id).join(Unit, Unit.id == Agent.unit_id)
             .where(Unit.path.startswith(unit.path), Agent.active, Absence.starts_on <= ends_on,
                    Absence.ends_on >= starts_on))
    return list(db.session.scalars(query))


def _cap(unit: Unit, proposal: Proposal, on: date, given: list[Commitment]) -> Cap:
    now, then = _overlapping(given, on, on), _overlapping(given, proposal.starts_on, proposal.ends_on)
    return Cap(unit=unit, limit=unit.cap or 0, today=commitments.peak(now, on, on),
               peak=commitments.peak(then, proposal.starts_on, proposal.ends_on), load=proposal.load, lent=then)


def balance_of(unit: Unit, on: date) -> commitments.Balance:
    """Days of work lent and received over the last twelve months."""
    return commitments.balances([unit], on - timedelta(days=365), on)[0]
