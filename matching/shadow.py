"""Shadow prices of a pool's limits, tier by tier, from linear relaxations in their plainest form."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from matching.arrays import Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool
from matching.rows import Rows
from matching.search import LEAN
from matching.separation import broken
from matching.tiers import Tiers


@dataclass(frozen=True, eq=False)
class Shadow:
    """Prices of one tier among plans that count as much as a plan before it.

    Parameters
    ----------
    bound : float
        No such plan is worth more on this tier.
    price : (m,) float
        What the bound grows by, at most, for one more full-time equivalent of `group` on `day`.
    group, day : (m,) int
        As in `Limits`.
    seat : (S,) float
        What one more agent, outside every cap, adds at most by taking this seat at a fit of 1.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> Shadow(3.0, one, np.array([2]), np.array([0]), one).bound
    3.0
    """

    bound: float
    price: Floats
    group: Ints
    day: Ints
    seat: Floats


class Shadows:
    """The relaxations of a pool beside a plan, with every limit as it is: one row of loads for a group and a day.

    Pairs that no cap would ever let through stay in, for a higher cap might.

    Parameters
    ----------
    pool : Pool
    plan : Plan

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> shadow = Shadows(pool, solve(pool)).of(1, until=time.perf_counter() + 5)
    >>> round(shadow.bound, 3), shadow.price.round(3), shadow.group, shadow.day
    (0.0, array([2.]), array([2]), array([0]))
    """

    def __init__(self, pool: Pool, plan: Plan) -> None:
        own = Limits.of(replace(pool, unit_cap=np.full(pool.units, np.inf)))
        self._pool, self._plan, self._limits = pool, plan, Limits.of(pool)
        self._columns = Columns.of(pool, own)
        self._tiers = Tiers(self._columns, pool.classes)
        self._base = Rows(self._columns, own).model()
        self._groups = self._limits.of_agent[self._columns.agent]
        self._known: dict[tuple[int, int], float] = {}
        self._loads: list[Floats] = []

    def of(self, tier: int, *, until: float) -> Shadow | None:
        """Return the prices of a tier, the fit being the last; None out of time."""
        columns, asked = self._columns, self._plan.filled[:tier]
        fit = tier == self._tiers.number
        gain = columns.fit if fit else self._tiers.of(tier).astype(float)
        if len(columns):
            leaning = gain if fit else gain + LEAN / columns.size.sum() * columns.fit
            while (x := self._solve(leaning, asked, until)[0]) is not None and self._cut(x):
                pass
        _, duals = self._solve(gain, asked, until)
        return None if duals is None else self._shadow(gain, tier, asked, duals)

    def _shadow(self, gain: Floats, tier: int, asked: tuple[int, ...], duals: Floats) -> Shadow:
        matrix, limit = self._model(asked)
        places, rows = self._columns.size.size, self._base[1].size
        duals[:places] += self._spare(gain - matrix.T @ duals)
        reduced = gain - matrix.T @ duals
        price = duals[rows : rows + len(self._known)]
        group, day = np.array([*self._known], np.int64).reshape(-1, 2).T
        return Shadow(
            float(limit @ duals + np.maximum(0.0, reduced).sum()), price, group, day,
            self._seats(tier, asked, duals[:places], duals[rows + len(self._known) :]),
        )

    def _spare(self, reduced: Floats) -> Floats:
        """Return what the price of each place may rise by for nothing: as many columns as it has seats gain as much."""
        columns, size = self._columns, self._columns.size
        order = np.lexsort((-reduced, columns.place))
        at = np.searchsorted(columns.place[order], np.arange(size.size)) + size - 1
        full = np.bincount(columns.place, minlength=size.size) >= size
        return np.maximum(0.0, np.where(full, reduced[order[np.where(full, at, 0)]], 0.0)) if len(columns) else np.zeros(0)

    def _seats(self, tier: int, asked: tuple[int, ...], place: Floats, count: Floats) -> Floats:
        """Return what one more agent adds at most at each seat; a seat without pairs has no price of its own."""
        pool, worth = self._pool, np.zeros(self._tiers.number + 1)
        worth[tier] = 1.0
        for at, price in zip((at for at, least in enumerate(asked) if least), count.tolist(), strict=True):
            worth[at] += price
        own = np.zeros(pool.seats)
        for at, members in enumerate(self._columns.seats):
            own[members] = place[at]
        fit = 1.0 if tier == self._tiers.number else 0.0
        return np.maximum(0.0, worth[pool.seat_priority] + fit - own)

    def _solve(self, gain: Floats, asked: tuple[int, ...], until: float) -> tuple[Floats | None, Floats | None]:
        matrix, limit = self._model(asked)
        if not gain.size:
            return None, np.zeros(limit.size)
        if (left := until - time.perf_counter()) <= 0.0:
            return None, None
        answer = linprog(-gain, A_ub=matrix, b_ub=limit, bounds=(0.0, 1.0), options={"time_limit": left})
        if answer.status != 0:
            return None, None
        return answer.x, np.maximum(0.0, -np.asarray(answer.ineqlin.marginals))

    def _cut(self, x: Floats) -> int:
        """Add the limits that `x` breaks."""
        before = len(self._known)
        for group, day, room in zip(*(part.tolist() for part in broken(self._columns, self._limits, x)), strict=True):
            if (group, day) not in self._known:
                runs = (self._columns.start <= day) & (day < self._columns.end) & (self._groups == group).any(axis=1)
                self._known[group, day] = room + TOLERANCE
                self._loads.append(np.where(runs, self._columns.load, 0.0))
        return len(self._known) - before

    def _model(self, asked: tuple[int, ...]) -> tuple[sparse.csr_array, Floats]:
        matrix, limit = self._base
        wanted = [(tier, count) for tier, count in enumerate(asked) if count]
        more = [*self._loads, *(-self._tiers.of(tier).astype(float) for tier, _ in wanted)]
        if not more:
            return matrix, limit
        whole = sparse.vstack([matrix, *(sparse.csr_array(row[None, :]) for row in more)], format="csr")
        return whole, np.concatenate([limit, [*self._known.values()], [-float(count) for _, count in wanted]])
