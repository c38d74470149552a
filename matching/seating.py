"""From columns back to rows of a pool: agents keep their seat of a place unless a row says otherwise."""

from __future__ import annotations

import numpy as np

from matching.arrays import Ints
from matching.columns import Columns
from matching.pool import Pool


def seated(pool: Pool, columns: Columns, chosen: Ints, plan: Ints, *, forced: int = -1, banned: int = -1) -> Ints:
    """Return rows of the pool for the `chosen` columns, as near as can be to those of `plan`.

    Parameters
    ----------
    chosen : (k,) int
        Columns of a plan that obeys the rules.
    plan : (m,) int
        Rows whose agents keep their seat where they still have one of its place.
    forced : int
        A row whose column is chosen: its agent takes that seat.
    banned : int
        A row to leave out: its agent takes another seat of the place, which has one.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> seated(pool, Columns.of(pool, Limits.of(pool)), np.array([1]), np.array([0]))
    array([1])
    """
    at = columns.columns_of(pool, plan)
    changed = np.union1d(columns.place[np.setxor1d(at, chosen)], _place_of(columns, pool, (forced, banned)))
    rows = plan[~np.isin(columns.place[at], changed)].tolist()
    for place, agents in _by_place(columns, chosen[np.isin(columns.place[chosen], changed)]).items():
        seats = columns.seats[place].tolist()
        mine = plan[np.isin(pool.pair_seat[plan], seats)]
        had = dict(zip(pool.pair_agent[mine].tolist(), pool.pair_seat[mine].tolist(), strict=True))
        taken = _seats(agents, seats, had, _pair(pool, forced), _pair(pool, banned))
        rows += [_row(pool, agent, seat) for seat, agent in taken.items()]
    return np.array(sorted(rows), np.int64)


def _place_of(columns: Columns, pool: Pool, rows: tuple[int, ...]) -> Ints:
    given = np.array([row for row in rows if row >= 0], np.int64)
    return columns.place[columns.columns_of(pool, given)]


def _row(pool: Pool, agent: int, seat: int) -> int:
    return int(np.flatnonzero((pool.pair_agent == agent) & (pool.pair_seat == seat))[0])


def _by_place(columns: Columns, chosen: Ints) -> dict[int, list[int]]:
    agents: dict[int, list[int]] = {}
    for place, agent in zip(columns.place[chosen].tolist(), columns.agent[chosen].tolist(), strict=True):
        agents.setdefault(place, []).append(agent)
    return agents


def _pair(pool: Pool, row: int) -> tuple[int, int]:
    return (-1, -1) if row < 0 else (int(pool.pair_agent[row]), int(pool.pair_seat[row]))


def _seats(
    agents: list[int], seats: list[int], had: dict[int, int], forced: tuple[int, int], banned: tuple[int, int]
) -> dict[int, int]:
    """Return the agent of each seat taken."""
    out: dict[int, int] = {}
    if forced[0] in agents and forced[1] in seats:
        out[forced[1]] = forced[0]
    for agent in agents:
        seat = had.get(agent, -1)
        if seat >= 0 and seat not in out and agent not in out.values() and (agent, seat) != banned:
            out[seat] = agent
    left = sorted(agent for agent in agents if agent not in out.values())
    for agent in left:
        able = [seat for seat in seats if seat not in out and (agent, seat) != banned]
        if able:
            out[able[0]] = agent
            continue
        other = next(seat for seat in seats if seat != banned[1])
        out[banned[1]], out[other] = out[other], agent
    return out
