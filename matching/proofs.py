"""What has been proven: bounds on a tier, each under counts that earlier tiers must reach."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats
from matching.tiers import Tiers


class Proofs:
    """Bounds found so far; those that hold for a plan are drawn at the end.

    A bound on tier k found while asking class j < k for at least r_j seats holds for every plan that asks
    for no fewer, hence for a plan whose own counts are at least r.

    Parameters
    ----------
    tiers : Tiers
        What is counted: the classes, then the rows to keep if any; here "class" is said of all of them.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> proofs = Proofs(Tiers(Columns.of(pool, Limits.of(pool)), 2))
    >>> proofs.bounds((1, 0), 0.5)
    (1, 1, 1.4)
    >>> proofs.class_bound(1, (1,), 0)
    >>> proofs.weighted_bound((0, 0), np.array([8.0, 2.0]), 8.5)
    >>> proofs.bounds((1, 0), 0.5)
    (1, 0, 0.5)
    """

    def __init__(self, tiers: Tiers) -> None:
        self.number = tiers.number
        self._class: list[tuple[int, tuple[int, ...], int]] = []
        self._weighted: list[tuple[tuple[int, ...], Floats, float]] = []
        self._start(tiers)

    def _start(self, tiers: Tiers) -> None:
        """Bound each tier by what the places allow, and the fit by each seat's best."""
        for tier, count in enumerate(tiers.most()):
            self.class_bound(tier, (0,) * tier, count)
        columns = tiers.columns
        best = np.zeros(columns.size.size)
        np.maximum.at(best, columns.place, columns.fit)
        nothing = (0,) * self.number
        self.weighted_bound(nothing, np.zeros(self.number), float((best * columns.size).sum()))

    def class_bound(self, tier: int, asked: tuple[int, ...], bound: int) -> None:
        """Record that class `tier` fills at most `bound` where earlier classes fill at least `asked`."""
        self._class.append((tier, asked, bound))

    def weighted_bound(self, asked: tuple[int, ...], weights: Floats, bound: float) -> None:
        """Record that weights · counts + fit is at most `bound` where classes fill at least `asked`."""
        self._weighted.append((asked, weights, bound))

    def of_class(self, tier: int, filled: tuple[int, ...]) -> int:
        """Return the best bound on class `tier` for plans that fill at least `filled` before it."""
        return min(
            bound for at, asked, bound in self._class if at == tier and _reaches(filled, asked)
        )

    def bounds(self, filled: tuple[int, ...], fit: float) -> tuple[float, ...]:
        """Return the bound of every tier for a plan that fills `filled` with a sum of fits `fit`."""
        tops = [self.of_class(tier, filled) for tier in range(self.number)]
        offers = (
            bound - float(weights @ np.array(filled))
            for asked, weights, bound in self._weighted if _reaches(filled, asked)
        )
        return (*tops, max(fit, min(offers)))


def _reaches(filled: tuple[int, ...], asked: tuple[int, ...]) -> bool:
    return all(have >= want for have, want in zip(filled, asked, strict=False))
