"""Pools that are bipartite matchings: found as such, solved as well as by others, the same from shuffled rows."""

import dataclasses
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

import matching
from matching import assignment_core, assignment_dense, auction, auction_steps, compiled
from matching.assignment import solve_assignment
from matching.assignment_core import best_assignment
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph
from matching.assignment_grid import Grid
from matching.assignment_listed import Listed

inf = float("inf")
needs_numba = pytest.mark.skipif(not compiled.numba_is_there(), reason="numba is an extra")


def pool_of(seat, agent, fit, priority, agents, **changes):
    seats = len(priority)
    arrays = {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": fit, "seat_need": np.arange(seats),
        "seat_start": [0] * seats, "seat_end": [30] * seats, "seat_load": [1.0] * seats, "seat_priority": priority,
        "agent_unit": [0] * agents, "agent_capacity": [1.0] * agents, "unit_parent": [-1], "unit_cap": [inf],
    }
    return matching.Pool(**arrays | changes)


def random_assignment(seed, most=9):
    """Return a pool with ties, missing class numbers, lone agents, more seats than agents or the reverse."""
    rng = np.random.default_rng(seed)
    seats, agents = rng.integers(1, most, 2)
    seat, agent = np.nonzero(rng.random((seats, agents)) < rng.choice([0.1, 0.3, 0.6, 1.0]))
    fit = rng.choice([rng.random(seat.size), rng.integers(0, 3, seat.size) / 10, np.ones(seat.size)])
    order = rng.permutation(seat.size)
    priority = rng.choice([0, 2, 3, 7], seats) if rng.random() < 0.7 else np.zeros(seats, int)
    return pool_of(seat[order], agent[order], fit[order], priority, agents)


def best_tiers(pool):
    """Solve with scipy: each seat has an agent or its own stand-in; weights tell the few classes apart."""
    low, seats = -1e9, pool.seats
    worth = np.full((seats, pool.agents + seats), low)
    worth[:, pool.agents :] = 0
    _, rank = np.unique(pool.seat_priority, return_inverse=True)
    weight = 100.0 * (rank.max() + 1 - rank)
    worth[pool.pair_seat, pool.pair_agent] = pool.pair_fit + weight[pool.pair_seat]
    seat, agent = linear_sum_assignment(worth, maximize=True)
    filled = seat[(agent < pool.agents) & (worth[seat, agent] > 0)]
    fit = worth[seat, agent].sum() - weight[filled].sum()
    return tuple(np.bincount(pool.seat_priority[filled], minlength=pool.classes).tolist()), fit


def proven(pool):
    plan = solve_assignment(pool)
    assert plan is not None
    matching.check(pool, plan)
    assert plan.status == "optimal"
    return plan


@pytest.mark.parametrize("first", range(0, 3000, 500))
def test_another_solver_reaches_the_same_tiers(first):
    for seed in range(first, first + 500):
        pool = random_assignment(seed)
        plan, (filled, fit) = proven(pool), best_tiers(pool)
        assert plan.filled == filled, seed
        assert plan.fit == pytest.approx(fit, abs=1e-6), seed


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_every_plan_of_small_pools_is_at_most_as_good(brute_force, first):
    for seed in range(first, first + 100):
        pool = random_assignment(seed, most=5)
        filled, fit = brute_force(pool)
        plan = proven(pool)
        assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6)), seed


@pytest.mark.parametrize("seed", range(40))
def test_larger_pools_reach_the_same_tiers(seed):
    pool = random_assignment(seed, most=60)
    plan, (filled, fit) = proven(pool), best_tiers(pool)
    assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6))


@pytest.mark.parametrize("seed", range(60))
def test_shuffled_rows_give_the_same_plan(seed):
    pool = random_assignment(seed, most=12 if seed % 2 else 50)
    order = np.random.default_rng(seed).permutation(pool.pairs)
    plan, shuffled = matching.solve(pool), matching.solve(pool.part(order))
    assert np.array_equal(np.sort(order[shuffled.pairs]), plan.pairs)
    assert (plan.filled, plan.fit) == (shuffled.filled, shuffled.fit)


