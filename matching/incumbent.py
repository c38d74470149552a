"""The best plan so far of a search, and how it came to be."""

from __future__ import annotations

import math
import time

import numpy as np

from matching.arrays import Floats, Ints
from matching.greedy import Filler, by_class_and_fit
from matching.limits import Limits
from matching.plan import Step
from matching.tiers import Tiers


class Incumbent:
    """The best plan so far, tier by tier, then by fit.

    Parameters
    ----------
    tiers, limits
        What is counted, and the limits.
    gain : (n,) float
        Weighted value of each column, for the trace.
    begin : float
        Start of the search, on ``time.perf_counter``.
    start : (m,) int, optional
        Columns of a plan to start from; those that no longer fit are left out.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> tiers = Tiers(Columns.of(pool, limits), pool.classes)
    >>> incumbent = Incumbent(tiers, limits, tiers.columns.fit, time.perf_counter(), start=np.array([1]))
    >>> incumbent.best, incumbent.counts
    (array([1]), (0, 1))
    >>> incumbent.keep(np.array([0]), whole=True)
    >>> incumbent.best
    array([0])
    """

    def __init__(
        self, tiers: Tiers, limits: Limits, gain: Floats, begin: float, *, start: Ints | None = None
    ) -> None:
        self.tiers, self.columns, self.gain, self.begin = tiers, tiers.columns, gain, begin
        self.filler = Filler(self.columns, limits)
        self.trace: list[Step] = []
        self.started = start is not None
        order = by_class_and_fit(self.columns)
        if start is not None:
            first = np.isin(order, start)
            order = [*np.array(order)[first].tolist(), *np.array(order)[~first].tolist()]
        self.best = self.filler.fill(order)
        self.step("start" if self.started else "greedy", self.value, math.inf, rows=0)

    @property
    def counts(self) -> tuple[int, ...]:
        """Return what each tier but the fit counts."""
        return self.tiers.counts(self.best)

    @property
    def value(self) -> float:
        """Return the weighted value."""
        return float(self.gain[self.best].sum())

    @property
    def fit(self) -> float:
        """Return the sum of fits."""
        return float(self.columns.fit[self.best].sum())

    def keep(self, chosen: Ints, *, whole: bool) -> None:
        """Keep the plan where it is better than the best so far, after mending it where it breaks rows."""
        if not whole:
            first = np.zeros(len(self.columns), bool)
            first[chosen] = True
            chosen = self.filler.fill(by_class_and_fit(self.columns, first))
        if self.tiers.value(chosen) > self.tiers.value(self.best):
            self.best = chosen

    def complete(self, first: Ints) -> None:
        """Keep a plan and whatever fits beside it, where that is better."""
        self.keep(self.filler.fill([*first.tolist(), *by_class_and_fit(self.columns)]), whole=True)

    def step(self, stage: str, value: float, bound: float, *, rows: int) -> None:
        """Write what a stage reached."""
        seconds = time.perf_counter() - self.begin
        self.trace.append(Step(stage=stage, seconds=seconds, value=value, bound=bound, rows=rows))
