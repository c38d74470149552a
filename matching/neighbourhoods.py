"""Beside a plan: what it leaves of every limit, and the exact program of a few places let go."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns
from matching.differences import entries
from matching.limits import Limits
from matching.pool import TOLERANCE

GRID = 1000
"""Loads are counted in whole thousandths, rounded down, and so is what is left, after the tolerance: exact where
loads are whole thousandths; elsewhere a plan found must be checked again."""

PLENTY = 2**30
"""More than all the loads of a pool that is polished: what is left beyond does not count."""


class Residue:
    """What the current plan leaves of every limit, day by day; groups with a single column need no watch.

    Parameters
    ----------
    columns, limits
        The model's columns and limits.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> residue = Residue(Columns.of(pool, limits), limits)
    >>> matrix, limit, fits = residue.program(np.array([0, 1, 2]))
    >>> matrix.toarray().tolist(), limit.tolist(), fits
    ([[500.0, 500.0, 500.0], [0.0, 1.0, 1.0]], [500.0, 1.0], array([ True,  True,  True]))
    >>> residue.hold(np.array([0]))
    >>> residue.program(np.array([1]))[2], residue.without_room(1)
    (array([False]), [2])
    """

    def __init__(self, columns: Columns, limits: Limits) -> None:
        self.columns, self.plan = columns, np.zeros(0, np.int64)
        self.units = np.floor(columns.load * GRID + 1e-6).astype(np.int64)
        watched, counts = np.unique(entries(columns, limits)[1], return_counts=True)
        watched = watched[counts > 1]
        name = np.full(limits.limit.size + 1, -1)
        name[watched] = np.arange(watched.size)
        self.groups = watched
        self.groups_of = name[limits.of_agent[columns.agent]]
        days = np.unique(np.concatenate([columns.start, columns.end, limits.day]))
        self.begin, self.end = np.searchsorted(days, columns.start), np.searchsorted(days, columns.end)
        self.left = np.zeros((watched.size, days.size), np.int32)
        for row, at in zip(self.left, watched.tolist(), strict=True):
            row[:] = np.minimum(np.floor((limits.left(at, days) + TOLERANCE) * GRID + 1e-4), PLENTY)
        self.seats = columns.size.copy()
        self.need = columns.agent * (int(columns.need.max(initial=0)) + 1) + columns.need

    def hold(self, plan: Ints) -> None:
        """Make `plan` the current one."""
        self._use(np.setdiff1d(self.plan, plan), -1)
        self._use(np.setdiff1d(plan, self.plan), 1)
        self.plan = plan

    def _use(self, columns: Ints, sign: int) -> None:
        for column in columns.tolist():
            own = self.groups_of[column]
            self.left[own[own >= 0], self.begin[column] : self.end[column]] -= sign * self.units[column]
        np.subtract.at(self.seats, self.columns.place[columns], sign)

    def without_room(self, column: int) -> list[int]:
        """Return the groups of a column that lack room for it."""
        own = self.groups_of[column]
        own = own[own >= 0]
        least = self.left[own, self.begin[column] : self.end[column]].min(axis=1)
        return self.groups[own[least < self.units[column]]].tolist()

    def program(self, free: Ints) -> tuple[sparse.csr_array, Floats, Bools]:
        """Return the rows that bind `free` columns beside the rest of the plan, and which of them fit alone."""
        kept, released = np.setdiff1d(self.plan, free), np.intersect1d(self.plan, free)
        self._use(released, -1)
        fits = self.seats[self.columns.place[free]] > 0
        fits &= ~np.isin(self.need[free], self.need[kept])
        rows = _Rows()
        row, level = np.nonzero(self.groups_of[free] >= 0)
        group = self.groups_of[free][row, level]
        order = np.argsort(group, kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if order.size else ():
            self._of_group(int(group[members[0]]), free, row[members], fits, rows)
        self._add_choices(free, self.columns.place, self.seats[self.columns.place], rows)
        self._add_choices(free, self.need, np.ones(len(self.columns)), rows)
        self._use(released, 1)
        return (*rows.model(free.size), fits)

    def _of_group(self, group: int, free: Ints, position: Ints, fits: Bools, rows: _Rows) -> None:
        members = free[position]
        begin, end, units = self.begin[members], self.end[members], self.units[members]
        first = int(begin.min())
        left = self.left[group, first : int(end.max())].astype(np.int64)
        if units.sum() <= left.min():
            return
        day = np.arange(first, first + left.size)
        runs = (begin <= day[:, None]) & (day[:, None] < end)
        fits[position] &= ~(runs & (units > left[:, None])).any(axis=0)
        binding = runs @ units > left
        if position.size > 1 and binding.any():
            rows.add_strictest(position, units, runs[binding], left[binding])

    def _add_choices(self, free: Ints, key: Ints, most: Floats | Ints, rows: _Rows) -> None:
        """Add a row for the columns of one key of which no more than `most` can be chosen."""
        order = np.argsort(key[free], kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(key[free][order])) + 1):
            if members.size > 1 and members.size > (room := float(most[free[members[0]]])):
                rows.add(members, np.ones(members.size), max(0.0, room))


class _Rows:
    """Rows being gathered."""

    def __init__(self) -> None:
        self.index: list[Ints] = []
        self.value: list[Floats | Ints] = []
        self.limit: list[float] = []

    def add(self, index: Ints, value: Floats | Ints, limit: float) -> None:
        """Add one row."""
        self.index.append(index)
        self.value.append(value)
        self.limit.append(limit)

    def add_strictest(self, index: Ints, units: Ints, runs: Bools, left: Ints) -> None:
        """Add a row for each set of columns that run together, day after day, unless one beside it says more."""
        change = np.append(True, (runs[1:] != runs[:-1]).any(axis=1))
        first = np.flatnonzero(change)
        runs, left = runs[first], np.minimum.reduceat(left, first)
        inside = (runs[:-1] <= runs[1:]).all(axis=1) & (left[1:] <= left[:-1])
        around = (runs[1:] <= runs[:-1]).all(axis=1) & (left[:-1] <= left[1:])
        for at in np.flatnonzero(~np.append(inside, False) & ~np.append(False, around)).tolist():
            self.add(index[runs[at]], units[runs[at]], max(0.0, float(left[at])))

    def model(self, size: int) -> tuple[sparse.csr_array, Floats]:
        """Return the matrix and the right-hand sides."""
        start = np.concatenate([[0], np.cumsum([part.size for part in self.index])]).astype(np.int64)
        index = np.concatenate(self.index) if self.index else np.zeros(0, np.int64)
        value = np.concatenate(self.value).astype(float) if self.value else np.zeros(0)
        return sparse.csr_array((value, index, start), shape=(len(self.limit), size)), np.array(self.limit)

