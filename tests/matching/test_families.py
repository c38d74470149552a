"""Published families of assignment problems, against an independent formulation solved tier by tier.

Sources: P. C. Chu, J. E. Beasley, "A genetic algorithm for the generalised assignment problem", 1997 (types A to E); the
first DIMACS implementation challenge, 1991 (assignment graphs: geometric, low cost, high cost, fixed cost); D. Pisinger,
"Where are the hard knapsack problems?", 2005 (correlations of the temporal knapsacks).
"""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

import matching
from tests.matching.test_solve_exact import tier_by_tier

NEVER = np.inf


def pool_of(agent, seat, fit, *, capacity, seats, **changes):
    """One class, one period, no cap and each seat its own need, changed as asked."""
    arrays = {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": fit, "seat_need": np.arange(seats), "seat_start": np.zeros(seats),
        "seat_end": np.full(seats, 10), "seat_load": np.full(seats, 1.0), "seat_priority": np.zeros(seats),
        "agent_unit": np.zeros(len(capacity)), "agent_capacity": capacity, "unit_parent": [-1], "unit_cap": [NEVER]}
    return matching.Pool(**arrays | changes)


def generalised(kind, agents, jobs, seed):
    """Jobs that take a different share of each agent's time: weights in hundredths, capacities as published, one class."""
    rng = np.random.default_rng(seed)
    load = {"A": lambda: rng.integers(5, 26, (agents, jobs)), "C": lambda: rng.integers(5, 26, (agents, jobs)),
            "D": lambda: rng.integers(1, 101, (agents, jobs)),
            "E": lambda: np.clip(np.round(1 - 10 * np.log(rng.uniform(0.001, 1, (agents, jobs)))), 1, 100)}[kind]()
    cost = {"A": lambda: rng.integers(10, 51, load.shape), "C": lambda: rng.integers(10, 51, load.shape),
            "D": lambda: 111 - load + rng.integers(-10, 11, load.shape),
            "E": lambda: 1000 / load - 10 * rng.uniform(0, 1, load.shape)}[kind]()
    share = {"A": 0.6 * (jobs / agents) * 15 + 0.4 * load.sum(1).max() / agents, "C": 0.8 * load.sum(1) / agents,
             "D": 0.8 * load.sum(1) / agents, "E": 0.8 * load.sum(1) / agents}[kind]
    agent, job = np.divmod(np.arange(agents * jobs), jobs)
    fit = (cost.max() - cost) / np.ptp(cost)
    capacity = np.broadcast_to(np.floor(share), agents) / 100
    return pool_of(agent, job, np.round(fit.ravel(), 4), capacity=capacity, seats=jobs, pair_load=load.ravel() / 100)


def agrees(pool):
    plan = matching.solve(pool)
    matching.check(pool, plan)
    assert plan.status == "optimal"
    assert plan.values == pytest.approx(tier_by_tier(pool), abs=2e-6)
    return plan


@pytest.mark.parametrize("kind", "ACDE")
@pytest.mark.parametrize("seed", range(3))
def test_generalised_assignment(kind, seed):
    agrees(generalised(kind, 4, 14, seed))


@pytest.mark.parametrize("kind", ["geometric", "low cost", "high cost", "fixed cost", "two costs", "product"])
@pytest.mark.parametrize("seats", [60, 80])
def test_dense_assignments_of_the_challenge(kind, seats):
    """80 agents; scipy's own assignment is the judge."""
    rng, agents = np.random.default_rng(seats), 80
    one, other = rng.random((agents, 2)), rng.random((seats, 2))
    fit = {
        "geometric": lambda: 1 - np.linalg.norm(one[None] - other[:, None], axis=2) / np.sqrt(2),
        "low cost": lambda: rng.integers(0, 100, (seats, agents)) / 100,
        "high cost": lambda: rng.integers(0, 10**8, (seats, agents)) / 10**8,
        "fixed cost": lambda: np.floor(10 * other[:, :1] * one[None, :, 0]) / 10,
        "two costs": lambda: np.where(rng.random((seats, agents)) < 0.5, 0.01, 1.0),
        "product": lambda: (np.arange(seats)[:, None] * np.arange(agents)[None]) / (seats * agents)}[kind]()
    seat, agent = np.divmod(np.arange(seats * agents), agents)
    plan = matching.solve(pool_of(agent, seat, fit.ravel(), capacity=np.ones(agents), seats=seats))
    rows, columns = linear_sum_assignment(fit, maximize=True)
    assert plan.status == "optimal" and plan.filled == (seats,)
    assert plan.fit == pytest.approx(fit[rows, columns].sum(), abs=1e-6)


