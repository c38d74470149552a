"""An assignment at once, for when time is out: the best pairs first, and bounds that need no duals."""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.assignment_graph import frozen
from matching.compiled import pays, run


def take_first(seat: Ints, agent: Ints, order: Ints, seats: int, agents: int) -> Ints:
    """Return the pairs taken when they are offered in `order`, each where its seat and its agent are free.

    Examples
    --------
    >>> take_first(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([2, 0, 1]), 2, 2)
    array([1, 2])
    """
    taken = np.zeros(seat.size, bool)
    parts = (frozen(seat), frozen(agent), frozen(order), np.zeros(seats, bool), np.zeros(agents, bool), taken)
    run(_take, *parts, fast=pays(seat.size))
    return np.flatnonzero(taken)


def _take(seat, agent, order, seat_taken, agent_taken, taken):
    for at in range(len(order)):
        pair = order[at]
        if not seat_taken[seat[pair]] and not agent_taken[agent[pair]]:
            seat_taken[seat[pair]] = agent_taken[agent[pair]] = taken[pair] = True


def most(seat: Ints, agent: Ints, priority: Ints, classes: int) -> tuple[int, ...]:
    """Return how many seats of each class have a pair: the most that can be filled.

    Parameters
    ----------
    seat, agent : (P,) int
    priority : (S,) int
    classes : int

    Examples
    --------
    >>> most(np.array([0, 0, 2]), np.array([0, 1, 0]), np.array([0, 1, 1]), 2)
    (1, 1)
    """
    asked = np.bincount(priority[np.unique(seat)], minlength=classes)
    return tuple(np.minimum(asked, np.unique(agent).size).tolist())


def most_fit(seat: Ints, agent: Ints, fit: Floats, seats: int, agents: int) -> float:
    """Return the sum of the best fits of every seat, or of every agent where that is less.

    Examples
    --------
    >>> most_fit(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.5, 0.3, 0.4]), 2, 2)
    0.8
    """
    return min(_best_sum(seat, fit, seats), _best_sum(agent, fit, agents))


def _best_sum(of: Ints, fit: Floats, count: int) -> float:
    best = np.zeros(count)
    np.maximum.at(best, of, fit)
    return float(best.sum())


def in_order(seat: Ints, agent: Ints, fit: Floats, priority: Ints, first: Bools, keep: Bools) -> Ints:
    """Return the pairs, those of `first` before all others, by class, then those to `keep`, then by falling fit.

    Examples
    --------
    >>> no = np.zeros(3, bool)
    >>> in_order(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.5, 0.9, 0.4]), np.array([1, 0]), no, no)
    array([2, 1, 0])
    """
    return np.lexsort((agent, seat, -fit, ~keep, priority[seat], ~first))
