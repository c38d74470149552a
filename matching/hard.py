"""The way of hard pools: plans led by the prices of one relaxation, annealed and polished."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from matching.annealing import Annealer
from matching.arrays import Floats
from matching.compiled import numba_is_there
from matching.incumbent import Incumbent
from matching.limits import Limits
from matching.neighbourhoods import Residue
from matching.polish import Polisher
from matching.programs import Relaxed
from matching.tiers import Tiers

HARD = 300
"""Columns that the first relaxation may split; beyond, plans are improved before any whole program is asked:
85 in pools proven in a second, 156 in two, 700 where the program found no good plan in minutes."""

MOST_COLUMNS = 100_000
"""Columns beyond which plans are not improved so: what is left of every limit on every day must fit in memory."""

ROUNDS, ROUNDS_AFTER = 1_500, 50
"""Neighbourhoods tried, and after annealing."""

STEEP = 16.0
"""Weight of a class beside the next where seats stay open; 5 to 25 did as well, 4 gave up urgent seats for others."""

NEAR, FAR = 0.05, 0.1
"""Reduced cost within which columns come in, where fits are at stake and where seats are."""

WARM, HOT = 0.1, 6.0
"""First temperatures: a tenth of a fit, and three seats of the last class."""


class Hard:
    """Improves the best plan of a hard pool.

    Parameters
    ----------
    tiers, limits, incumbent
        What is counted, the limits, and the best plan, which is improved.
    gain : (n,) float
        The columns' weighted values of the relaxations.
    crowded : bool
        Whether seats stay open for lack of room, so that classes are at stake and not only fits.

    Examples
    --------
    >>> import time
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> tiers = Tiers(Columns.of(pool, limits), pool.classes)
    >>> gain, until = tiers.gain(np.array([8.0, 2.0])), time.perf_counter() + 5
    >>> incumbent = Incumbent(tiers, limits, gain, time.perf_counter(), start=np.array([1]))
    >>> Hard(tiers, limits, incumbent, gain, crowded=False).improve(Relaxed(np.ones(3), 9.0, np.zeros(3)), until=until)
    >>> incumbent.best
    array([0])
    """

    def __init__(
        self, tiers: Tiers, limits: Limits, incumbent: Incumbent, gain: Floats, *, crowded: bool
    ) -> None:
        self.tiers, self.columns, self.limits, self.incumbent = tiers, tiers.columns, limits, incumbent
        self.gain = tiers.gain(steep_weights(tiers)) if crowded else gain
        self.heat, self.width = (HOT, FAR) if crowded else (WARM, NEAR)

    def improve(self, relaxed: Relaxed, *, until: float) -> None:
        """Round a relaxation, then anneal and polish the best plan by its prices."""
        share = np.round(relaxed.x, 6)
        for order in (
            np.lexsort((-self.columns.fit, -share, self.columns.priority)),
            np.lexsort((-self.columns.fit, self.columns.priority, -share)),
        ):
            self.incumbent.complete(order)
        if len(self.columns) > MOST_COLUMNS:
            return
        if numba_is_there():
            self._anneal(relaxed, until)
        rounds = ROUNDS_AFTER if numba_is_there() else ROUNDS
        plan = Polisher(self.tiers, self.limits, self.gain, self._residue).polish(
            self.incumbent.best, relaxed.x, relaxed.reduced, rounds=rounds, until=until
        )
        self.incumbent.complete(plan)

    @cached_property
    def _residue(self) -> Residue:
        return Residue(self.columns, self.limits)

    def _anneal(self, relaxed: Relaxed, until: float) -> None:
        """Anneal with every column in question; before, where classes are at stake, the first class by itself."""
        annealer = Annealer(self._residue)
        among = (relaxed.reduced >= -self.width) | (relaxed.x > 1e-6)
        worth, first = self.tiers.gain(steep_weights(self.tiers)), int(self.tiers.present[0])
        for last in (first, self.tiers.number):
            now = self.columns.priority <= last
            if last > first or self.incumbent.counts[first] < self.tiers.most()[first]:
                plan = self.incumbent.best[now[self.incumbent.best]]
                plan = annealer.anneal(plan, self.gain, worth, among & now, heat=self.heat, until=until)
                self.incumbent.complete(plan)


def steep_weights(tiers: Tiers) -> Floats:
    """Return weights that hardly ever give up a seat for seats of later classes.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> steep_weights(Tiers(Columns.of(pool, Limits.of(pool)), 2))
    array([32.,  2.])
    """
    return 2.0 * STEEP ** np.arange(tiers.number - 1, -1, -1.0)
