"""A plan at the size of a country, to be checked."""

from __future__ import annotations

import numpy as np

import matching


def national(agents: int = 1_000_000, chosen: int = 100_000, *, seed: int = 0) -> tuple[matching.Pool, matching.Plan]:
    """Return a pool with a plan that holds: units four deep with caps, and an old commitment of every tenth agent."""
    rng = np.random.default_rng(seed)
    parent, leaf = _units(agents)
    agent = np.sort(rng.choice(agents, chosen, replace=False))
    start, busy = rng.integers(0, 180, chosen), rng.choice(agents, agents // 10, replace=False)
    away = rng.integers(0, 180, busy.size)
    pool = matching.Pool(
        pair_agent=agent, pair_seat=rng.permutation(chosen), pair_fit=rng.random(chosen), seat_need=np.arange(chosen) // 2,
        seat_start=start, seat_end=start + rng.integers(5, 61, chosen), seat_load=rng.choice([0.2, 0.4, 0.5], chosen),
        seat_priority=rng.integers(0, 3, chosen), agent_unit=np.arange(agents) // 20 + leaf, agent_capacity=np.ones(agents),
        unit_parent=parent, unit_cap=np.full(parent.size, float(agents)), busy_agent=busy, busy_start=away,
        busy_end=away + rng.integers(5, 61, busy.size), busy_load=np.full(busy.size, 0.5),
    )
    filled = tuple(np.bincount(pool.seat_priority[pool.pair_seat], minlength=3).tolist())
    fit = float(pool.pair_fit.sum())
    return pool, matching.Plan(pairs=np.arange(chosen), filled=filled, fit=fit, bound=(*filled, fit), status="optimal",
                               seconds=0.0, trace=())


def _units(agents: int) -> tuple[np.ndarray, int]:
    """Return the parents of units of 20 in directions of 100 in poles of 500 under one root, and the first unit of 20."""
    poles, directions, teams = (-(-agents // size) for size in (500, 100, 20))
    upper = [np.array([-1]), np.zeros(poles, np.int64), 1 + np.arange(directions) // 5]
    return np.concatenate([*upper, 1 + poles + np.arange(teams) // 5]), 1 + poles + directions
