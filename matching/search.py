"""The search: each class against the floor of its relaxation, then the fit, until every tier is proven."""

from __future__ import annotations

import math
import time

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.backend import Relaxed, Whole, open_solver
from matching.columns import Columns
from matching.greedy import Filler, by_class_and_fit
from matching.limits import Limits
from matching.plan import Step
from matching.pool import TOLERANCE, Pool
from matching.proofs import Proofs
from matching.rows import Rows

LAST_WEIGHT, RATIO, STEEP = 2.0, 4.0, 6
"""Weight of the last class beside fits of at most 1; of each class to the next; up to how many classes."""

CORE = 0.05
"""Reduced cost beyond which a column waits; 0.02 to 0.1 took the same time on pools of 8,000 to 22,000 pairs,
0.2 half as long again, no such limit three times as long."""

LEAN = 0.05
"""What all the fits together may add to a class's relaxation: seats alone leave too many answers to break."""

FLOORS_SHARE, FIRST_SHARE, LAST_SHARE = 0.6, 0.8, 0.9
"""Share of the time after which the program at the floors stops, then the weighted one, and after which no
class is asked for more."""


class Search:
    """One solve in progress.

    Parameters
    ----------
    pool, columns, limits, proofs
        The problem, and where what is proven is written.
    begin, until : float
        Start and end of the time allowed, on ``time.perf_counter``.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> columns = Columns.of(pool, limits)
    >>> now = time.perf_counter()
    >>> search = Search(pool, columns, limits, Proofs(2, columns), begin=now, until=now + 5)
    >>> search.run()
    array([0])
    """

    def __init__(
        self, pool: Pool, columns: Columns, limits: Limits, proofs: Proofs, *, begin: float, until: float
    ) -> None:
        self.columns, self.limits, self.proofs = columns, limits, proofs
        self.begin, self.until = begin, until
        self.classes = pool.classes
        self._nothing = (0,) * pool.classes
        self._relaxed: set[tuple[int, ...]] = set()
        self.present = np.unique(columns.priority)
        self.weights = class_weights(self.classes, self.present)
        self.gain = self.weights[columns.priority] + columns.fit
        self.rows = Rows(columns, limits)
        self.solver = open_solver(self.rows)
        self.filler = Filler(columns, limits)
        self.trace: list[Step] = []
        self.best = self.filler.fill(by_class_and_fit(columns))
        self._step("greedy", self.value(self.best), math.inf)

    def run(self) -> Ints:
        """Return the best columns found."""
        if not self._at_the_floors():
            self._program("weighted", self.gain, self._nothing, self._share(FIRST_SHARE))
            for tier in self.present.tolist():
                self._prove(tier)
            for tier in self.present.tolist():
                self._relax_class(tier, self.counts(self.best))
            if not self._fit_is_proven():
                self._program("fit", self.gain, self.counts(self.best), self.until)
        return self.best

    def _at_the_floors(self) -> bool:
        """Seek the best fit where every class fills the floor of its relaxation; return whether all is proven.

        Counts that reach their floors are proven by them; the one integer program proves the fit. A solver
        that starts afresh at each call first finds most rows at once, by a weighted relaxation, whose counts
        also tell which classes no relaxation can lower.
        """
        floors = self._nothing
        counts: Floats = np.zeros(self.classes)
        if not self.solver.warm:
            relaxed = self._relax_whole(self.gain, self._nothing)
            if relaxed is None:
                return False
            self._bounded(self.gain, self._nothing, relaxed.bound)
            self._step("relaxed", self.value(self.best), relaxed.bound)
            counts = np.bincount(self.columns.priority, relaxed.x, minlength=self.classes).astype(float)
        for tier in self.present.tolist():
            if np.any(counts[: tier + 1] < (*floors[:tier], self.proofs.of_class(tier, floors) - 1e-6)):
                self._relax_class(tier, floors)
            floors = (*floors[:tier], self.proofs.of_class(tier, floors), *floors[tier + 1 :])
        self._program("floors", self.columns.fit, floors, self._share(FLOORS_SHARE))
        return self.counts(self.best) == floors and self._fit_is_proven()

    def _share(self, share: float) -> float:
        """Return the instant when a share of the time allowed is spent."""
        return self.begin + share * (self.until - self.begin)

    def counts(self, chosen: Ints) -> tuple[int, ...]:
        """Return the filled seats of each class."""
        return tuple(np.bincount(self.columns.priority[chosen], minlength=self.classes).tolist())

    def value(self, chosen: Ints) -> float:
        """Return the weighted value of the `chosen` columns."""
        return float(self.gain[chosen].sum())

    def _relax_class(self, tier: int, filled: tuple[int, ...]) -> None:
        """Bound one class by the floor of its relaxation, given that earlier classes fill `filled`."""
        best = self.counts(self.best)
        reached = best[tier] if best[:tier] == filled[:tier] else 0
        if reached >= self.proofs.of_class(tier, filled) or filled[:tier] in self._relaxed:
            return
        self._relaxed.add(filled[:tier])
        only = (self.columns.priority == tier).astype(float)
        lean = LEAN / self.columns.size.sum() * self.columns.fit
        lean[self.columns.priority > tier] = -1.0
        asked = (*filled[:tier], *self._nothing[tier:])
        answer = self._relax_whole(only + lean, asked, enough=reached + 0.999)
        if answer is not None and answer.bound % 1.0 < LEAN:
            answer = self._relax_whole(np.minimum(only, only + lean), asked, enough=reached + 0.999) or answer
        if answer is not None:
            self.proofs.class_bound(tier, filled[:tier], math.floor(max(answer.bound, 0.0) + 1e-6))
            self._step(f"relaxed {tier}", reached, answer.bound)

    def _prove(self, tier: int) -> None:
        """Bring one class to its bound, or its bound to it, as far as time allows."""
        self._relax_class(tier, self.counts(self.best))
        until = self._share(LAST_SHARE)
        while time.perf_counter() < until:
            filled = self.counts(self.best)
            top = self.proofs.of_class(tier, filled)
            if filled[tier] >= top:
                return
            if self._program(f"exact {tier}", self.gain, (*filled[:tier], top, *self._nothing[tier + 1 :]), until):
                self.proofs.class_bound(tier, filled[:tier], top - 1)
            elif self.counts(self.best)[tier] == filled[tier]:
                return

    def _fit_is_proven(self) -> bool:
        fit = float(self.columns.fit[self.best].sum())
        return self.proofs.bounds(self.counts(self.best), fit)[-1] - fit <= TOLERANCE

    def _relax_whole(
        self, gain: Floats, asked: tuple[int, ...], *, enough: float = -math.inf
    ) -> Relaxed | None:
        """Solve a relaxation until it breaks no capacity or its bound is low enough; the last is tightest."""
        answer = None
        while (latest := self.solver.relax(gain, *self._ends(asked), until=self.until)) is not None:
            answer = latest
            if answer.bound <= enough or not self.rows.cut(answer.x):
                break
        return answer

    def _ends(self, asked: tuple[int, ...]) -> tuple[Ints, Floats]:
        """Return the least that each class of the rows must fill, and the most that it is proven to."""
        most = [self.proofs.of_class(tier, asked) for tier in range(self.rows.classes)]
        return np.array(asked[: self.rows.classes]), np.array(most, float)

    def _program(self, stage: str, gain: Floats, asked: tuple[int, ...], until: float) -> bool:
        """Solve a program under `asked`; return whether it is proven to have no plan.

        `gain` is the weighted gain or the fit alone. Columns whose reduced cost is beyond `CORE` are left out
        first; a plan with one of them is worth at most the relaxation's bound less `CORE`. Where that is not
        enough as a proof, the program is solved again with every column that the first plan does not rule out.
        """
        relaxed = self._relax_whole(gain, asked)
        if relaxed is None or relaxed.bound == -math.inf:
            return relaxed is not None
        self._bounded(gain, asked, relaxed.bound)
        self._round(relaxed.x)
        width = CORE
        while True:
            among = relaxed.reduced >= -width
            outside = -math.inf if among.all() else relaxed.bound - width
            answer = self._choose_whole(stage, gain, asked, among, outside, until)
            if not answer.proven or outside <= answer.bound:
                return answer.proven and answer.x is None
            width = relaxed.bound - answer.bound + TOLERANCE

    def _bounded(self, gain: Floats, asked: tuple[int, ...], bound: float) -> None:
        """Record a bound on `gain`, whose class weights are those of the search or none."""
        weights = self.weights if gain is self.gain else np.zeros(self.classes)
        self.proofs.weighted_bound(asked, weights, bound)

    def _choose_whole(
        self, stage: str, gain: Floats, asked: tuple[int, ...], among: Bools, outside: float, until: float
    ) -> Whole:
        """Solve the program on some columns until its plan breaks no capacity.

        `outside` bounds the plans that use another column.
        """
        while True:
            answer = self.solver.choose(gain, *self._ends(asked), among, until=until)
            bound = max(answer.bound, outside)
            self._bounded(gain, asked, bound)
            if answer.x is None:
                return answer
            broken = self.rows.cut(answer.x)
            self._keep(np.flatnonzero(answer.x > 0.5), whole=not broken)
            self._step(stage, float(gain[self.best].sum()), bound)
            if not broken:
                return answer

    def _round(self, x: Floats) -> None:
        """Keep a plan filled in the order of a relaxed solution, where it is better than the best so far."""
        share = np.round(x, 6)
        urgent = np.lexsort((-self.columns.fit, -share, self.columns.priority))
        likely = np.lexsort((-self.columns.fit, self.columns.priority, -share))
        for order in (urgent, likely):
            self._keep(self.filler.fill(order.tolist()), whole=True)

    def _keep(self, chosen: Ints, *, whole: bool) -> None:
        """Keep the plan where it is better than the best so far, after mending it where it breaks rows."""
        if not whole:
            first = np.zeros(len(self.columns), bool)
            first[chosen] = True
            chosen = self.filler.fill(by_class_and_fit(self.columns, first))
        if self._tiers(chosen) > self._tiers(self.best):
            self.best = chosen

    def _tiers(self, chosen: Ints) -> tuple[float, ...]:
        return (*self.counts(chosen), float(self.columns.fit[chosen].sum()))

    def _step(self, stage: str, value: float, bound: float) -> None:
        seconds = time.perf_counter() - self.begin
        self.trace.append(Step(stage=stage, seconds=seconds, value=value, bound=bound, rows=len(self.rows)))


def class_weights(classes: int, present: Ints) -> Floats:
    """Return a modest weight for each class: enough to lean the right way, not so large as to blur the fit.

    Examples
    --------
    >>> class_weights(4, np.array([0, 1, 3]))
    array([32.,  8.,  0.,  2.])
    """
    weights, rank = np.zeros(classes), np.arange(present.size)[::-1]
    steep = present.size <= STEEP
    weights[present] = LAST_WEIGHT * RATIO**rank if steep else LAST_WEIGHT * (1.0 + rank)
    return weights
