"""The check finds every way in which a plan can be false, and names the rule and the row."""

import dataclasses
import re

import numpy as np
import pytest

import matching
from matching.check import Uses, first_over

nan, inf = float("nan"), float("inf")
EXACT = 0.25 - 1e-6
"""A limit to which adding 1e-6 gives 0.25 to the last bit: the very edge of the tolerance."""

LIES = {
    "a row outside the pool": ("pairs: row 2 is outside the pool of 2 pairs", {"pairs": np.array([2])}),
    "a row below 0": ("pairs: row -1 is outside the pool of 2 pairs", {"pairs": np.array([-1])}),
    "a row twice": ("pairs: row 1 comes after row 1", {"pairs": np.array([1, 1])}),
    "rows not sorted": ("pairs: row 0 comes after row 1", {"pairs": np.array([1, 0])}),
    "half a row": ("pairs: rows must be a list of whole numbers", {"pairs": np.array([0.5])}),
    "a row that is true": ("pairs: rows must be a list of whole numbers", {"pairs": np.array([True])}),
    "a table of rows": ("pairs: rows must be a list of whole numbers", {"pairs": np.array([[1]])}),
    "too much for the agent": ("capacity: agent 0 on day 0: 1.2 > 1, row 1", {"pairs": np.array([0, 1])}),
    "one seat more than filled": (r"filled: \(2,\) is not what the pairs fill, \(1,\)", {"filled": (2,)}),
    "one class more than there are": ("filled: ", {"filled": (1, 0)}),
    "a better fit than the pairs'": ("fit: 0.95 is not 0.9", {"fit": 0.95}),
    "a lower fit than the pairs'": ("fit: 0.85 is not 0.9", {"fit": 0.85}),
    "a fit that is not a number": ("fit: nan is not 0.9", {"fit": nan}),
    "a bound below the class": ("bound: tier 0: 1 is above its bound 0", {"bound": (0, 0.9)}),
    "a bound below the fit": ("bound: tier 1: 0.9 is above its bound 0.8", {"bound": (1, 0.8)}),
    "a bound that is not a number": ("bound: tier 1: 0.9 is above its bound nan", {"bound": (1, nan)}),
    "one bound missing": ("bound: 1 bounds for 2 tiers", {"bound": (1,)}),
    "one bound too many": ("bound: 3 bounds for 2 tiers", {"bound": (1, 0.9, 0.9)}),
    "optimal below its bound": ("status: optimal does not follow from the bounds", {"bound": (2, 0.9)}),
    "optimal below the fit's bound": ("status: optimal does not follow", {"bound": (1, 0.91)}),
    "feasible at its bound": ("status: feasible does not follow from the bounds", {"status": "feasible"}),
}


@pytest.mark.parametrize(("message", "changes"), LIES.values(), ids=LIES)
def test_the_check_names_the_broken_rule_and_the_row(one_agent, message, changes):
    pool = one_agent(seat_load=[0.6, 0.6])
    refused(pool, dataclasses.replace(choose(pool, [1]), **changes), message)


def refused(pool, plan, message):
    with pytest.raises(matching.Infeasible) as broken:
        matching.check(pool, plan)
    assert re.match(message, str(broken.value))


def choose(pool, rows):
    rows = np.array(rows, np.int64)
    counts = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes)
    filled, fit = tuple(counts.tolist()), float(pool.pair_fit[rows].sum())
    return matching.Plan(
        pairs=rows, filled=filled, fit=fit, bound=(*filled, fit), status="optimal", seconds=0.0, trace=(),
    )


@pytest.mark.parametrize("pairs", [[], [1], np.array([1], np.uint8)])
def test_rows_may_be_any_list_of_whole_numbers(one_agent, pairs):
    pool = one_agent(seat_load=[0.6, 0.6])
    matching.check(pool, dataclasses.replace(choose(pool, list(pairs)), pairs=pairs))


def test_a_pool_without_seats_has_its_empty_plan(one_agent):
    seats = ("pair_agent", "pair_seat", "pair_fit", "seat_need", "seat_start", "seat_end", "seat_load", "seat_priority")
    pool = one_agent(**dict.fromkeys(seats, []))
    matching.check(pool, choose(pool, []))


def crew(**changes):
    """Return three agents of one team under one pole, who may each take each of three half posts of class 0, 1 and 2."""
    agent, seat = np.divmod(np.arange(9), 3)
    arrays = {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": np.full(9, 0.5), "seat_need": [3, 4, 5], "seat_start": [0, 0, 0],
        "seat_end": [5, 5, 5], "seat_load": [0.5, 0.5, 0.5], "seat_priority": [0, 1, 2], "agent_unit": [1, 1, 1],
        "agent_capacity": [1.0, 1.0, 1.0], "unit_parent": [-1, 0], "unit_cap": [inf, inf],
    }
    return matching.Pool(**arrays | changes)


