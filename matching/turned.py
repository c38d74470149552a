"""The best plan that must have a column, or must not: exact, from a plan at hand and what prices prove."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.pool import TOLERANCE
from matching.prepared import WIDTH, Prepared
from matching.programs import Whole
from matching.search import class_weights
from matching.turn import Turn

LEAST = 1e-9
"""What a plan must gain in fit to count as better than another."""


@dataclass(frozen=True, eq=False)
class Turned:
    """The best plan found under a turn, and whether it is proven.

    Examples
    --------
    >>> Turned(np.array([1]), True).proven
    True
    """

    chosen: Ints
    proven: bool


class Turner:
    """Finds the best plan under a turn.

    Parameters
    ----------
    prepared : Prepared
        The plan at hand.
    until : float
        Instant on ``time.perf_counter``.

    Notes
    -----
    Most turned plans still count as much as the plan at hand: one integer program, of the columns that prices do
    not rule out beside a plan already known, then gives the best fit. Where none can, the tiers are proven one by
    one as in `matching.search`.

    Examples
    --------
    >>> import time
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> turner = Turner(Prepared(pool, solve(pool), 5.0), time.perf_counter() + 5)
    >>> turner.best(Turn(forced=(1,), banned=(2,)), np.array([1])).chosen
    array([1])
    """

    def __init__(self, prepared: Prepared, until: float) -> None:
        self.model, self.until = prepared.model.fork(), until
        self.counts, self.proven, self.prices = prepared.counts, prepared.counts_are_proven, prepared.prices

    def best(self, turn: Turn, start: Ints) -> Turned:
        """Return the best plan, `start` itself where no other is better."""
        if not self.proven or not self._may_reach(turn, start):
            return self._by_tiers(turn, start)
        reaches = self._counts(start) == self.counts
        answer = self._best_fit(turn, self.counts, self._fit(start) if reaches else -np.inf)
        best = self._better(start, answer.x)
        none = answer.x is None and not reaches
        return self._by_tiers(turn, best) if answer.proven and none else Turned(best, answer.proven)

    def _may_reach(self, turn: Turn, start: Ints) -> bool:
        """Say whether a plan may count as much as the one at hand, as far as prices and the relaxation know."""
        if self._counts(start) == self.counts:
            return True
        if any(self._top(tier, self.counts[:tier], turn) < count for tier, count in enumerate(self.counts)):
            return False
        relaxed = self.model.relaxed(self.model.columns.fit, self.counts, turn, until=self.until)
        return relaxed is not None and relaxed.bound > -np.inf

    def _top(self, tier: int, asked: tuple[int, ...], turn: Turn) -> float:
        """Return what prices prove of a tier that counts."""
        prices = self.prices(tier)
        return np.inf if prices is None else float(np.floor(prices.bound(turn, asked) + TOLERANCE))

    def _best_fit(self, turn: Turn, asked: tuple[int, ...], known: float) -> Whole:
        """Maximise the fit among plans that count `asked`; `known` is the fit of one."""
        prices, gain = self.prices(len(asked)), self.model.columns.fit
        if prices is None:
            return self.model.program(gain, asked, turn, known=known, until=self.until)
        bound, best = prices.bound(turn, asked), Whole(None, known, True)
        width = min(WIDTH, bound - known + TOLERANCE)
        while True:
            least = bound - width
            answer = self.model.choose(gain, asked, turn, prices.worth_a_look(turn, asked, least), self.until)
            if answer.x is not None and answer.bound > best.bound:
                best = answer
            if not answer.proven or best.bound >= least:
                return Whole(best.x, best.bound, answer.proven)
            width = bound - best.bound + TOLERANCE

    def _by_tiers(self, turn: Turn, best: Ints) -> Turned:
        """Prove each tier in its order, with the weighted program where a plan falls short of its bound."""
        asked: tuple[int, ...] = ()
        for tier in range(self.model.tiers.number):
            while not self._is_most(tier, asked, turn, best):
                more = (*asked, self._counts(best)[tier] + 1)
                answer = self.model.program(self._weighted(), more, turn, until=self.until)
                best = self._better(best, answer.x)
                if not answer.proven:
                    return Turned(best, False)
                if answer.x is None:
                    break
            asked = (*asked, self._counts(best)[tier])
        answer = self._best_fit(turn, asked, self._fit(best))
        return Turned(self._better(best, answer.x), answer.proven)

    def _is_most(self, tier: int, asked: tuple[int, ...], turn: Turn, best: Ints) -> bool:
        """Say whether no plan counts more than `best` in a tier: neither the one at hand, prices nor a relaxation."""
        count = self._counts(best)[tier]
        if self.proven and asked == self.counts[:tier] and count >= self.counts[tier]:
            return True
        if count >= self._top(tier, asked, turn):
            return True
        relaxed = self.model.relaxed(self.model.gain(tier), asked, turn, until=self.until)
        return relaxed is not None and count >= np.floor(relaxed.bound + TOLERANCE)

    def _weighted(self) -> Floats:
        tiers = self.model.tiers
        return tiers.gain(class_weights(tiers.number, tiers.present))

    def _better(self, best: Ints, x: Floats | None) -> Ints:
        """Return the better of two plans; the first where the second is no better."""
        if x is None:
            return best
        other = np.flatnonzero(x > 0.5)
        mine, theirs = (self._counts(best), self._fit(best)), (self._counts(other), self._fit(other) - LEAST)
        return other if theirs > mine else best

    def _fit(self, chosen: Ints) -> float:
        return float(self.model.columns.fit[chosen].sum())

    def _counts(self, chosen: Ints) -> tuple[int, ...]:
        return self.model.tiers.counts(chosen)
