"""Cover rows: loads that together exceed a limit cannot all be chosen; stronger than the limit itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE

GRID, FINE = 100, 10**9
"""Loads are counted in whole hundredths where all of them are, else in billionths, rounded down."""

WORTH = 0.02
"""How much a cover must cut off to become a row."""

LONGEST = 16
"""Longest cover sought: with more loads than that under a limit, its row is nearly as strong."""

Row = tuple[Ints, Floats, float]


class Covers:
    """Finds the cover rows that a fractional solution breaks.

    A set C of columns of one group and day whose loads sum to more than the limit is a cover, minimal when
    each of its members is needed for that. At most |C| - 1 of it can be chosen; a column outside counts h
    where its load is at least the sum of the h largest of C [1]_. All is counted in integers: loads rounded
    down allow no fewer choices, so that a row valid for them is valid.

    Parameters
    ----------
    columns, limits
        What the rows are about.

    References
    ----------
    .. [1] E. Balas, Facets of the knapsack polytope, Mathematical Programming 8 (1975), 146-164.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> covers = Covers(Columns.of(pool, limits), limits)
    >>> [(index.tolist(), value.tolist(), most) for index, value, most in covers.broken(np.full(3, 0.6))]
    [([0, 1, 2], [1.0, 1.0, 1.0], 1.0)]
    """

    def __init__(self, columns: Columns, limits: Limits) -> None:
        self.columns, self.limits = columns, limits
        on_grid = columns.load * GRID
        self.whole = bool(np.all(np.abs(on_grid - np.rint(on_grid)) <= 1e-7))
        self.units = (np.rint(on_grid) if self.whole else np.floor(columns.load * FINE)).astype(np.int64)
        groups = limits.of_agent[columns.agent]
        column, level = np.nonzero(groups >= 0)
        group = groups[column, level]
        order = np.argsort(group, kind="stable")
        self._column = column[order]
        self._first = np.searchsorted(group[order], np.arange(limits.limit.size + 1))

    def members(self, group: int) -> Ints:
        """Return the columns that use the limit of `group`, ascending."""
        return self._column[self._first[group] : self._first[group + 1]]

    def rooms(self, left: Floats) -> Ints:
        """Return, in units, what may be chosen where `left` is."""
        grid = GRID if self.whole else FINE
        return np.floor((left + TOLERANCE) * grid + 1e-7).astype(np.int64)

    def broken(self, x: Floats) -> Iterator[Row]:
        """Yield columns, coefficients and right-hand side of rows that `x` breaks, by group and day."""
        split = (x > 1e-6) & (x < 1.0 - 1e-6)
        touched = np.unique(self.limits.of_agent[self.columns.agent[split]])
        for group in touched[touched >= 0].tolist():
            yield from self._of_group(self.members(group), group, x, split)

    def _of_group(self, members: Ints, group: int, x: Floats, split: Bools) -> Iterator[Row]:
        used = members[x[members] > 1e-6]
        if used.size < 2:
            return
        start, end, units = self.columns.start, self.columns.end, self.units
        days = np.unique(start[used])
        runs = (start[used] <= days[:, None]) & (days[:, None] < end[used])
        rooms = self.rooms(self.limits.left(group, days))
        tempting = (runs & split[used]).any(axis=1) & (runs @ units[used] > rooms)
        done = set()
        for at in np.flatnonzero(tempting).tolist():
            here = used[runs[at]]
            picked = cover(units[here], x[here], int(rooms[at]))
            if picked is None or (key := tuple(here[picked].tolist())) in done:
                continue
            done.add(key)
            day = days[at]
            every = members[(start[members] <= day) & (day < end[members])]
            value = lifted(units[every], np.searchsorted(every, np.sort(here[picked])))
            if value @ x[every] > picked.size - 1 + WORTH:
                yield every[value > 0], value[value > 0], picked.size - 1.0


def cover(units: Ints, x: Floats, room: int) -> Ints | None:
    """Return positions of a minimal cover, of the columns most chosen first; None where there is none.

    Examples
    --------
    >>> cover(np.array([6, 5, 3]), np.array([0.9, 0.8, 0.1]), 10)
    array([0, 1])
    """
    order = np.argsort(-x, kind="stable")
    sums = np.cumsum(units[order])
    last = int(np.searchsorted(sums, room, side="right"))
    if last == order.size:
        return None
    over, kept = int(sums[last]) - room, order[: last + 1][::-1].tolist()
    for at in list(kept):
        if units[at] < over:
            kept.remove(at)
            over -= int(units[at])
    return np.array(sorted(kept), np.int64) if 1 < len(kept) <= LONGEST else None


def lifted(units: Ints, picked: Ints) -> Floats:
    """Return the coefficient of every column: 1 in the cover, h where h of its largest weigh no more.

    Examples
    --------
    >>> lifted(np.array([6, 5, 3, 7, 11]), np.array([0, 1]))
    array([1., 1., 0., 1., 2.])
    """
    value = np.searchsorted(np.cumsum(np.sort(units[picked])[::-1]), units, side="right").astype(float)
    value[picked] = 1.0
    return value
