"""The solver: lexicographic tiers, capacity rows found as they break, every tier proven."""

from __future__ import annotations

import math
import time

import numpy as np
from numpy.typing import ArrayLike

from matching.arrays import Ints
from matching.assignment import solve_assignment
from matching.columns import Columns
from matching.given import given_rows
from matching.limits import Limits
from matching.plan import Plan, Step, status_of
from matching.pool import Pool
from matching.proofs import Proofs
from matching.search import Search
from matching.tiers import Tiers


def solve(
    pool: Pool, *, time_limit: float = 60.0, start: ArrayLike | None = None, keep: ArrayLike | None = None
) -> Plan:
    """Choose pairs: most seats of class 0, then of class 1, …, then the largest sum of fits.

    Every tier is proven by a linear or an integer program over a part of the capacity rows; a plan that is
    best on part of the rows and obeys all of them is best on all. Where time runs out, the best plan found
    comes with the bounds proven so far.

    Parameters
    ----------
    pool : Pool
    time_limit : float
        Seconds; the solver's own steps stop there, reading and checking may add a little. In an assignment the
        clock is looked at between steps, of up to some seconds on 100,000 seats.
    start : (m,) int, optional
        Rows of a plan to start from, yesterday's for one. Rows that cannot stand, alone or with the others, are
        dropped without a word (the better class, then the better fit stays), the rest is completed. A start promises
        the same value on every tier, not the same ties; where time runs out, a plan no worse than its own remains.
        The proof takes about as long as without, except where agents are scarce (see `solve_assignment`) or the
        start meets the first relaxation's bound.
    keep : (m,) int, optional
        Rows of which to have as many as possible: a tier of its own between the classes and the fit. They need not
        fit together. The plan then says how many it has in ``kept``, and its ``bound`` has one entry more.

    Returns
    -------
    Plan

    Raises
    ------
    InvalidPool
        Where `start` or `keep` are not distinct rows of the pool, see `given_rows`.

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

    To keep the pair of row 2 cannot cost the seat of class 0:

    >>> plan = solve(small_pool(), keep=[2])
    >>> plan.filled, plan.kept, plan.fit, plan.bound
    ((1, 0), 0, 0.5, (1, 0, 0, 0.5))
    """
    begin = time.perf_counter()
    first = None if start is None else given_rows(pool, start, "start")
    kept = None if keep is None else given_rows(pool, keep, "keep")
    assigned = solve_assignment(pool, start=first, keep=kept, until=begin + time_limit)
    if assigned is not None:
        return assigned
    limits = Limits.of(pool)
    columns = Columns.of(pool, limits, kept)
    tiers = Tiers(columns, pool.classes)
    proofs = Proofs(tiers)
    chosen: Ints = np.zeros(0, np.int64)
    trace: tuple[Step, ...] = ()
    if len(columns):
        known = None if first is None else columns.columns_of(pool, first)
        search = Search(tiers, limits, proofs, begin=begin, until=begin + time_limit, start=known)
        chosen, trace = search.run(), tuple(search.incumbent.trace)
    return _plan(pool, columns.rows_of(pool, chosen), kept, proofs, trace, begin)


def _plan(
    pool: Pool, rows: Ints, keep: Ints | None, proofs: Proofs, trace: tuple[Step, ...], begin: float
) -> Plan:
    filled = tuple(np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes).tolist())
    kept = None if keep is None else int(np.isin(keep, rows).sum())
    counts = filled if kept is None else (*filled, kept)
    fit = math.fsum(pool.pair_fit[rows])
    bound = proofs.bounds(counts, fit)
    return Plan(
        pairs=rows, filled=filled, fit=fit, bound=bound, status=status_of(counts, fit, bound),
        seconds=time.perf_counter() - begin, trace=trace, keep=keep, kept=kept,
    )
