"""What fairness changes in a run and costs in the other terms; over a simulated year, the same people are not always taken."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import matching

WEIGHTS = {"level": 1.0, "desired": 3.0, "neighbour": 2.0, "margin": 1.0, "distance": 2.0, "freshness": 1.0, "fairness": 2.0}
AGENTS, SEATS, MONTHS, LOAD, DAYS = 48, 6, 12, 0.5, 28
TOWNS = 44.0 + 0.1 * np.arange(6)  # some 11 km from each to the next


def month(days_lent, at):
    """A month's market: everybody has the skill, at level 2 to 4, in six towns; six seats, one need each."""
    agent, seat, rng = np.arange(AGENTS), np.arange(SEATS), np.random.default_rng(5)
    start = at * 30
    return matching.Market(
        agent_unit=agent // 8, agent_max_load=np.full(AGENTS, LOAD), agent_working_time=np.ones(AGENTS),
        agent_lat=TOWNS[agent % 6], agent_lon=np.zeros(AGENTS), agent_max_km=np.full(AGENTS, np.inf),
        agent_remote=np.zeros(AGENTS, bool), agent_offer_age=rng.integers(0, 90, AGENTS), agent_days_lent=days_lent,
        skill_agent=agent, skill_id=np.full(AGENTS, 7), skill_level=rng.integers(2, 5, AGENTS),
        window_agent=agent, window_start=np.full(AGENTS, -60), window_end=np.full(AGENTS, 600),
        seat_need=seat, seat_unit=np.full(SEATS, -1), seat_requester=np.full(SEATS, -1),
        seat_start=np.full(SEATS, start), seat_end=np.full(SEATS, start + DAYS), seat_load=np.full(SEATS, LOAD),
        seat_priority=seat % 2, seat_lat=TOWNS[(seat + at) % 6], seat_lon=np.zeros(SEATS), seat_remote=np.zeros(SEATS, bool),
        demand_seat=seat, demand_skill=np.full(SEATS, 7), demand_level=np.full(SEATS, 2),
        demand_required=np.ones(SEATS, bool), demand_neighbours=np.zeros(SEATS, bool),
        unit_parent=np.full(6, -1), unit_cap=np.full(6, 2.0))


def year(weights):
    """Twelve months, one run each; what was lent is known to the next. Days lent per agent, and how often each was taken."""
    lent, taken = np.zeros(AGENTS), Counter()
    for at in range(MONTHS):
        found = matching.candidates(month(lent, at), weights)
        plan = matching.solve(found.pool)
        assert plan.status == "optimal" and sum(plan.filled) == SEATS
        people = found.pool.pair_agent[plan.pairs]
        lent[people] += DAYS * 5 / 7 * LOAD
        taken.update(people.tolist())
    return lent, taken


def test_over_a_year_the_same_people_are_not_always_taken():
    """Everybody can do the work; without the term, the same six do all of it."""
    lent, taken = year(WEIGHTS)
    alone, same = year(WEIGHTS | {"fairness": 0.0})
    assert len(same) == SEATS and set(same.values()) == {MONTHS}
    assert len(taken) >= 4 * len(same) and max(taken.values()) <= MONTHS / 2
    assert lent.max() <= alone.max() / 2


def random_found(rng):
    """Six agents of two teams, four seats, levels, past loans and caps drawn."""
    agents, seats = 6, 4
    base = month(np.zeros(AGENTS), 0)
    kept = {name: getattr(base, name)[:agents] for name in vars(base) if name.startswith(("agent_", "skill_", "window_"))}
    asked = {name: getattr(base, name)[:seats] for name in vars(base) if name.startswith(("seat_", "demand_"))}
    drawn = {"agent_unit": np.arange(agents) // 3, "agent_days_lent": rng.integers(0, 120, agents),
             "skill_level": rng.integers(1, 5, agents), "seat_priority": rng.integers(0, 2, seats),
             "demand_level": rng.integers(1, 4, seats), "unit_cap": rng.choice([0.5, 1.0, np.inf], 6)}
    weights = {name: float(rng.integers(0, 4)) for name in ("level", "distance", "freshness")}
    return matching.candidates(replace(base, **kept | asked | drawn), weights | {"fairness": float(rng.integers(1, 4))})


@pytest.mark.parametrize("seed", range(100))
def test_what_fairness_gains_and_costs_adds_up_to_the_two_plans(seed, brute_force):
    found = random_found(np.random.default_rng(seed))
    plan = matching.solve(found.pool)
    told = matching.fairness(found, plan)
    share = found.weights[-1] / found.weights.sum()
    others = found.pool.pair_fit - share * found.terms[:, -1]
    without = np.setdiff1d(np.append(plan.pairs, told.rows_out), told.rows_in).astype(int)
    blind = replace(found.pool, pair_fit=np.maximum(0.0, others))
    counts = np.bincount(found.pool.seat_priority[found.pool.pair_seat[without]], minlength=found.pool.classes)
    best, fit = brute_force(blind)
    assert tuple(counts.tolist()) == best and others[without].sum() == pytest.approx(fit, abs=1e-6)
    assert told.status == "optimal" and told.same_filled and told.gain >= -1e-9 and told.cost >= -1e-9
    assert told.cost == pytest.approx(others[without].sum() - others[plan.pairs].sum(), abs=1e-6)
    assert told.gain == pytest.approx(found.terms[plan.pairs, -1].sum() - found.terms[without, -1].sum(), abs=1e-6)
    assert share * told.gain - told.cost >= -1e-6  # the plan is the better one where fairness counts


def test_a_plan_nobody_could_make_fairer_is_left_as_it_is():
    found = matching.candidates(month(np.zeros(AGENTS), 0), WEIGHTS)
    told = matching.fairness(found, matching.solve(found.pool))
    assert (told.rows_in, told.rows_out, told.seats, told.gain, told.cost) == ((), (), 0, 0.0, 0.0)


def test_fairness_alone_leaves_nothing_to_compare_with():
    found = matching.candidates(month(np.arange(AGENTS, dtype=float), 0), {"fairness": 1.0})
    told = matching.fairness(found, matching.solve(found.pool))
    assert told.cost == 0.0 and told.gain >= 0.0
