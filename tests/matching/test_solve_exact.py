"""The solver against every plan of small pools, and against another formulation of larger ones."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

import matching


@pytest.mark.parametrize("first", range(0, 1_500, 50))
def test_small_pools_are_solved_as_well_as_by_trying_every_plan(random_pool, as_well_as_every_plan, first):
    for seed in range(first, first + 50):
        as_well_as_every_plan(seed, random_pool(np.random.default_rng(seed), whole=seed % 2 == 0))


@pytest.mark.parametrize("first", range(0, 500, 50))
def test_pools_with_like_seats_are_solved_as_well(alike_pool, as_well_as_every_plan, first):
    for seed in range(first, first + 50):
        as_well_as_every_plan(seed, alike_pool(np.random.default_rng(seed), whole=seed % 2 == 0))


@pytest.mark.parametrize("seed", range(40))
def test_every_plan_is_every_plan_by_a_day_by_day_reading(random_pool, alike_pool, all_plans, rules, seed):
    """What the solver is held against, added up by arrays, is what the rules say one plan at a time."""
    pool = (random_pool, alike_pool)[seed % 2](np.random.default_rng(seed), whole=seed % 3 > 0)
    subsets = (np.arange(1 << pool.pairs)[:, None] >> np.arange(pool.pairs)) & 1
    obeying = {tuple(subset) for subset in subsets.tolist() if rules(pool, np.flatnonzero(subset).tolist())}
    plans = all_plans(pool)[0].astype(int).tolist()
    assert len(plans) == len(obeying) and set(map(tuple, plans)) == obeying


def all_rows(pool):
    """Return every row of the statement: seats, agents and needs, agents and days, units and days."""
    rows, limits = [], []
    need = pool.seat_need[pool.pair_seat]
    for key in (pool.pair_seat, pool.pair_agent * 1000 + need):
        for value in np.unique(key):
            rows.append((key == value).astype(float))
            limits.append(1.0)
    for day in range(int(pool.seat_start.min()), int(pool.seat_end.max())):
        runs = (pool.seat_start[pool.pair_seat] <= day) & (day < pool.seat_end[pool.pair_seat])
        busy = (pool.busy_start <= day) & (day < pool.busy_end)
        for inside, limit in groups(pool):
            rows.append(runs * inside[pool.pair_agent] * pool.pair_load)
            limits.append(max(0.0, limit - (busy * inside[pool.busy_agent] * pool.busy_load).sum()))
    return sparse.csr_array(np.array(rows)), np.array(limits)


def groups(pool):
    for agent in range(pool.agents):
        yield np.arange(pool.agents) == agent, pool.agent_capacity[agent]
    below = [{unit} for unit in range(pool.units)]
    for unit in range(pool.units):
        at = pool.unit_parent[unit]
        while at >= 0:
            below[at].add(unit)
            at = pool.unit_parent[at]
    for unit, cap in enumerate(pool.unit_cap):
        if np.isfinite(cap):
            yield np.isin(pool.agent_unit, list(below[unit])), cap


def tier_by_tier(pool, keep=None):
    """Solve the whole model once per tier, each tier fixed before the next."""
    matrix, limit = all_rows(pool)
    kept = [] if keep is None else [np.isin(np.arange(pool.pairs), keep)]
    tiers = [pool.seat_priority[pool.pair_seat] == tier for tier in range(pool.classes)] + kept + [pool.pair_fit]
    values = []
    for gain in map(np.asarray, tiers):
        fixed = [LinearConstraint(tier.astype(float), value, np.inf) for tier, value in zip(tiers, values)]
        answer = milp(
            -gain.astype(float), integrality=1, bounds=Bounds(0, 1), options={"mip_rel_gap": 0},
            constraints=[LinearConstraint(matrix, -np.inf, limit + 1e-9), *fixed],
        )
        values.append(round(-answer.fun, 6))
    return values


def larger_pool(seed):
    rng = np.random.default_rng(seed)
    agents, seats, units = 25, 14, 6
    row = rng.choice(agents * seats, 110, replace=False)
    start = rng.integers(0, 10, seats)
    return matching.Pool(
        pair_agent=row // seats, pair_seat=row % seats, pair_fit=rng.random(row.size).round(3),
        seat_need=rng.integers(0, 8, seats), seat_start=start, seat_end=start + rng.integers(1, 8, seats),
        seat_load=rng.choice([0.2, 0.4, 0.5, 0.8, 1.0], seats), seat_priority=rng.integers(0, 3, seats),
        agent_unit=rng.integers(0, units, agents), agent_capacity=rng.choice([0.5, 0.8, 1.0], agents),
        unit_parent=[-1, 0, 0, 1, 1, 2], unit_cap=rng.choice([0.8, 1.0, 1.5, 2.0, 3.0], units),
        busy_agent=rng.integers(0, agents, 4), busy_start=[0, 2, 4, 6], busy_end=[3, 9, 8, 12],
        busy_load=[0.2, 0.5, 0.4, 0.3],
    )


@pytest.mark.parametrize("seed", range(12))
def test_another_formulation_reaches_the_same_tiers(seed):
    pool = larger_pool(seed)
    plan = matching.solve(pool)
    matching.check(pool, plan)
    assert plan.status == "optimal"
    assert plan.values == pytest.approx(tier_by_tier(pool), abs=2e-6)


@pytest.mark.parametrize("seed", range(24))
def test_it_agrees_on_the_rows_kept_and_on_plans_from_a_start(seed):
    pool, rng = larger_pool(seed), np.random.default_rng(seed)
    keep, start = (rng.permutation(pool.pairs)[:size] for size in (12, 20))
    plan = matching.solve(pool, keep=keep, start=start)
    matching.check(pool, plan)
    assert plan.status == "optimal"
    assert plan.values == pytest.approx(tier_by_tier(pool, keep), abs=2e-6)


def test_a_short_time_gives_a_plan_that_obeys_with_bounds_above_it():
    rng = np.random.default_rng(0)
    agents, seats = 400, 150
    row, start = rng.choice(agents * seats, 5000, replace=False), rng.integers(0, 60, seats)
    pool = matching.Pool(
        pair_agent=row // seats, pair_seat=row % seats, pair_fit=rng.random(row.size),
        seat_need=np.arange(seats), seat_start=start, seat_end=start + rng.integers(5, 60, seats),
        seat_load=rng.choice([0.2, 0.35, 0.5, 0.8, 1.0], seats), seat_priority=rng.integers(0, 3, seats),
        agent_unit=np.arange(agents) // 20, agent_capacity=np.ones(agents), unit_parent=[-1] * 20,
        unit_cap=[0.9] * 20,
    )
    plan = matching.solve(pool, time_limit=0.5)
    matching.check(pool, plan)
    assert plan.seconds < 10
