"""What each group has left beside a plan, where columns are taken in and let go one by one."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE


class Ledger:
    """A plan that obeys every rule, and what its groups and places have left.

    Parameters
    ----------
    columns, limits
        The model's columns and limits.
    chosen : (k,) int
        Columns of a plan that obeys the rules.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> ledger = Ledger(Columns.of(pool, limits), limits, np.array([0]))
    >>> ledger.fits(2), ledger.short(2)
    (False, [(2, 0)])
    >>> other = ledger.fork()
    >>> other.let_go(0)
    >>> other.fits(2), sorted(ledger.chosen)
    (True, [0])
    """

    def __init__(self, columns: Columns, limits: Limits, chosen: Ints) -> None:
        self.columns, self.limits = columns, limits
        self.days = np.unique(np.concatenate([columns.start, columns.end, limits.day]))
        self._from = np.searchsorted(self.days, columns.start)
        self._to = np.searchsorted(self.days, columns.end)
        self._base: dict[int, Floats] = {}
        self._left: dict[int, Floats] = {}
        self.free = columns.size.copy()
        self.chosen: set[int] = set()
        self._holding: dict[tuple[int, int], int] = {}
        for column in chosen.tolist():
            self.take(column)

    def fork(self) -> Ledger:
        """Return a ledger that may change without this one; this one must not change meanwhile."""
        other = Ledger.__new__(Ledger)
        other.__dict__.update(self.__dict__)
        other._base, other._left = {**self._base, **self._left}, {}
        other.free, other.chosen, other._holding = self.free.copy(), set(self.chosen), dict(self._holding)
        return other

    def become(self, other: Ledger) -> None:
        """Be what a fork of this ledger has become."""
        self.__dict__.update(other.__dict__)

    def take(self, column: int) -> None:
        """Take a column in, whatever it breaks."""
        self._move(column, -1.0)
        self.chosen.add(column)
        self._holding[self._key(column)] = column
        self.free[self.columns.place[column]] -= 1

    def let_go(self, column: int) -> None:
        """Let a chosen column go."""
        self._move(column, 1.0)
        self.chosen.remove(column)
        self._holding.pop(self._key(column), None)
        self.free[self.columns.place[column]] += 1

    def fits(self, column: int) -> bool:
        """Say whether a column can be taken in as things stand."""
        if self.free[self.columns.place[column]] <= 0 or self._key(column) in self._holding:
            return False
        load, period = float(self.columns.load[column]), self._period(column)
        return all(float(self._of(group)[period].min()) + TOLERANCE >= load for group in self.groups(column))

    def same_need(self, column: int) -> int:
        """Return the chosen column that gives the agent another seat of the need, -1 for none."""
        return self._holding.get(self._key(column), -1)

    def short(self, column: int) -> list[tuple[int, int]]:
        """Return the groups that lack room for a column, and the first of their worst days."""
        load, period, out = float(self.columns.load[column]), self._period(column), []
        for group in self.groups(column):
            left = self._of(group)[period]
            worst = int(left.argmin())
            if float(left[worst]) + TOLERANCE < load:
                out.append((group, int(self.days[period][worst])))
        return out

    def running(self, group: int, day: int) -> Ints:
        """Return the chosen columns that use a group on a day, ascending."""
        chosen = np.array(sorted(self.chosen), np.int64)
        chosen = chosen[(self.columns.start[chosen] <= day) & (day < self.columns.end[chosen])]
        return chosen[(self.limits.of_agent[self.columns.agent[chosen]] == group).any(axis=1)]

    def groups(self, column: int) -> list[int]:
        """Return the groups that a column uses, its agent first."""
        return [group for group in self.limits.of_agent[self.columns.agent[column]].tolist() if group >= 0]

    def _move(self, column: int, sign: float) -> None:
        load, period = sign * float(self.columns.load[column]), self._period(column)
        for group in self.groups(column):
            if group not in self._left:
                self._left[group] = self._of(group).copy()
            self._left[group][period] += load

    def _of(self, group: int) -> Floats:
        if group in self._left:
            return self._left[group]
        if group not in self._base:
            self._base[group] = self.limits.left(group, self.days)
        return self._base[group]

    def _period(self, column: int) -> slice:
        return slice(self._from[column], self._to[column])

    def _key(self, column: int) -> tuple[int, int]:
        return int(self.columns.agent[column]), int(self.columns.need[column])
