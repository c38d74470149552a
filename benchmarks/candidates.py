"""Candidates beside scikit-learn's brute-force neighbours, and how their cost grows up to a country.

What is compared: from the same market's arrays to `k` agents per seat. Ours are the true best of those who pass every
filter, with every term. The peer gets one dense float32 vector per agent (a level per skill, the place, the freshness and
the fairness of the offer) and one per seat (what it would like there), and returns the nearest by Euclidean distance: no
dates, loads, required levels, neighbours, limits. It therefore does less; `recall` is the share of our pairs it finds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess  # each measure has its own process
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np

import matching
from benchmarks.markets import SKILLS, WEIGHTS, market

K = 20
SAMPLE = 1_000
SIZES = (31_250, 62_500, 125_000, 250_000, 500_000, 1_000_000)
BESIDE = (6_500, 31_250, 62_500)


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


def measure(who: str, agents: int, seats: int, seed: int) -> dict[str, float]:
    """Return what finding the candidates of at most `SAMPLE` seats costs, from the market to the pairs."""
    of, sample = market(agents, seats, seed=seed), min(SAMPLE, seats)
    work = {"ours": ours, "sklearn": peers}[who]
    before, began, used = _resident_mb(), time.perf_counter(), time.process_time()
    pairs = work(of, sample)
    row = {
        "agents": agents, "seats": seats, "sample": sample, "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used, "before_mb": before, "peak_mb": _resident_mb(), "pairs": len(pairs),
    }
    if who == "sklearn":
        true = ours(of, sample)
        row["recall"] = len(true & pairs) / max(1, len(true))
    return row


def whole(agents: int, seats: int, seed: int) -> dict[str, float]:
    """Return what a whole market costs, telling the progress on the standard error."""
    of, began = market(agents, seats, seed=seed), time.perf_counter()
    found = matching.candidates(of, WEIGHTS, K, progress=lambda done, out_of: print(done, out_of, file=sys.stderr, flush=True))
    return {"agents": agents, "seats": seats, "seconds": time.perf_counter() - began, "pairs": found.pool.pairs,
            "peak_mb": _resident_mb()}


def _resident_mb() -> float:
    """Return the highest resident memory of this process, in MB, or what Python holds where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return tracemalloc.get_traced_memory()[1] / 1e6


def fresh(*arguments: object) -> dict[str, float]:
    """Return what one measure in a process of its own prints, on one thread."""
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "benchmarks.candidates", "one", *map(str, arguments)]
    done = subprocess.run(command, env=os.environ | alone, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(done.stdout)


def beside(runs: int) -> None:
    """Print the ratio of ours to the peer's, alternating, at several sizes: median and spread of the pairs."""
    for agents in BESIDE:
        rows = [(fresh("ours", agents, agents // 10, run), fresh("sklearn", agents, agents // 10, run)) for run in range(runs)]
        ratios = sorted(mine["seconds"] / other["seconds"] for mine, other in rows)
        mine, other = rows[0]
        print(f"{agents:>9,} agents, {mine['sample']:>5,} seats: ours {mine['seconds']:.2f} s {mine['peak_mb']:.0f} MB, "
              f"sklearn {other['seconds']:.2f} s {other['peak_mb']:.0f} MB, recall {other['recall']:.2f}; "
              f"ratio {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}, {runs} pairs)", flush=True)


def growth(sizes: tuple[int, ...] = SIZES) -> None:
    """Print seconds of processor a seat and memory against agents, ten to a seat, and the fitted exponents."""
    rows = [fresh("ours", agents, agents // 10, 0) for agents in sizes]
    for row in rows:
        print(f"{row['agents']:>9,} agents: {1000 * row['cpu'] / row['sample']:.2f} ms a seat (building included), "
              f"{row['peak_mb']:.0f} MB", flush=True)
    logs = np.log([[row["agents"], row["cpu"] / row["sample"], row["peak_mb"]] for row in rows])
    for name, column in (("ms a seat", 1), ("memory", 2)):
        print(f"{name} grows as agents^{np.polyfit(logs[:, 0], logs[:, column], 1)[0]:.2f}")


def main(arguments: list[str] | None = None) -> None:
    """Print the comparison, the growth, or a whole market."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("beside", "growth", "whole", "one"))
    parser.add_argument("rest", nargs="*")
    given = parser.parse_args(arguments)
    if given.what == "one":
        who, agents, seats, seed = given.rest
        print(json.dumps(measure(who, int(agents), int(seats), int(seed))))
    elif given.what == "whole":
        agents, seats = map(int, given.rest or (1_000_000, 100_000))
        print(json.dumps(whole(agents, seats, 0)))
    elif given.what == "growth":
        growth()
    else:
        beside(int(given.rest[0]) if given.rest else 5)


if __name__ == "__main__":
    main()
