"""What every question about one plan shares, made once when first needed."""

from __future__ import annotations

import time
from functools import cached_property

import numpy as np

from matching.assignment_detect import assignment_pairs
from matching.model import Model
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool
from matching.prices import Prices
from matching.repair import Repair
from matching.turn import Turn

WIDTH = 0.15
"""How far below the bound columns are looked at first, in units of fit: a program of 4,400 columns out of 11,000 and
0.14 s on the smallest pool measured; 0.3 took 0.33 s."""


LARGEST_ASSIGNMENT = 300_000
"""Pairs of a pool without shared limits beyond which no relaxation is made: exact answers take less there."""


class Prepared:
    """A pool beside one of its plans.

    Parameters
    ----------
    pool : Pool
    plan : Plan
        A plan of that pool.
    time_limit : float
        Seconds for each of the things made once.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> prepared = Prepared(pool, solve(pool), 5.0)
    >>> prepared.counts, prepared.counts_are_proven, prepared.column(2)
    ((1, 0), True, 2)
    >>> round(prepared.prices(2).bound(Turn(), (1, 0)), 2)
    0.5
    """

    def __init__(self, pool: Pool, plan: Plan, time_limit: float) -> None:
        self.pool, self.plan, self.time_limit = pool, plan, time_limit

    @cached_property
    def model(self) -> Model:
        """The model; its rows are never added to once the prices of the fit are known."""
        return Model.of(self.pool, self.plan)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """What the plan counts in each tier but the fit."""
        return self.model.tiers.counts(self.model.chosen)

    @cached_property
    def counts_are_proven(self) -> bool:
        """Whether no plan counts more, tier by tier."""
        return all(value >= bound for value, bound in zip(self.plan.values[:-1], self.plan.bound, strict=False))

    @cached_property
    def is_assignment(self) -> bool:
        """Whether the pool has no shared limit, see `assignment_pairs`."""
        return assignment_pairs(self.pool) is not None

    @property
    def _is_large(self) -> bool:
        return self.pool.pairs > LARGEST_ASSIGNMENT and self.is_assignment

    @cached_property
    def repair(self) -> Repair:
        """Mends the plan."""
        return Repair(self.model.columns, self.model.ledger)

    def prices(self, tier: int) -> Prices | None:
        """Return the prices of a tier among plans that count as much before it; None where time ran out."""
        return self._fit_prices if tier == len(self.counts) else self._count_prices[tier]

    @cached_property
    def _fit_prices(self) -> Prices | None:
        """Prices of the fit; rows that whole plans near the bound break are found on the way."""
        if self._is_large:
            return None
        until = time.perf_counter() + self.time_limit
        prices = Prices.of(self.model, len(self.counts), self.counts, until=until)
        if prices is not None:
            least = max(self.plan.fit - TOLERANCE, prices.bound(Turn(), self.counts) - WIDTH)
            among = prices.worth_a_look(Turn(), self.counts, least)
            self.model.choose(self.model.columns.fit, self.counts, Turn(), among, until)
        return prices

    @cached_property
    def _count_prices(self) -> tuple[Prices | None, ...]:
        if self._is_large:
            return (None,) * len(self.counts)
        model = self._fit_prices.model.fork() if self._fit_prices else self.model.fork()
        until = time.perf_counter() + self.time_limit
        return tuple(Prices.of(model, tier, self.counts[:tier], until=until) for tier in range(len(self.counts)))

    def column(self, row: int) -> int:
        """Return the column of a row of the pool, -1 where no plan can have it."""
        return int(self.model.columns.columns_of(self.pool, np.array([row]))[0])

    def has_like(self, column: int) -> bool:
        """Say whether a column stands for several like seats."""
        return int(self.model.columns.size[self.model.columns.place[column]]) > 1
