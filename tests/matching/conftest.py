"""Small random pools and an exhaustive solver, for the engine's tests."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

import matching
from matching.examples import small_market

SEATS = ("seat_need", "seat_start", "seat_end", "seat_load", "seat_priority")
Brute = tuple[tuple[int, ...], float] | tuple[tuple[int, ...], int, float]


def make_pool(rng: np.random.Generator, *, whole: bool = True, pairs: int = 9) -> matching.Pool:
    """Return a pool small enough to try every plan; `whole` loads are whole hundredths."""
    agents, seats = rng.integers(1, 5), rng.integers(1, 6)
    units, busy = rng.integers(1, 4), rng.integers(0, 3)
    rows = rng.permutation([(a, s) for a in range(agents) for s in range(seats)])[:pairs]
    choices = [0.2, 0.3, 0.5, 0.6, 1.0] if whole else [1 / 3, 2 / 3, 0.123, 0.45, 1.0]
    start, away = rng.integers(0, 6, seats), rng.integers(0, 6, busy)
    return matching.Pool(
        pair_agent=rows[:, 0], pair_seat=rows[:, 1], pair_fit=rng.choice([0, 0.1, 0.25, 0.5, 1], len(rows)),
        seat_need=rng.integers(0, 3, seats), seat_start=start, seat_end=start + rng.integers(1, 5, seats),
        seat_load=rng.choice(choices, seats), seat_priority=rng.integers(0, 3, seats),
        agent_unit=rng.integers(0, units, agents), agent_capacity=rng.choice([0, 0.4, 0.5, 0.8, 1], agents),
        unit_parent=[int(rng.integers(-1, unit)) if unit else -1 for unit in range(units)],
        unit_cap=rng.choice([0, 0.5, 1, 1.5, np.inf], units),
        pair_load=rng.choice(choices, len(rows)) if rng.random() < 0.5 else None,
        busy_agent=rng.integers(0, agents, busy), busy_start=away, busy_end=away + rng.integers(1, 4, busy),
        busy_load=rng.choice(choices, busy),
    )


def make_alike(rng: np.random.Generator, *, whole: bool = True) -> matching.Pool:
    """Return a small pool where most seats of a need are alike, as people ask for them."""
    pool = make_pool(rng, whole=whole, pairs=4)
    size = rng.integers(1, 3, pool.seats)
    seat, rows = np.repeat(np.arange(pool.seats), size), np.repeat(np.arange(pool.pairs), size[pool.pair_seat])
    first = np.concatenate([[0], np.cumsum(size)])
    copy = np.concatenate([np.arange(count) for count in size[pool.pair_seat]])
    seats = {name: getattr(pool, name)[seat] for name in SEATS}
    return dataclasses.replace(
        pool, **seats, pair_agent=pool.pair_agent[rows], pair_seat=first[pool.pair_seat[rows]] + copy,
        pair_fit=pool.pair_fit[rows], pair_load=pool.pair_load[rows],
    )


def obeys(pool: matching.Pool, rows: list[int]) -> bool:
    """Say whether `rows` obey every rule, day by day, written for reading and not for speed."""
    seats = [int(pool.pair_seat[row]) for row in rows]
    needs = [(int(pool.pair_agent[row]), int(pool.seat_need[pool.pair_seat[row]])) for row in rows]
    if len(set(seats)) < len(seats) or len(set(needs)) < len(needs):
        return False
    return all(_day_holds(pool, rows, day) for day in range(12))


def _day_holds(pool: matching.Pool, rows: list[int], day: int) -> bool:
    chosen, taken = np.zeros(pool.agents), np.zeros(pool.agents)
    for row in rows:
        seat = pool.pair_seat[row]
        if pool.seat_start[seat] <= day < pool.seat_end[seat]:
            chosen[pool.pair_agent[row]] += pool.pair_load[row]
    today = (pool.busy_start <= day) & (day < pool.busy_end)
    np.add.at(taken, pool.busy_agent[today], pool.busy_load[today])
    under = np.stack([_subtree(pool, unit) for unit in range(pool.units)])
    agents_hold = chosen <= np.maximum(0, pool.agent_capacity - taken) + 1e-6
    units_hold = under @ chosen <= np.maximum(0, pool.unit_cap - under @ taken) + 1e-6
    return bool(agents_hold.all() and units_hold.all())


def _subtree(pool: matching.Pool, unit: int) -> np.ndarray:
    inside = np.zeros(pool.agents, bool)
    for agent in range(pool.agents):
        at = pool.agent_unit[agent]
        while at >= 0:
            inside[agent] |= at == unit
            at = pool.unit_parent[at]
    return inside


def every_plan(pool: matching.Pool) -> np.ndarray:
    """Return every plan that obeys the rules, (plans, pairs) bool: row after row, added where all limits hold."""
    uses, limit = _uses(pool)
    plans, used = np.zeros((1, pool.pairs), bool), np.zeros((1, limit.size))
    for row in range(pool.pairs):
        more = used + uses[row]
        fits = (more <= limit + 1e-6).all(axis=1)
        longer = plans[fits]
        longer[:, row] = True
        plans, used = np.concatenate([plans, longer]), np.concatenate([used, more[fits]])
    return plans


def _uses(pool: matching.Pool) -> tuple[np.ndarray, np.ndarray]:
    """Return what each row takes of each limit, and the limits: seats, agents and needs, then each day's loads."""
    seat, agent, days = pool.pair_seat, pool.pair_agent, np.arange(12)[:, None, None]
    need = agent * (pool.seat_need.max(initial=0) + 1) + pool.seat_need[seat]
    once = [key[:, None] == np.unique(key) for key in (seat, need)]
    under = np.concatenate([np.eye(pool.agents), [_subtree(pool, unit) for unit in range(pool.units)]]).T
    runs = (pool.seat_start[seat][:, None] <= days) & (days < pool.seat_end[seat][:, None])
    away = (pool.busy_start[:, None] <= days) & (days < pool.busy_end[:, None])
    loads = [*(runs * (under[agent] * pool.pair_load[:, None]))]
    taken = (away * (under[pool.busy_agent] * pool.busy_load[:, None])).sum(axis=1)
    left = np.maximum(0.0, np.concatenate([pool.agent_capacity, pool.unit_cap]) - taken)
    return np.hstack([*once, *loads]), np.concatenate([*(np.ones(each.shape[1]) for each in once), *left])


