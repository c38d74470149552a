"""Many pairs: the problem is solved on the most promising ones, and the duals say which others are missing."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.assignment_core import Assignment, best_assignment
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph
from matching.assignment_grid import Grid
from matching.assignment_listed import Listed
from matching.compiled import pays

NEAR, FAR = 24, 10
"""Pairs kept for each seat or agent of the scarcer side, and for each of the other."""

MORE, ROUNDS = 8, 4
"""Pairs added for each seat, at most, where the duals ask for some: twice as many each round, all after so many."""

GAIN = 3
"""Times fewer pairs from which it is worth leaving some out."""

SLACK = 1e-11
"""What floats may seem to lack."""

LEVEL = 4.0
"""More than any two duals may differ by, in units of fit, for pairs of different levels."""


def is_dense(pairs: int, seats: int, agents: int) -> bool:
    """Say whether most pairs can be left out at first.

    Examples
    --------
    >>> is_dense(13_000_000, 2_000, 6_500), is_dense(200_000, 10_000, 65_000)
    (True, False)
    """
    return pairs > 100_000 and pairs > GAIN * (NEAR * min(seats, agents) + FAR * max(seats, agents))


def best_of_many(
    seat: Ints, agent: Ints, fit: Floats, weight: Ints, agents: int, scale: Scale, until: float = np.inf
) -> tuple[Assignment, Ints]:
    """Return the best assignment over all pairs, and its pairs.

    Parameters
    ----------
    seat, agent, fit : (P,)
    weight : (S,) int
        Weight of each seat's class.
    agents : int
        Number of agents, A.
    scale : Scale
    until : float
        When time is out, see `best_assignment`.

    Notes
    -----
    The best pairs of every seat and of every agent are kept, after what popular agents are likely to cost is
    taken off; pairs that break the duals of the solution on these come in, and again until none does.

    Examples
    --------
    >>> seat, agent = np.divmod(np.arange(12), 4)
    >>> best, pairs = best_of_many(seat, agent, np.linspace(0, 1, 12), np.ones(3, np.int64), 4, Scale(1 << 40, 1))
    >>> bool((best.partner >= 0).all()), seat[pairs]
    (True, array([0, 1, 2]))
    """
    seats = weight.size
    pairs: Grid | Listed | None = None if pays(seat.size) else Grid.of(seat, agent, fit, seats, agents)
    pairs = pairs or Listed(seat, agent, fit, seats, agents)
    near = (NEAR, FAR) if seats <= agents else (FAR, NEAR)
    popular, wanted = np.zeros(agents), np.zeros(seats)
    if seats < agents:
        popular = _likely_price(*pairs.total_of_agents(), seats)
    elif agents < seats:
        wanted = _likely_price(*pairs.total_of_seats(), agents)
    chosen = _either(pairs.top_of_seats(-popular, None, near[0]), pairs.top_of_agents(-wanted, None, near[1]))
    best, turn = None, 0
    while True:
        graph = Graph.of(seat[chosen], agent[chosen], scale.whole(fit[chosen]), seats, agents)
        best = best_assignment(graph, weight, scale, best, until)
        more = _either(chosen, _missing(pairs, best, scale, turn))
        if more.size == chosen.size:
            return best, chosen[graph.chosen(best.partner)]
        chosen, turn = more, turn + 1


def _likely_price(count: Ints, total: Floats, needed: int) -> Floats:
    """Guess what each agent (or seat) costs where not all are needed: how far its mean fit is above the last needed one."""
    mean = total / np.maximum(count, 1)
    last = np.partition(mean, mean.size - needed)[mean.size - needed]
    return np.maximum(mean - last, 0.0)


def _either(left: Ints, right: Ints) -> Ints:
    """Return what is in one or the other, ascending; quicker than numpy's own, which hashes."""
    both = np.sort(np.concatenate([left, right]))
    return both[np.append(both[1:] > both[:-1], True)] if both.size else both


def _missing(pairs: Grid | Listed, best: Assignment, scale: Scale, turn: int) -> Ints:
    """Return pairs that break the duals of `best`: the worst few of each seat, more at each turn, all at last."""
    agent_add = -best.agent_dual / float(scale.one) - LEVEL * best.agent_level
    floor = best.seat_dual / float(scale.one) - LEVEL * best.seat_level
    if turn < ROUNDS:
        return pairs.top_of_seats(agent_add, floor + SLACK, MORE << turn)
    return pairs.above(agent_add, floor + SLACK)
