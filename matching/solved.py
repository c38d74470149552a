"""The best plan turned round, by solving the pool turned round: for assignments, and where rows are to be kept."""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools, Ints
from matching.plan import Plan, Status
from matching.pool import Pool
from matching.solve import solve


def solved(
    pool: Pool, plan: Plan, row: int, time_limit: float, *, whole_need: bool = False
) -> tuple[Ints, Status]:
    """Return the rows of the best plan without `row` where the plan has it, else with it, and its status.

    A chosen pair is taken out of the pool, with `whole_need` all pairs of its agent and need; another is forced in,
    as a commitment of its agent that closes its seat and its need for that agent.

    Parameters
    ----------
    row : int
        A row that fits every limit when chosen alone.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> solved(pool, solve(pool), 1, 5.0)
    (array([1]), 'optimal')
    """
    seats, agents = pool.pair_seat, pool.pair_agent
    need = pool.seat_need[seats]
    same = (agents == agents[row]) & (need == need[row])
    if row in plan.pairs:
        return _part(pool, plan, ~same if whole_need else np.arange(pool.pairs) != row, time_limit)
    keep = (seats != seats[row]) & ~same
    rows, status = _part(pool.committed(np.array([row])), plan, keep, time_limit)
    return np.sort(np.append(rows, row)), status


def _part(pool: Pool, plan: Plan, able: Bools, time_limit: float) -> tuple[Ints, Status]:
    """Solve with some of the pairs, from the plan; return rows of the whole pool."""
    rows = np.flatnonzero(able)
    kept = None if plan.keep is None else np.flatnonzero(np.isin(rows, plan.keep))
    start = np.flatnonzero(np.isin(rows, plan.pairs))
    best = solve(pool.part(rows), time_limit=time_limit, start=start, keep=kept)
    return rows[best.pairs], best.status
