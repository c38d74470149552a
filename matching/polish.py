"""Improves a plan place by place: lets go of what stands in the way, and settles it again at best."""

from __future__ import annotations

import time

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.limits import Limits
from matching.neighbourhoods import Residue
from matching.programs import choose
from matching.separation import broken
from matching.tiers import Tiers

FIRST_SIZE, GROWTH, LAST_SIZE = 60, 1.4, 240
"""Places let go at once: at first, how much more when that no longer helps, and at most."""

PATIENCE = 25
"""Neighbourhoods tried in vain before they grow."""

NEAR, WORTH = 0.05, 0.15
"""Reduced cost within which a column is worth making room for, and within which it may be chosen."""

NODES = 10
"""Nodes of a neighbourhood's tree: beyond, another neighbourhood is a better use of the time."""

OPEN = 4.0
"""How much more a seat left open counts than a mission elsewhere than in the relaxation, beside its class."""

CALLERS, IN_THE_WAY = 4, 3
"""Columns of a place that look for room, and missions moved in each group without room."""


class Polisher:
    """Large neighbourhood search [1]_, led by the prices of a relaxation.

    Parameters
    ----------
    tiers, limits
        What is counted, and the limits.
    gain : (n,) float
        What each column is worth inside a neighbourhood; plans are compared tier by tier, then by fit.
    residue : Residue, optional
        Where already made; it follows the plan.

    References
    ----------
    .. [1] P. Shaw, Using constraint programming and local search methods to solve vehicle routing problems,
       CP 1998, 417-431.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> tiers = Tiers(Columns.of(pool, limits), pool.classes)
    >>> polisher = Polisher(tiers, limits, tiers.gain(np.array([8.0, 2.0])))
    >>> polisher.polish(np.array([1]), np.ones(3), np.zeros(3), rounds=5, until=time.perf_counter() + 5)
    array([0])
    """

    def __init__(self, tiers: Tiers, limits: Limits, gain: Floats, residue: Residue | None = None) -> None:
        self.tiers, self.columns, self.limits, self.gain = tiers, tiers.columns, limits, gain
        self.residue = residue or Residue(self.columns, limits)
        columns = self.columns
        order = np.argsort(columns.place, kind="stable")
        edges = np.cumsum(np.bincount(columns.place, minlength=columns.size.size))[:-1]
        self._of_place = np.split(order, edges)
        self._worth = np.zeros(columns.size.size)
        self._worth[columns.place] = np.floor(gain)
        self._of_group: dict[int, list[int]] = {}

    def value(self, plan: Ints) -> tuple[float, ...]:
        """Return what each tier counts, then the sum of fits."""
        return (*self.tiers.counts(plan), round(float(self.columns.fit[plan].sum()), 9))

    def polish(self, plan: Ints, x: Floats, reduced: Floats, *, rounds: int, until: float) -> Ints:
        """Return a plan at least as good, after as many neighbourhoods as `rounds`, or until they are in vain.

        `x` and `reduced` are a relaxation's answer.
        """
        rng = np.random.default_rng(0)
        size, vain, best = float(FIRST_SIZE), 0, self.value(plan)
        self._hold(plan)
        for _ in range(rounds):
            if time.perf_counter() >= until or size > LAST_SIZE:
                break
            other = self._settle(plan, self._region(plan, x, reduced, int(size), rng), reduced, until)
            reached = best if other is None else self.value(other)
            if other is not None and reached >= best and not np.array_equal(other, plan):
                plan = other
                self._hold(plan)
            vain = 0 if reached > best else vain + 1
            best = max(best, reached)
            if vain >= PATIENCE:
                size, vain = size * GROWTH, 0
        return plan

    def _hold(self, plan: Ints) -> None:
        """Remember what the plan uses of every limit, and who uses it."""
        self.residue.hold(plan)
        self._of_group = {}
        for column, groups in zip(plan.tolist(), self.limits.of_agent[self.columns.agent[plan]].tolist(), strict=True):
            for group in groups:
                if group >= 0:
                    self._of_group.setdefault(group, []).append(column)

    def _region(
        self, plan: Ints, x: Floats, reduced: Floats, size: int, rng: np.random.Generator
    ) -> Bools:
        """Return places to let go: one that the relaxation settles otherwise, and what stands in its way."""
        chosen = np.zeros(len(self.columns), bool)
        chosen[plan] = True
        seed = self._seed(chosen, x, rng)
        taken, waiting = {seed}, [seed]
        while waiting and len(taken) < size:
            calling = self._of_place[waiting.pop(0)]
            calling = calling[(reduced[calling] >= -NEAR) & ~chosen[calling]]
            calling = calling[np.argsort(-reduced[calling], kind="stable")][:CALLERS]
            for column in calling.tolist():
                for place in self._in_the_way(column, rng):
                    if place not in taken and len(taken) < size:
                        taken.add(place)
                        waiting.append(place)
        region = np.zeros(self.columns.size.size, bool)
        region[list(taken)] = True
        return region

    def _seed(self, chosen: Bools, x: Floats, rng: np.random.Generator) -> int:
        """Draw a place by how far the plan is from the relaxation there; seats left open count far more."""
        place, places = self.columns.place, self.columns.size.size
        apart = np.bincount(place, np.abs(chosen - x), minlength=places) + 1e-9
        missing = np.bincount(place, x - chosen, minlength=places)
        apart += OPEN * np.maximum(0.0, missing) * self._worth
        return int(rng.choice(places, p=apart / apart.sum()))

    def _in_the_way(self, column: int, rng: np.random.Generator) -> list[int]:
        """Return the places of a few missions, in each limit without room for a column."""
        columns, places = self.columns, []
        for group in self.residue.without_room(column):
            others = np.array(self._of_group.get(group, ()), np.int64)
            others = others[(columns.start[others] < columns.end[column]) & (columns.start[column] < columns.end[others])]
            places += columns.place[rng.permutation(others)[:IN_THE_WAY]].tolist()
        return places

    def _settle(self, plan: Ints, region: Bools, reduced: Floats, until: float) -> Ints | None:
        """Choose again in the region, the rest kept; None where no plan was found that breaks no limit."""
        inside = region[self.columns.place]
        worth = inside & (reduced >= -WORTH)
        worth[plan[inside[plan]]] = True
        free = np.flatnonzero(worth)
        matrix, limit, fits = self.residue.program(free)
        if not fits.any():
            return None
        answer = choose(self.gain[free], matrix, limit, fits, until=until, nodes=NODES)
        if answer.x is None:
            return None
        x = np.zeros(len(self.columns))
        x[plan[~inside[plan]]] = 1.0
        x[free[answer.x > 0.5]] = 1.0
        return None if broken(self.columns, self.limits, x)[0].size else np.flatnonzero(x)
