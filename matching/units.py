"""The forest of units: its validity, and each unit's ancestors."""

from __future__ import annotations

import numpy as np

from matching.arrays import Ints
from matching.errors import InvalidPool


def depths(parent: Ints) -> Ints:
    """Return the depth of every unit, 0 at a root.

    Parameters
    ----------
    parent : (U,) int
        Position of each unit's parent, -1 at a root.

    Raises
    ------
    InvalidPool
        ``cycle``, at the first unit that never reaches a root.

    Examples
    --------
    >>> depths(np.array([-1, 0, 1, -1]))
    array([0, 1, 2, 0])
    """
    depth, at = np.zeros(parent.size, np.int64), parent.copy()
    for _ in range(parent.size):
        inside = at >= 0
        if not inside.any():
            return depth
        depth[inside] += 1
        at[inside] = parent[at[inside]]
    if (at >= 0).any():
        raise InvalidPool("cycle", int(np.argmax(at >= 0)), "unit_parent")
    return depth


def ancestors(parent: Ints) -> Ints:
    """Return, for every unit, itself and its ancestors up to the root, padded with -1.

    Parameters
    ----------
    parent : (U,) int
        A valid forest, see `depths`.

    Returns
    -------
    (U, D) int
        Row u starts with u.

    Examples
    --------
    >>> ancestors(np.array([-1, 0, 1]))
    array([[ 0, -1, -1],
           [ 1,  0, -1],
           [ 2,  1,  0]])
    """
    levels, at = [], np.arange(parent.size)
    while (at >= 0).any():
        levels.append(at)
        at = np.where(at >= 0, parent[at], -1)
    return np.stack(levels, axis=1) if levels else np.zeros((parent.size, 0), np.int64)
