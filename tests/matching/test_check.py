"""The check finds every way in which a plan can be false."""

import dataclasses

import numpy as np
import pytest

import matching

LIES = {
    "a row outside the pool": ("pairs", {"pairs": np.array([2])}),
    "a row twice": ("pairs", {"pairs": np.array([1, 1])}),
    "rows not sorted": ("pairs", {"pairs": np.array([1, 0])}),
    "too much for the agent": ("capacity", {"pairs": np.array([0, 1])}),
    "one seat more than filled": ("filled", {"filled": (2,)}),
    "one class more than there are": ("filled", {"filled": (1, 0)}),
    "a better fit than the pairs'": ("fit", {"fit": 0.95}),
    "a fit that is not a number": ("fit", {"fit": float("nan")}),
    "a bound below the value": ("bound", {"bound": (0, 0.9)}),
    "one bound missing": ("bound", {"bound": (1,)}),
    "optimal below its bound": ("status", {"bound": (2, 0.9)}),
    "feasible at its bound": ("status", {"status": "feasible"}),
}


@pytest.mark.parametrize(("rule", "changes"), LIES.values(), ids=LIES)
def test_the_check_names_the_broken_rule(one_agent, rule, changes):
    pool = one_agent(seat_load=[0.6, 0.6])
    plan = matching.solve(pool)
    with pytest.raises(matching.Infeasible) as broken:
        matching.check(pool, dataclasses.replace(plan, **changes))
    assert broken.value.rule == rule


def choose(pool, rows):
    counts = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes)
    filled, fit = tuple(counts.tolist()), float(pool.pair_fit[rows].sum())
    return matching.Plan(
        pairs=np.array(rows), filled=filled, fit=fit, bound=(*filled, fit), status="optimal", seconds=0.0,
        trace=(),
    )


def test_two_agents_on_one_seat_are_refused(one_agent):
    pool = one_agent(pair_agent=[0, 1], pair_seat=[0, 0], agent_unit=[0, 0], agent_capacity=[1.0, 1.0])
    with pytest.raises(matching.Infeasible, match="seat: seat 0 has 2 agents"):
        matching.check(pool, choose(pool, [0, 1]))


def test_one_agent_on_two_seats_of_a_need_is_refused(one_agent):
    pool = one_agent(seat_need=[4, 4])
    with pytest.raises(matching.Infeasible, match="need: agent 0 has 2 seats of need 4"):
        matching.check(pool, choose(pool, [0, 1]))


def test_a_cap_broken_with_a_commitment_is_refused_with_its_day(one_agent):
    busy = {"busy_agent": [0], "busy_start": [3], "busy_end": [9], "busy_load": [0.1]}
    pool = one_agent(seat_load=[0.4, 0.4], unit_cap=[0.8], **busy)
    with pytest.raises(matching.Infeasible, match="cap: unit 0 on day 3"):
        matching.check(pool, choose(pool, [0, 1]))


def test_the_tolerance_is_the_solvers(one_agent):
    pool = one_agent(seat_load=[0.1, 0.2], agent_capacity=[0.3])
    matching.check(pool, choose(pool, [0, 1]))
