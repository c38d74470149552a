"""A pool beside one of its plans, as the model that explanations and diagnoses solve again with small changes."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns
from matching.ledger import Ledger
from matching.limits import Limits
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool
from matching.programs import Relaxed, Whole, choose, relax
from matching.rows import Rows
from matching.search import CORE, LEAN
from matching.tiers import Tiers
from matching.turn import Turn


@dataclass(frozen=True, eq=False)
class Model:
    """Columns, limits and the rows known so far, beside a plan.

    Parameters
    ----------
    limits, columns, tiers, rows
        See `matching.solve`; `rows` grows.
    chosen : (k,) int
        Columns of the plan.
    ledger : Ledger
        What the plan leaves.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> model = Model.of(pool, solve(pool))
    >>> model.chosen, model.gain(0).round(3)
    (array([0]), array([1.012, 0.023, 0.01 ]))
    """

    limits: Limits
    columns: Columns
    tiers: Tiers
    rows: Rows
    chosen: Ints
    ledger: Ledger = field(repr=False)

    @classmethod
    def of(cls, pool: Pool, plan: Plan) -> Model:
        """Return the model of a pool beside a plan that obeys its rules."""
        limits = Limits.of(pool)
        columns = Columns.of(pool, limits, plan.keep)
        return cls.beside(limits, columns, pool.classes, columns.columns_of(pool, plan.pairs))

    @classmethod
    def beside(cls, limits: Limits, columns: Columns, classes: int, chosen: Ints) -> Model:
        """Return the model of columns and limits beside the columns of a plan."""
        tiers, rows = Tiers(columns, classes), Rows(columns, limits)
        return cls(limits, columns, tiers, rows, np.sort(chosen), Ledger(columns, limits, chosen))

    def fork(self) -> Model:
        """Return the same model, whose rows grow apart: what is found for one question does not tinge another."""
        rows = copy.copy(self.rows)
        rows.index, rows.value, rows.limit = list(rows.index), list(rows.value), list(rows.limit)
        rows.known = set(rows.known)
        return Model(self.limits, self.columns, self.tiers, rows, self.chosen, self.ledger)

    def gain(self, tier: int) -> Floats:
        """Return what tier `tier` counts: its columns, leaning a little to the fit; the fit itself for the last."""
        if tier == self.tiers.number:
            return self.columns.fit
        return self.tiers.of(tier) + LEAN / self.columns.size.sum() * self.columns.fit

    def relaxed(self, gain: Floats, asked: tuple[int, ...], turn: Turn, *, until: float) -> Relaxed | None:
        """Solve a relaxation until it breaks no capacity; None out of time, a bound of -inf without solution."""
        free = self._free(turn.banned)
        if not free.any():
            return Relaxed(np.zeros(free.size), -np.inf if any(asked) else 0.0, np.full(free.size, -np.inf))
        answer = None
        while True:
            matrix, limit = self.matrix(asked, turn.forced)
            latest = relax(gain[free], sparse.csr_array(matrix[:, free]), limit, until=until)
            if latest is None:
                return answer
            x, reduced = np.zeros(gain.size), np.full(gain.size, -np.inf)
            x[free], reduced[free] = latest.x, latest.reduced
            answer = Relaxed(x, latest.bound, reduced)
            if answer.bound == -np.inf or not self.rows.cut(x):
                return answer

    def program(
        self, gain: Floats, asked: tuple[int, ...], turn: Turn, *, known: float = -np.inf, until: float
    ) -> Whole:
        """Maximise over whole plans that reach `asked`; `known` is the value of a plan at hand that reaches it.

        Columns whose reduced cost is beyond `CORE` wait until the plan found is not proven without them. Where
        nothing is better than `known`, ``x`` may be None and the bound is `known`.
        """
        relaxed = self.relaxed(gain, asked, turn, until=until)
        if relaxed is None:
            return Whole(None, np.inf, False)
        if relaxed.bound <= known + TOLERANCE:
            return Whole(None, max(relaxed.bound, known), True)
        free, width = self._free(turn.banned), CORE
        while True:
            among = free & (relaxed.reduced >= -width)
            among[list(turn.forced)] = True
            outside = -np.inf if (among == free).all() else relaxed.bound - width
            answer = self.choose(gain, asked, turn, among, until)
            best = max(answer.bound if answer.proven else -np.inf, known)
            if not answer.proven or outside <= best:
                return Whole(answer.x, max(best if answer.proven else answer.bound, outside), answer.proven)
            width = relaxed.bound - best + TOLERANCE

    def choose(self, gain: Floats, asked: tuple[int, ...], turn: Turn, among: Bools, until: float) -> Whole:
        """Maximise over whole plans of the columns `among`, forced ones included, that reach `asked`."""
        if not among.any():
            return Whole(None, -np.inf, True) if any(asked) else Whole(np.zeros(among.size), 0.0, True)
        while True:
            answer = choose(gain, *self.matrix(asked, turn.forced), among, until=until)
            if answer.x is None or not self.rows.cut(answer.x):
                return answer

    def _free(self, banned: Iterable[int]) -> Bools:
        free = np.ones(len(self.columns), bool)
        free[list(banned)] = False
        return free

    def matrix(self, asked: tuple[int, ...], forced: tuple[int, ...]) -> tuple[sparse.csr_array, Floats]:
        """Return the rows, one more for each tier that must count at least `asked` and for each forced column."""
        matrix, limit = self.rows.model()
        wanted = [(tier, count) for tier, count in enumerate(asked) if count]
        more = [-self.tiers.of(tier).astype(float) for tier, _ in wanted]
        more += [-(np.arange(len(self.columns)) == column).astype(float) for column in forced]
        if not more:
            return matrix, limit
        least = np.array([-float(count) for _, count in wanted] + [-1.0] * len(forced))
        return sparse.vstack([matrix, sparse.csr_array(np.stack(more))], format="csr"), np.concatenate([limit, least])