@pytest.mark.parametrize("kind", ["uncorrelated", "weakly", "strongly", "subset sum"])
@pytest.mark.parametrize("seed", range(2))
def test_temporal_knapsacks(kind, seed):
    """One agent, many missions that overlap: loads and fits correlated as in hard knapsacks."""
    rng, seats = np.random.default_rng(seed), 40
    load, start = rng.integers(5, 61, seats), rng.integers(0, 30, seats)
    fit = {"uncorrelated": lambda: rng.random(seats), "weakly": lambda: np.clip((load + rng.integers(-5, 6, seats)) / 70, 0, 1),
           "strongly": lambda: (load + 10) / 80, "subset sum": lambda: load / 70}[kind]().round(4)
    agrees(pool_of(np.zeros(seats), np.arange(seats), fit, capacity=[1.0], seats=seats, seat_load=load / 100, seat_start=start,
                   seat_end=start + rng.integers(1, 12, seats), seat_priority=rng.integers(0, 2, seats)))


def caps_only(cap, seats=12, agents=20, load=0.5):
    agent, seat = np.divmod(np.arange(agents * seats), seats)
    fit = np.random.default_rng(3).random(agent.size).round(3)
    return pool_of(agent, seat, fit, capacity=np.ones(agents), seats=seats, seat_load=np.full(seats, load), unit_cap=[cap])


@pytest.mark.parametrize(("cap", "filled"), [(0.0, 0), (0.5, 1), (3.0, 6), (3.4999, 6), (3.5, 7), (6.0, 12), (NEVER, 12)])
def test_caps_that_just_fit(cap, filled):
    assert agrees(caps_only(cap)).filled == (filled,)


@pytest.mark.parametrize(("load", "cap", "most"), [(0.1, 0.3, 3), (0.2, 0.6, 3), (1 / 3, 1.0, 3), (1 / 7, 1.0, 7), (0.7, 2.1, 3)])
def test_loads_that_just_fit(load, cap, most):
    """Sums like 0.1 + 0.1 + 0.1 are above 0.3 in floats."""
    assert agrees(caps_only(cap, load=load)).filled == (most,)


@pytest.mark.parametrize("fit", [0.0, 0.5, 1.0])
def test_all_ties(fit):
    pool = caps_only(3.0)
    plan = agrees(pool_of(pool.pair_agent, pool.pair_seat, np.full(pool.pairs, fit), capacity=np.ones(20), seats=12,
                          seat_load=np.full(12, 0.5), unit_cap=[3.0]))
    assert (plan.filled, plan.fit) == ((6,), 6 * fit)


def test_one_agent_and_one_seat():
    assert agrees(pool_of([0], [0], [0.25], capacity=[1.0], seats=1)).values == (1, 0.25)


@pytest.mark.parametrize("cap", [20.0, NEVER])
def test_ten_thousand_like_seats_of_one_need_for_one_skill(cap):
    """60 agents, 60 of the seats at most, and no more than the cap where there is one."""
    agents, seats = 60, 10_000
    agent, seat = np.divmod(np.arange(agents * seats), seats)
    fit = np.linspace(0, 1, agents)
    plan = matching.solve(pool_of(agent, seat, fit[agent], capacity=np.ones(agents), seats=seats, seat_need=np.zeros(seats),
                                  unit_cap=[cap]))
    most = min(agents, int(min(cap, agents)))
    assert plan.status == "optimal" and plan.filled == (most,)
    assert plan.fit == pytest.approx(np.sort(fit)[-most:].sum(), abs=1e-6)
