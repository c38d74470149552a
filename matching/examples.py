"""Small pools and markets that the worked examples of the docstrings share."""

from __future__ import annotations

import numpy as np

from matching.pool import Pool


def small_pool() -> Pool:
    """Return two agents of one unit capped at half a post, and two seats on the same days.

    Examples
    --------
    >>> pool = small_pool()
    >>> pool.agents, pool.seats, pool.pairs
    (2, 2, 3)
    """
    return Pool(
        pair_agent=np.array([0, 0, 1]), pair_seat=np.array([0, 1, 1]), pair_fit=np.array([0.5, 0.9, 0.4]),
        seat_need=np.array([0, 1]), seat_start=np.array([0, 0]), seat_end=np.array([5, 5]),
        seat_load=np.array([0.5, 0.5]), seat_priority=np.array([0, 1]),
        agent_unit=np.array([0, 0]), agent_capacity=np.array([1.0, 1.0]),
        unit_parent=np.array([-1]), unit_cap=np.array([0.5]),
    )
