"""Who stands in the way of a pair, and who would move where: facts about two plans of one pool."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from matching.arrays import Ints
from matching.model import Model
from matching.pool import Pool


@dataclass(frozen=True, kw_only=True)
class Move:
    """One agent who leaves a seat for another, leaves one for nothing (``takes`` None) or takes one more.

    Examples
    --------
    >>> Move(agent=4, leaves=2, takes=None).takes is None
    True
    """

    agent: int
    leaves: int | None
    takes: int | None


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """A rule that keeps a pair out as long as the plan has certain rows.

    Parameters
    ----------
    rule : str
        ``seat`` (somebody else has it), ``need`` (the agent has another seat of the need), ``capacity`` (the
        agent's other missions) or ``cap`` (missions under a unit).
    unit : int or None
        The unit whose cap it is.
    day : int or None
        The day that lacks most room, for a capacity or a cap.
    rows : tuple of int
        Rows of the plan in the way; a commitment is none.

    Examples
    --------
    >>> Obstacle(rule="seat", unit=None, day=None, rows=(3,)).rule
    'seat'
    """

    rule: str
    unit: int | None
    day: int | None
    rows: tuple[int, ...]


def moves(pool: Pool, rows_out: tuple[int, ...], rows_in: tuple[int, ...]) -> tuple[Move, ...]:
    """Return who moves when `rows_out` leave a plan and `rows_in` enter it, by agent.

    An agent with several missions keeps to a need where possible, else to the order of the seats.

    Examples
    --------
    Agent 0 leaves seat 0 for seat 1:

    >>> from matching.examples import small_pool
    >>> moves(small_pool(), (0,), (1,))
    (Move(agent=0, leaves=0, takes=1),)
    """
    left, taken = _by_agent(pool, rows_out), _by_agent(pool, rows_in)
    out: list[Move] = []
    for agent in sorted(set(left) | set(taken)):
        mine, theirs = left.get(agent, []), taken.get(agent, [])
        for seat in [*mine]:
            like = next((other for other in theirs if pool.seat_need[other] == pool.seat_need[seat]), None)
            if like is not None:
                out.append(Move(agent=agent, leaves=seat, takes=like))
                mine.remove(seat)
                theirs.remove(like)
        longest = max(len(mine), len(theirs))
        pairs = zip([*mine, *[None] * longest][:longest], [*theirs, *[None] * longest][:longest], strict=True)
        out += [Move(agent=agent, leaves=seat, takes=other) for seat, other in pairs]
    return tuple(out)


def _by_agent(pool: Pool, rows: tuple[int, ...]) -> dict[int, list[int]]:
    seats: dict[int, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(pool.pair_seat[row])):
        seats[int(pool.pair_agent[row])].append(int(pool.pair_seat[row]))
    return seats


def obstacles(pool: Pool, model: Model, plan: Ints, row: int, column: int) -> tuple[Obstacle, ...]:
    """Return what keeps row `row`, column `column` of the model, out of the plan of rows `plan`.

    Capacity and caps are looked at once the seat's holder and the agent's other seat of the need are gone.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> plan = solve(pool)
    >>> obstacles(pool, Model.of(pool, plan), plan.pairs, 2, 2)
    (Obstacle(rule='cap', unit=0, day=0, rows=(0,)),)
    """
    seats, seat = pool.pair_seat[plan], pool.pair_seat[row]
    same = (pool.pair_agent[plan] == pool.pair_agent[row]) & (pool.seat_need[seats] == pool.seat_need[seat])
    found = [("seat", plan[seats == seat]), ("need", plan[same])]
    out = [Obstacle(rule=rule, unit=None, day=None, rows=tuple(rows.tolist())) for rule, rows in found if rows.size]
    ledger, at = model.ledger.fork(), model.columns.columns_of(pool, plan)
    for one in np.unique(at[(seats == seat) | same]).tolist():
        ledger.let_go(one)
    for group, day in ledger.short(column):
        rows = np.sort(plan[np.isin(at, ledger.running(group, day))])
        rule, unit = ("capacity", None) if group < pool.agents else ("cap", group - pool.agents)
        out.append(Obstacle(rule=rule, unit=unit, day=day, rows=tuple(rows.tolist())))
    return tuple(out)
