"""The search: a weighted program, then each class against its bound, until every tier is proven."""

from __future__ import annotations

import math
import time

import numpy as np
from scipy import sparse

from matching.arrays import Bools, Floats, Ints
from matching.greedy import Filler, by_class_and_fit
from matching.limits import Limits
from matching.plan import Step
from matching.pool import TOLERANCE
from matching.programs import Relaxed, Whole, choose, relax
from matching.proofs import Proofs
from matching.rows import Rows
from matching.tiers import Tiers

LAST_WEIGHT, RATIO, STEEP = 2.0, 4.0, 6
"""Weight of the last class beside fits of at most 1; of each class to the next; up to how many classes."""

CORE = 0.05
"""Reduced cost beyond which a column waits; 0.02 to 0.1 took the same time on pools of 8,000 to 22,000 pairs,
0.2 half as long again, no such limit three times as long."""

LEAN = 0.05
"""What all the fits together may add to a class's relaxation: seats alone leave too many answers to break."""

FIRST_SHARE, LAST_SHARE = 0.5, 0.9
"""Share of the time after which the first program stops, and after which no class is asked for more."""


class Search:
    """One solve in progress.

    Parameters
    ----------
    tiers, limits, proofs
        The problem, and where what is proven is written.
    begin, until : float
        Start and end of the time allowed, on ``time.perf_counter``.
    start : (m,) int, optional
        Columns of a plan to start from; those that no longer fit are left out.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> tiers = Tiers(Columns.of(pool, limits), pool.classes)
    >>> now = time.perf_counter()
    >>> search = Search(tiers, limits, Proofs(tiers), begin=now, until=now + 5)
    >>> search.run()
    array([0])
    """

    def __init__(
        self, tiers: Tiers, limits: Limits, proofs: Proofs, *, begin: float, until: float, start: Ints | None = None
    ) -> None:
        self.tiers, self.columns, self.limits, self.proofs = tiers, tiers.columns, limits, proofs
        self.begin, self.until = begin, until
        self._nothing = (0,) * tiers.number
        self._relaxed: set[tuple[int, ...]] = set()
        self.present = tiers.present
        self.weights = class_weights(tiers.number, self.present)
        self.gain = tiers.gain(self.weights)
        self.rows = Rows(self.columns, limits)
        self.filler = Filler(self.columns, limits)
        self.trace: list[Step] = []
        self.best = self._first(start)

    def _first(self, start: Ints | None) -> Ints:
        """Return a plan at once: what still fits of the `start`, completed, or a greedy one."""
        order = by_class_and_fit(self.columns)
        if start is not None:
            first = np.isin(order, start)
            order = [*np.array(order)[first].tolist(), *np.array(order)[~first].tolist()]
        self.best = self.filler.fill(order)
        self._step("greedy" if start is None else "start", self.value(self.best), math.inf)
        return self.best

    def run(self) -> Ints:
        """Return the best columns found."""
        self._program("weighted", self._nothing, self._share(FIRST_SHARE))
        for tier in self.present.tolist():
            self._relax_class(tier)
        for tier in self.present.tolist():
            self._prove(tier)
        for tier in self.present.tolist():
            self._relax_class(tier)
        if not self._fit_is_proven():
            self._program("fit", self.counts(self.best), self.until)
        if time.perf_counter() >= self.until and self.trace[0].stage == "start":
            self._keep(self.filler.fill(by_class_and_fit(self.columns)), whole=True)
        return self.best

    def _share(self, share: float) -> float:
        """Return the instant when a share of the time allowed is spent."""
        return self.begin + share * (self.until - self.begin)

    def counts(self, chosen: Ints) -> tuple[int, ...]:
        """Return what each tier but the fit counts."""
        return self.tiers.counts(chosen)

    def value(self, chosen: Ints) -> float:
        """Return the weighted value of the `chosen` columns."""
        return float(self.gain[chosen].sum())

    def _relax_class(self, tier: int) -> None:
        """Bound one class by the floor of its relaxation, given what earlier classes fill."""
        filled = self.counts(self.best)
        if filled[tier] >= self.proofs.of_class(tier, filled) or filled[: tier + 1] in self._relaxed:
            return
        self._relaxed.add(filled[: tier + 1])
        lean = LEAN / self.columns.size.sum() * self.columns.fit
        gain = self.tiers.of(tier) + lean
        asked = (*filled[:tier], *self._nothing[tier:])
        answer = self._relax_whole(gain, asked, enough=filled[tier] + 0.999)
        if answer is not None:
            self.proofs.class_bound(tier, filled[:tier], math.floor(max(answer.bound, 0.0) + 1e-6))
            self._step(f"relaxed {tier}", filled[tier], answer.bound)

    def _prove(self, tier: int) -> None:
        """Bring one class to its bound, or its bound to it, as far as time allows."""
        self._relax_class(tier)
        until = self._share(LAST_SHARE)
        while time.perf_counter() < until:
            filled = self.counts(self.best)
            top = self.proofs.of_class(tier, filled)
            if filled[tier] >= top:
                return
            if self._program(f"exact {tier}", (*filled[:tier], top, *self._nothing[tier + 1 :]), until):
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
        while (latest := relax(gain, *self._model(asked), until=self.until)) is not None:
            answer = latest
            if answer.bound <= enough or not self.rows.cut(answer.x):
                break
        return answer

    def _model(self, asked: tuple[int, ...]) -> tuple[sparse.csr_array, Floats]:
        """Return the rows, and one more for each class that must fill at least `asked`."""
        matrix, limit = self.rows.model()
        wanted = [(tier, count) for tier, count in enumerate(asked) if count]
        if not wanted:
            return matrix, limit
        counts = np.stack([-self.tiers.of(tier).astype(float) for tier, _ in wanted])
        asks = -np.array([float(count) for _, count in wanted])
        return sparse.vstack([matrix, sparse.csr_array(counts)], format="csr"), np.concatenate([limit, asks])

    def _program(self, stage: str, asked: tuple[int, ...], until: float) -> bool:
        """Solve the weighted program under `asked`; return whether it is proven to have no plan.

        Columns whose reduced cost is beyond `CORE` are left out first; a plan with one of them is worth at
        most the relaxation's bound less `CORE`. Where that is not enough as a proof, the program is solved
        again with every column that the first plan does not rule out. The best plan so far narrows it from the
        outset, or makes it needless.
        """
        relaxed = self._relax_whole(self.gain, asked)
        if relaxed is None or relaxed.bound == -math.inf:
            return relaxed is not None
        self.proofs.weighted_bound(asked, self.weights, relaxed.bound)
        missing = relaxed.bound - self.value(self.best) if self._reaches(asked) else math.inf
        if missing <= TOLERANCE / 2:
            return False
        width = min(CORE, missing + TOLERANCE)
        while True:
            among = relaxed.reduced >= -width
            outside = -math.inf if among.all() else relaxed.bound - width
            answer = self._choose_whole(stage, asked, among, outside, until)
            if not answer.proven or outside <= answer.bound:
                return answer.proven and answer.x is None
            width = relaxed.bound - answer.bound + TOLERANCE

    def _reaches(self, asked: tuple[int, ...]) -> bool:
        return all(have >= want for have, want in zip(self.counts(self.best), asked, strict=True))

    def _choose_whole(
        self, stage: str, asked: tuple[int, ...], among: Bools, outside: float, until: float
    ) -> Whole:
        """Solve the weighted program on some columns until its plan breaks no capacity.

        `outside` bounds the plans that use another column.
        """
        while True:
            answer = choose(self.gain, *self._model(asked), among, until=until)
            bound = max(answer.bound, outside)
            self.proofs.weighted_bound(asked, self.weights, bound)
            if answer.x is None:
                return answer
            broken = self.rows.cut(answer.x)
            self._keep(np.flatnonzero(answer.x > 0.5), whole=not broken)
            self._step(stage, self.value(self.best), bound)
            if not broken:
                return answer

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
