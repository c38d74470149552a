"""The arithmetic of capacity and caps: highest daily sums of live commitments, days lent and received."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground.extensions import db
from skillshare.organisation.models import Agent, Unit

ALL = tuple(CommitmentKind)
GIVEN = (CommitmentKind.GIVEN,)


def peak(commitments: Iterable[Commitment], starts_on: date, ends_on: date) -> int:
    """The highest sum of loads (hundredths) on one day of the period, both ends counted."""
    changes: dict[date, int] = {}
    for row in commitments:
        first, after = max(row.starts_on, starts_on), min(row.ends_on, ends_on) + timedelta(days=1)
        changes[first] = changes.get(first, 0) + row.load
        changes[after] = changes.get(after, 0) - row.load
    highest = running = 0
    for day in sorted(changes):
        running += changes[day]
        highest = max(highest, running)
    return highest


def _overlapping(starts_on: date, ends_on: date, kinds: Collection[CommitmentKind],
                 excluding: Collection[str]) -> sa.Select[Commitment]:
    query = sa.select(Commitment).where(Commitment.released_at.is_(None), Commitment.kind.in_(kinds),
                                        Commitment.starts_on <= ends_on, Commitment.ends_on >= starts_on)
    # Read afresh: under the locks of a check, what was loaded before them may be out of date.
    query = query.execution_options(populate_existing=True)
    return query.where(Commitment.source.not_in(excluding)) if excluding else query


def of_agent(agent_id: int, starts_on: date, ends_on: date, *, kinds: Collection[CommitmentKind] = ALL,
             excluding: Collection[str] = ()) -> list[Commitment]:
    query = _overlapping(starts_on, ends_on, kinds, excluding).where(Commitment.agent_id == agent_id)
    return list(db.session.scalars(query.order_by(Commitment.starts_on, Commitment.id)))


def of_unit(unit: Unit, starts_on: date, ends_on: date, *, kinds: Collection[CommitmentKind] = GIVEN,
            excluding: Collection[str] = ()) -> list[Commitment]:
    """Commitments of the agents of the unit's subtree, wherever they go."""
    query = (_overlapping(starts_on, ends_on, kinds, excluding)
             .options(joinedload(Commitment.agent).joinedload(Agent.unit)).join(Agent, Agent.id == Commitment.agent_id)
             .join(Unit, Unit.id == Agent.unit_id).where(Unit.path.startswith(unit.path)))
    return list(db.session.scalars(query.order_by(Commitment.starts_on, Commitment.id)))


def agent_peak(agent_id: int, starts_on: date, ends_on: date, *, kinds: Collection[CommitmentKind] = ALL,
               excluding: Collection[str] = ()) -> int:
    return peak(of_agent(agent_id, starts_on, ends_on, kinds=kinds, excluding=excluding), starts_on, ends_on)


def unit_peak(unit: Unit, starts_on: date, ends_on: date, *, kinds: Collection[CommitmentKind] = GIVEN,
              excluding: Collection[str] = ()) -> int:
    return peak(of_unit(unit, starts_on, ends_on, kinds=kinds, excluding=excluding), starts_on, ends_on)


def live() -> list[Commitment]:
    """Every commitment that still counts."""
    return list(db.session.scalars(sa.select(Commitment).where(Commitment.released_at.is_(None))
                                   .order_by(Commitment.id)))


def find(source: str) -> Commitment | None:
    return db.session.scalar(sa.select(Commitment).where(Commitment.source == source,
                                                         Commitment.released_at.is_(None)))


def share_days(row: Commitment, since: date, until: date) -> float:
    """Days of work lent in a period: calendar days × 5/7 × load."""
    days = (min(row.ends_on, until) - max(row.starts_on, since)).days + 1
    return max(0, days) * 5 / 7 * row.load / 100


@dataclass(frozen=True)
class Balance:
    """What a unit's subtree gives and gets: hundredths lent on the last day, days of work lent and received."""

    unit: Unit
    lent_now: int
    lent_days: float
    received_days: float

    @property
    def scale(self) -> float:
        return max(self.lent_days, self.received_days, 1.0)


def balances(units: Collection[Unit], since: date, until: date) -> list[Balance]:
    """The balance of each unit between the two dates, both counted; one query however many units."""
    home, host = sa.orm.aliased(Unit), sa.orm.aliased(Unit)
    under = [side.path.startswith(unit.path) for unit in units for side in (home, host)]
    query = (_overlapping(since, until, GIVEN, ()).add_columns(home.path, host.path)
             .join(Agent, Agent.id == Commitment.agent_id).join(home, home.id == Agent.unit_id)
             .join(host, host.id == Commitment.host_unit_id).where(sa.or_(sa.false(), *under)))
    rows = db.session.execute(query).all() if units else []
    found = []
    for unit in units:
        lent = [row for row, path, _ in rows if path.startswith(unit.path)]
        received = [row for row, _, path in rows if path.startswith(unit.path)]
        days = (sum(share_days(row, since, until) for row in side) for side in (lent, received))
        found.append(Balance(unit, peak([row for row in lent if row.ends_on >= until], until, until), *days))
    return found
