"""Blocks: any sharing of the seats, in any order, on any machine, gives the same candidates; k is exact."""

import dataclasses
import pickle
import runpy
import weakref
from pathlib import Path

import numpy as np
import pytest

import matching
from matching.blocks import Finder, best, merge, ranges
from matching.limits import Limits
from matching.peaks import Peaks
from matching.postings import Postings, meet

MARKETS = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "markets.py"))
market, WEIGHTS = MARKETS["market"], MARKETS["WEIGHTS"]


@pytest.fixture(scope="module")
def county():
    """Return 1,500 agents and 60 seats of a small country, whose seats require one common skill each."""
    wide = market(1_500, 60, seed=3)
    closer = {name: getattr(wide, name) / 20 for name in ("agent_lat", "agent_lon", "seat_lat", "seat_lon")}
    return dataclasses.replace(
        wide, **closer, demand_skill=wide.demand_skill % 20, demand_required=np.tile([True, False, False], 60),
    )


def same(one, other):
    assert np.array_equal(one.pool.pair_agent, other.pool.pair_agent)
    assert np.array_equal(one.pool.pair_seat, other.pool.pair_seat)
    assert one.pool.pair_fit.tobytes() == other.pool.pair_fit.tobytes() and one.terms.tobytes() == other.terms.tobytes()
    assert np.array_equal(one.funnel, other.funnel) and one.complete == other.complete


@pytest.mark.parametrize("block", [1, 7, 59, 10_000])
@pytest.mark.parametrize("k", [None, 0, 2])
def test_the_number_of_blocks_changes_nothing(county, block, k):
    everything = matching.candidates(county, WEIGHTS, k, block=60)
    assert everything.pool.pairs > 100
    same(matching.candidates(county, WEIGHTS, k, block=block), everything)


def test_blocks_made_in_any_order_from_a_copy_merge_into_the_same(county):
    sent = pickle.dumps(Finder(county, WEIGHTS, 1))
    order = np.random.default_rng(0).permutation(len(ranges(county.seats, 11)))
    machines = [pickle.loads(sent) for _ in range(3)]
    blocks = [machines[at % 3].block(ranges(county.seats, 11)[at]) for at in order]
    same(merge(machines[0], pickle.loads(pickle.dumps(blocks))), matching.candidates(county, WEIGHTS, 1))


@pytest.mark.parametrize("blocks", [[], [range(59)], [range(60), range(59, 60)], [range(1, 60)]])
def test_a_seat_in_no_block_or_in_two_is_refused(county, blocks):
    finder = Finder(county, WEIGHTS)
    with pytest.raises(ValueError, match="every seat must be in one block"):
        merge(finder, [finder.block(seats) for seats in blocks])


def test_the_progress_is_told_after_each_block(county):
    told = []
    matching.candidates(county, WEIGHTS, block=25, progress=lambda done, of: told.append((done, of)))
    assert told == [(25, 60), (50, 60), (60, 60)]


@pytest.mark.parametrize("block", [0, -1])
def test_a_block_without_seats_is_refused(county, block):
    with pytest.raises(ValueError, match="at least one seat"):
        matching.candidates(county, WEIGHTS, block=block)


@pytest.mark.parametrize("k", [0, 1, 3])
def test_k_keeps_exactly_the_best_of_everybody(county, k):
    # offers of one age, everyone near and nobody lent: many equal fits, so that the tie rule shows
    tied = dataclasses.replace(
        county, agent_lat=np.full(1_500, 46.0), agent_lon=np.full(1_500, 2.0), seat_lat=np.full(60, 46.0),
        seat_lon=np.full(60, 2.0), agent_offer_age=np.zeros(1_500), agent_days_lent=np.zeros(1_500),
    )
    everyone, few = (matching.candidates(tied, {"level": 1, "distance": 1}, each) for each in (None, k))
    seats_of_need = np.bincount(tied.seat_need)
    kept, pool = [], everyone.pool
    for seat in range(pool.seats):
        rows = np.flatnonzero(pool.pair_seat == seat)
        rows = rows[np.lexsort((pool.pair_agent[rows], -pool.pair_fit[rows]))]
        kept += rows[: k + 2 * seats_of_need[tied.seat_need[seat]]].tolist()
    kept = np.sort(kept)
    assert np.array_equal(few.pool.pair_agent, pool.pair_agent[kept])
    assert np.array_equal(few.pool.pair_seat, pool.pair_seat[kept])
    assert few.terms.tobytes() == everyone.terms[kept].tobytes()
    assert few.complete == (kept.size == pool.pairs) and not few.complete
    assert np.array_equal(few.funnel, everyone.funnel)