def test_two_agents_on_one_seat_are_refused():
    refused(crew(), choose(crew(), [1, 4]), "seat: seat 1 has 2 agents, row 4")
    refused(crew(), choose(crew(), [1, 4, 6, 7]), "seat: seat 1 has 3 agents, row 4")


def test_the_first_row_that_repeats_is_named():
    refused(crew(), choose(crew(), [1, 2, 4, 8]), "seat: seat 1 has 2 agents, row 4")
    refused(crew(), choose(crew(), [1, 2, 5, 7]), "seat: seat 2 has 2 agents, row 5")


def test_one_agent_on_two_seats_of_a_need_is_refused():
    pool = crew(seat_need=[4, 3, 4])
    refused(pool, choose(pool, [3, 5]), "need: agent 1 has 2 seats of need 4, row 5")
    matching.check(pool, choose(pool, [3, 4, 8]))
    everything = crew(seat_need=[4, 4, 4], seat_load=[0.3, 0.3, 0.3])
    refused(everything, choose(everything, [0, 1, 2]), "need: agent 0 has 3 seats of need 4, row 1")


def test_only_the_seats_of_that_agent_and_need_are_counted():
    pool = crew(seat_need=[4, 3, 4])
    refused(pool, choose(pool, [3, 4, 5]), "need: agent 1 has 2 seats of need 4, row 5")


def test_the_row_out_of_order_is_named_after_the_one_before_it():
    plan = dataclasses.replace(choose(crew(), [0]), pairs=np.array([0, 2, 1]))
    refused(crew(), plan, "pairs: row 1 comes after row 2")


def test_a_mission_that_ends_on_the_day_is_not_named():
    pool = crew(seat_start=[2, 3, 0], seat_end=[9, 8, 3], seat_load=[0.5, 0.5, 0.1], agent_capacity=[0.6] * 3)
    refused(pool, choose(pool, [3, 4, 5]), "capacity: agent 1 on day 3: 1 > 0.6, row 4")


def test_an_agent_may_take_seats_of_two_needs_whose_loads_just_fit():
    matching.check(crew(), choose(crew(), [3, 4]))


@pytest.mark.parametrize("later", [5, 6])
def test_missions_that_follow_each_other_do_not_add_up(later):
    pool = crew(seat_load=[1.0, 1.0, 1.0], seat_start=[0, later, 9], seat_end=[5, 9, 12])
    matching.check(pool, choose(pool, [0, 1, 2]))


def test_missions_that_share_their_last_day_do():
    pool = crew(seat_load=[1.0, 1.0, 1.0], seat_start=[0, 4, 9], seat_end=[5, 9, 12])
    refused(pool, choose(pool, [0, 1, 2]), "capacity: agent 0 on day 4: 2 > 1, row 1")


def test_the_first_day_of_the_first_agent_is_named_with_the_last_row_that_runs():
    pool = crew(agent_capacity=[1.0, 0.6, 0.6], seat_start=[2, 3, 1], seat_end=[9, 8, 4])
    refused(pool, choose(pool, [3, 4, 8]), "capacity: agent 1 on day 3: 1 > 0.6, row 4")
    refused(pool, choose(pool, [0, 4, 5]), "capacity: agent 1 on day 3: 1 > 0.6, row 5")


def test_the_load_is_the_pairs_own():
    pool = crew(pair_load=[0.8, 0.1, *[0.5] * 7], agent_capacity=[0.6, 1.0, 1.0])
    refused(pool, choose(pool, [0]), "capacity: agent 0 on day 0: 0.8 > 0.6, row 0")
    matching.check(pool, choose(pool, [1]))


@pytest.mark.parametrize(
    ("capacity", "fits"), [(EXACT, True), (np.nextafter(EXACT, 0), False), (0.2499991, True), (0.249998, False)],
)
def test_sums_hold_up_to_the_tolerance_and_no_further(capacity, fits):
    assert EXACT + 1e-6 == 0.25
    pool = crew(seat_load=[0.25] * 3, agent_capacity=[capacity] * 3)
    capped = crew(seat_load=[0.25] * 3, unit_cap=[inf, capacity])
    for each, rule in ((pool, "capacity"), (capped, "cap")):
        if fits:
            matching.check(each, choose(each, [0]))
        else:
            refused(each, choose(each, [0]), f"{rule}: ")


def test_tenths_add_up_as_a_person_adds_them():
    pool = crew(seat_load=[0.1, 0.2, 0.3], agent_capacity=[0.6, 0.3, 0.3])
    matching.check(pool, choose(pool, [0, 1, 2]))
    matching.check(pool, choose(pool, [3, 4, 8]))


