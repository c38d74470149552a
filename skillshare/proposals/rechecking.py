"""What a plan may still propose after the time it took to solve: its pairs judged again, under locks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa

import matching
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, Seat
from skillshare.organisation.models import Agent
from skillshare.proposals import supply
from skillshare.proposals.contents import asked_hash
from skillshare.proposals.making import weights
from skillshare.proposals.market import Maps, build
from skillshare.proposals.pairs import Pair, pairs_of

SAME_FIT = 1e-9


@dataclass(frozen=True)
class Planned:
    """One pair of a plan: who, for which seat, with which fit, and what the need asked then."""

    agent_id: int
    seat_id: int
    fit: float
    asked: str


def still_standing(found: matching.Found, plan: matching.Plan, maps: Maps, *, at: datetime) -> list[tuple[int, Pair]]:
    """(seat, pair) of the plan that nothing has changed: seat open, need and offer the same, time and caps still free.

    The engine judges, as it did: a pair stands if it is eligible again with the same fit, and if those that are
    eligible still fit together beside what was promised since.
    """
    planned = _planned(found, plan, maps)
    if not planned:
        return []
    _lock({row.seat_id for row in planned}, {row.agent_id for row in planned})
    open_now = {seat.seat_id: seat.need for seat in supply.open_seats(clock.local_date(at))}
    planned = [row for row in planned if row.seat_id in open_now and asked_hash(open_now[row.seat_id]) == row.asked]
    return _judged(planned, [open_now[row.seat_id] for row in planned], at=at)


def _planned(found: matching.Found, plan: matching.Plan, maps: Maps) -> list[Planned]:
    pool = found.pool
    seats = [maps.seats[pool.pair_seat[row]] for row in plan.pairs]
    return [Planned(maps.agents[pool.pair_agent[row]].agent_id, seat.seat_id, float(pool.pair_fit[row]), asked_hash(seat.need))
            for row, seat in zip(plan.pairs, seats, strict=True)]


def _lock(seat_ids: Collection[int], agent_ids: Collection[int]) -> None:
    """Seats, then agents, as every verb of proposals: until the commit nobody applies to these or promises their time."""
    for model, ids in ((Seat, seat_ids), (Agent, agent_ids)):
        db.session.execute(sa.select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update())


def _judged(planned: list[Planned], needs: list[Need], *, at: datetime) -> list[tuple[int, Pair]]:
    market, maps = build(at, only_needs=needs)
    again = matching.candidates(market, weights())
    pool = again.pool
    wanted = {(row.agent_id, seat): row.fit for seat, row in enumerate(planned)}
    places = zip(pool.pair_agent.tolist(), pool.pair_seat.tolist(), pool.pair_fit.tolist(), strict=True)
    rows = [n for n, (agent, seat, fit) in enumerate(places)
            if abs(wanted.get((maps.agents[agent].agent_id, seat), -1.0) - fit) <= SAME_FIT]
    kept = [rows[n] for n in matching.solve(pool.part(np.array(rows, np.int64))).pairs]
    return [(planned[pool.pair_seat[row]].seat_id, pair) for row, pair in zip(kept, pairs_of(again, maps, kept), strict=True)]
