"""Arrays taken in once: converted, measured, checked, then frozen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.errors import InvalidPool

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BLOCK = 1 << 16
"""Rows looked at together where a whole column would not stay in the processor's cache."""

MARKS = 16
"""Marks per row, at most, with which rows that come twice are found without sorting."""


def column(values: ArrayLike, dtype: type, field: str) -> NDArray[Any]:
    """Return `values` as a frozen one-dimensional copy of type `dtype`, or themselves where they are one already.

    Raises
    ------
    InvalidPool
        ``length`` when it is not one-dimensional, ``nan`` or ``number`` when an integer column holds
        something that is not an integer.

    Examples
    --------
    >>> column([1.0, 2.0], np.int64, "seat_need")
    array([1, 2])
    """
    raw = np.asarray(values)
    if raw.ndim != 1:
        raise InvalidPool("length", None, field)
    if dtype is not np.float64 and raw.dtype.kind == "f":
        refuse("nan", np.isnan(raw), field)
        refuse("number", raw != np.floor(raw), field)
    if raw.dtype == dtype and raw.flags.owndata and raw.flags.c_contiguous and not raw.flags.writeable:
        return raw
    out: NDArray[Any] = np.array(raw, dtype=dtype)
    out.setflags(write=False)
    return out


def one_for_all(value: NDArray[Any], size: int) -> NDArray[Any]:
    """Return `size` rows that are all the one of `value`, in no memory; quicker than numpy's own `broadcast_to`.

    Examples
    --------
    >>> one_for_all(np.zeros(1), 2)
    array([0., 0.])
    """
    rows: NDArray[Any] = np.ndarray(size, value.dtype, value, strides=(0,))
    rows.setflags(write=False)
    return rows


def refuse(rule: str, bad: Bools, field: str) -> None:
    """Raise `InvalidPool` at the first true row of `bad`.

    Examples
    --------
    >>> refuse("load", np.array([False, False]), "seat_load")
    """
    if bad.any():
        raise InvalidPool(rule, int(np.argmax(bad)), field)


def same_length(arrays: dict[str, NDArray[Any]]) -> int:
    """Return the common length of `arrays`.

    Raises
    ------
    InvalidPool
        ``length``, naming the first array that differs from the one before.

    Examples
    --------
    >>> same_length({"seat_start": np.zeros(3), "seat_end": np.zeros(3)})
    3
    """
    size = next(iter(arrays.values())).size
    for field, array in arrays.items():
        if array.size != size:
            raise InvalidPool("length", None, field)
    return size


def in_range(index: Ints, size: int, field: str, lowest: int = 0) -> None:
    """Refuse the rows of `index` outside ``lowest … size - 1``.

    Examples
    --------
    >>> in_range(np.array([-1, 1]), 2, "unit_parent", lowest=-1)
    """
    if not below(index if lowest == 0 else index - lowest, size - lowest):
        refuse("index", (index < lowest) | (index >= size), field)


def below(index: Ints, size: int) -> bool:
    """Say at one glance whether all of `index` are in ``0 … size - 1``.

    Examples
    --------
    >>> below(np.array([0, 1]), 2), below(np.array([-1]), 2)
    (True, False)
    """
    return not index.size or int(index.view(np.uint64).max()) < size


def within_one(values: Floats) -> bool:
    """Say at one glance whether all `values` are in [0, 1]; "no" may be wrong for -0.

    Positive floats are in the order of their bits; those of negative numbers and of nan are above.

    Examples
    --------
    >>> within_one(np.array([0.0, 0.5, 1.0])), within_one(np.array([-0.5])), within_one(np.array([np.nan]))
    (True, False, False)
    """
    return not values.size or bool(values.view(np.uint64).max() <= np.float64(1.0).view(np.uint64))


def no_nan(arrays: Iterable[tuple[str, Floats]]) -> None:
    """Refuse the rows that are not a number.

    Examples
    --------
    >>> no_nan([("seat_load", np.array([0.5]))])
    """
    for field, array in arrays:
        refuse("nan", np.isnan(array), field)


def no_twice(left: Ints, right: Ints, field: str) -> None:
    """Refuse the row that repeats the (left, right) of an earlier row.

    Examples
    --------
    >>> no_twice(np.array([0, 0]), np.array([1, 2]), "pair_agent")
    """
    if _all_differ(left, right):
        return
    order = np.lexsort((right, left))
    same = (left[order][1:] == left[order][:-1]) & (right[order][1:] == right[order][:-1])
    if same.any():
        raise InvalidPool("duplicate", int(order[1:][same].min()), field)


def _all_differ(left: Ints, right: Ints) -> bool:
    """Say whether no (left, right) comes twice: rows in order are seen at once, others are sorted or marked."""
    if left.size < 2:
        return True
    lefts, rights = int(left.max()) + 1, int(right.max()) + 1
    if lefts * rights >= 1 << 62:
        return False
    if _rises(left, right, rights) or _rises(right, left, lefts):
        return True
    for major, minor, minors in ((left, right, rights), (right, left, lefts)):
        if (major[1:] >= major[:-1]).all():
            return _differ_in_groups(major, minor, minors)
    key = left * rights + right
    if lefts * rights <= MARKS * key.size:
        seen = np.zeros(lefts * rights, bool)
        seen[key] = True
        return bool(np.count_nonzero(seen) == key.size)
    key.sort()
    return bool((key[1:] != key[:-1]).all())


def _rises(major: Ints, minor: Ints, minors: int) -> bool:
    """Say whether rows are in strict order of (major, minor); blocks keep what is made in the processor's cache."""
    for first in range(0, major.size - 1, BLOCK):
        rows = slice(first, first + BLOCK + 1)
        key = major[rows] * minors + minor[rows]
        if not (key[1:] > key[:-1]).all():
            return False
    return True


def _differ_in_groups(major: Ints, minor: Ints, minors: int) -> bool:
    """Say whether no minor comes twice with the same major, which ascends: whole groups are sorted, some at a time."""
    first = 0
    while first < major.size:
        last = min(first + BLOCK, major.size) - 1
        last = int(np.searchsorted(major, major[last], side="right"))
        key = (major[first:last] - major[first]) * minors + minor[first:last]
        if int(major[last - 1] - major[first] + 1) * minors < 1 << 32:
            key = key.astype(np.uint32)
        key.sort()
        if (key[1:] == key[:-1]).any():
            return False
        first = last
    return True


def valid_loads(load: Floats, field: str) -> None:
    """Refuse the loads outside ]0, 1].

    Examples
    --------
    >>> valid_loads(np.array([0.2, 1.0]), "seat_load")
    """
    refuse("load", ~((load > 0.0) & (load <= 1.0)), field)


def valid_periods(start: Ints, end: Ints, field: str) -> None:
    """Refuse the empty or reversed periods [start, end).

    Examples
    --------
    >>> valid_periods(np.array([0]), np.array([5]), "seat_start")
    """
    refuse("period", start >= end, field)