BUSY = {"busy_agent": [0], "busy_start": [3], "busy_end": [9], "busy_load": [0.6]}


def test_a_commitment_uses_the_agents_capacity_while_it_runs():
    pool = crew(**BUSY)
    refused(pool, choose(pool, [0]), "capacity: agent 0 on day 3: 0.5 > 0.4, row 0")
    matching.check(pool, choose(pool, [3]))
    for dates in ({"busy_start": [5]}, {"busy_start": [-4], "busy_end": [0]}):
        matching.check(crew(**BUSY | dates), choose(pool, [0]))


def test_a_commitment_uses_every_cap_above_whoever_it_is_of():
    for caps in ([1.0, inf], [inf, 1.0]):
        pool = crew(unit_cap=caps, **BUSY)
        unit = caps.index(1.0)
        refused(pool, choose(pool, [3]), f"cap: unit {unit} on day 3: 0.5 > 0.4, row 3")


def test_a_commitment_of_another_branch_uses_nothing_here():
    pool = crew(agent_unit=[2, 1, 1], unit_parent=[-1, 0, 0], unit_cap=[inf, 1.0, 1.0], **BUSY)
    matching.check(pool, choose(pool, [3, 7]))


def test_commitments_add_up():
    pool = crew(busy_agent=[0, 0], busy_start=[0, 0], busy_end=[2, 5], busy_load=[0.3, 0.3])
    refused(pool, choose(pool, [0]), "capacity: agent 0 on day 0: 0.5 > 0.4, row 0")


def test_a_limit_already_exceeded_closes_the_day_and_is_no_error():
    over = BUSY | {"busy_load": [1.0]}
    for pool in (crew(agent_capacity=[0.5] * 3, **over), crew(unit_cap=[0.5, inf], **over)):
        matching.check(pool, choose(pool, []))
        later = dataclasses.replace(pool, seat_start=[9, 9, 9], seat_end=[12, 12, 12])
        matching.check(later, choose(later, [0]))
        refused(pool, choose(pool, [0]), r"cap(acity)?: \w+ 0 on day 3: 0.5 > 0, row 0")


def test_a_cap_of_0_closes_and_no_cap_is_no_limit():
    closed = crew(unit_cap=[inf, 0.0])
    refused(closed, choose(closed, [4]), "cap: unit 1 on day 0: 0.5 > 0, row 4")
    matching.check(crew(), choose(crew(), [0, 4, 8]))


def test_a_cap_counts_everybody_below_at_every_depth():
    units = {"agent_unit": [0, 1, 2], "unit_parent": [-1, 0, 1]}
    pool = crew(**units, unit_cap=[1.4, inf, inf])
    refused(pool, choose(pool, [0, 4, 8]), "cap: unit 0 on day 0: 1.5 > 1.4, row 8")
    middle = crew(**units, unit_cap=[inf, 0.9, inf])
    refused(middle, choose(middle, [0, 4, 8]), "cap: unit 1 on day 0: 1 > 0.9, row 8")
    leaf = crew(**units, unit_cap=[inf, inf, 0.4])
    refused(leaf, choose(leaf, [0, 4, 8]), "cap: unit 2 on day 0: 0.5 > 0.4, row 8")
    matching.check(crew(**units, unit_cap=[1.5, 1.0, 0.5]), choose(pool, [0, 4, 8]))


def test_the_lowest_unit_number_over_its_cap_is_named_first():
    pool = crew(agent_unit=[1, 2, 2], unit_parent=[-1, 0, 0], unit_cap=[inf, 0.2, 0.2])
    refused(pool, choose(pool, [0, 4]), "cap: unit 1 on day 0: 0.5 > 0.2, row 0")
    refused(pool, choose(pool, [4]), "cap: unit 2 on day 0: 0.5 > 0.2, row 4")


def test_a_plan_counts_each_class(one_agent):
    pool = crew(seat_priority=[0, 3, 3])
    plan = choose(pool, [0, 4, 8])
    assert plan.filled == (1, 0, 0, 2)
    matching.check(pool, plan)
    refused(pool, dataclasses.replace(plan, filled=(1, 2, 0, 0)), "filled: ")


def test_values_hold_up_to_the_tolerance():
    plan = choose(crew(), [0, 4])
    for fit in (plan.fit - 0.9e-6, plan.fit + 0.9e-6):
        matching.check(crew(), dataclasses.replace(plan, fit=fit))
    for fit in (plan.fit - 1.1e-6, plan.fit + 1.1e-6):
        refused(crew(), dataclasses.replace(plan, fit=fit, bound=(1, 1, 0, 2.0), status="feasible"), "fit: ")
    near = dataclasses.replace(plan, bound=(1, 1, 0, plan.fit + 0.9e-6))
    matching.check(crew(), near)
    refused(crew(), dataclasses.replace(near, status="feasible"), "status: ")
    far = dataclasses.replace(plan, bound=(1, 1, 0, plan.fit + 1.1e-6), status="feasible")
    matching.check(crew(), far)
    refused(crew(), dataclasses.replace(far, status="optimal"), "status: ")
    matching.check(crew(), dataclasses.replace(plan, bound=(1, 1, 0, plan.fit - 0.9e-6)))
    refused(crew(), dataclasses.replace(plan, bound=(1, 1, 0, plan.fit - 1.1e-6)), "bound: tier 3")


