"""The same problem told otherwise has the same values; a wider one is never worse."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matching
from tests.matching.test_solve_exact import larger_pool

seeds = st.integers(0, 10_000)
quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def pools():
    """Pools of 25 agents and 14 seats with caps and commitments, solved once each."""
    known = {}

    def of(seed):
        pool = larger_pool(seed % 40)
        return known.setdefault(seed % 40, (pool, matching.solve(pool)))

    return of


def same(plan, other):
    assert plan.status == other.status == "optimal"
    assert plan.filled == other.filled and plan.fit == pytest.approx(other.fit, abs=2e-6)


def at_least(plan, other):
    """Tier by tier, `plan` is no worse."""
    assert (*plan.filled, plan.fit + 2e-6) >= (*other.filled, other.fit)


@quick
@given(seed=seeds)
def test_names_and_dates_do_not_matter(pools, seed):
    """Agents, seats, units and needs renumbered, all days a thousand later."""
    pool, plan = pools(seed)
    rng = np.random.default_rng(seed)
    agent, seat, unit = (rng.permutation(size) for size in (pool.agents, pool.seats, pool.units))
    names = rng.permutation(100)
    back_agent, back_seat, back_unit = (np.argsort(order) for order in (agent, seat, unit))
    parent = pool.unit_parent[back_unit]
    told = matching.Pool(
        pair_agent=agent[pool.pair_agent], pair_seat=seat[pool.pair_seat], pair_fit=pool.pair_fit, pair_load=pool.pair_load,
        seat_need=names[pool.seat_need[back_seat]], seat_start=pool.seat_start[back_seat] + 1000,
        seat_end=pool.seat_end[back_seat] + 1000, seat_load=pool.seat_load[back_seat],
        seat_priority=pool.seat_priority[back_seat], agent_unit=unit[pool.agent_unit[back_agent]],
        agent_capacity=pool.agent_capacity[back_agent], unit_parent=np.where(parent < 0, -1, unit[parent]),
        unit_cap=pool.unit_cap[back_unit], busy_agent=agent[pool.busy_agent], busy_start=pool.busy_start + 1000,
        busy_end=pool.busy_end + 1000, busy_load=pool.busy_load)
    same(matching.solve(told), plan)


@quick
@given(seed=seeds)
def test_half_of_every_load_capacity_and_cap_is_the_same_problem(pools, seed):
    pool, plan = pools(seed)
    same(matching.solve(dataclasses.replace(
        pool, seat_load=pool.seat_load / 2, pair_load=pool.pair_load / 2, agent_capacity=pool.agent_capacity / 2,
        unit_cap=pool.unit_cap / 2, busy_load=pool.busy_load / 2)), plan)


@quick
@given(seed=seeds)
def test_each_day_twice_is_the_same_problem(pools, seed):
    pool, plan = pools(seed)
    same(matching.solve(dataclasses.replace(
        pool, seat_start=2 * pool.seat_start, seat_end=2 * pool.seat_end, busy_start=2 * pool.busy_start,
        busy_end=2 * pool.busy_end)), plan)


@quick
@given(seed=seeds)
def test_half_of_every_fit_is_the_same_plan_for_half_the_fit(pools, seed):
    pool, plan = pools(seed)
    told = matching.solve(dataclasses.replace(pool, pair_fit=pool.pair_fit / 2))
    assert told.filled == plan.filled and 2 * told.fit == pytest.approx(plan.fit, abs=4e-6)


@quick
@given(seed=seeds)
def test_a_useless_seat_and_agent_change_nothing(pools, seed):
    """A seat nobody can take, a colleague with no pair, a pair that exceeds its agent."""
    pool, plan = pools(seed)
    more = {name: np.append(getattr(pool, name), getattr(pool, name)[0])
            for name in ("seat_need", "seat_start", "seat_end", "seat_load", "seat_priority", "agent_unit")}
    told = dataclasses.replace(
        pool, **more, agent_capacity=np.append(pool.agent_capacity, 0.1), pair_agent=np.append(pool.pair_agent, pool.agents),
        pair_seat=np.append(pool.pair_seat, pool.seats), pair_fit=np.append(pool.pair_fit, 1.0),
        pair_load=np.append(pool.pair_load, 0.2))
    same(matching.solve(told), plan)


@quick
@given(seed=seeds)
def test_an_agent_twice_is_never_worse(pools, seed):
    """The double works in a unit of their own, without a cap."""
    pool, plan = pools(seed)
    agent = int(np.random.default_rng(seed).integers(pool.agents))
    rows = np.flatnonzero(pool.pair_agent == agent)
    told = dataclasses.replace(
        pool, agent_unit=np.append(pool.agent_unit, pool.units), unit_parent=np.append(pool.unit_parent, -1),
        unit_cap=np.append(pool.unit_cap, np.inf), agent_capacity=np.append(pool.agent_capacity, pool.agent_capacity[agent]),
        pair_agent=np.append(pool.pair_agent, np.full(rows.size, pool.agents)),
        pair_seat=np.append(pool.pair_seat, pool.pair_seat[rows]), pair_fit=np.append(pool.pair_fit, pool.pair_fit[rows]),
        pair_load=np.append(pool.pair_load, pool.pair_load[rows]))
    twice = matching.solve(told)
    matching.check(told, twice)
    at_least(twice, plan)


@quick
@given(seed=seeds)
def test_two_pools_apart_are_the_sum_of_both(pools, seed):
    (one, plan), (other, more) = pools(seed), pools(seed + 7)
    seats = {name: np.append(getattr(one, name), getattr(other, name) + shift) for name, shift in (
        ("seat_need", 1000), ("seat_start", 0), ("seat_end", 0), ("seat_load", 0), ("seat_priority", 0))}
    parent = np.where(other.unit_parent < 0, -1, other.unit_parent + one.units)
    both = matching.Pool(
        **seats, pair_agent=np.append(one.pair_agent, other.pair_agent + one.agents),
        pair_seat=np.append(one.pair_seat, other.pair_seat + one.seats), pair_fit=np.append(one.pair_fit, other.pair_fit),
        pair_load=np.append(one.pair_load, other.pair_load), agent_unit=np.append(one.agent_unit, other.agent_unit + one.units),
        agent_capacity=np.append(one.agent_capacity, other.agent_capacity), unit_parent=np.append(one.unit_parent, parent),
        unit_cap=np.append(one.unit_cap, other.unit_cap), busy_agent=np.append(one.busy_agent, other.busy_agent + one.agents),
        busy_start=np.append(one.busy_start, other.busy_start), busy_end=np.append(one.busy_end, other.busy_end),
        busy_load=np.append(one.busy_load, other.busy_load))
    told = matching.solve(both)
    classes = max(len(plan.filled), len(more.filled))
    padded = [np.pad(values, (0, classes - len(values))) for values in (plan.filled, more.filled)]
    assert told.status == "optimal" and told.filled == tuple(sum(padded).tolist())
    assert told.fit == pytest.approx(plan.fit + more.fit, abs=4e-6)
