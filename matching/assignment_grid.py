"""All pairs as a matrix: where nearly every agent is a candidate for every seat, nothing needs looking up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from matching.arrays import BLOCK, Floats, Ints

SPREAD = 8
"""Cells of the matrix per pair, up to which it is made where pairs do not come in its order."""

NUDGE = 1e-12
"""What one column further costs, so that rows with ties choose different ones."""

SAMPLE = 4
"""One column in so many is looked at to guess from where on the best few of a row are."""

UNIT = float(1 << 30)
"""Fits are added up as whole multiples of its inverse, exactly, so that their order does not matter."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The fit of every seat and agent.

    Parameters
    ----------
    fit : (S, A) float
        -inf where there is no pair.
    pair : (S, A) int or None
        Position of each pair; None where pairs come seat by seat, or agent by agent if `by_agent`.
    by_agent : bool
    """

    fit: Floats
    pair: Ints | None
    by_agent: bool

    @classmethod
    def of(cls, seat: Ints, agent: Ints, fit: Floats, seats: int, agents: int) -> Grid | None:
        """See pairs as a matrix; make it where they do not come as one, or return None where it would be too large.

        Examples
        --------
        >>> grid = Grid.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4]), 2, 2)
        >>> grid.fit
        array([[0.1, 0.2],
               [0.3, 0.4]])
        """
        cells = seats * agents
        if seat.size == cells and _counts_up(seat, agent, agents):
            return cls(fit.reshape(seats, agents), None, False)
        if seat.size == cells and _counts_up(agent, seat, seats):
            return cls(fit.reshape(agents, seats).T, None, True)
        if cells > SPREAD * seat.size:
            return None
        whole, pair = np.full((seats, agents), -np.inf), np.zeros((seats, agents), np.int64)
        whole[seat, agent], pair[seat, agent] = fit, np.arange(seat.size)
        return cls(whole, pair, False)

    def total_of_agents(self) -> tuple[Ints, Floats]:
        """Return how many pairs each agent has and the sum of their fits."""
        return _total(self.fit)

    def total_of_seats(self) -> tuple[Ints, Floats]:
        """Return how many pairs each seat has and the sum of their fits."""
        return _total(self.fit.T)

    def top_of_seats(self, add: Floats, floor: Floats | None, count: int) -> Ints:
        """Return the positions of the pairs of each seat, `count` at most, with the largest ``fit + add[agent]``.

        They are above ``floor[seat]`` where there is a floor. Ties go to the agents that follow the seat's own number.

        Examples
        --------
        >>> grid = Grid.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4]), 2, 2)
        >>> grid.top_of_seats(np.array([0.2, 0.0]), None, 1), grid.top_of_agents(np.zeros(2), None, 1)
        (array([0, 2]), array([2, 3]))
        """
        seat, agent = _top(self.fit, add, floor, count)
        return self._positions(seat, agent)

    def above(self, add: Floats, floor: Floats) -> Ints:
        """Return the positions of all pairs with ``fit + add[agent] > floor[seat]``, ascending."""
        cells = np.concatenate([
            first * add.size + np.flatnonzero(block + add > floor[first : first + len(block), None])
            for first, block in _blocks(self.fit)
        ])
        return self._positions(*np.divmod(cells, add.size))

    def top_of_agents(self, add: Floats, floor: Floats | None, count: int) -> Ints:
        """Return the same for each agent, with the largest ``fit + add[seat]``."""
        agent, seat = _top(self.fit.T, add, floor, count)
        return self._positions(seat, agent)

    def _positions(self, seat: Ints, agent: Ints) -> Ints:
        if self.pair is not None:
            return np.sort(self.pair[seat, agent])
        seats, agents = self.fit.shape
        return np.sort(agent * seats + seat if self.by_agent else seat * agents + agent)


def _counts_up(major: Ints, minor: Ints, minors: int) -> bool:
    """Say whether rows are all (major, minor) in order; blocks keep what is made in the processor's cache."""
    for first in range(0, major.size, BLOCK):
        rows = slice(first, first + BLOCK)
        key = major[rows] * minors + minor[rows]
        if not (key == np.arange(first, first + key.size)).all():
            return False
    return True


def _blocks(fit: Floats) -> Iterator[tuple[int, Floats]]:
    """Yield rows of a matrix in C order, some at a time, and the number of the first."""
    rows, columns = fit.shape
    step = max(8, BLOCK // max(1, columns))
    for first in range(0, rows, step):
        yield first, np.ascontiguousarray(fit[first : first + step])


def _total(fit: Floats) -> tuple[Ints, Floats]:
    """Return the number and the sum of the finite values of each column."""
    count, total = np.zeros(fit.shape[1], np.int64), np.zeros(fit.shape[1])
    for _, block in _blocks(fit):
        there = block >= 0.0
        count += there.sum(axis=0)
        total += np.rint(block * UNIT).sum(axis=0, where=True if there.all() else there)
    return count, total / UNIT


def _top(fit: Floats, add: Floats, floor: Floats | None, count: int) -> tuple[Ints, Ints]:
    """Return rows and columns of the largest ``fit + add`` of each row."""
    columns = fit.shape[1]
    circle = sliding_window_view(np.tile(np.arange(columns) * NUDGE, 2), columns)
    found: list[tuple[Ints, Ints]] = []
    for first, block in _blocks(fit):
        here = np.arange(first, first + len(block))
        key = block + add
        if floor is None:
            key -= circle[-here % columns]
            above = key >= _least(key, count)[:, None]
            above &= key > -np.inf
        else:
            above = key > floor[here, None]
        row, column = np.divmod(np.flatnonzero(above), columns)
        value = key[row, column]
        if floor is not None:
            value -= (column - here[row]) % columns * NUDGE
        order = np.lexsort((-value, row))
        row, column = row[order], column[order]
        kept = np.arange(row.size) - np.searchsorted(row, row) < count
        found.append((here[row[kept]], column[kept]))
    return np.concatenate([row for row, _ in found]), np.concatenate([column for _, column in found])


def _least(key: Floats, count: int) -> Floats:
    """Return for each row something at most its `count`-th largest value, and rarely much below."""
    rows, columns = key.shape
    if columns <= count:
        return np.full(rows, -np.inf)
    share = -(-count // SAMPLE)
    rank = share + 2 * int(np.ceil(np.sqrt(share))) + 2
    sample = key[:, ::SAMPLE]
    if rank >= sample.shape[1]:
        return np.partition(key, columns - count, axis=1)[:, columns - count]
    least = np.partition(sample, sample.shape[1] - rank, axis=1)[:, sample.shape[1] - rank]
    few = np.flatnonzero((key >= least[:, None]).sum(axis=1) < count)
    least[few] = np.partition(key[few], columns - count, axis=1)[:, columns - count]
    return least
