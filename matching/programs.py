"""Linear and integer programs over the rows known so far, with bounds that do not trust a tolerance."""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.arrays import Bools, Floats, Ints
from matching.backend import SCALE, Relaxed, Whole
from matching.quiet import to_stderr
from matching.rows import Rows


class Scipy:
    """A `matching.backend.Solver` that starts afresh at every call.

    Parameters
    ----------
    rows : Rows
        The rows known so far.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> columns = Columns.of(pool, limits)
    >>> solver, until = Scipy(Rows(columns, limits)), time.perf_counter() + 5
    >>> nothing, all_of_them = np.zeros(2, np.int64), np.full(2, np.inf)
    >>> solver.relax(columns.fit, nothing, all_of_them, until=until).bound
    1.4
    >>> solver.choose(columns.fit, nothing, all_of_them, np.ones(3, bool), until=until).x
    array([1., 1., 0.])
    """

    warm = False

    def __init__(self, rows: Rows) -> None:
        self.rows, self.priority = rows, rows.columns.priority

    def relax(self, gain: Floats, least: Ints, most: Floats, *, until: float) -> Relaxed | None:
        """Solve the linear program; None means that time is out."""
        return relax(gain, *self._model(least, most), until=until)

    def choose(self, gain: Floats, least: Ints, most: Floats, among: Bools, *, until: float) -> Whole:
        """Solve the integer program with the columns outside `among` left at 0."""
        return choose(gain, *self._model(least, most), among, until=until)

    def _model(self, least: Ints, most: Floats) -> tuple[sparse.csr_array, Floats]:
        """Return the rows, and one more for each end of a class that is asked for."""
        matrix, limit = self.rows.model()
        ends = [(tier, -1.0, -float(low)) for tier, low in enumerate(least) if low > 0]
        ends += [(tier, 1.0, float(high)) for tier, high in enumerate(most) if np.isfinite(high)]
        if not ends:
            return matrix, limit
        counts = np.stack([sign * (self.priority == tier) for tier, sign, _ in ends])
        limits = np.array([end for _, _, end in ends])
        return sparse.vstack([matrix, sparse.csr_array(counts)], format="csr"), np.concatenate([limit, limits])


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
    gain: Floats, matrix: sparse.csr_array, limit: Floats, among: Bools, *, until: float
) -> Whole:
    """Maximise ``gain · x`` over whole x, with the columns outside `among` left at 0.

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
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
    if answer.status == 2:
        return Whole(None, -np.inf, True)
    bound = np.inf if answer.mip_dual_bound is None else -float(answer.mip_dual_bound) / SCALE
    if answer.x is None:
        return Whole(None, bound, False)
    x = np.zeros(gain.size)
    x[index] = np.rint(answer.x)
    return Whole(x, max(bound, float(gain @ x)), answer.status == 0)