def tiers_of(pool: matching.Pool, plans: np.ndarray, keep: np.ndarray | None = None) -> np.ndarray:
    """Return the tiers of each plan, (plans, tiers): the classes, the rows of `keep` where given, the fit."""
    of_class = pool.seat_priority[pool.pair_seat][:, None] == np.arange(pool.classes)
    kept = [] if keep is None else [plans[:, keep].sum(axis=1)]
    return np.column_stack([plans @ of_class.astype(int), *kept, (plans @ pool.pair_fit).round(9)])


def try_every_plan(pool: matching.Pool, keep: np.ndarray | None = None) -> Brute:
    """Return the best tiers by trying every plan: the classes, the rows of `keep` where given, the fit."""
    tiers = tiers_of(pool, every_plan(pool), keep)
    *counts, fit = tiers[np.lexsort(tiers.T[::-1])[-1]].tolist()
    filled = tuple(map(int, counts[: pool.classes]))
    return (filled, fit) if keep is None else (filled, int(counts[-1]), fit)


def solve_as_well_as_every_plan(
    seed: int, pool: matching.Pool, keep: np.ndarray | None = None, best: Brute | None = None,
) -> matching.Plan:
    """Solve a pool and hold its plan against the best of every plan, tried here unless `best` is known."""
    plan = matching.solve(pool, keep=keep)
    matching.check(pool, plan)
    filled, *kept, fit = best or try_every_plan(pool, keep)
    assert (plan.status, plan.filled, plan.kept) == ("optimal", filled, *(kept or [None])), seed
    assert plan.fit == pytest.approx(fit, abs=1e-6), seed
    return plan


@pytest.fixture(scope="session")
def random_pool() -> Callable[..., matching.Pool]:
    return make_pool


@pytest.fixture(scope="session")
def alike_pool() -> Callable[..., matching.Pool]:
    return make_alike


@pytest.fixture(scope="session")
def brute_force() -> Callable[..., Brute]:
    return try_every_plan


@pytest.fixture(scope="session")
def all_plans() -> Callable[[matching.Pool], tuple[np.ndarray, np.ndarray]]:
    """Return a function that returns every plan of a pool and its tiers."""

    def both(pool: matching.Pool) -> tuple[np.ndarray, np.ndarray]:
        plans = every_plan(pool)
        return plans, tiers_of(pool, plans)

    return both


@pytest.fixture(scope="session")
def as_well_as_every_plan() -> Callable[..., matching.Plan]:
    return solve_as_well_as_every_plan


@pytest.fixture(scope="session")
def rules() -> Callable[[matching.Pool, list[int]], bool]:
    return obeys


@pytest.fixture
def one_agent() -> Callable[..., matching.Pool]:
    """Return a pool of one agent at full time and seats of half a post, changed as asked."""

    def build(**changes: object) -> matching.Pool:
        arrays: dict[str, object] = {
            "pair_agent": [0, 0], "pair_seat": [0, 1], "pair_fit": [0.4, 0.9], "seat_need": [0, 1],
            "seat_start": [0, 0], "seat_end": [5, 5], "seat_load": [0.5, 0.5], "seat_priority": [0, 0],
            "agent_unit": [0], "agent_capacity": [1.0], "unit_parent": [-1], "unit_cap": [float("inf")],
        }
        return matching.Pool(**arrays | changes)

    return build


@pytest.fixture
def two_seats() -> Callable[..., matching.Market]:
    """Return the small market with its seat doubled, as two needs unless changed."""

    def build(**changes: object) -> matching.Market:
        small, names = small_market(), matching.Market.__dataclass_fields__
        doubled = [name for name in names if name.startswith(("seat_", "demand_"))]
        arrays = {name: np.repeat(getattr(small, name), 2) for name in doubled}
        return dataclasses.replace(small, **arrays | {"demand_seat": [0, 1], "seat_need": [0, 1]} | changes)

    return build
