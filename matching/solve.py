"""The solver: lexicographic tiers, capacity rows found as they break, every tier proven."""

from __future__ import annotations

import math
import time

import numpy as np

from matching.arrays import Ints
from matching.assignment import solve_assignment
from matching.columns import Columns
from matching.limits import Limits
from matching.plan import Plan, Step, status_of
from matching.pool import Pool
from matching.proofs import Proofs
from matching.search import Search


def solve(pool: Pool, *, time_limit: float = 60.0) -> Plan:
    """Choose pairs: most seats of class 0, then of class 1, …, then the largest sum of fits.

    Every tier is proven by a linear or an integer program over a part of the capacity rows; a plan that is
    best on part of the rows and obeys all of them is best on all. Where time runs out, the best plan found
    comes with the bounds proven so far.

    Parameters
    ----------
    pool : Pool
    time_limit : float
        Seconds; the solver's own steps stop there, reading and checking may add a little.

    Returns
    -------
    Plan

    Notes
    -----
    A pool where nobody can have two seats and no cap can bind is a bipartite matching, see `solve_assignment`.
    In any other the like seats of a need are one column with a count; the tiers are weighted modestly in one integer
    program (scipy's HiGHS), whose plan is then compared class by class with the floor of a relaxation; a
    class that falls short is asked for explicitly. Rows are sorted by (agent, seat) first and the solve is
    sequential: the order of the rows does not matter to an optimal plan. Only where the first program uses up
    half of the time allowed may the clock choose between plans of equal worth.

    Examples
    --------
    Two seats, one agent for either and a cap of half a post: class 0 wins over a better fit.

    >>> from matching.examples import small_pool
    >>> plan = solve(small_pool())
    >>> plan.pairs, plan.filled, plan.fit, plan.status
    (array([0]), (1, 0), 0.5, 'optimal')
    >>> plan.bound
    (1, 0, 0.5)
    """
    begin = time.perf_counter()
    assigned = solve_assignment(pool)
    if assigned is not None:
        return assigned
    limits = Limits.of(pool)
    columns = Columns.of(pool, limits)
    proofs = Proofs(pool.classes, columns)
    chosen: Ints = np.zeros(0, np.int64)
    trace: tuple[Step, ...] = ()
    if len(columns):
        search = Search(pool, columns, limits, proofs, begin=begin, until=begin + time_limit)
        chosen, trace = search.run(), tuple(search.trace)
    return _plan(pool, columns.rows_of(pool, chosen), proofs, trace, begin)


def _plan(pool: Pool, rows: Ints, proofs: Proofs, trace: tuple[Step, ...], begin: float) -> Plan:
    filled = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes)
    counts = tuple(int(count) for count in filled[: pool.classes])
    fit = math.fsum(pool.pair_fit[rows])
    bound = proofs.bounds(counts, fit)
    return Plan(
        pairs=rows, filled=counts, fit=fit, bound=bound, status=status_of(counts, fit, bound),
        seconds=time.perf_counter() - begin, trace=trace,
    )
