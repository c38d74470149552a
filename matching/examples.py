"""Small pools and markets that the worked examples of the docstrings share."""

from __future__ import annotations

import numpy as np

from matching.market import Market
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


def small_market() -> Market:
    """Return three agents and one seat that asks for skill 7 at level 2, for days 10 to 14.

    Agent 0 has the skill and is free; agent 1 has it on other dates; agent 2 does not have it.

    Examples
    --------
    >>> small_market().skill_level
    array([3, 2, 4])
    """
    return Market(
        agent_unit=np.array([1, 1, 1]), agent_max_load=np.full(3, 0.5), agent_working_time=np.ones(3),
        agent_lat=np.full(3, 44.84), agent_lon=np.full(3, -0.58), agent_max_km=np.full(3, 20.0),
        agent_remote=np.zeros(3, bool), agent_offer_age=np.zeros(3), agent_days_lent=np.zeros(3),
        skill_agent=np.array([0, 1, 2]), skill_id=np.array([7, 7, 8]), skill_level=np.array([3, 2, 4]),
        window_agent=np.array([0, 1, 2]),
        window_start=np.array([0, 20, 0]), window_end=np.array([30, 40, 30]),
        seat_need=np.array([0]), seat_unit=np.array([0]), seat_requester=np.array([-1]),
        seat_start=np.array([10]), seat_end=np.array([15]), seat_load=np.array([0.4]),
        seat_priority=np.array([0]), seat_lat=np.array([44.84]), seat_lon=np.array([-0.58]),
        seat_remote=np.array([False]), demand_seat=np.array([0]), demand_skill=np.array([7]),
        demand_level=np.array([2]), demand_required=np.array([True]), demand_neighbours=np.array([False]),
        unit_parent=np.array([-1, -1]), unit_cap=np.array([np.inf, np.inf]),
    )
