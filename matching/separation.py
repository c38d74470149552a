"""Which limits a choice breaks, found by sorting what starts and ends and summing along."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE


def broken(columns: Columns, limits: Limits, x: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the groups and days whose limit `x` breaks: the worst day of each stretch of broken days.

    Loads that start and end are sorted by group and day once, then summed along.

    Parameters
    ----------
    x : (n,) float
        How much of each column is chosen, whole or not.

    Returns
    -------
    group, day : (m,) int
    left : (m,) float
        What the group may give on that day.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> broken(Columns.of(pool, limits), limits, np.array([0.0, 1.0, 0.0]))[0].size
    0
    """
    used = np.flatnonzero(x > 1e-9)
    groups = limits.of_agent[columns.agent[used]]
    row, level = np.nonzero(groups >= 0)
    column, load = used[row], columns.load[used[row]] * x[used[row]]
    group = np.concatenate([np.tile(groups[row, level], 2), limits.group])
    day = np.concatenate([columns.start[column], columns.end[column], limits.day])
    more = np.concatenate([load, -load, np.zeros(limits.day.size)])
    taken = np.concatenate([np.full(2 * load.size, np.nan), limits.taken])
    order = np.lexsort((day, group))
    group, day, chosen = group[order], day[order], np.cumsum(more[order])
    taken = _carried(group, taken[order])
    last = np.append((np.diff(group) != 0) | (np.diff(day) != 0), True)[: group.size]
    group, day, chosen, taken = group[last], day[last], chosen[last], taken[last]
    left = np.maximum(0.0, limits.limit[group] - taken)
    return _worst(group, day, left, chosen - left)


def _carried(group: Ints, taken: Floats) -> Floats:
    """Return the last known committed load of the row's group, 0 before the first."""
    at = np.maximum.accumulate(np.where(np.isnan(taken), -1, np.arange(taken.size)))
    same = (at >= 0) & (group[at] == group)
    return np.where(same, taken[at], 0.0)


def _worst(group: Ints, day: Ints, left: Floats, over: Floats) -> tuple[Ints, Ints, Floats]:
    """Keep one day, the worst, of each unbroken stretch of days over the limit."""
    bad = over > TOLERANCE
    stretch = np.cumsum(~bad | np.append(True, np.diff(group) != 0)[: group.size])
    rows = np.flatnonzero(bad)
    rows = rows[np.lexsort((-over[rows], stretch[rows]))]
    keep = rows[np.append(True, np.diff(stretch[rows]) != 0)[: rows.size]]
    return group[keep], day[keep], left[keep]
