"""Linear and integer programs over the rows known so far, with bounds that do not trust a tolerance."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.arrays import Bools, Floats
from matching.quiet import to_stderr

SCALE = 64.0
"""Gains are multiplied by this, so that the solver's absolute gap of 1e-6 is far below one of fits."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A linear program's answer.

    Parameters
    ----------
    x : (n,) float
    bound : float
        Upper bound on the objective, recomputed from the duals.
    reduced : (n,) float
        What one more of each column could add to the bound (negative or 0 for those left at 0).
    """

    x: Floats
    bound: float
    reduced: Floats

    @property
    def split(self) -> int:
        """Return how many columns are neither taken nor left."""
        return int(((self.x > 1e-6) & (self.x < 1.0 - 1e-6)).sum())

    def widened(self, among: Bools) -> Relaxed:
        """Return the answer of a program on the columns `among` for all of them: the others stay at 0."""
        x, reduced = np.zeros(among.size), np.full(among.size, -np.inf)
        x[among], reduced[among] = self.x, self.reduced
        return Relaxed(x, self.bound, reduced)


@dataclass(frozen=True, eq=False)
class Whole:
    """An integer program's answer: ``x`` is None without a solution; `bound` is -inf when there is none."""

    x: Floats | None
    bound: float
    proven: bool


def relax(gain: Floats, matrix: sparse.csr_array, limit: Floats, *, until: float) -> Relaxed | None:
    """Maximise ``gain · x`` over ``matrix @ x <= limit``, 0 ≤ x ≤ 1.

    None means that time is out, a bound of -inf that there is no such x.

    The bound is ``limit · y + sum(max(0, gain - y @ matrix))`` for the solver's duals y ≥ 0: true for any
    such y, whatever the solver's tolerances.

    Examples
    --------
    >>> matrix = sparse.csr_array(np.array([[1.0, 1.0]]))
    >>> answer = relax(np.array([2.0, 3.0]), matrix, np.array([1.0]), until=time.perf_counter() + 5)
    >>> answer.x, answer.bound
    (array([0., 1.]), 3.0)
    """
    left = until - time.perf_counter()
    if left <= 0.0:
        return None
    answer = linprog(-gain, A_ub=matrix, b_ub=limit, bounds=(0.0, 1.0), options={"time_limit": left})
    if answer.status == 2:
        return Relaxed(np.zeros(gain.size), -np.inf, np.zeros(gain.size))
    if answer.status != 0:
        return None
    price = np.maximum(0.0, -np.asarray(answer.ineqlin.marginals))
    reduced = gain - matrix.T @ price
    return Relaxed(answer.x, float(limit @ price + np.maximum(0.0, reduced).sum()), reduced)


def choose(
    gain: Floats, matrix: sparse.csr_array, limit: Floats, among: Bools, *, until: float, nodes: int | None = None
) -> Whole:
    """Maximise ``gain · x`` over whole x, with the columns outside `among` left at 0.

    After `nodes` nodes of its tree, the best x found so far is returned unproven.

    Examples
    --------
    >>> matrix = sparse.csr_array(np.array([[0.6, 0.6]]))
    >>> everything = np.ones(2, bool)
    >>> until = time.perf_counter() + 5
    >>> choose(np.array([2.0, 3.0]), matrix, np.array([1.0]), everything, until=until).x
    array([0., 1.])
    >>> choose(np.array([2.0, 3.0]), matrix, np.array([-1.0]), everything, until=until).bound
    -inf
    """
    left = until - time.perf_counter()
    if left <= 0.0:
        return Whole(None, np.inf, False)
    index = np.flatnonzero(among)
    rows = LinearConstraint(matrix[:, index], -np.inf, limit)
    with to_stderr():
        answer = milp(
            -SCALE * gain[index], integrality=1, bounds=Bounds(0.0, 1.0), constraints=rows,
            options=_options(left, nodes),
        )
    if answer.status == 2:
        return Whole(None, -np.inf, True)
    bound = np.inf if answer.mip_dual_bound is None else -float(answer.mip_dual_bound) / SCALE
    if answer.x is None:
        return Whole(None, bound, False)
    x = np.zeros(gain.size)
    x[index] = np.rint(answer.x)
    return Whole(x, max(bound, float(gain @ x)), answer.status == 0)


def _options(left: float, nodes: int | None) -> dict[str, float]:
    return {"time_limit": left, "mip_rel_gap": 0.0} | ({} if nodes is None else {"node_limit": nodes})
