"""Why a pair is in the plan or not: what the plan loses when it is turned round, at once or exactly."""

from __future__ import annotations

import math
import time

import numpy as np

from matching.arrays import Ints
from matching.explanation import Explanation, LossBounds, loss, terms_of
from matching.found import Found
from matching.moves import Obstacle, moves, obstacles
from matching.plan import Plan, Status
from matching.pool import TOLERANCE, Pool
from matching.prepared import Prepared
from matching.seating import seated
from matching.settle import settle
from matching.solved import solved
from matching.turn import Turn, with_conflicts
from matching.turned import Turner


class Explainer:
    """Explains the pairs of one pool beside one of its plans; what they share is made once, when first needed.

    Parameters
    ----------
    pool : Pool
    plan : Plan
        A plan of that pool.
    found : Found, optional
        What `candidates` found, for the terms of the fit.
    time_limit : float
        Seconds for what is made once, and for each exact explanation.

    Notes
    -----
    `bound` compares the plan with Lagrangian bounds, one per tier, at prices of a linear relaxation
    (`matching.prices`), and with the plan mended at once (`matching.repair`). `exact` solves the pool turned round
    from that mended plan, on the columns that the prices do not rule out (`matching.turned`). Answers are kept, and
    depend on the pool and the plan only, not on what was asked before.

    Examples
    --------
    Agent 0 takes the class 0 seat, though their fit for the other is better:

    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> explainer = Explainer(pool, solve(pool))
    >>> explainer.bound(1)
    LossBounds(pair=(0, 1), chosen=False, possible=True, tier=0, least=1.0, most=(1, -1, -0.4))
    >>> explainer.exact(1).loss, explainer.exact(1).moves
    ((1, -1, -0.4), (Move(agent=0, leaves=0, takes=1),))
    """

    def __init__(self, pool: Pool, plan: Plan, found: Found | None = None, *, time_limit: float = 60.0) -> None:
        self.pool, self.plan, self.found, self.time_limit = pool, plan, found, time_limit
        self._shared, self._chosen = Prepared(pool, plan, time_limit), frozenset(plan.pairs.tolist())
        self._bounds: dict[tuple[int, bool], LossBounds] = {}
        self._exact: dict[tuple[int, bool], Explanation] = {}

    def bound(self, row: int, *, whole_need: bool = False) -> LossBounds:
        """Return what is proven of the loss at once: at least, and at most.

        Parameters
        ----------
        row : int
        whole_need : bool
            Turn a chosen pair round by taking its agent out of the whole need, not of this seat alone: where a need
            has like seats, another of them would be as good.

        Raises
        ------
        IndexError
            When the pool has no such row.
        """
        self._check(row)
        if (row, whole_need) not in self._bounds:
            self._bounds[row, whole_need] = self._bound(row, whole_need)
        return self._bounds[row, whole_need]

    def exact(self, row: int, *, whole_need: bool = False) -> Explanation:
        """Return the pair explained by the best plan turned round; `whole_need` as in `bound`.

        Raises
        ------
        IndexError
            When the pool has no such row.
        """
        self._check(row)
        if (row, whole_need) not in self._exact:
            self._exact[row, whole_need] = self._explain(row, whole_need)
        return self._exact[row, whole_need]

    def _check(self, row: int) -> None:
        if not 0 <= row < self.pool.pairs:
            raise IndexError(f"the pool has no row {row}")

    def _pair(self, row: int) -> tuple[int, int]:
        return int(self.pool.pair_agent[row]), int(self.pool.pair_seat[row])

    def _bound(self, row: int, whole_need: bool) -> LossBounds:
        column, chosen = self._shared.column(row), row in self._chosen
        if column < 0:
            tier = len(self.plan.values) - 1
            return LossBounds(pair=self._pair(row), chosen=chosen, possible=False, tier=tier, least=0.0, most=None)
        apart, turn = self._is_kept_apart(column), self._turn(row, column, whole_need)
        tier, least = self._least(Turn() if apart else turn)
        most = None if apart else self._loss_of(self._mended(column, turn))
        return LossBounds(pair=self._pair(row), chosen=chosen, possible=True, tier=tier, least=least, most=most)

    def _is_kept_apart(self, column: int) -> bool:
        """Say whether a column stands for like seats that rows to keep tell apart."""
        return self.plan.keep is not None and self._shared.has_like(column)

    def _turn(self, row: int, column: int, whole_need: bool) -> Turn:
        """Return what is asked; nothing where a chosen agent can take a like seat instead."""
        columns = self._shared.model.columns
        if row not in self._chosen:
            return with_conflicts(columns, self._shared.model.limits, column)
        if whole_need:
            same = (columns.agent == columns.agent[column]) & (columns.need == columns.need[column])
            return Turn(banned=tuple(np.flatnonzero(same).tolist()))
        return Turn() if self._shared.has_like(column) else Turn(banned=(column,))

    def _mended(self, column: int, turn: Turn) -> Ints:
        """Return the columns of the plan turned round and mended."""
        if turn.forced:
            return self._shared.repair.forcing(column, turn.banned)
        return self._shared.repair.without(column, turn.banned) if turn.banned else self._shared.model.chosen

    def _least(self, turn: Turn) -> tuple[int, float]:
        """Return the first tier proven to differ and the least that is lost there."""
        counts = self._shared.counts
        for tier, (value, bound) in enumerate(zip(counts, self.plan.bound, strict=False)):
            prices = self._shared.prices(tier)
            most = bound if prices is None else min(bound, math.floor(prices.bound(turn, counts[:tier]) + TOLERANCE))
            if most != value:
                return tier, float(value - most)
        prices, most = self._shared.prices(len(counts)), self.plan.bound[-1]
        least = self.plan.fit - (most if prices is None else min(most, prices.bound(turn, counts)))
        return len(counts), max(0.0, least) if self.plan.status == "optimal" else least

    def _loss_of(self, columns: Ints) -> tuple[float, ...]:
        model = self._shared.model
        lost = (have - left for have, left in zip(self._shared.counts, model.tiers.counts(columns), strict=True))
        return (*lost, round(self.plan.fit - math.fsum(model.columns.fit[columns]), 9))

    def _explain(self, row: int, whole_need: bool) -> Explanation:
        turned, chosen = self._turned(row, whole_need), row in self._chosen
        terms = terms_of(self.found, row) if self.found else ()
        if turned is None:
            return Explanation(pair=self._pair(row), terms=terms, chosen=chosen, loss=None, rows_in=(), rows_out=(),
                               status="optimal")
        rows, status = turned
        rows_out = tuple(np.setdiff1d(self.plan.pairs, rows).tolist())
        rows_in = tuple(np.setdiff1d(rows, self.plan.pairs).tolist())
        return Explanation(
            pair=self._pair(row), terms=terms, chosen=chosen, loss=loss(self.pool, self.plan, rows), rows_in=rows_in,
            rows_out=rows_out, status=status, moves=moves(self.pool, rows_out, rows_in),
            obstacles=() if chosen else self._obstacles(row),
        )

    def _obstacles(self, row: int) -> tuple[Obstacle, ...]:
        return obstacles(self.pool, self._shared.model, self.plan.pairs, row, self._shared.column(row))

    def _turned(self, row: int, whole_need: bool) -> tuple[Ints, Status] | None:
        """Return the rows of the best plan turned round, None where there is none."""
        column = self._shared.column(row)
        if column < 0:
            return None
        if self._shared.is_assignment or self._is_kept_apart(column):
            rows, status = solved(self.pool, self.plan, row, self.time_limit, whole_need=whole_need)
            return settle(self.pool, rows, self.plan.pairs, row), status
        turn = self._turn(row, column, whole_need)
        mended = self._mended(column, turn)
        if not turn.forced and not turn.banned:
            return self._rows(mended, row), self.plan.status
        best = Turner(self._shared, time.perf_counter() + self.time_limit).best(turn, mended)
        return self._rows(best.chosen, row), "optimal" if best.proven else "feasible"

    def _rows(self, columns: Ints, row: int) -> Ints:
        side = {"banned": row} if row in self._chosen else {"forced": row}
        rows = seated(self.pool, self._shared.model.columns, columns, self.plan.pairs, **side)
        return settle(self.pool, rows, self.plan.pairs, row)


def explain(
    pool: Pool, plan: Plan, row: int, *, found: Found | None = None, time_limit: float = 60.0
) -> Explanation:
    """Explain why row `row` of the pool is in the plan or not, by the best plan turned round; see `Explainer`.

    Parameters
    ----------
    pool : Pool
    plan : Plan
        A plan of that pool.
    row : int
    found : Found, optional
        What `candidates` found, for the terms of the fit.
    time_limit : float
        Seconds for the new solve.

    Returns
    -------
    Explanation

    Raises
    ------
    IndexError
        When the pool has no such row.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> told = explain(pool, solve(pool), 1)
    >>> told.chosen, told.loss, told.rows_in, told.rows_out
    (False, (1, -1, -0.4), (1,), (0,))
    """
    return Explainer(pool, plan, found, time_limit=time_limit).exact(row)
