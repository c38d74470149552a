"""The most that commitments take of a limit during a period, for many groups and periods at once."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.limits import Limits
from matching.pool import Pool


class Peaks:
    """Highest committed load of any group over any period, by a sparse table of maxima.

    Groups are those of `Limits`: agents, then units.

    Parameters
    ----------
    pool : Pool

    Notes
    -----
    Row j of the table holds the maxima of 2^j successive changes; two of them cover any range, so that a
    question costs two searches and two reads [1]_. Most agents never need one: `always` is what an agent may
    give on their worst day.

    References
    ----------
    .. [1] M. A. Bender, M. Farach-Colton, "The LCA problem revisited", LATIN 2000.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> peaks = Peaks(small_pool().committed(np.array([0])))
    >>> peaks.least(np.array([0, 1, 2]), 2, 8), peaks.least(np.array([2]), 5, 8)
    (array([0.5, 1. , 0. ]), array([0.5]))
    >>> peaks.always
    array([0., 0.])
    """

    def __init__(self, pool: Pool) -> None:
        limits = Limits.of(pool)
        self.of_agent = limits.of_agent
        self._limit, self._first = limits.limit, limits.first
        self._day0 = int(limits.day.min(initial=0)) - 1
        self._span = int(limits.day.max(initial=0)) - self._day0 + 2
        self._key = limits.group * self._span + limits.day - self._day0
        counts = np.diff(self._first)
        self._table = _maxima(limits.taken, int(counts.max(initial=0)))
        self._moves = counts > 0
        self.own = self._worst(np.arange(pool.agents))
        self.always = self.own.copy()
        for groups in self.of_agent.T[1:]:
            some = np.flatnonzero(groups >= 0)
            self.always[some] = np.minimum(self.always[some], self._worst(groups[some]))

    def least(self, group: Ints, start: int, end: int) -> Floats:
        """Return the least that each group may give on a day of [start, end), never below 0."""
        out = self._limit[group]
        at = np.flatnonzero(self._moves[group])
        out[at] -= self._taken(group[at], start, end)
        return np.maximum(0.0, out)

    def room(self, agents: Ints, start: int, end: int) -> Floats:
        """Return the least that each agent may give under their own limit and all those above."""
        groups = self.of_agent[agents]
        out = np.full(groups.shape, np.inf)
        out[groups >= 0] = self.least(groups[groups >= 0], start, end)
        return np.min(out, axis=1)

    def _worst(self, group: Ints) -> Floats:
        return self.least(group, self._day0, self._day0 + self._span)

    def _taken(self, group: Ints, start: int, end: int) -> Floats:
        first_day, last_day = (min(max(day - self._day0, 0), self._span - 1) for day in (start, end))
        before = np.searchsorted(self._key, group * self._span + first_day, side="right") - 1
        first = np.maximum(before, self._first[group])
        last = np.searchsorted(self._key, group * self._span + last_day)
        peak, some = np.zeros(group.size), np.flatnonzero(first < last)
        peak[some] = self._highest(first[some], last[some])
        return peak

    def _highest(self, first: Ints, last: Ints) -> Floats:
        power = np.frexp((last - first).astype(np.float64))[1] - 1
        return np.maximum(self._table[power, first], self._table[power, last - (1 << power)])


def _maxima(values: Floats, longest: int) -> Floats:
    """Return the table of maxima of 2^j successive values, for ranges up to `longest`."""
    table = [values]
    while 2 << (len(table) - 1) <= longest:
        half = 1 << (len(table) - 1)
        last = table[-1]
        table.append(np.concatenate([np.maximum(last[:-half], last[half:]), last[-half:]]))
    return np.stack(table)
