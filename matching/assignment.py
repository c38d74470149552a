"""Pools without shared limits: a bipartite matching with classes and fits, solved and proven by duals."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.assignment_core import best_assignment
from matching.assignment_dense import best_of_many, is_dense
from matching.assignment_detect import assignment_pairs
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph, frozen
from matching.assignment_hurried import in_order, most, most_fit, take_first
from matching.assignment_keep import best_keeping
from matching.assignment_proof import prove
from matching.assignment_state import TimeOut
from matching.compiled import pays
from matching.plan import Plan, Step, status_of
from matching.pool import Pool

CROWD, SAME = 1.5, 0.95
"""Seats per agent, or rows of yesterday's plan per seat, from which that plan may spare time where compiled: elsewhere an
auction takes less than finding its prices, or the shortest paths that follow take more."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs that a plan may choose.

    Parameters
    ----------
    seat, agent, fit : (n,) int, int, float
    row : (n,) int or None
        Row of the pool of each, None where all rows are there.
    """

    seat: Ints
    agent: Ints
    fit: Floats
    row: Ints | None

    @classmethod
    def of(cls, pool: Pool) -> Pairs | None:
        """Return the usable pairs of a pool, None where it is not an assignment problem."""
        usable = assignment_pairs(pool)
        if usable is None:
            return None
        if usable.strides == (0,) or usable.all():
            return cls(pool.pair_seat, pool.pair_agent, pool.pair_fit, None)
        row = np.flatnonzero(usable)
        return cls(frozen(pool.pair_seat[row]), frozen(pool.pair_agent[row]), frozen(pool.pair_fit[row]), row)

    def wish(self, pool: Pool, rows: Ints) -> Ints:
        """Return the agent that `rows` of the pool give each seat, -1 for none; of rows that exclude each other one stays."""
        at = np.flatnonzero(self.among(pool, rows))
        at = at[np.unique(self.seat[at], return_index=True)[1]]
        at = at[np.unique(self.agent[at], return_index=True)[1]]
        wish = np.full(pool.seats, -1)
        wish[self.seat[at]] = self.agent[at]
        return wish

    def among(self, pool: Pool, rows: Ints | None) -> Bools:
        """Say which of these pairs are among `rows` of the pool."""
        mark = np.zeros(pool.pairs, bool)
        mark[np.zeros(0, np.int64) if rows is None else rows] = True
        return mark if self.row is None else mark[self.row]


def solve_assignment(
    pool: Pool, *, start: Ints | None = None, keep: Ints | None = None, until: float = math.inf
) -> Plan | None:
    """Solve a pool where nobody can have two seats and no cap can bind; return None for any other pool.

    Parameters
    ----------
    pool : Pool
    start : (m,) int, optional
        Rows to start from where agents are scarce (`best_assignment`), and of which a plan is made where time
        runs out; of no use otherwise, since an auction takes less time than reading the pool.
    keep : (m,) int, optional
        Rows to keep, as many as possible: a tier between the classes and the fit.
    until : float
        When time is out, on ``time.perf_counter``; looked at between steps, of which none takes more than a few
        seconds on 100,000 seats.

    Returns
    -------
    Plan or None
        ``optimal`` with its proof checked in floats against every pair, or where time runs out a plan made at once
        with bounds that count seats and best fits; None too where rounding to integers left more than 1e-6 between
        the plan and its bound, which takes millions of seats.

    Notes
    -----
    Fits become integers (`Scale`). Where agents are enough an auction matches nearly all seats; where they are
    not, the seats that can be filled are found class by class (`fill`), with the part of the pool in which
    agents are scarce, and there agents bid for seats. Shortest augmenting paths do the rest. With many pairs
    the problem is solved on the most promising ones, and others come in while the duals ask for them. Rows to keep
    make it two such problems, one inside the optimum of the other (`best_keeping`).

    Examples
    --------
    Three agents of full time, one seat each for two of them:

    >>> pool = Pool(pair_agent=[0, 1, 1, 2], pair_seat=[0, 0, 1, 1], pair_fit=[0.4, 0.9, 0.8, 0.1],
    ...     seat_need=[0, 1], seat_start=[0, 0], seat_end=[5, 5], seat_load=[1.0, 1.0], seat_priority=[0, 1],
    ...     agent_unit=[0, 0, 0], agent_capacity=[1.0, 1.0, 1.0], unit_parent=[-1], unit_cap=[float("inf")])
    >>> plan = solve_assignment(pool)
    >>> plan.pairs, plan.filled, round(plan.fit, 9), plan.status
    (array([0, 2]), (1, 1), 1.2, 'optimal')
    >>> plan = solve_assignment(pool, keep=np.array([1, 2]))
    >>> plan.pairs, plan.filled, plan.kept, round(plan.fit, 9)
    (array([0, 2]), (1, 1), 1, 1.2)
    """
    begin = time.perf_counter()
    pairs = Pairs.of(pool)
    if pairs is None:
        return None
    try:
        found = _solve(pool, pairs, None if keep is None else pairs.among(pool, keep), until, start)
        stage = "assignment"
    except TimeOut:
        found, stage = _hurry(pool, pairs, pairs.among(pool, start), pairs.among(pool, keep)), "hurried"
    rows = np.sort(found.pairs if pairs.row is None else pairs.row[found.pairs])
    return _plan(pool, rows, keep, found, stage, begin)


class Found(NamedTuple):
    """The pairs chosen, and bounds on the tiers: None for those that are proven to be met.

    Examples
    --------
    >>> Found(np.array([0]), None, 0.5).fit
    0.5
    """

    pairs: Ints
    most: tuple[int, ...] | None
    fit: float


def _solve(pool: Pool, pairs: Pairs, keep: Bools | None, until: float, start: Ints | None) -> Found:
    seat, agent, fit = pairs.seat, pairs.agent, pairs.fit
    weight, scale = _weights(pool), Scale.of(fit, pool.seats)
    if keep is not None:
        keeping = best_keeping(seat, agent, fit, keep, weight, pool.agents, scale, until)
        return Found(keeping.pairs, None, keeping.bound if keeping.proven else math.inf)
    if is_dense(seat.size, pool.seats, pool.agents):
        best, rows = best_of_many(seat, agent, fit, weight, pool.agents, scale, until)
    else:
        graph = Graph.of(seat, agent, scale.whole(fit), pool.seats, pool.agents)
        wish = partial(pairs.wish, pool, start) if start is not None and _spares(pool, start) else None
        best = best_assignment(graph, weight, scale, until=until, wish=wish)
        rows = graph.chosen(best.partner)
    proof = prove(seat, agent, fit, best, weight, scale)
    return Found(rows, None, proof.bound if proof.classes else math.inf)


def _spares(pool: Pool, start: Ints) -> bool:
    """Say whether a start may spare time."""
    return pays(pool.pairs) and (pool.seats >= CROWD * pool.agents or start.size >= SAME * pool.seats)


def _hurry(pool: Pool, pairs: Pairs, first: Bools, keep: Bools) -> Found:
    """Take the best pairs as they come, or those of `first` before them, whichever is better."""
    seat, agent, fit, priority = pairs.seat, pairs.agent, pairs.fit, pool.seat_priority
    orders = [in_order(seat, agent, fit, priority, ahead, keep) for ahead in (first, np.zeros_like(first))]
    plans = [take_first(seat, agent, order, pool.seats, pool.agents) for order in orders]
    filled = [np.bincount(priority[seat[rows]], minlength=pool.classes).tolist() for rows in plans]
    chosen = max(range(2), key=lambda at: (*filled[at], int(keep[plans[at]].sum()), float(fit[plans[at]].sum())))
    kept = most(seat[keep], agent[keep], np.zeros(pool.seats, np.int64), 1)
    tops = (*most(seat, agent, priority, pool.classes), *kept)
    return Found(plans[chosen], tops, most_fit(seat, agent, fit, pool.seats, pool.agents))


def _plan(pool: Pool, rows: Ints, keep: Ints | None, found: Found, stage: str, begin: float) -> Plan | None:
    """Return the plan of `rows`; None where it should be proven and is not."""
    fit = math.fsum(pool.pair_fit[rows].tolist())
    filled = tuple(np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes).tolist())
    kept = None if keep is None else int(np.isin(keep, rows).sum())
    counts = filled if kept is None else (*filled, kept)
    bound = (*(counts if found.most is None else found.most[: len(counts)]), max(fit, found.fit))
    status = status_of(counts, fit, bound)
    if found.most is None and status != "optimal":
        return None
    seconds = time.perf_counter() - begin
    step = Step(stage=stage, seconds=seconds, value=fit, bound=bound[-1], rows=0)
    return Plan(
        pairs=rows, filled=filled, fit=fit, bound=bound, status=status, seconds=seconds, trace=(step,), keep=keep, kept=kept
    )


def _weights(pool: Pool) -> Ints:
    """Return the weight of each seat's class: 1 for the last class that has a seat, then 2…"""
    if pool.classes <= 1:
        return np.ones(pool.seats, np.int64)
    _, rank = np.unique(pool.seat_priority, return_inverse=True)
    return rank.max() + 1 - rank
