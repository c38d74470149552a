"""What each tier but the fit counts: the seats of a class, then the rows to keep where any are asked for."""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns


class Tiers:
    """The tiers of whole numbers, in their order.

    Parameters
    ----------
    columns : Columns
    classes : int
        Number of classes.

    Attributes
    ----------
    number : int
        The classes, and one more where the columns know rows to keep.
    present : (m,) int
        Tiers that some column counts for.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> tiers = Tiers(Columns.of(pool, Limits.of(pool), keep=np.array([2])), 2)
    >>> tiers.number, tiers.of(2), tiers.counts(np.array([0, 2])), tiers.most()
    (3, array([False, False,  True]), (1, 1, 1), (1, 1, 1))
    """

    def __init__(self, columns: Columns, classes: int) -> None:
        self.columns, self.classes = columns, classes
        self._kept = None if columns.keep_seat is None else columns.keep_seat >= 0
        self.number = classes + (self._kept is not None)
        self.present = np.unique(columns.priority)
        if self._kept is not None and self._kept.any():
            self.present = np.append(self.present, classes)

    def of(self, tier: int) -> Bools:
        """Return the columns that count for `tier`."""
        if tier == self.classes and self._kept is not None:
            return self._kept
        return self.columns.priority == tier

    def counts(self, chosen: Ints) -> tuple[int, ...]:
        """Return what each tier counts in the `chosen` columns."""
        filled = np.bincount(self.columns.priority[chosen], minlength=self.classes).tolist()
        return tuple(filled) if self._kept is None else (*filled, int(self._kept[chosen].sum()))

    def value(self, chosen: Ints) -> tuple[float, ...]:
        """Return what plans are compared by: the counts, then the sum of fits."""
        return (*self.counts(chosen), float(self.columns.fit[chosen].sum()))

    def gain(self, weights: Floats) -> Floats:
        """Return what each column is worth: the weights of the tiers it counts for, and its fit."""
        gain: Floats = weights[self.columns.priority] + self.columns.fit
        return gain if self._kept is None else gain + weights[-1] * self._kept

    def most(self) -> tuple[int, ...]:
        """Return what each tier may count at most, places alone considered."""
        places, first = np.unique(self.columns.place, return_index=True)
        size = self.columns.size[places]
        filled = np.bincount(self.columns.priority[first], size, minlength=self.classes).astype(int).tolist()
        if self._kept is None:
            return tuple(filled)
        kept = np.bincount(self.columns.place, self._kept, minlength=self.columns.size.size)
        return (*filled, int(np.minimum(kept, self.columns.size).sum()))