@pytest.mark.parametrize("seed", range(25))
def test_the_general_search_agrees(seed, monkeypatch):
    pool = random_assignment(seed, most=12)
    plan = matching.solve(pool)
    monkeypatch.setattr(sys.modules["matching.solve"], "solve_assignment", lambda pool, **more: None)
    general = matching.solve(pool)
    assert (plan.filled, plan.status) == (general.filled, general.status)
    assert plan.fit == pytest.approx(general.fit, abs=1e-6)


@pytest.mark.parametrize("changes", [
    {"VECTORS": 0}, {"BIDS": 0}, {"STEPS": (8,)},
], ids=["all bid at once", "nobody bids", "large steps only"])
def test_each_way_of_bidding_leads_to_the_same_values(monkeypatch, changes):
    for module in (auction, auction_steps):
        for name in changes.keys() & vars(module):
            monkeypatch.setattr(module, name, changes[name])
    monkeypatch.setattr(assignment_core, "pays", lambda work: True)
    monkeypatch.setattr(assignment_core, "EFFORT", -1)
    for seed in range(400):
        pool = random_assignment(seed)
        plan, (filled, fit) = proven(pool), best_tiers(pool)
        assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6)), seed


@pytest.mark.parametrize("turns", [0, 1, 9])
def test_leaving_pairs_out_at_first_changes_no_value(monkeypatch, turns):
    monkeypatch.setattr(assignment_dense, "ROUNDS", turns)
    monkeypatch.setattr("matching.assignment.is_dense", lambda pairs, seats, agents: True)
    monkeypatch.setattr(assignment_dense, "NEAR", 2)
    monkeypatch.setattr(assignment_dense, "FAR", 1)
    monkeypatch.setattr(assignment_dense, "MORE", 1)
    for seed in range(300):
        pool = random_assignment(seed, most=15)
        plan, (filled, fit) = proven(pool), best_tiers(pool)
        assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6)), seed


@pytest.mark.parametrize("seats, agents", [(60, 2100), (2100, 60)])
def test_a_large_dense_pool_is_solved_on_part_of_its_pairs(seats, agents):
    rng = np.random.default_rng(1)
    seat, agent = np.divmod(np.arange(seats * agents), agents)
    fit = 0.5 * rng.random(agents)[agent] + 0.5 * rng.random(seat.size)
    pool = pool_of(seat, agent, fit, rng.integers(0, 3, seats), agents)
    assert assignment_dense.is_dense(pool.pairs, seats, agents)
    plan, (filled, fit) = proven(pool), best_tiers(pool)
    assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6))


@pytest.mark.parametrize("compiling", [False, pytest.param(True, marks=needs_numba)], ids=["plain", "compiled"])
@pytest.mark.parametrize("holes", [0.0, 0.3])
def test_a_dense_pool_with_ties_has_the_same_plan_in_any_order(monkeypatch, compiling, holes):
    monkeypatch.setattr(compiled, "numba_is_there", lambda: compiling)
    rng = np.random.default_rng(2)
    seats, agents = 80, 2100
    seat, agent = np.divmod(np.arange(seats * agents), agents)
    fit = (0.5 * rng.random(agents)[agent] + 0.5 * rng.random(seat.size)).round(1)
    there = rng.random(seat.size) >= holes
    seat, agent, fit, priority = seat[there], agent[there], fit[there], rng.integers(0, 3, seats)
    plans = set()
    for order in (np.arange(seat.size), np.lexsort((seat, agent)), rng.permutation(seat.size)):
        pool = pool_of(seat[order], agent[order], fit[order], priority, agents)
        assert assignment_dense.is_dense(pool.pairs, seats, agents)
        rows = proven(pool).pairs
        plans.add(tuple(sorted(zip(pool.pair_agent[rows].tolist(), pool.pair_seat[rows].tolist(), strict=True))))
    assert len(plans) == 1