def test_a_class_short_of_its_bound_makes_a_plan_feasible():
    plan = dataclasses.replace(choose(crew(), [0, 4]), bound=(1, 1, 1, 1.0))
    refused(crew(), plan, "status: optimal")
    matching.check(crew(), dataclasses.replace(plan, status="feasible"))


def test_the_edge_of_the_fits_bound_is_exact():
    pool = crew(pair_fit=np.full(9, 0.25))
    plan = choose(pool, [0])
    matching.check(pool, dataclasses.replace(plan, bound=(1, 0, 0, EXACT)))
    refused(pool, dataclasses.replace(plan, bound=(1, 0, 0, np.nextafter(EXACT, 0))), "bound: tier 3")


def test_the_edges_of_the_fit_are_exact():
    pool = crew(pair_fit=np.zeros(9))
    plan = choose(pool, [0])
    edge, beyond = 1e-6, float(np.nextafter(1e-6, 1))
    matching.check(pool, dataclasses.replace(plan, fit=edge, bound=(1, 0, 0, edge)))
    refused(pool, dataclasses.replace(plan, fit=beyond, bound=(1, 0, 0, beyond)), "fit: ")
    matching.check(pool, dataclasses.replace(plan, bound=(1, 0, 0, edge)))
    refused(pool, dataclasses.replace(plan, bound=(1, 0, 0, beyond)), "status: ")


def random_uses(rng, size, groups):
    start = rng.integers(0, 9, size)
    return Uses(rng.integers(0, groups, size), start, start + rng.integers(1, 5, size), rng.choice([0.1, 0.2, 0.5, 1 / 3], size))


@pytest.mark.parametrize("seed", range(200))
def test_the_first_excess_is_that_of_a_day_by_day_reading(seed):
    rng = np.random.default_rng(seed)
    chosen, busy, limit = random_uses(rng, 8, 3), random_uses(rng, 4, 3), rng.choice([0.0, 0.3, 0.6, 1.0, inf], 3)
    expected = None
    for group in range(3):
        for day in range(14):
            mine, theirs = (
                float(uses.load[(uses.group == group) & (uses.start <= day) & (day < uses.end)].sum()) for uses in (chosen, busy)
            )
            if expected is None and mine > max(0.0, limit[group] - theirs) + 1e-6:
                expected = (group, day)
    found = first_over(chosen, busy, limit)
    assert (None if found is None else found[:2]) == expected


@pytest.mark.parametrize(("size", "load", "total"), [(100_000, 0.1, 10_000.0), (1_000_000, 0.6, 600_000.0)])
def test_many_loads_sum_without_drift(size, load, total):
    zero = np.zeros(size, np.int64)
    crowd = Uses(zero, zero, zero + 5, np.full(size, load))
    nobody = Uses(*(column[:0] for column in crowd))
    assert first_over(crowd, nobody, np.array([total])) is None
    assert first_over(crowd, nobody, np.array([total - 5e-6])).day == 0


def test_full_posts_beside_as_many_commitments_sum_without_overflow():
    posts = Uses(*np.zeros((2, 4), np.int64), np.full(4, 5), np.ones(4))
    away = Uses(posts.group, posts.start + 5, posts.end + 5, posts.load)
    assert first_over(posts, away, np.array([4.0])) is None
    assert first_over(posts, away, np.array([3.0])) == (0, 0, 4.0, 3.0)


def test_a_large_plan_is_checked_whole():
    size = 20_000
    some = np.arange(size)
    pool = matching.Pool(
        pair_agent=some, pair_seat=some, pair_fit=np.full(size, 0.5), seat_need=some, seat_start=some % 100,
        seat_end=some % 100 + 30,
        seat_load=np.full(size, 0.5), seat_priority=some % 3, agent_unit=some // 20, agent_capacity=np.ones(size),
        unit_parent=np.append(-1, np.zeros(size // 20 - 1, np.int64)), unit_cap=np.full(size // 20, 9_999.0),
    )
    matching.check(pool, choose(pool, some))
    crowded = dataclasses.replace(pool, unit_cap=np.append(1.0, pool.unit_cap[1:]))
    with pytest.raises(matching.Infeasible) as told:
        matching.check(crowded, choose(crowded, some))
    assert told.value.rule == "cap"
