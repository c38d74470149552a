"""Rows of a unit's hull: what its few columns in question can do together, enumerated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from matching.arrays import Floats, Ints
from matching.columns import Columns
from matching.differences import entries
from matching.limits import Limits
from matching.neighbourhoods import Residue

MOST_ITEMS, MOST_SETS, MOST_STEPS = 18, 20_000, 20_000
"""Columns in question of a unit, sets of them, steps of a lifting: beyond, the unit is left alone."""

CUT_OFF = 1e-4
"""How much a row must cut off, its right-hand side being 1."""

LIFTED = 0.15
"""Reduced cost within which a column is worth lifting into a row."""

DENOMINATORS = 60

Row = tuple[Ints, Floats, float]


class Hulls:
    """Finds the rows, valid for every plan, that a fractional solution breaks within one unit.

    The sets of columns in question that obey every limit are enumerated; the row ``a · x ≤ 1`` that
    cuts off most is a vertex of their antiblocking polyhedron [1]_, found by a small linear program and
    brought to integers, which are checked against the sets. The other columns are lifted one by one [2]_,
    each as far as the best set beside it allows.

    Parameters
    ----------
    columns, limits
        What the rows are about.

    References
    ----------
    .. [1] E. A. Boyd, Fenchel cutting planes for integer programs, Operations Research 42 (1994), 53-64.
    .. [2] M. W. Padberg, On the facial structure of set packing polyhedra, Mathematical Programming 5
       (1973), 199-215.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> hulls = Hulls(Columns.of(pool, limits), limits)
    >>> [(index.tolist(), value.tolist(), most) for index, value, most in hulls.broken(np.full(3, 0.6), np.zeros(3))]
    [([0, 1, 2], [1.0, 1.0, 1.0], 1.0)]
    """

    def __init__(self, columns: Columns, limits: Limits) -> None:
        self.columns = columns
        self.residue = Residue(columns, limits)
        column, group = entries(columns, limits)
        unit = group >= limits.of_agent.shape[0]
        self._members = np.split(column[unit], np.flatnonzero(np.diff(group[unit])) + 1) if unit.any() else []
        self._seen: set[tuple[int, bytes]] = set()

    def broken(self, x: Floats, reduced: Floats) -> Iterator[Row]:
        """Yield columns, coefficients and right-hand side of one row for each unit that `x` breaks.

        A unit is not looked at again for the same shares.
        """
        share = np.round(x, 6)
        split = (share > 0.0) & (share < 1.0)
        for number, members in enumerate(self._members):
            if split[members].any() and np.count_nonzero(x[members] > 1e-6) <= 2 * MOST_ITEMS:
                key = (number, share[members].tobytes())
                if key in self._seen:
                    continue
                self._seen.add(key)
                row = self._of_unit(members[(x[members] > 1e-6) | (reduced[members] >= -LIFTED)], x, reduced)
                if row is not None:
                    yield row

    def _of_unit(self, members: Ints, x: Floats, reduced: Floats) -> Row | None:
        matrix, limit, _ = self.residue.program(members)
        uses, rooms = matrix.toarray().astype(np.int64), limit.astype(np.int64)
        asked = np.flatnonzero(x[members] > 1e-6)
        binds = uses[:, asked].sum(axis=1) > rooms
        asked = asked[(uses[np.ix_(binds, asked)] > 0).any(axis=0)]
        if not 2 <= asked.size <= MOST_ITEMS:
            return None
        sets = maximal_sets(uses[np.ix_(binds, asked)], rooms[binds])
        if sets is None:
            return None
        found = facet(sets, x[members[asked]])
        if found is None:
            return None
        value = np.zeros(members.size, np.int64)
        value[asked], most = found
        others = np.setdiff1d(np.arange(members.size), asked)
        for at in others[np.argsort(-reduced[members[others]], kind="stable")].tolist():
            left = rooms - uses[:, at]
            if (left >= 0).all():
                value[at] = most - heaviest(value, uses, left, most)
        kept = value > 0
        return members[kept], value[kept].astype(float), float(most)


def maximal_sets(uses: Ints, rooms: Ints) -> Ints | None:
    """Return the maximal sets of items that obey ``uses @ set <= rooms``, or None where there are too many sets.

    Examples
    --------
    >>> maximal_sets(np.array([[6, 5, 4]]), np.array([10]))
    array([[1, 0, 1],
           [0, 1, 1]])
    """
    size = uses.shape[1]
    sets, left = np.zeros((1, size), np.int64), rooms[None, :].copy()
    for item in range(size):
        more = left - uses[:, item]
        fits = (more >= 0).all(axis=1)
        larger = sets[fits]
        larger[:, item] = 1
        sets, left = np.concatenate([sets, larger]), np.concatenate([left, more[fits]])
        if len(sets) > MOST_SETS:
            return None
    maximal = np.ones(len(sets), bool)
    for item in range(size):
        maximal &= (sets[:, item] == 1) | (left < uses[:, item]).any(axis=1)
    return sets[maximal]


def facet(sets: Ints, x: Floats) -> tuple[Ints, int] | None:
    """Return the whole coefficients and right-hand side of the row most broken by `x`, None if none is.

    Examples
    --------
    >>> facet(np.array([[1, 0, 1], [0, 1, 1]]), np.array([0.8, 0.8, 1.0]))
    (array([1, 1, 0]), 1)
    """
    answer = linprog(-x, A_ub=sets, b_ub=np.ones(sets.shape[0]), bounds=(0.0, 1.0), method="highs-ds")
    if answer.status != 0 or -answer.fun < 1.0 + CUT_OFF:
        return None
    for most in range(1, DENOMINATORS + 1):
        value = np.rint(answer.x * most)
        if np.abs(value - answer.x * most).max() < 1e-6:
            whole = value.astype(np.int64)
            return (whole, most) if int((sets @ whole).max()) <= most else None
    return None


def heaviest(value: Ints, uses: Ints, left: Ints, most: int) -> int:
    """Return the largest value of a set that obeys ``uses @ set <= left``, or `most` where that is too long.

    Examples
    --------
    >>> heaviest(np.array([2, 1, 1]), np.array([[6, 5, 4]]), np.array([9]), 9)
    2
    """
    items = np.flatnonzero(value > 0)
    items = items[np.argsort(-value[items], kind="stable")]
    worth, columns = value[items].tolist(), [uses[:, item] for item in items]
    rest = np.append(np.cumsum(value[items][::-1])[::-1], 0).tolist()
    best, steps, waiting = 0, 0, [(0, left, 0)]
    while waiting:
        at, room, total = waiting.pop()
        steps += 1
        if steps > MOST_STEPS:
            return most
        best = max(best, total)
        if at == len(worth) or total + rest[at] <= best or best >= most:
            continue
        waiting.append((at + 1, room, total))
        if (columns[at] <= room).all():
            waiting.append((at + 1, room - columns[at], total + worth[at]))
    return min(best, most)
