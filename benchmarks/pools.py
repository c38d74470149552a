"""The general pools: agents under caps of three levels, seats of some weeks, 20 candidates a seat.

``python -m benchmarks.pools s1000 5 120`` measures a case in 5 rounds, at most 120 s a solve: our solver and
HiGHS on the whole model (with `highspy`), alternating, each in a fresh process on one thread.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

Arrays = dict[str, Any]

AGENTS, DAYS, CLASSES, DEGREE = 6_500, 180, 3, 20
SIZES = (20, 100, 500)
"""Agents of a unit, of a direction, of a pole."""

CASES: dict[str, tuple[int, tuple[float, float, float]]] = {
    "s1000": (1_000, (0.10, 0.07, 0.05)),
    "loose": (2_000, (0.15, 0.10, 0.10)),
    "full": (2_000, (0.10, 0.07, 0.05)),
    "tight": (2_000, (0.05, 0.035, 0.025)),
}
"""Seats, and the caps of units, directions and poles as shares of their agents."""


def pool(case: str, *, seed: int = 0) -> Arrays:
    """Return the arguments of `matching.Pool` for a case.

    Loads and capacities are tenths from 0.2 to 1.0, periods of 5 to 60 days lie inside 180, candidates are
    drawn evenly, fits are agent quality + seat appeal + noise; every seat is a need of its own.
    """
    seats, shares = CASES[case]
    rng = np.random.default_rng(seed)
    seat = np.repeat(np.arange(seats), DEGREE)
    agent = np.concatenate([rng.choice(AGENTS, DEGREE, replace=False) for _ in range(seats)])
    fit = 0.3 * rng.random(AGENTS)[agent] + 0.2 * rng.random(seats)[seat] + 0.5 * rng.random(seat.size)
    days = rng.integers(5, 61, seats)
    start = (rng.random(seats) * (DAYS - days + 1)).astype(np.int64)
    parent, cap, agent_unit = forest(shares)
    return {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": fit, "seat_need": np.arange(seats),
        "seat_start": start, "seat_end": start + days, "seat_load": rng.integers(2, 11, seats) / 10,
        "seat_priority": rng.integers(0, CLASSES, seats), "agent_unit": agent_unit,
        "agent_capacity": rng.integers(2, 11, AGENTS) / 10, "unit_parent": parent, "unit_cap": cap,
    }


def forest(shares: tuple[float, float, float]) -> tuple[Any, Any, Any]:
    """Return the parents and caps of units, then directions, then poles, and each agent's unit."""
    counts = [AGENTS // size for size in SIZES]
    first = np.concatenate([[0], np.cumsum(counts)])
    parents = [
        first[level + 1] + np.arange(counts[level]) // (SIZES[level + 1] // SIZES[level]) for level in (0, 1)
    ]
    parent = np.concatenate([*parents, np.full(counts[2], -1)])
    cap = np.concatenate([
        np.full(count, size * share) for count, size, share in zip(counts, SIZES, shares, strict=True)
    ])
    return parent, cap, np.arange(AGENTS) // SIZES[0]


WAYS = ("ours", "whole")
"""Ours, and HiGHS on the whole model from the greedy plan."""


def once(case: str, way: str, time_limit: float) -> dict[str, Any]:
    """Solve a case in this process: seconds from arrays to a checked plan, of the clock and of the processor."""
    import matching
    from benchmarks.whole import solve_whole

    arrays = pool(case)
    begin, used = time.perf_counter(), time.process_time()
    made = matching.Pool(**arrays)
    if way == "whole":
        answer = solve_whole(made, time_limit=time_limit)
    else:
        plan = matching.solve(made, time_limit=time_limit)
        matching.check(made, plan)
        gaps = [bound - value for bound, value in zip(plan.bound, plan.values, strict=True)]
        answer = {"values": [*plan.filled, round(plan.fit, 6)], "gaps": gaps, "status": plan.status}
    answer |= {"seconds": time.perf_counter() - begin, "processor": time.process_time() - used}
    return answer | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure(case: str, rounds: int = 5, time_limit: float = 120.0) -> list[dict[str, Any]]:
    """Alternate the ways, a fresh process each; return the median and the spread of each way."""
    single = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.pools", "--once", case, way, str(time_limit)]
            out = subprocess.run(command, env=single, check=True, capture_output=True, text=True)  # noqa: S603
            runs[way].append(json.loads(out.stdout.splitlines()[-1]))
    return [_line(case, way, answers, time_limit) for way, answers in runs.items()]


def _line(case: str, way: str, answers: list[dict[str, Any]], time_limit: float) -> dict[str, Any]:
    line = {"case": case, "way": way, "time_limit": time_limit} | answers[-1]
    for name in ("seconds", "processor", "megabytes"):
        values = [answer[name] for answer in answers]
        line |= {name: round(statistics.median(values), 2), f"{name}_spread": (min(values), max(values))}
    return line


def main(arguments: list[str]) -> None:
    """Print one line of JSON per way."""
    if arguments[:1] == ["--once"]:
        print(json.dumps(once(arguments[1], arguments[2], float(arguments[3]))))
        return
    case, rounds, limit = [*arguments, *("s1000", "5", "120")[len(arguments) :]][:3]
    for line in measure(case, int(rounds), float(limit)):
        print(json.dumps(line))


if __name__ == "__main__":
    main(sys.argv[1:])
