"""Pools without shared limits: a bipartite matching with classes and fits, solved and proven by duals."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.assignment_core import Assignment, best_assignment
from matching.assignment_dense import best_of_many, is_dense
from matching.assignment_detect import assignment_pairs
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph, frozen
from matching.assignment_proof import prove
from matching.plan import Plan, Step, status_of
from matching.pool import Pool


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


def solve_assignment(pool: Pool) -> Plan | None:
    """Solve a pool where nobody can have two seats and no cap can bind; return None for any other pool.

    Parameters
    ----------
    pool : Pool

    Returns
    -------
    Plan or None
        ``optimal`` with its proof checked in floats against every pair; None too where rounding to integers
        left more than 1e-6 between the plan and its bound, which takes millions of seats.

    Notes
    -----
    Fits become integers (`Scale`). Where agents are enough an auction matches nearly all seats; where they are
    not, the seats that can be filled are found class by class (`fill`), with the part of the pool in which
    agents are scarce, and there agents bid for seats. Shortest augmenting paths do the rest. With many pairs
    the problem is solved on the most promising ones, and others come in while the duals ask for them.

    Examples
    --------
    Three agents of full time, one seat each for two of them:

    >>> pool = Pool(pair_agent=[0, 1, 1, 2], pair_seat=[0, 0, 1, 1], pair_fit=[0.4, 0.9, 0.8, 0.1],
    ...     seat_need=[0, 1], seat_start=[0, 0], seat_end=[5, 5], seat_load=[1.0, 1.0], seat_priority=[0, 1],
    ...     agent_unit=[0, 0, 0], agent_capacity=[1.0, 1.0, 1.0], unit_parent=[-1], unit_cap=[float("inf")])
    >>> plan = solve_assignment(pool)
    >>> plan.pairs, plan.filled, round(plan.fit, 9), plan.status
    (array([0, 2]), (1, 1), 1.2, 'optimal')
    """
    begin = time.perf_counter()
    pairs = Pairs.of(pool)
    if pairs is None:
        return None
    weight, scale = _weights(pool), Scale.of(pairs.fit, pool.seats)
    if is_dense(pairs.seat.size, pool.seats, pool.agents):
        best, rows = best_of_many(pairs.seat, pairs.agent, pairs.fit, weight, pool.agents, scale)
    else:
        graph = Graph.of(pairs.seat, pairs.agent, scale.whole(pairs.fit), pool.seats, pool.agents)
        best = best_assignment(graph, weight, scale)
        rows = graph.chosen(best.partner)
    return _plan(pool, pairs, best, rows, weight, scale, begin)


def _plan(
    pool: Pool, pairs: Pairs, best: Assignment, rows: Ints, weight: Ints, scale: Scale, begin: float
) -> Plan | None:
    proof = prove(pairs.seat, pairs.agent, pairs.fit, best, weight, scale)
    fit = math.fsum(pairs.fit[rows].tolist())
    filled = tuple(np.bincount(pool.seat_priority[best.partner >= 0], minlength=pool.classes).tolist())
    bound = (*filled, max(fit, proof.bound))
    if not proof.classes or status_of(filled, fit, bound) != "optimal":
        return None
    rows = np.sort(rows if pairs.row is None else pairs.row[rows])
    seconds = time.perf_counter() - begin
    step = Step(stage="assignment", seconds=seconds, value=fit, bound=bound[-1], rows=0)
    return Plan(pairs=rows, filled=filled, fit=fit, bound=bound, status="optimal", seconds=seconds, trace=(step,))


def _weights(pool: Pool) -> Ints:
    """Return the weight of each seat's class: 1 for the last class that has a seat, then 2…"""
    if pool.classes <= 1:
        return np.ones(pool.seats, np.int64)
    _, rank = np.unique(pool.seat_priority, return_inverse=True)
    return rank.max() + 1 - rank
