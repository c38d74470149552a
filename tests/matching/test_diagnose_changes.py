"""Every change that a diagnosis tells fills the seat when the market is changed so and solved anew, and none is missed."""

import dataclasses

import numpy as np
import pytest

import matching
import matching.verify
from matching.changes import LOAD_STEP, MOST_DAYS
from matching.examples import small_market

WEIGHTS = {"level": 1.0, "distance": 1.0}


def apply(market, seat, change):
    """Return the market with one seat changed, written without the engine's own means."""
    seats = {name: getattr(market, name).copy() for name in vars(market) if name.startswith("seat_")}
    demands = {name: getattr(market, name).copy() for name in vars(market) if name.startswith("demand_")}
    if change.kind == "load":
        seats["seat_load"][seat] -= change.amount
    elif change.kind in ("later", "earlier"):
        days = int(change.amount) * (1 if change.kind == "later" else -1)
        seats["seat_start"][seat] += days
        seats["seat_end"][seat] += days
    elif change.kind == "remote":
        seats["seat_remote"][seat] = True
    elif change.kind == "split":
        seats = {name: np.append(values, values[seat]) for name, values in seats.items()}
        mine = demands["demand_seat"] == seat
        demands = {name: np.append(values, values[mine]) for name, values in demands.items()}
        demands["demand_seat"][demands["demand_seat"].size - int(mine.sum()) :] = market.seats
        if change.part == "days":
            seats["seat_end"][seat] = seats["seat_start"][-1] = change.to
        else:
            seats["seat_load"][[seat, -1]] /= 2
    else:
        name = {"level": "demand_level", "neighbours": "demand_neighbours", "skill": "demand_required"}[change.kind]
        before = demands[name][change.demand]
        demands[name][change.demand] = before - change.amount if change.kind == "level" else not before
    return dataclasses.replace(market, **seats, **demands)


def does(market, plan, seat, change):
    """Say whether the changed market fills the seat, or both its halves, and besides as much as the plan."""
    solved = matching.solve(matching.candidates(apply(market, seat, change), WEIGHTS).pool)
    assert solved.status == "optimal"
    more = np.zeros(len(plan.filled), int)
    more[market.seat_priority[seat]] = 2 if change.kind == "split" else 1
    return solved.filled == tuple((np.array(plan.filled) + more).tolist())


def varied(seed, agents=7, seats=5):
    """Return a small market in which seats stay open for every kind of reason."""
    rng = np.random.default_rng(seed)
    start, opens = rng.integers(5, 25, seats), rng.integers(0, 20, agents)
    per_agent = rng.integers(1, 3, agents)
    owner = np.repeat(np.arange(agents), per_agent)
    skill = np.concatenate([rng.choice([1, 2, 3], count, replace=False) for count in per_agent])
    asks = np.repeat(np.arange(seats), 2)
    return dataclasses.replace(
        small_market(), agent_unit=rng.integers(0, 3, agents), agent_max_load=rng.choice([0.3, 0.5, 1.0], agents),
        agent_working_time=np.ones(agents), agent_lat=rng.choice([44.0, 46.0], agents), agent_lon=np.zeros(agents),
        agent_max_km=rng.choice([30.0, np.inf], agents), agent_remote=rng.random(agents) < 0.5, agent_offer_age=np.zeros(agents),
        agent_days_lent=np.zeros(agents), skill_agent=owner, skill_id=skill, skill_level=rng.integers(1, 5, owner.size),
        window_agent=np.arange(agents), window_start=opens, window_end=opens + rng.integers(10, 40, agents),
        seat_need=rng.integers(0, 4, seats), seat_unit=np.full(seats, -1), seat_requester=np.full(seats, -1), seat_start=start,
        seat_end=start + rng.integers(1, 12, seats), seat_load=rng.choice([0.2, 0.5, 0.8], seats),
        seat_priority=rng.integers(0, 2, seats), seat_lat=np.full(seats, 44.0), seat_lon=np.zeros(seats),
        seat_remote=np.zeros(seats, bool), seat_site=np.full(seats, -1), demand_seat=asks,
        demand_skill=np.tile([1, 2], seats), demand_level=rng.integers(1, 5, asks.size),
        demand_required=np.tile([True, False], seats) | (rng.random(asks.size) < 0.3),
        demand_neighbours=np.zeros(asks.size, bool),
        neighbour_skill=[1, 2], neighbour_other=[3, 3], neighbour_weight=[0.5, 0.5],
        unit_parent=[-1, 0, 0], unit_cap=[1.5, 0.6, 0.8],
    )


