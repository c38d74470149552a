"""What is asked of a plan besides the rules: columns that it must have, columns that it must not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.columns import Columns
from matching.limits import Limits
from matching.pool import TOLERANCE


@dataclass(frozen=True)
class Turn:
    """Columns that a plan must have and columns that it must not.

    Examples
    --------
    >>> Turn(forced=(3,)).banned
    ()
    """

    forced: tuple[int, ...] = ()
    banned: tuple[int, ...] = ()


def with_conflicts(columns: Columns, limits: Limits, column: int) -> Turn:
    """Return the turn that forces `column`, and bans what cannot go with it: its place, its agent's time.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> with_conflicts(Columns.of(pool, limits), limits, 1)
    Turn(forced=(1,), banned=(2,))
    """
    others = np.arange(len(columns)) != column
    same_place = (columns.place == columns.place[column]) & (columns.size[columns.place[column]] == 1)
    mine = columns.agent == columns.agent[column]
    meet = (columns.start < columns.end[column]) & (columns.start[column] < columns.end)
    heavy = columns.load + columns.load[column] > limits.limit[columns.agent[column]] + 2 * TOLERANCE
    banned = same_place | (mine & ((columns.need == columns.need[column]) | (meet & heavy)))
    return Turn(forced=(column,), banned=tuple(np.flatnonzero(banned & others).tolist()))