@pytest.mark.parametrize("seed", range(40))
def test_the_best_pairs_of_a_matrix_are_those_of_a_list(monkeypatch, seed):
    monkeypatch.setattr(compiled, "numba_is_there", lambda: False)
    rng = np.random.default_rng(seed)
    seats, agents, count = rng.integers(1, 90), rng.integers(1, 90), int(rng.integers(1, 12))
    there = rng.random((seats, agents)) < rng.choice([0.3, 1.0])
    there[0] = True
    seat, agent = np.nonzero(there)
    order = rng.choice([np.arange(seat.size), np.lexsort((seat, agent)), rng.permutation(seat.size)])
    seat, agent, fit = seat[order], agent[order], rng.integers(0, rng.choice([3, 1 << 20]), seat.size) / (1 << 20)
    grid, listed = Grid.of(seat, agent, fit, seats, agents), Listed(seat, agent, fit, seats, agents)
    for add, floor in ((rng.integers(0, 9, agents) / 8, None), (np.zeros(agents), rng.choice(fit, seats))):
        assert grid.top_of_seats(add, floor, count).tolist() == listed.top_of_seats(add, floor, count).tolist()
    assert grid.top_of_agents(np.zeros(seats), None, count).tolist() == (
        listed.top_of_agents(np.zeros(seats), None, count).tolist()
    )
    for mine, theirs in zip(grid.total_of_seats(), listed.total_of_seats(), strict=True):
        assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("seed", range(30))
def test_duals_prove_every_tier(seed):
    pool = random_assignment(seed, most=30)
    rank = np.unique(pool.seat_priority, return_inverse=True)[1]
    weight, scale = rank.max() + 1 - rank, Scale.of(pool.pair_fit, pool.seats)
    value = scale.whole(pool.pair_fit)
    best = best_assignment(Graph.of(pool.pair_seat, pool.pair_agent, value, pool.seats, pool.agents), weight, scale)
    mine, theirs = best.seat_level[pool.pair_seat], best.agent_level[pool.pair_agent]
    slack = best.seat_dual[pool.pair_seat] + best.agent_dual[pool.pair_agent] - value
    assert (theirs >= mine).all() and (slack[mine == theirs] >= 0).all()
    assert (best.seat_dual[best.seat_level == weight] >= 0).all() and (best.agent_dual[best.agent_level == 0] >= 0).all()
    chosen = best.partner[pool.pair_seat] == pool.pair_agent
    assert best.seat_dual.sum() + best.agent_dual.sum() == value[chosen].sum()


def test_ten_thousand_like_seats_for_one_skill():
    seats, agents = 10_000, 40
    seat, agent = np.divmod(np.arange(seats * agents), agents)
    pool = pool_of(seat, agent, np.ones(seat.size), np.arange(seats) % 3, agents, seat_need=np.zeros(seats))
    plan = proven(pool)
    assert (plan.filled, plan.fit) == ((40, 0, 0), 40.0)


def test_many_classes_with_missing_numbers():
    pool = pool_of(np.arange(50), np.zeros(50), np.linspace(0, 1, 50), 1000 - 7 * np.arange(50), 1)
    plan = proven(pool)
    assert plan.pairs.tolist() == [49] and sum(plan.filled) == 1


TWO = {"seat": [0, 1], "agent": [0, 0], "fit": [0.4, 0.9], "priority": [0, 0], "agents": 1}


@pytest.mark.parametrize("changes", [
    {"seat_load": [0.5, 0.5]}, {"seat_start": [0, 30], "seat_end": [30, 60]},
    {"agent_capacity": [inf]}, {"agent_capacity": [2.0]},
], ids=["both fit", "one after the other", "no capacity", "room for two"])
def test_other_pools_are_left_to_the_general_search(changes):
    pool = pool_of(*TWO.values(), **changes)
    assert solve_assignment(pool) is None
    matching.check(pool, matching.solve(pool))


def test_a_cap_on_two_agents_is_left_to_the_general_search():
    pool = pool_of([0, 1], [0, 1], [0.4, 0.9], [0, 0], 2, unit_cap=[1.5])
    assert solve_assignment(pool) is None
    assert matching.solve(pool).fit == 0.9


