"""A plan mended at once after one column is forced in or taken out: feasible, and often the best."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matching.arrays import Ints
from matching.columns import Columns
from matching.ledger import Ledger


class Repair:
    """Mends a plan step by step.

    Parameters
    ----------
    columns : Columns
    ledger : Ledger
        Of the plan; it is not changed.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.model import Model
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> model = Model.of(pool, solve(pool))
    >>> Repair(model.columns, model.ledger).forcing(1, banned=())
    array([1])
    >>> Repair(model.columns, model.ledger).without(0)
    array([1])
    """

    def __init__(self, columns: Columns, ledger: Ledger) -> None:
        self.columns, self._plan = columns, ledger
        order = np.lexsort((-columns.fit, columns.place))
        first = np.searchsorted(columns.place[order], np.arange(columns.size.size + 1))
        self._of_place = [order[first[at] : first[at + 1]].tolist() for at in range(columns.size.size)]

    def forcing(self, column: int, banned: Iterable[int]) -> Ints:
        """Return the columns of a plan with `column`, which fits alone, and none of those `banned`."""
        ledger, out = self._plan.fork(), set(banned)
        displaced = self._insert(ledger, column, {column})
        if displaced is None:
            return np.array([column])
        self._refill(ledger, displaced, out, {column})
        return np.array(sorted(ledger.chosen), np.int64)

    def adding(self, ledger: Ledger, column: int, banned: Iterable[int], fixed: Iterable[int] = ()) -> Ledger | None:
        """Return `ledger` with `column` and every place as full as before, None where one step does not find how.

        Who is in the way is replaced directly, or by somebody whom another replaces; the columns `fixed` stay.
        """
        trial, out, stay = ledger.fork(), set(banned), {column, *fixed}
        displaced = self._insert(trial, column, stay)
        if displaced is None:
            return None
        for gone in displaced:
            place = int(self.columns.place[gone])
            able = (k for k in self._of_place[place] if k not in out and k != gone and trial.fits(k))
            other = next(able, -1)
            if other >= 0:
                trial.take(other)
            elif not self._move_one(trial, place, out, stay):
                return None
        return trial

    def without(self, column: int, banned: Iterable[int] = ()) -> Ints:
        """Return the columns of a plan that has not the chosen `column`, and none of those `banned`."""
        ledger = self._plan.fork()
        ledger.let_go(column)
        self._refill(ledger, [column], {column, *banned}, set())
        return np.array(sorted(ledger.chosen), np.int64)

    def _insert(self, ledger: Ledger, column: int, fixed: set[int]) -> list[int] | None:
        """Take a column in, letting go what is in its way: least urgent first, then of the lowest fit."""
        displaced: list[int] = []
        place, same = int(self.columns.place[column]), ledger.same_need(column)
        if same >= 0:
            displaced.append(same)
            ledger.let_go(same)
        if ledger.free[place] <= 0:
            displaced += self._let_least_go(ledger, [k for k in self._of_place[place] if k in ledger.chosen], fixed)
            if ledger.free[place] <= 0:
                return None
        while short := ledger.short(column):
            gone = self._let_least_go(ledger, ledger.running(*short[0]).tolist(), fixed)
            if not gone:
                return None
            displaced += gone
        if not ledger.fits(column):
            return None
        ledger.take(column)
        return displaced

    def _let_least_go(self, ledger: Ledger, among: list[int], fixed: set[int]) -> list[int]:
        able = [k for k in among if k not in fixed]
        if not able:
            return []
        least = min(able, key=lambda k: (-int(self.columns.priority[k]), float(self.columns.fit[k]), k))
        ledger.let_go(least)
        return [least]

    def _refill(self, ledger: Ledger, displaced: list[int], banned: set[int], fixed: set[int]) -> None:
        """Fill the places left and all others open, first directly, then by moving one person on."""
        open_places = np.flatnonzero(ledger.free > 0)
        able = np.flatnonzero(np.isin(self.columns.place, open_places))
        able = able[np.lexsort((-self.columns.fit[able], self.columns.priority[able]))]
        for column in able.tolist():
            if column not in banned and ledger.fits(column):
                ledger.take(column)
        for place in sorted({int(self.columns.place[k]) for k in displaced}):
            if ledger.free[place] > 0:
                self._move_one(ledger, place, banned, fixed)

    def _move_one(self, ledger: Ledger, place: int, banned: set[int], fixed: set[int]) -> bool:
        """Fill a place with somebody in whose way one other column is, where that one's place is filled again."""
        for column in self._of_place[place]:
            if column in banned or column in ledger.chosen:
                continue
            trial = ledger.fork()
            displaced = self._insert(trial, column, fixed | {column})
            if displaced is None or len(displaced) != 1:
                continue
            for other in self._of_place[int(self.columns.place[displaced[0]])]:
                if other not in banned and other != displaced[0] and trial.fits(other):
                    trial.take(other)
                    ledger.become(trial)
                    return True
        return False
