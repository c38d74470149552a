"""Rows of a pool that the caller gives: yesterday's plan, or pairs to keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from matching import arrays
from matching.arrays import Ints
from matching.errors import InvalidPool
from matching.pool import Pool


def given_rows(pool: Pool, rows: ArrayLike, field: str) -> Ints:
    """Return `rows` as ascending positions of the pool's pairs.

    Parameters
    ----------
    pool : Pool
    rows : (m,) int
        In any order.
    field : str
        Name of the argument, for the error.

    Raises
    ------
    InvalidPool
        ``length`` where it is not one-dimensional, ``nan`` or ``number`` where something is not a whole number,
        ``index`` where a row is outside the pool, ``duplicate`` where one comes twice; with the position in `rows`.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> given_rows(small_pool(), [2, 0], "keep")
    array([0, 2])
    >>> given_rows(small_pool(), [0, 3], "keep")
    Traceback (most recent call last):
        ...
    matching.errors.InvalidPool: index: keep, row 1
    """
    raw = np.asarray(rows)
    if raw.size and raw.dtype.kind not in "iuf":
        raise InvalidPool("number", None, field)
    taken = arrays.column(raw, np.int64, field)
    if taken.size and taken[0] >= 0 and taken[-1] < pool.pairs and (taken[1:] > taken[:-1]).all():
        return taken
    arrays.in_range(taken, pool.pairs, field)
    arrays.no_twice(np.zeros_like(taken), taken, field)
    return np.sort(taken)
