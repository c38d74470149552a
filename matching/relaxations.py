"""Relaxations over the rows that matter: those that a solution breaks, or all at once where it breaks many."""

from __future__ import annotations

import math

import numpy as np
from scipy import sparse

from matching.arrays import Bools, Floats
from matching.differences import Differences, relax_all
from matching.hulls import Hulls
from matching.limits import Limits
from matching.programs import Relaxed, relax
from matching.rows import Rows
from matching.tiers import Tiers

CROWDED, FEWEST = 0.04, 500
"""Rows broken at once, as a share of the columns and in number, beyond which every row is stated at once."""

HULL_ROUNDS, WORTH = 5, 0.2
"""Rounds of rows of hulls, and the least that one must take off the bound for another to follow."""


class Relaxations:
    """Solves linear programs of one search, and gathers the rows that they break.

    Parameters
    ----------
    tiers, limits, rows
        What is counted, the limits, and the rows known so far, to which new ones are added.

    Examples
    --------
    >>> import time
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> tiers = Tiers(Columns.of(pool, limits), pool.classes)
    >>> relaxations, until = Relaxations(tiers, limits, Rows(tiers.columns, limits)), time.perf_counter() + 5
    >>> relaxations.solve(tiers.columns.fit, (0, 0), until=until).bound
    0.9
    >>> relaxations.solve(tiers.columns.fit, (1, 0), until=until).bound
    0.5
    """

    def __init__(self, tiers: Tiers, limits: Limits, rows: Rows) -> None:
        self.tiers, self.limits, self.rows = tiers, limits, rows
        self._choices = len(rows)
        self._differences: Differences | None = None

    @property
    def crowded(self) -> bool:
        """Say whether every row is stated at once."""
        return self._differences is not None

    def solve(
        self, gain: Floats, asked: tuple[int, ...], *, until: float, enough: float = -math.inf,
        among: Bools | None = None,
    ) -> Relaxed | None:
        """Solve a relaxation until it breaks no capacity or its bound is low enough; the last is tightest.

        Every tier must count at least `asked`. Columns outside `among` stay at 0.
        """
        answer = None
        while (latest := self._once(gain, asked, among, until)) is not None:
            answer = latest
            if self.crowded or answer.bound <= enough or not self.rows.cut(answer.x):
                break
        return answer

    def first(self, gain: Floats, asked: tuple[int, ...], *, until: float) -> Relaxed | None:
        """Solve the first relaxation of a search; None as well where its pool turns out to be crowded."""
        answer = self._once(gain, asked, None, until)
        if answer is None or not self._cut(answer):
            return answer
        return None if self.crowded else self.solve(gain, asked, until=until)

    def _cut(self, answer: Relaxed) -> int:
        """Add the rows that an answer breaks; where they are too many, state all from now on."""
        added = self.rows.cut(answer.x)
        if added > max(FEWEST, CROWDED * len(self.tiers.columns)):
            self._differences = Differences.of(self.tiers.columns, self.limits)
        return added

    def _once(self, gain: Floats, asked: tuple[int, ...], among: Bools | None, until: float) -> Relaxed | None:
        matrix, limit = self.model(asked)
        if self._differences is not None:
            own = np.r_[: self._choices, len(self.rows) : matrix.shape[0]]
            matrix, limit = matrix[own], limit[own]
        if among is None:
            return self._relax(gain, matrix, limit, self._differences, until)
        part = None if self._differences is None else self._differences.part(among)
        answer = self._relax(gain[among], matrix[:, np.flatnonzero(among)], limit, part, until)
        return None if answer is None else answer.widened(among)

    def _relax(
        self, gain: Floats, matrix: sparse.csr_array, limit: Floats, differences: Differences | None, until: float
    ) -> Relaxed | None:
        if differences is None:
            return relax(gain, matrix, limit, until=until)
        return relax_all(gain, matrix, limit, differences, until=until)

    def model(self, asked: tuple[int, ...]) -> tuple[sparse.csr_array, Floats]:
        """Return the rows, and one more for each tier that must count at least `asked`."""
        matrix, limit = self.rows.model()
        wanted = [(tier, count) for tier, count in enumerate(asked) if count]
        if not wanted:
            return matrix, limit
        counts = np.stack([-self.tiers.of(tier).astype(float) for tier, _ in wanted])
        asks = -np.array([float(count) for _, count in wanted])
        return sparse.vstack([matrix, sparse.csr_array(counts)], format="csr"), np.concatenate([limit, asks])

    def strengthen(self, gain: Floats, asked: tuple[int, ...], answer: Relaxed, *, until: float) -> Relaxed:
        """Add rows of hulls that the answer breaks, as long as they take something off its bound.

        Nothing is added in a crowded pool, where they were measured to take next to nothing off.
        """
        if self.crowded:
            return answer
        hulls = Hulls(self.tiers.columns, self.limits)
        for _ in range(HULL_ROUNDS):
            found = list(hulls.broken(answer.x, answer.reduced))
            for index, value, limit in found:
                self.rows.add(index, value, limit)
            latest = self._once(gain, asked, None, until) if found else None
            if latest is None:
                break
            self.rows.cut(latest.x)
            gone, answer = answer.bound - latest.bound, latest
            if gone < WORTH:
                break
        return answer
