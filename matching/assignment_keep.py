"""An assignment that keeps as many given pairs as possible: a tier of its own before the fit, proven in integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.assignment_core import Assignment, best_assignment, best_within
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph
from matching.assignment_levels import Levels
from matching.assignment_proof import prove


@dataclass(frozen=True, eq=False)
class Keeping:
    """The best plan that keeps most, and what is proven.

    Parameters
    ----------
    best : Assignment
        Of the fit, among the plans that fill and keep as much.
    pairs : (k,) int
        Positions of the chosen pairs.
    proven : bool
        Whether no plan fills more, class by class, nor keeps more of those that fill as much.
    bound : float
        Bound on the sum of fits of those that do both.
    """

    best: Assignment
    pairs: Ints
    proven: bool
    bound: float


def best_keeping(
    seat: Ints, agent: Ints, fit: Floats, keep: Bools, weight: Ints, agents: int, scale: Scale, until: float = np.inf
) -> Keeping:
    """Fill most seats class by class, then have most pairs of `keep`, then the largest sum of fits.

    Parameters
    ----------
    seat, agent, fit : (P,)
        All pairs that a plan may choose.
    keep : (P,) bool
    weight : (S,) int
        Weight of each seat's class: 1 for the last, K for the first.
    agents : int
        Number of agents, A.
    scale : Scale
        Of the fits.
    until : float
        When time is out, on ``time.perf_counter``; see `best_assignment`.

    Notes
    -----
    The problem is solved first for fits of 1 for the pairs to keep and 0 for others. By complementary slackness the
    plans that reach this optimum are those that use only pairs of equal levels without slack, and leave nobody whose
    dual is not 0: a smaller problem of the same kind, solved for the fit.

    Examples
    --------
    The fit alone would choose pairs 0 and 3:

    >>> seat, agent = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> fit, keep = np.array([0.9, 0.1, 0.2, 0.8]), np.array([False, True, False, False])
    >>> found = best_keeping(seat, agent, fit, keep, np.ones(2, np.int64), 2, Scale.of(fit, 2))
    >>> found.pairs, found.proven, round(found.bound, 9)
    (array([1, 2]), True, 0.3)
    """
    whole, wanted = Scale.of(keep.astype(float), weight.size), keep.astype(float)
    value = whole.whole(wanted)
    graph = Graph.of(seat, agent, value, weight.size, agents).ordered()
    first = best_assignment(graph, weight, whole, until=until)
    face = _Face.of(seat, agent, value, first, weight)
    graph = Graph.of(seat[face.pair], agent[face.pair], scale.whole(fit[face.pair]), weight.size, agents).ordered()
    levels = Levels(first.partner, first.partner, first.seat_level, first.agent_level)
    best = best_within(graph, levels, face.must(first), scale, until)
    pairs = np.flatnonzero(face.pair)[graph.chosen(best.partner)]
    proven = prove(seat, agent, wanted, first, weight, whole).classes and int(value[pairs].sum()) == face.total
    return Keeping(best, pairs, proven, face.bound(seat, agent, fit, best, scale))


@dataclass(frozen=True, eq=False)
class _Face:
    """The plans that reach the optimum of the first problem.

    Parameters
    ----------
    pair : (P,) bool
        Pairs they may use.
    seat, agent : (S,) bool, (A,) bool
        Seats and agents that all of them use.
    total : int
        The optimum, by the duals; -1 where they are none: below the value of a pair of equal levels, or negative
        where they must not be.
    """

    pair: Bools
    seat: Bools
    agent: Bools
    total: int

    @classmethod
    def of(cls, seat: Ints, agent: Ints, value: Ints, first: Assignment, weight: Ints) -> _Face:
        """Read the duals of the first problem."""
        level = first.seat_level[seat] == first.agent_level[agent]
        slack = first.seat_dual[seat] + first.agent_dual[agent] - value
        filled, used = weight > first.seat_level, first.agent_level > 0
        signs = (first.seat_dual[~filled] >= 0).all() and (first.agent_dual[~used] >= 0).all()
        total = int(first.seat_dual.sum() + first.agent_dual.sum()) if signs and (slack[level] >= 0).all() else -1
        return cls(level & (slack == 0), filled | (first.seat_dual > 0), used | (first.agent_dual > 0), total)

    def must(self, first: Assignment) -> Bools:
        """Return which seats of levels 1 and more, then which agents of level 0, must be taken."""
        return np.concatenate([self.seat & (first.seat_level > 0), self.agent & (first.agent_level == 0)])

    def bound(self, seat: Ints, agent: Ints, fit: Floats, best: Assignment, scale: Scale) -> float:
        """Return the bound on the fit that the duals of `best` give, in floats: negative where all must be used."""
        agent_dual = best.agent_dual / float(scale.one)
        agent_dual[~self.agent] = np.maximum(agent_dual[~self.agent], 0.0)
        seat_dual = np.where(self.seat, -np.inf, 0.0)
        np.maximum.at(seat_dual, seat[self.pair], fit[self.pair] - agent_dual[agent[self.pair]])
        return float(seat_dual.sum() + agent_dual.sum())
