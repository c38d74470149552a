"""Many pairs: the problem is solved on the most promising ones, and the duals say which others are missing."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from matching.arrays import BLOCK, Floats, Ints
from matching.assignment_core import Assignment, best_assignment
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph, frozen
from matching.compiled import pays, run

NEAR, FAR = 24, 10
"""Pairs kept for each seat or agent of the scarcer side, and for each of the other."""

MORE = 8
"""Pairs added for each seat, at most, where the duals ask for some."""

GAIN = 3
"""Times fewer pairs from which it is worth leaving some out."""

SLACK = 1e-11
"""What floats may seem to lack."""

SPREAD = 8
"""Cells of the matrix of all pairs, per pair, up to which it is made where nothing is compiled."""

NUDGE = 1e-12
"""What one column further costs in such a matrix, so that rows with ties choose different ones."""

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
    popular = -_likely_price(agent, fit, seats, agents)
    wanted = -_likely_price(seat, fit, agents, seats)
    near = (NEAR, FAR) if seats <= agents else (FAR, NEAR)
    chosen = _either(
        top(seat, agent, fit, popular, np.full(seats, -np.inf), near[0]),
        top(agent, seat, fit, wanted, np.full(agents, -np.inf), near[1]),
    )
    best = None
    while True:
        graph = Graph.of(seat[chosen], agent[chosen], scale.whole(fit[chosen]), seats, agents)
        best = best_assignment(graph, weight, scale, best, until)
        more = _either(chosen, _missing(seat, agent, fit, best, scale))
        if more.size == chosen.size:
            return best, chosen[graph.chosen(best.partner)]
        chosen = more


def _likely_price(column: Ints, fit: Floats, rows: int, columns: int) -> Floats:
    """Guess what each column costs where not all are needed: how far its mean fit is above the last needed one."""
    if columns <= rows:
        return np.zeros(columns)
    count, total = np.zeros(columns, np.int64), np.zeros(columns)
    if pays(fit.size):
        run(_add, frozen(column), frozen(fit), count, total, fast=True)
    else:
        count += np.bincount(column, minlength=columns)
        total += np.bincount(column, fit, minlength=columns)
    mean = total / np.maximum(count, 1)
    last = np.partition(mean, columns - rows)[columns - rows]
    return np.maximum(mean - last, 0.0)


def _either(left: Ints, right: Ints) -> Ints:
    """Return what is in one or the other, ascending; quicker than numpy's own, which hashes."""
    both = np.sort(np.concatenate([left, right]))
    return both[np.append(both[1:] > both[:-1], True)] if both.size else both


def _missing(seat: Ints, agent: Ints, fit: Floats, best: Assignment, scale: Scale) -> Ints:
    """Return pairs that break the duals of `best`, the worst few of each seat."""
    agent_add = -best.agent_dual / float(scale.one) - LEVEL * best.agent_level
    floor = best.seat_dual / float(scale.one) - LEVEL * best.seat_level
    return top(seat, agent, fit, agent_add, floor + SLACK, MORE)


def top(row: Ints, column: Ints, fit: Floats, add: Floats, floor: Floats, count: int) -> Ints:
    """Return the pairs of each row, `count` at most, with the largest ``fit + add[column]`` above ``floor[row]``.

    Ties go to the columns that follow the row's own number, so that rows alike choose different ones.

    Examples
    --------
    >>> top(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.5, 0.3, 0.4]), np.zeros(2), np.zeros(2), 1)
    array([0, 2])
    """
    rows = floor.size
    pairs = np.full((rows, count), -1)
    if pays(row.size):
        keys, after = np.full((rows, count), -np.inf), np.zeros((rows, count), np.int64)
        run(
            _top, frozen(row), frozen(column), frozen(fit), frozen(add), floor.copy(), keys, after, pairs, fast=True
        )
        return np.sort(pairs[pairs >= 0])
    among = _above(row, column, fit, add, floor) if np.isfinite(floor).any() else None
    if among is None and rows * add.size <= SPREAD * row.size and count < add.size:
        among = _top_together(row, column, fit, add, rows, count)
    elif among is None:
        among = np.arange(row.size)
    shift = (column[among] - row[among]) % add.size
    among = among[np.lexsort((shift, -(fit[among] + add[column[among]]), row[among]))]
    rank = np.arange(among.size) - np.searchsorted(row[among], row[among])
    return np.sort(among[rank < count])


def _above(row: Ints, column: Ints, fit: Floats, add: Floats, floor: Floats) -> Ints:
    """Return the pairs above the floor, looked at by blocks that stay in the processor's cache."""
    found = []
    for first in range(0, row.size, BLOCK):
        part = slice(first, first + BLOCK)
        found.append(first + np.flatnonzero(fit[part] + add[column[part]] > floor[row[part]]))
    return np.concatenate([np.zeros(0, np.int64), *found])


def _top_together(row: Ints, column: Ints, fit: Floats, add: Floats, rows: int, count: int) -> Ints:
    """Return about the best `count` pairs of each row, from a matrix of all."""
    columns = add.size
    circle = np.tile(np.arange(columns) * NUDGE, 2)
    key = add - sliding_window_view(circle, columns)[-np.arange(rows) % columns]
    at, across = row * columns + column, column * rows + row
    if row.size == key.size and (at[1:] > at[:-1]).all():
        key += fit.reshape(rows, columns)
        pair = np.arange(row.size).reshape(rows, columns)
    elif row.size == key.size and (across[1:] > across[:-1]).all():
        key += fit.reshape(columns, rows).T
        pair = np.arange(row.size).reshape(columns, rows).T
    else:
        pair = np.full(key.shape, -1)
        pair[row, column] = np.arange(row.size)
        key = np.where(pair >= 0, key + fit[pair], -np.inf)
    best = np.argpartition(key, columns - count, axis=1)[:, columns - count :]
    chosen = np.take_along_axis(pair, best, axis=1).ravel()
    return chosen[chosen >= 0]


def _top(row, column, fit, add, floor, keys, after, pairs):
    """Keep, for each row, the best pairs seen so far in order; the last raises the floor."""
    count, columns = keys.shape[1], len(add)
    for pair in range(len(row)):
        mine = row[pair]
        key = fit[pair] + add[column[pair]]
        if key < floor[mine]:
            continue
        shift = (column[pair] - mine) % columns
        last = count - 1
        if pairs[mine, last] < 0:
            if key == floor[mine]:
                continue
        elif key == keys[mine, last] and shift > after[mine, last]:
            continue
        at = last
        while at > 0 and (
            pairs[mine, at - 1] < 0 or keys[mine, at - 1] < key
            or (keys[mine, at - 1] == key and after[mine, at - 1] > shift)
        ):
            keys[mine, at], after[mine, at], pairs[mine, at] = keys[mine, at - 1], after[mine, at - 1], pairs[mine, at - 1]
            at -= 1
        keys[mine, at], after[mine, at], pairs[mine, at] = key, shift, pair
        if pairs[mine, last] >= 0:
            floor[mine] = keys[mine, last]


def _add(column, fit, count, total):
    """Count and add up the fits of each column."""
    for pair in range(len(column)):
        count[column[pair]] += 1
        total[column[pair]] += fit[pair]
