"""A plan at once: the best fit first, class by class, wherever every limit still allows it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE


class Filler:
    """Takes columns one by one while they fit.

    Parameters
    ----------
    columns, limits
        The model's columns and limits.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> Filler(Columns.of(pool, limits), limits).fill([1, 0, 2])
    array([1])
    """

    def __init__(self, columns: Columns, limits: Limits) -> None:
        self.columns, self.limits = columns, limits
        busy = limits.day
        self._days = np.unique(np.concatenate([columns.start, columns.end, busy]))
        self._from = np.searchsorted(self._days, columns.start).tolist()
        self._to = np.searchsorted(self._days, columns.end).tolist()
        self._left: dict[int, Floats] = {}

    def fill(self, order: Iterable[int]) -> Ints:
        """Return the columns taken when they are offered in `order`."""
        columns, taken = self.columns, []
        seats, needs = columns.size.tolist(), set()
        self._left = {}
        place, agent, need = columns.place.tolist(), columns.agent.tolist(), columns.need.tolist()
        for column in order:
            key = (agent[column], need[column])
            if seats[place[column]] and key not in needs and self._take(column, agent[column]):
                seats[place[column]] -= 1
                needs.add(key)
                taken.append(column)
        return np.array(sorted(taken), np.int64)

    def _take(self, column: int, agent: int) -> bool:
        load, period = self.columns.load[column], slice(self._from[column], self._to[column])
        groups = [group for group in self.limits.of_agent[agent].tolist() if group >= 0]
        profiles = [self._profile(group)[period] for group in groups]
        if any(profile.min() + TOLERANCE < load for profile in profiles):
            return False
        for profile in profiles:
            profile -= load
        return True

    def _profile(self, group: int) -> Floats:
        if group not in self._left:
            self._left[group] = self.limits.left(group, self._days)
        return self._left[group]


def by_class_and_fit(columns: Columns, first: Bools | None = None) -> list[int]:
    """Return the columns by class, then those of `first`, then those to keep, then by falling fit, then by position.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> by_class_and_fit(Columns.of(pool, Limits.of(pool)))
    [0, 1, 2]
    """
    nothing = np.zeros(len(columns))
    ahead = nothing if first is None else ~first
    loose = nothing if columns.keep_seat is None else columns.keep_seat < 0
    order: list[int] = np.lexsort((-columns.fit, loose, ahead, columns.priority)).tolist()
    return order
