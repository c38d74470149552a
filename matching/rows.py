"""Rows of the model: places and needs at once, capacities and caps only when a solution breaks them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from matching.arrays import Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE
from matching.separation import broken

GRID = 100
"""Loads that are whole hundredths give rows of integers, which a solver holds exactly."""


@dataclass(eq=False)
class Rows:
    """Every row ``sum(coefficient · x) ≤ limit`` known so far; rows are only added.

    Parameters
    ----------
    columns, limits
        What the rows are about.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> rows = Rows(Columns.of(pool, limits), limits)
    >>> rows.cut(np.array([1.0, 1.0, 0.0]))   # agent 0 twice: over the unit's cap of 0.5 on days 0 to 4
    1
    >>> matrix, limit = rows.model()
    >>> matrix.toarray()[-1], float(limit[-1])
    (array([1., 1., 1.]), 1.0)
    """

    columns: Columns
    limits: Limits
    index: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    known: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Prepare the columns of each group, and the rows of places and needs."""
        groups = self.limits.of_agent[self.columns.agent]
        column, level = np.nonzero(groups >= 0)
        group = groups[column, level]
        order = np.argsort(group, kind="stable")
        self._column = column[order]
        self._first = np.searchsorted(group[order], np.arange(self.limits.limit.size + 1))
        on_grid = self.columns.load * GRID
        self._whole = bool(np.all(np.abs(on_grid - np.rint(on_grid)) <= 1e-7))
        self._add_places()
        self._add_needs()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.limit)

    def model(self) -> tuple[sparse.csr_array, Floats]:
        """Return the matrix and the right-hand sides."""
        sizes = np.array([index.size for index in self.index], np.int64)
        start = np.concatenate([[0], np.cumsum(sizes)])
        index = np.concatenate(self.index) if self.index else np.zeros(0, np.int64)
        value = np.concatenate(self.value) if self.value else np.zeros(0)
        matrix = sparse.csr_array((value, index, start), shape=(len(self), len(self.columns)))
        return matrix, np.array(self.limit)

    def cut(self, x: Floats) -> int:
        """Add the capacity rows that `x` breaks; return how many rows were added.

        A row already known may still be broken within the solver's own tolerance: a whole `x` is then
        excluded by name, a relaxed one is good enough.
        """
        before, whole = len(self), bool(np.all(x == np.rint(x)))
        group, day, left = broken(self.columns, self.limits, x)
        for g, d, room in zip(group.tolist(), day.tolist(), left.tolist(), strict=True):
            members = self._column[self._first[g] : self._first[g + 1]]
            members = members[(self.columns.start[members] <= d) & (d < self.columns.end[members])]
            if (g, d) not in self.known:
                self.known.add((g, d))
                self._add_capacity(members, room)
            elif whole:
                members = members[x[members] > 0.5]
                self.add(members, np.ones(members.size), members.size - 1.0)
        return len(self) - before

    def add(self, index: Ints, value: Floats, limit: float) -> None:
        """Add one row, which every plan must obey."""
        self.index.append(index)
        self.value.append(value)
        self.limit.append(float(limit))

    def _add_places(self) -> None:
        order = np.argsort(self.columns.place, kind="stable")
        counts = np.bincount(self.columns.place, minlength=self.columns.size.size)
        for members, size in zip(np.split(order, np.cumsum(counts)[:-1]), self.columns.size, strict=False):
            self.add(members, np.ones(members.size), size)

    def _add_needs(self) -> None:
        order = np.lexsort((self.columns.need, self.columns.agent))
        agent, need = self.columns.agent[order], self.columns.need[order]
        first = np.flatnonzero(np.append(True, (np.diff(agent) != 0) | (np.diff(need) != 0))[: order.size])
        size = np.diff(np.append(first, order.size))
        for at, count in zip(first[size > 1].tolist(), size[size > 1].tolist(), strict=True):
            self.add(order[at : at + count], np.ones(count), 1.0)

    def _add_capacity(self, members: Ints, room: float) -> None:
        """Add the row of one group and day; where any two large loads exclude each other, say so too."""
        value, limit = self._tighten(self.columns.load[members], room)
        large = 2.0 * value > limit * (1 + 1e-9)
        if large.sum() > 1:
            self.add(members[large], np.ones(int(large.sum())), 1.0)
        if not large.all():
            self.add(members, value, limit)

    def _tighten(self, load: Floats, room: float) -> tuple[Floats, float]:
        """Return the loads in whole units and the largest sum of them that fits, where loads are whole."""
        if not self._whole:
            return load, room + TOLERANCE
        units = np.rint(load * GRID).astype(np.int64)
        step = math.gcd(*units.tolist())
        most = math.floor((room + TOLERANCE) * GRID + 1e-7) // step
        return (units // step).astype(float), float(largest_sum(units // step, most))


def largest_sum(units: Ints, most: int) -> int:
    """Return the largest sum of some of `units` that is at most `most`.

    Parameters
    ----------
    units : (n,) int
        Positive; each may be used once.
    most : int

    Examples
    --------
    >>> largest_sum(np.array([4, 4, 6]), 9), largest_sum(np.array([4, 4]), 3)
    (8, 0)
    """
    if int(units.sum()) <= most:
        return int(units.sum())
    reachable, mask = 1, (1 << (most + 1)) - 1
    for value, count in zip(*(part.tolist() for part in np.unique(units, return_counts=True)), strict=True):
        for _ in range(min(count, most // value)):
            reachable |= (reachable << value) & mask
        if reachable >> most & 1:
            return most
    return reachable.bit_length() - 1
