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
"""Weight of a class beside the next where seats stay open; 5 to 20 did as well, 4 gave up urgent seats for others."""

NEAR, FAR = 0.05, 0.1
"""Reduced cost within which columns come in, where fits are at stake and where seats are."""

WARM, HOT = 0.1, 0.2
"""First temperatures: a tenth of a fit; a fifth of the weight of the class at stake, which gives up hardly any before it."""


class Hard:
    """Improves the best plan of a hard pool.

    Parameters
    ----------
    tiers, limits, incumbent
        What is counted, the limits, and the best plan, which is improved.
    gain : (n,) float
        The columns' weighted values of the relaxations.

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
    >>> Hard(tiers, limits, incumbent, gain).improve(Relaxed(np.ones(3), 9.0, np.zeros(3)), until=until)
    >>> incumbent.best
    array([0])
    """

    def __init__(self, tiers: Tiers, limits: Limits, incumbent: Incumbent, gain: Floats) -> None:
        self.tiers, self.columns, self.limits, self.incumbent, self.gain = tiers, tiers.columns, limits, incumbent, gain
        self.weights = steep_weights(tiers)
        self.worth = tiers.gain(self.weights)
        self._among = np.zeros(len(self.columns), bool)

    def improve(self, relaxed: Relaxed, *, until: float) -> None:
        """Round a relaxation, then anneal and polish the best plan by its prices."""
        self._round(relaxed)
        if len(self.columns) > MOST_COLUMNS:
            return
        if numba_is_there():
            among = (relaxed.reduced >= -NEAR) | (relaxed.x > 1e-6)
            plan = self._annealer.anneal(self.incumbent.best, self.gain, self.worth, among, heat=WARM, until=until)
            self.incumbent.complete(plan)
        plan = Polisher(self.tiers, self.limits, self.gain, self._residue).polish(
            self.incumbent.best, relaxed.x, relaxed.reduced, until=until,
            rounds=ROUNDS_AFTER if numba_is_there() else ROUNDS,
        )
        self.incumbent.complete(plan)

    def improve_class(self, tier: int, relaxed: Relaxed | None, enough: float, *, until: float) -> None:
        """Anneal the seats of the classes up to `tier`, and complete the plan.

        Parameters
        ----------
        tier : int
            Each in turn, from the first on.
        relaxed : Relaxed, optional
            A relaxation of these classes, in which a seat of the class is worth 1: a column then counts less by what its
            room is worth there beyond itself. Without one, all columns of the class may come in, for their own worth.
        enough : float
            What the class need not count more than.
        until : float
            End of the time allowed.
        """
        now, led = self.columns.priority <= tier, self.worth
        self._among |= self.columns.priority == tier
        if relaxed is not None:
            self._round(relaxed)
            self._among = now & ((relaxed.reduced >= -FAR) | (relaxed.x > 1e-6))
            led = led + self.weights[tier] * np.where(now, np.minimum(relaxed.reduced, 0.0), 0.0)
        target = (*self.incumbent.counts[:tier], enough)
        if len(self.columns) <= MOST_COLUMNS:
            plan = self.incumbent.best[now[self.incumbent.best]]
            heat = HOT * float(self.weights[tier])
            plan = self._annealer.anneal(
                plan, led, self.worth, self._among, heat=heat, until=until,
                enough=lambda plan: self.tiers.counts(plan)[: tier + 1] >= target,
            )
            self.incumbent.complete(plan)

    def _round(self, relaxed: Relaxed) -> None:
        share = np.round(relaxed.x, 6)
        for order in (
            np.lexsort((-self.columns.fit, -share, self.columns.priority)),
            np.lexsort((-self.columns.fit, self.columns.priority, -share)),
        ):
            self.incumbent.complete(order)

    @cached_property
    def _residue(self) -> Residue:
        return Residue(self.columns, self.limits)

    @cached_property
    def _annealer(self) -> Annealer:
        return Annealer(self._residue)


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