def every_change(market, seat):
    """Return every change there is, each line by growing amount."""
    change = matching.Change(kind="load", amount=0.0, verified=False)
    load, start, end = market.seat_load[seat], market.seat_start[seat], market.seat_end[seat]
    steps = np.arange(1, 20) * LOAD_STEP
    yield [dataclasses.replace(change, amount=less) for less in steps if load - less >= LOAD_STEP - 1e-9]
    for kind in ("later", "earlier"):
        yield [dataclasses.replace(change, kind=kind, amount=day) for day in range(1, MOST_DAYS + 1)]
    for row in np.flatnonzero((market.demand_seat == seat) & market.demand_required):
        one = dataclasses.replace(change, demand=int(row), amount=1)
        yield [dataclasses.replace(one, kind="neighbours")]
        yield [dataclasses.replace(one, kind="level", amount=less) for less in range(1, market.demand_level[row])]
        yield [dataclasses.replace(one, kind="skill")]
    yield [dataclasses.replace(change, kind="remote", amount=1)]
    if end - start > 1:
        yield [dataclasses.replace(change, kind="split", amount=2, part="days", to=(start + end + 1) // 2)]
    yield [dataclasses.replace(change, kind="split", amount=2, part="load", to=load / 2)]


def name(change):
    return change.kind, change.demand, change.part


def diagnosed(seed):
    market = varied(seed)
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    diagnoser = matching.Diagnoser(market, found, plan)
    told = (diagnoser.of(seat, limit=30, time_limit=60.0) for seat in range(market.seats))
    return market, plan, [one for one in told if not one.filled]


@pytest.mark.parametrize("seed", range(12))
def test_each_change_fills_the_seat_and_takes_from_no_class(seed):
    market, plan, told = diagnosed(seed)
    for one in told:
        for change in one.changes:
            assert change.verified and change.eligible > 0
            assert does(market, plan, one.seat, change), (one.seat, change)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 108))
def test_no_change_is_missed_and_each_is_the_smallest(monkeypatch, seed):
    monkeypatch.setattr(matching.verify, "PROGRAMS", 1000)
    market, plan, told = diagnosed(seed)
    for one in told:
        smallest = {name(change): change.amount for change in one.changes}
        assert all(change.smallest for change in one.changes)
        for line in filter(None, every_change(market, one.seat)):
            first = next((change for change in line if does(market, plan, one.seat, change)), None)
            assert smallest.get(name(line[0])) == (None if first is None else pytest.approx(first.amount)), (one.seat, first)


def test_kinds_of_every_sort_are_found():
    kinds = {(change.kind, change.part) for seed in range(8) for one in diagnosed(seed)[2] for change in one.changes}
    assert kinds >= {
        ("load", ""), ("later", ""), ("earlier", ""), ("level", ""), ("skill", ""), ("remote", ""), ("neighbours", ""),
    }


@pytest.mark.parametrize(("asked", "part", "to"), [
    ({"window_start": [0, 12, 0], "window_end": [13, 40, 30]}, "days", 13.0),
    ({"window_start": [0, 0, 0], "seat_load": [0.8]}, "load", 0.4),
])
def test_two_people_may_share_a_seat(asked, part, to):
    market = dataclasses.replace(small_market(), skill_id=[7, 7, 8], **asked)
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    told = [one for one in matching.diagnose(market, found, plan, 0, limit=30).changes if one.kind == "split"]
    assert [(one.part, one.to, one.amount, one.eligible) for one in told] == [(part, to, 2.0, 1 if part == "days" else 2)]
    assert does(market, plan, 0, told[0])


def test_a_change_may_need_that_others_change_places(two_seats):
    # agent 1 has only the first seat's days; agent 0, who has it, could then take the second one, a day later
    market = two_seats(
        skill_id=[7, 7, 8], skill_level=[4, 3, 4], window_start=[0, 10, 0], window_end=[16, 15, 30], seat_priority=[0, 1],
    )
    found = matching.candidates(market, {"level": 1.0})
    plan = matching.solve(found.pool)
    assert plan.filled == (1, 1)
    late = dataclasses.replace(market, seat_start=[10, 12], seat_end=[15, 17])
    found = matching.candidates(late, {"level": 1.0})
    plan = matching.solve(found.pool)
    assert plan.filled == (1, 0) and found.pool.pair_agent[plan.pairs].tolist() == [0]
    told = matching.diagnose(late, found, plan, 1, limit=30)
    earlier = next(change for change in told.changes if change.kind == "earlier")
    assert (earlier.amount, earlier.to, earlier.smallest) == (1.0, 11.0, True)


def test_no_change_starts_before_the_first_day(two_seats):
    market = two_seats(seat_start=[10, 37], seat_end=[15, 42])
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    told = [matching.diagnose(market, found, plan, 1, limit=30, first_day=day).changes for day in (None, 35, 36)]
    assert [[change.to for change in changes if change.kind == "earlier"] for changes in told] == [[35.0], [35.0], []]


def test_as_many_changes_as_asked_and_no_more():
    market, _, told = diagnosed(3)
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    for one in told:
        assert matching.diagnose(market, found, plan, one.seat, limit=1).changes == one.changes[:1]
        assert matching.diagnose(market, found, plan, one.seat, limit=0).changes == ()
