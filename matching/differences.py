"""Every capacity at once, in few terms: what a group uses changes only where a column starts or ends."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from matching.arrays import Bools, Floats, Ints
from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE
from matching.programs import Relaxed


@dataclass(frozen=True, eq=False)
class Differences:
    """Rows of the use of each group from one of its days to the next.

    For a group and its days d_1 < d_2 < …, the use u_k of day d_k obeys

        u_k - u_(k-1) - (loads of columns that start since d_(k-1)) + (loads of those that end) = 0,

    with 0 ≤ u_k ≤ what the group may give on d_k. A column appears twice in a group, however long it lasts.
    A day on which nothing ends before the next is left out: its columns all run on the next as well.

    Parameters
    ----------
    matrix : (m, n) sparse
        Coefficients of the columns.
    uses : (m, m) sparse
        Coefficients of the uses.
    most : (m,) float
        Largest value of each use.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> differences = Differences.of(Columns.of(pool, limits), limits)
    >>> differences.matrix.toarray(), differences.most.round(3)
    (array([[-0.5, -0.5, -0.5]]), array([0.5]))
    """

    matrix: sparse.csr_array
    uses: sparse.csr_array
    most: Floats

    @classmethod
    def of(cls, columns: Columns, limits: Limits) -> Differences:
        """Build the rows of every group that its columns together could exceed."""
        column, group = entries(columns, limits)
        span = int(columns.end.max(initial=0) - columns.start.min(initial=0)) + 1
        base = group * span - int(columns.start.min(initial=0))
        days, first = np.unique(base + columns.start[column], return_inverse=True)
        after = np.searchsorted(days, base + columns.end[column])
        kept = np.zeros(days.size, bool)
        kept[after - 1] = True
        before = np.concatenate([[0], np.cumsum(kept)])
        first, after = before[first], before[after]
        owner, load = days[kept] // span, columns.load[column]
        day = days[kept] % span + int(columns.start.min(initial=0))
        most = _left(limits, owner, day) + TOLERANCE
        change = np.bincount(first, load, owner.size + 1) - np.bincount(after, load, owner.size + 1)
        over = np.bincount(owner[np.cumsum(change)[:-1] > most], minlength=limits.limit.size) > 0
        return cls._rows(len(columns), column[over[group]], load[over[group]], first[over[group]],
                         after[over[group]], over[owner], owner, most)

    def part(self, among: Bools) -> Differences:
        """Return the rows of the columns `among`."""
        return Differences(sparse.csr_array(self.matrix[:, np.flatnonzero(among)]), self.uses, self.most)

    @classmethod
    def _rows(cls, size: int, column: Ints, load: Floats, first: Ints, after: Ints, live: Ints, owner: Ints,
              most: Floats) -> Differences:
        place = np.cumsum(live) - 1
        ends = np.append(owner[1:] != owner[:-1], True)
        stops = ~ends[after - 1]
        rows = np.concatenate([place[first], place[after[stops] - 1] + 1])
        cells = np.concatenate([-load, load[stops]])
        where = np.concatenate([column, column[stops]])
        count = int(live.sum())
        matrix = sparse.csr_array((cells, (rows, where)), shape=(count, size))
        owner = owner[live]
        later = np.flatnonzero(owner[1:] == owner[:-1]) + 1
        uses = sparse.eye_array(count, format="csr") - sparse.csr_array(
            (np.ones(later.size), (later, later - 1)), shape=(count, count)
        )
        return cls(matrix, sparse.csr_array(uses), most[live])


def entries(columns: Columns, limits: Limits) -> tuple[Ints, Ints]:
    """Return each column beside each group whose limit it uses, by group."""
    groups = limits.of_agent[columns.agent]
    column, level = np.nonzero(groups >= 0)
    group = groups[column, level]
    order = np.argsort(group, kind="stable")
    return column[order], group[order]


def _left(limits: Limits, group: Ints, day: Ints) -> Floats:
    """Return what each group may give on each day."""
    left = limits.limit[group].copy()
    for busy in np.unique(limits.group).tolist():
        own = group == busy
        left[own] = limits.left(busy, day[own])
    return left


def relax_all(
    gain: Floats, matrix: sparse.csr_array, limit: Floats, differences: Differences, *, until: float
) -> Relaxed | None:
    """Maximise ``gain · x`` over ``matrix @ x <= limit``, 0 ≤ x ≤ 1 and every capacity, by interior points.

    None means that time is out, a bound of -inf that there is no such x. The bound is recomputed from the
    duals, as in `matching.programs.relax`.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> columns = Columns.of(pool, limits)
    >>> nothing = sparse.csr_array(np.zeros((1, 3)))
    >>> differences, until = Differences.of(columns, limits), time.perf_counter() + 5
    >>> round(relax_all(columns.fit, nothing, np.zeros(1), differences, until=until).bound, 3)
    0.9
    """
    left = until - time.perf_counter()
    if left <= 0.0:
        return None
    count, size = differences.most.size, gain.size
    wide = sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], count))], format="csr")
    chain = sparse.hstack([differences.matrix, differences.uses], format="csr")
    highest = np.concatenate([np.ones(size), differences.most])
    answer = linprog(
        np.concatenate([-gain, np.zeros(count)]), A_ub=wide, b_ub=limit, A_eq=chain, b_eq=np.zeros(count),
        bounds=np.stack([np.zeros(size + count), highest], axis=1), method="highs-ipm",
        options={"time_limit": left},
    )
    if answer.status == 2:
        return Relaxed(np.zeros(size), -np.inf, np.zeros(size))
    if answer.status != 0:
        return None
    price, tie = np.maximum(0.0, -np.asarray(answer.ineqlin.marginals)), -np.asarray(answer.eqlin.marginals)
    reduced = gain - matrix.T @ price - differences.matrix.T @ tie
    spare = np.maximum(0.0, -(differences.uses.T @ tie)) @ differences.most
    return Relaxed(answer.x[:size], float(limit @ price + np.maximum(0.0, reduced).sum() + spare), reduced)
