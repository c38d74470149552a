"""What holds for any pool: rules obeyed, bounds true, the order of rows without effect."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matching

seeds = st.integers(0, 10**6)
quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="session")
def pools(random_pool):
    return lambda seed: random_pool(np.random.default_rng(seed), whole=seed % 3 > 0, pairs=14)


@quick
@given(seed=seeds)
def test_nobody_is_over_capacity_and_no_cap_is_broken(pools, seed):
    pool = pools(seed)
    matching.check(pool, matching.solve(pool))


@quick
@given(seed=seeds)
def test_the_order_of_rows_is_irrelevant(pools, seed):
    pool = pools(seed)
    order = np.random.default_rng(seed).permutation(pool.pairs)
    plan, shuffled = matching.solve(pool), matching.solve(pool.part(order))
    assert np.array_equal(np.sort(order[shuffled.pairs]), plan.pairs)
    assert (plan.filled, plan.fit, plan.bound) == (shuffled.filled, shuffled.fit, shuffled.bound)


@quick
@given(seed=seeds)
def test_the_same_pool_gives_the_same_plan_twice(pools, seed):
    pool = pools(seed)
    assert np.array_equal(matching.solve(pool).pairs, matching.solve(pool).pairs)


@quick
@given(seed=seeds)
def test_one_pair_less_never_helps(pools, seed):
    pool = pools(seed)
    less = matching.solve(pool.part(np.arange(pool.pairs - 1)))
    plan = matching.solve(pool)
    assert (*less.filled, less.fit - 1e-6) <= plan.values


@quick
@given(seed=seeds)
def test_wider_limits_never_hurt(pools, seed):
    pool = pools(seed)
    wider = dataclasses.replace(pool, unit_cap=pool.unit_cap + 0.5, agent_capacity=pool.agent_capacity + 0.2)
    plan = matching.solve(pool)
    assert (*plan.filled, plan.fit - 1e-6) <= matching.solve(wider).values


@quick
@given(seed=seeds)
def test_a_hurried_plan_obeys_and_its_bounds_hold(pools, seed):
    pool = pools(seed)
    hurried, plan = matching.solve(pool, time_limit=0.0), matching.solve(pool)
    matching.check(pool, hurried)
    for tier, bound in enumerate(hurried.bound):
        if any(best < have for best, have in zip(plan.values[:tier], hurried.values[:tier], strict=True)):
            break
        assert plan.values[tier] <= bound + 1e-6


@quick
@given(seed=seeds)
def test_a_commitment_more_never_helps(pools, seed):
    pool = pools(seed)
    plan = matching.solve(pool)
    busier = matching.solve(pool.committed(np.array([pool.pairs - 1])))
    assert (*busier.filled, busier.fit - 1e-6) <= plan.values
