"""Candidates beside scikit-learn's brute-force neighbours, and for a whole country.

What is compared: from the same market's arrays to `k` agents per seat, for at most `SAMPLE` seats, indexes included.
Ours are the true best of those who pass every filter, with every term. The peer gets one dense float32 vector per agent
(a level per skill, the place, the freshness and the fairness of the offer) and one per seat (what it would like there),
and returns the nearest by Euclidean distance: no dates, loads, required levels, neighbours, limits. It therefore does
less; `recall` is the share of our pairs it finds.
"""

from __future__ import annotations

import statistics
import sys

import numpy as np

import matching
from benchmarks import protocol
from benchmarks.markets import SKILLS, WEIGHTS, market
from benchmarks.protocol import Row, Run

K = 20
SAMPLE = 1_000
HOUR = 3_600.0
OURS, PEER = "ours", "scikit-learn brute"
CASES = {"6,500 agents": 6_500, "62,500 agents": 62_500, "250,000 agents": 250_000}
"""Agents, ten to a seat."""
DEPARTMENT, COUNTRY = "département", "country"


def ours(of: matching.Market, seats: int) -> set[tuple[int, int]]:
    """Return the (agent, seat) of the first `seats`, by blocks."""
    finder = matching.blocks.Finder(of, WEIGHTS, K)
    block = finder.block(range(seats))
    return set(zip(block.agent.tolist(), block.seat.tolist(), strict=True))


def peers(of: matching.Market, seats: int) -> set[tuple[int, int]]:
    """Return as many nearest neighbours as we keep, of the vectors that the module describes."""
    from sklearn.neighbors import NearestNeighbors  # an extra of the benchmarks alone

    agents, asked = _vectors(of, seats)
    nearest = NearestNeighbors(n_neighbors=min(K + 2, of.agents), algorithm="brute", n_jobs=1).fit(agents)
    found = nearest.kneighbors(asked, return_distance=False)
    return {(agent, seat) for seat, row in enumerate(found.tolist()) for agent in row}


def _vectors(of: matching.Market, seats: int) -> tuple[np.ndarray, np.ndarray]:
    agents, asked = np.zeros((of.agents, SKILLS + 4), np.float32), np.zeros((seats, SKILLS + 4), np.float32)
    agents[of.skill_agent, of.skill_id] = of.skill_level / 4
    mine = of.demand_seat < seats
    asked[of.demand_seat[mine], of.demand_skill[mine]] = of.demand_level[mine] / 4
    agents[:, -4:] = np.stack([of.agent_lat, of.agent_lon, 1 - of.agent_offer_age / 180, 1 - of.agent_days_lent / 90], axis=1)
    asked[:, -4:] = np.stack([of.seat_lat[:seats], of.seat_lon[:seats], np.ones(seats), np.ones(seats)], axis=1)
    return agents, asked


def measure(case: str, who: str) -> Run:
    """Return what finding the candidates of at most `SAMPLE` seats costs, from the market to the pairs."""
    if case in (DEPARTMENT, COUNTRY):
        return department() if case == DEPARTMENT else whole(1_000_000, 100_000)
    agents = CASES[case]
    of, sample = market(agents, agents // 10), min(SAMPLE, agents // 10)
    if who == PEER:
        peers(market(200, 20), 20)
    else:
        matching.candidates(market(200, 20), WEIGHTS, K)
    protocol.started()
    clock = protocol.Clock()
    found = (ours if who == OURS else peers)(of, sample)
    row = {"seconds": clock.seconds(), "peak_mb": protocol.peak_mb(), "pairs": len(found)}
    if who == PEER:
        true = ours(of, sample)
        row["recall"] = len(true & found) / max(1, len(true))
    return row


def department() -> Run:
    """Return what every eligible pair of a market like the demo's costs: one agent in four has an offer."""
    of = market(6_500, 200, offers=0.23, seed=1)
    matching.candidates(market(200, 20), WEIGHTS)
    protocol.started()
    clock = protocol.Clock()
    pairs = matching.candidates(of, WEIGHTS).pool.pairs
    return {"seconds": clock.seconds(), "peak_mb": protocol.peak_mb(), "pairs": pairs}


HEAD: Row = (
    "case", "seats", "runs", "ours s", "scikit-learn s", "ratio (spread)", "pairs", "the peer's recall", "peak MB", "peer's",
)


def section(cases: list[str], pairs: int) -> str:
    """Return the table of these cases."""
    there, rows, words = protocol.is_there("sklearn"), [], []
    for case in cases:
        rounds = protocol.alternate("candidates", case, (OURS, PEER) if there else (OURS,), pairs)
        mine = [done[0] for done in rounds if done[0] is not None]
        theirs = [done[1] for done in rounds if there and done[1] is not None]
        if theirs:
            ratio, recall = protocol.spread(protocol.ratios(rounds, 1)), f"{theirs[-1]['recall']:.2f}"
            other, memory = protocol.seconds([run["seconds"] for run in theirs]), f"{max(run['peak_mb'] for run in theirs):.0f}"
        else:
            ratio, recall, other, memory = "", "", f"> {protocol.PATIENCE:.0f}" if there else "not installed", ""
        rows.append((
            case, f"{min(SAMPLE, CASES[case] // 10):,}", str(len(mine)), protocol.seconds([run["seconds"] for run in mine]),
            other, ratio, f"{mine[-1]['pairs']:,}", recall, f"{max(run['peak_mb'] for run in mine):.0f}", memory,
        ))
        print(protocol.table(HEAD, rows[-1:]), flush=True)
    every = [run for (run,) in protocol.alternate("candidates", DEPARTMENT, (OURS,), pairs) if run is not None]
    words.append(
        f"A département like the demo's, 6,500 agents and 200 seats, every pair with all terms and funnels: "
        f"{protocol.spread([run['seconds'] for run in every], 2)} s (asked: under 2), {every[-1]['pairs']:,} pairs, "
        f"{statistics.median(run['peak_mb'] for run in every):.0f} MB."
    )
    return "\n\n".join([protocol.table(HEAD, rows), *words])


def country(cases: list[str], pairs: int) -> str:
    """Return what a country's candidates take: one run, of minutes."""
    run = protocol.fresh("candidates", COUNTRY, OURS, patience=HOUR)
    if run is None:
        return "A country's candidates took more than an hour."
    return (
        f"{run['agents']:,} agents and {run['seats']:,} seats, the best {K} and two more for each seat of the need: "
        f"**{run['seconds']:.0f}** s, {run['pairs']:,} pairs, **{run['peak_mb']:,.0f}** MB (asked: under 4,000), "
        f"on one thread, the progress told {run['told']} times."
    )


def whole(agents: int, seats: int) -> Run:
    """Return what a whole market costs, telling the progress on the standard error."""
    of, told = market(agents, seats), []

    def progress(done: int, out_of: int) -> None:
        told.append(done)
        print(f"{done:,} of {out_of:,} seats", file=sys.stderr, flush=True)

    protocol.started()
    clock = protocol.Clock()
    found = matching.candidates(of, WEIGHTS, K, progress=progress)
    return {"agents": agents, "seats": seats, "seconds": clock.seconds(), "peak_mb": protocol.peak_mb(),
            "pairs": found.pool.pairs, "complete": found.complete, "told": len(told)}
