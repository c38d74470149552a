"""The search: a weighted program, then each class against its bound, until every tier is proven."""

from __future__ import annotations

import math
import time
from functools import cached_property

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.compiled import numba_is_there
from matching.hard import HARD, MOST_COLUMNS, Hard
from matching.incumbent import Incumbent
from matching.limits import Limits
from matching.pool import TOLERANCE
from matching.programs import Relaxed, Whole, choose
from matching.proofs import Proofs
from matching.relaxations import Relaxations
from matching.rows import Rows
from matching.tiers import Tiers

LAST_WEIGHT, RATIO, STEEP = 2.0, 4.0, 6
"""Weight of the last class beside fits of at most 1; of each class to the next; up to how many classes."""

CORE = 0.05
"""Reduced cost beyond which a column waits; 0.02 to 0.1 took the same time on pools of 8,000 to 22,000 pairs,
0.2 half as long again, no such limit three times as long."""

LEAN = 0.05
"""What all the fits together may add to a class's relaxation: seats alone leave too many answers to break."""

BOLD = 0.9
"""The same, tried first in a hard pool: a weaker bound, which often has the same floor, ten times as fast."""

FIRST_SHARE, PLAN_SHARE, LAST_SHARE = 0.5, 0.9, 0.9
"""Share of the time after which the first program stops, then the better plans of a hard pool, and after which no class
is asked for more."""


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
        self.relaxations = Relaxations(tiers, limits, self.rows)
        self.incumbent = Incumbent(tiers, limits, self.gain, begin, start=start)
        self.hard = False

    def run(self) -> Ints:
        """Return the best columns found."""
        relaxed = self.relaxations.first(self.gain, self._nothing, until=self.until)
        few = len(self.columns) <= MOST_COLUMNS
        self.hard = self.relaxations.crowded or (few and relaxed is not None and relaxed.split > HARD)
        if self.relaxations.crowded and numba_is_there():
            self._improve_class_by_class()
        elif self.hard:
            self._improve(relaxed or self.relaxations.solve(self.gain, self._nothing, until=self.until))
        else:
            self._program("weighted", self._nothing, self._share(FIRST_SHARE), relaxed)
        for tier in self.present.tolist():
            self._relax_class(tier)
        for tier in self.present.tolist():
            self._prove(tier)
        for tier in self.present.tolist():
            self._relax_class(tier)
        if not self._fit_is_proven():
            self._program("fit", self.incumbent.counts, self.until)
        if time.perf_counter() >= self.until and self.incumbent.started:
            self.incumbent.complete(np.zeros(0, np.int64))
        return self.incumbent.best

    def _improve(self, relaxed: Relaxed | None) -> None:
        """Bring a hard pool's plan near its bounds, led by the weighted relaxation and the rows of hulls."""
        if relaxed is None:
            return
        relaxed = self.relaxations.strengthen(self.gain, self._nothing, relaxed, until=self._share(FIRST_SHARE))
        self.proofs.weighted_bound(self._nothing, self.weights, relaxed.bound)
        self._hard.improve(relaxed, until=self._share(PLAN_SHARE))
        self._step("improved", relaxed.bound)

    def _improve_class_by_class(self) -> None:
        """Bring a crowded pool's plan near its bounds, led by a relaxation of each class but the last."""
        for tier in self.present.tolist():
            last = tier == self.present[-1]
            relaxed = None if last else self._relax_class(tier)
            enough = math.inf if last else self.proofs.of_class(tier, self.incumbent.counts)
            self._hard.improve_class(tier, relaxed, enough, until=self._share(PLAN_SHARE))
            self._step(f"improved {tier}", math.inf, tier)

    @cached_property
    def _hard(self) -> Hard:
        return Hard(self.tiers, self.limits, self.incumbent, self.gain)

    def _share(self, share: float) -> float:
        """Return the instant when a share of the time allowed is spent."""
        return self.begin + share * (self.until - self.begin)

    def _relax_class(self, tier: int) -> Relaxed | None:
        """Bound one class by the floor of its relaxation, given what earlier classes fill; return the last one solved."""
        filled, answer = self.incumbent.counts, None
        if filled[: tier + 1] in self._relaxed:
            return None
        self._relaxed.add(filled[: tier + 1])
        for lean in (BOLD, LEAN) if self.hard else (LEAN,):
            missing = self.proofs.of_class(tier, filled) - filled[tier]
            if missing and (answer is None or missing == 1):
                answer = self._relax_leaning(tier, filled, lean) or answer
        return answer

    def _relax_leaning(self, tier: int, filled: tuple[int, ...], lean: float) -> Relaxed | None:
        """Bound one class by a relaxation in which all the fits together add `lean` at most.

        What earlier classes fill is asked for by rows, or by weights where the rows are all stated at once: it is
        then taken off the bound.
        """
        gain = self.tiers.of(tier) + lean / self.columns.size.sum() * self.columns.fit
        already, asked = 0.0, (*filled[:tier], *self._nothing[tier:])
        if self.relaxations.crowded:
            weights = RATIO ** np.arange(tier, 0, -1.0)
            for at, weight in enumerate(weights.tolist()):
                gain = gain + weight * self.tiers.of(at)
            already, asked = float(weights @ np.array(filled[:tier])), self._nothing
        answer = self.relaxations.solve(
            gain, asked, until=self.until, enough=filled[tier] + 0.999, among=self._needed(tier)
        )
        if answer is not None:
            bound = max(answer.bound - already, 0.0)
            self.proofs.class_bound(tier, filled[:tier], math.floor(bound + 1e-6))
            self._step(f"relaxed {tier}", bound, tier)
        return answer

    def _prove(self, tier: int) -> None:
        """Bring one class to its bound, or its bound to it, as far as time allows."""
        self._relax_class(tier)
        until = self._share(LAST_SHARE)
        while time.perf_counter() < until:
            filled = self.incumbent.counts
            top = self.proofs.of_class(tier, filled)
            if filled[tier] >= top:
                return
            if self._program(f"exact {tier}", (*filled[:tier], top, *self._nothing[tier + 1 :]), until):
                self.proofs.class_bound(tier, filled[:tier], top - 1)
            elif self.incumbent.counts[tier] == filled[tier]:
                return

    def _fit_is_proven(self) -> bool:
        fit = self.incumbent.fit
        return self.proofs.bounds(self.incumbent.counts, fit)[-1] - fit <= TOLERANCE

    def _needed(self, tier: int) -> Bools | None:
        """Return the columns that a bound on `tier` must look at: later classes only take up room."""
        needed = self.columns.priority <= tier
        return None if needed.all() else needed

    def _program(
        self, stage: str, asked: tuple[int, ...], until: float, relaxed: Relaxed | None = None
    ) -> bool:
        """Solve the weighted program under `asked`; return whether it is proven to have no plan.

        Columns whose reduced cost is beyond `CORE` are left out first; a plan with one of them is worth at
        most the relaxation's bound less `CORE`. Where that is not enough as a proof, the program is solved
        again with every column that the first plan does not rule out. The best plan so far narrows it from the
        outset, or makes it needless.
        """
        relaxed = relaxed or self.relaxations.solve(self.gain, asked, until=self.until)
        if relaxed is None or relaxed.bound == -math.inf:
            return relaxed is not None
        self.proofs.weighted_bound(asked, self.weights, relaxed.bound)
        missing = relaxed.bound - self.incumbent.value if self._reaches(asked) else math.inf
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
        return all(have >= want for have, want in zip(self.incumbent.counts, asked, strict=True))

    def _choose_whole(
        self, stage: str, asked: tuple[int, ...], among: Bools, outside: float, until: float
    ) -> Whole:
        """Solve the weighted program on some columns until its plan breaks no capacity.

        `outside` bounds the plans that use another column.
        """
        while True:
            answer = choose(self.gain, *self.relaxations.model(asked), among, until=until)
            bound = max(answer.bound, outside)
            self.proofs.weighted_bound(asked, self.weights, bound)
            if answer.x is None:
                return answer
            broken = self.rows.cut(answer.x)
            self.incumbent.keep(np.flatnonzero(answer.x > 0.5), whole=not broken)
            self._step(stage, bound)
            if not broken:
                return answer

    def _step(self, stage: str, bound: float, tier: int | None = None) -> None:
        value = self.incumbent.value if tier is None else self.incumbent.counts[tier]
        self.incumbent.step(stage, value, bound, rows=len(self.rows))


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