def test_the_best_are_the_highest_then_the_first():
    rng = np.random.default_rng(0)
    for _ in range(300):
        fit = rng.choice([0.1, 0.2, 0.3], rng.integers(1, 9))
        most = int(rng.integers(0, fit.size + 1))
        expected = np.sort(np.lexsort((np.arange(fit.size), -fit))[:most])
        assert best(fit, most).tolist() == expected.tolist()


def test_levels_are_the_same_whether_the_skill_is_common_or_rare(county):
    postings, everyone = Postings(county), np.arange(county.agents)
    shares = set()
    for skill in (0, 5, 60, 399, 1_000):
        levels = np.zeros(county.agents, int)
        mine = (county.skill_id == skill) & (county.agent_max_load[county.skill_agent] > 0)
        levels[county.skill_agent[mine]] = county.skill_level[mine]
        assert np.array_equal(postings.levels(skill, everyone), levels)
        assert np.array_equal(postings.levels(skill, everyone[3::7]), levels[3::7])
        for level in (1, 2, 3, 4):
            assert np.array_equal(postings.holders(skill, level, False), np.flatnonzero(levels >= level))
            assert postings.most(skill, level, False) == (levels >= level).sum()
        shares.add(bool(mine.sum() * 64 > county.agents))
    assert shares == {True, False}


def test_what_is_remembered_and_forgotten_changes_no_holder(county, monkeypatch):
    monkeypatch.setattr("matching.postings.REMEMBERED", 0)
    same(matching.candidates(county, WEIGHTS), matching.candidates(county, WEIGHTS))


def test_holders_are_found_once_and_forgotten_when_there_are_too_many(county, monkeypatch):
    """Memory stays bounded however many skills and levels a country asks for."""
    monkeypatch.setattr("matching.postings.REMEMBERED", 1_000)
    postings = Postings(county)
    first, second = postings.holders(0, 1, False), postings.holders(1, 1, False)
    assert first.size and postings.holders(0, 1, False) is first and postings.holders(1, 1, False) is second
    remembered = [weakref.ref(postings.holders(skill, level, False)) for skill in range(60) for level in (1, 2, 3, 4)]
    sizes = [each().size for each in remembered if each() is not None]
    assert 0 < sum(sizes) < 1_000 + max(sizes) and len(sizes) < len(remembered)


@pytest.mark.parametrize(
    ("left", "right"), [([1, 4, 9], [4, 9, 12]), ([], [3]), ([3], []), ([], []), ([2], [2]), ([1, 2, 3], [5])],
)
def test_two_ascending_lists_meet_where_they_agree(left, right):
    mine, theirs = meet(np.array(left, np.int64), np.array(right, np.int64))
    both = sorted(set(left) & set(right))
    assert [left[at] for at in mine] == both == [right[at] for at in theirs]


@pytest.mark.parametrize("seed", range(60))
def test_peaks_are_those_of_a_reading_of_every_group(random_pool, seed):
    rng = np.random.default_rng(seed)
    pool = random_pool(rng)
    peaks, limits, everyone = Peaks(pool), Limits.of(pool), np.arange(pool.agents)
    for _ in range(5):
        start = int(rng.integers(-3, 12))
        end = start + int(rng.integers(1, 8))
        least = limits.least(start, end)
        assert np.array_equal(peaks.least(np.arange(least.size), start, end), least)
        assert np.array_equal(peaks.room(everyone, start, end), limits.room(everyone, least))
        assert (peaks.always <= limits.room(everyone, least)).all() and (peaks.own <= least[: pool.agents]).all()