@pytest.mark.parametrize("changes, pairs", [
    ({}, [1]), ({"unit_cap": [1.0]}, [1]), ({"seat_load": [0.6, 0.6], "agent_capacity": [0.6]}, [1]),
    ({"agent_capacity": [0.4]}, []), ({"pair_load": [1.0, 0.1]}, [1]), ({"seat_end": [5, 9]}, [1]),
    ({"seat_start": [0, 30], "seat_end": [30, 60], "seat_need": [4, 4]}, [1]),
    ({"pair_load": [0.5, 1.0], "agent_capacity": [0.5]}, [0]),
    ({"busy_agent": [0], "busy_start": [3], "busy_end": [4], "busy_load": [0.5]}, []),
    ({"busy_agent": [0], "busy_start": [30], "busy_end": [40], "busy_load": [0.5]}, [1]),
])
def test_pools_where_one_seat_excludes_the_other_are_recognised(changes, pairs):
    assert proven(pool_of(*TWO.values(), **changes)).pairs.tolist() == pairs


def test_three_missions_in_a_chain_are_compared_one_by_one():
    chain = {"seat_start": [0, 0, 10], "seat_end": [5, 15, 15]}
    pool = pool_of([0, 1, 2], [0, 0, 0], [0.5, 0.9, 0.5], [0, 0, 0], 1, **chain)
    assert solve_assignment(pool) is None
    assert matching.solve(pool).filled == (2,)
    same = pool_of([0, 1, 2], [0, 0, 0], [0.5, 0.9, 0.5], [0, 0, 0], 1, **chain, seat_need=[7, 8, 7])
    assert proven(same).filled == (1,)


@pytest.mark.parametrize("first", range(0, 1200, 300))
def test_what_is_recognised_is_what_the_rules_say(random_pool, brute_force, first):
    """Any pool: where it is taken for an assignment, its plan is the best of all plans of the full rules."""
    taken = 0
    for seed in range(first, first + 300):
        pool = random_pool(np.random.default_rng(seed), whole=seed % 2 == 0, pairs=6)
        if seed % 3:
            pool = dataclasses.replace(pool, unit_cap=np.full(pool.units, inf if seed % 3 == 1 else 3.0))
        plan = solve_assignment(pool)
        if plan is not None:
            taken += 1
            matching.check(pool, plan)
            filled, fit = brute_force(pool)
            assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6)), seed
    assert taken > 20


def test_fits_of_few_decimals_stay_ties():
    assert Scale.of(np.array([0.1, 0.7, 1.0]), 10).unit > 1
    assert Scale.of(np.array([0.1, 1 / 3]), 10).unit == 1


@needs_numba
def test_compiled_kernels_reach_the_same_values(monkeypatch):
    monkeypatch.setattr(compiled, "SMALL", 0)
    for seed in range(500):
        pool = random_assignment(seed, most=20)
        plan, (filled, fit) = proven(pool), best_tiers(pool)
        assert (plan.filled, plan.fit) == (filled, pytest.approx(fit, abs=1e-6)), seed


def test_a_duplicate_of_an_agent_and_a_seat_without_pairs_never_hurt():
    for seed in range(100):
        pool = random_assignment(seed)
        copies = np.flatnonzero(pool.pair_agent == 0)
        twin = dataclasses.replace(
            pool, pair_agent=np.append(pool.pair_agent, np.full(copies.size, pool.agents)),
            pair_seat=np.append(pool.pair_seat, pool.pair_seat[copies]),
            pair_fit=np.append(pool.pair_fit, pool.pair_fit[copies]), pair_load=None,
            agent_unit=np.append(pool.agent_unit, 0), agent_capacity=np.append(pool.agent_capacity, 1.0),
        )
        assert proven(twin).values >= (*proven(pool).filled, proven(pool).fit - 1e-6)


def test_rows_of_a_plan_ascend():
    rows = proven(random_assignment(5, most=40)).pairs.tolist()
    assert all(left < right for left, right in pairwise(rows))
