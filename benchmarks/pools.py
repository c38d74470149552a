"""The general pools: agents under caps of three levels, seats of some weeks, 20 candidates a seat.

Ours beside HiGHS on the whole model, from the arrays to a checked plan; ``python -m benchmarks.pools s1000 5 120`` measures
a case in 5 rounds, at most 120 s a solve, and prints what every run gave.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import protocol
from benchmarks.protocol import Row, Run

Arrays = dict[str, Any]

AGENTS, DAYS, CLASSES, DEGREE = 6_500, 180, 3, 20
SIZES = (20, 100, 500)
"""Agents of a unit, of a direction, of a pole."""


@dataclass(frozen=True)
class Case:
    """Seats, the caps of units, directions and poles as shares of their agents, and what is asked.

    `seconds` is the most that a proof may take, `ratio` and `memory` the most beside the peer; `runs` is how often ours
    is measured at most. The last class may stay a share `short` of its bound; where that is 0, all is proven. Periods lie
    `inside` the 180 days, so that seats pile up in the middle, or begin evenly on any of them and run over the end.
    """

    seats: int
    shares: tuple[float, float, float]
    runs: int
    seconds: float = 60.0
    ratio: float | None = None
    memory: float | None = None
    short: float = 0.0
    inside: bool = True


CASES = {
    "s1000": Case(1_000, (0.10, 0.07, 0.05), 5, ratio=0.03, memory=0.35),
    "loose": Case(2_000, (0.15, 0.10, 0.10), 5, seconds=20.0),
    "full": Case(2_000, (0.10, 0.07, 0.05), 3, seconds=45.0),
    "full, even": Case(2_000, (0.10, 0.07, 0.05), 3, seconds=45.0, inside=False),
    "tight": Case(2_000, (0.05, 0.035, 0.025), 1, short=0.02),
    "tight, even": Case(2_000, (0.05, 0.035, 0.025), 1, short=0.02, inside=False),
}
PEER_SECONDS, SLOWER = 120.0, 2.5
"""How long HiGHS is given; how many times our time the plain install may take."""


def pool(case: str, *, seed: int = 0) -> Arrays:
    """Return the arguments of `matching.Pool` for a case."""
    return arrays(CASES[case].seats, AGENTS, CASES[case].shares, inside=CASES[case].inside, seed=seed)


def arrays(
    seats: int, agents: int, shares: tuple[float, float, float], *, inside: bool = True, seed: int = 0
) -> Arrays:
    """Return the arguments of `matching.Pool` for a pool of a size.

    Loads and capacities are tenths from 0.2 to 1.0, periods of 5 to 60 days lie `inside` 180 or begin on any of them,
    candidates are drawn evenly, fits are agent quality + seat appeal + noise; every seat is a need of its own.
    """
    rng = np.random.default_rng(seed)
    seat = np.repeat(np.arange(seats), DEGREE)
    agent = np.concatenate([rng.choice(agents, DEGREE, replace=False) for _ in range(seats)])
    fit = 0.3 * rng.random(agents)[agent] + 0.2 * rng.random(seats)[seat] + 0.5 * rng.random(seat.size)
    days = rng.integers(5, 61, seats)
    start = (rng.random(seats) * (DAYS - days + 1 if inside else DAYS)).astype(np.int64)
    parent, cap, agent_unit = forest(shares, agents)
    return {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": fit, "seat_need": np.arange(seats),
        "seat_start": start, "seat_end": start + days, "seat_load": rng.integers(2, 11, seats) / 10,
        "seat_priority": rng.integers(0, CLASSES, seats), "agent_unit": agent_unit,
        "agent_capacity": rng.integers(2, 11, agents) / 10, "unit_parent": parent, "unit_cap": cap,
    }


def forest(shares: tuple[float, float, float], agents: int = AGENTS) -> tuple[Any, Any, Any]:
    """Return the parents and caps of units, then directions, then poles, and each agent's unit."""
    counts = [-(-agents // size) for size in SIZES]
    first = np.concatenate([[0], np.cumsum(counts)])
    parents = [
        first[level + 1] + np.arange(counts[level]) // (SIZES[level + 1] // SIZES[level]) for level in (0, 1)
    ]
    parent = np.concatenate([*parents, np.full(counts[2], -1)])
    cap = np.concatenate([
        np.full(count, size * share) for count, size, share in zip(counts, SIZES, shares, strict=True)
    ])
    return parent, cap, np.arange(agents) // SIZES[0]


OURS, PLAIN, WHOLE = "ours", "ours, plain", "HiGHS, whole model"


def measure(case: str, who: str) -> Run:
    """Solve a case in this process, at most so many seconds ("s1000:30"), or what is asked of it."""
    case, _, given = case.partition(":")
    limit = float(given) if given else {OURS: 60.0, PLAIN: 60.0 * SLOWER}.get(who, PEER_SECONDS)
    return once(pool(case), who, limit)


def once(given: Arrays, who: str, time_limit: float) -> Run:
    """Solve these arrays after a small pool, which loads what is compiled; a solver's own clock stops it."""
    import matching
    from benchmarks.whole import solve_whole

    matching.solve(matching.Pool(**arrays(300, 2_000, CASES["s1000"].shares)))
    protocol.started()
    clock = protocol.Clock()
    made = matching.Pool(**given)
    built = clock.seconds()
    if who == WHOLE:
        answer = solve_whole(made, time_limit=time_limit)
    else:
        plan = matching.solve(made, time_limit=time_limit)
        matching.check(made, plan)
        gaps = [bound - value for bound, value in zip(plan.bound, plan.values, strict=True)]
        answer = {"values": [*plan.filled, round(plan.fit, 6)], "gaps": gaps, "status": plan.status, "build": built}
    answer |= {"seconds": clock.seconds()}
    return answer | {"peak_mb": protocol.peak_mb(), "limit": time_limit}


HEAD: Row = (
    "case", "who", "runs", "s (spread)", "asked s", "met", "status", "seats and fit", "below the bound", "peak MB", "building",
)


def section(cases: list[str], pairs: int) -> str:
    """Return the table of these cases, and what beside HiGHS comes of it."""
    rows, words = [], []
    for case in cases:
        runs = {OURS: _runs(case, OURS, min(pairs, CASES[case].runs)), PLAIN: _runs(case, PLAIN, 1)}
        if CASES[case].ratio is not None:
            if protocol.is_there("highspy"):
                runs[WHOLE] = _runs(case, WHOLE, 1)
                words.append(_beside(case, runs[OURS], runs[WHOLE][0]))
            else:
                words.append(f"{case}: {WHOLE} is not installed (`highspy`).")
        more = [_row(case, who, some) for who, some in runs.items()]
        rows += more
        print(protocol.table(HEAD, more), flush=True)
    return "\n\n".join([protocol.table(HEAD, rows), *words])


def _runs(case: str, who: str, count: int) -> list[Run]:
    runs = [protocol.fresh("pools", case, who, patience=4 * PEER_SECONDS) for _ in range(count)]
    return [run for run in runs if run is not None]


def _row(case: str, who: str, runs: list[Run]) -> Row:
    last, took = runs[-1], [run["seconds"] for run in runs]
    allowed = CASES[case].seconds * (SLOWER if who == PLAIN else 1.0)
    status = last.get("status") or f"{last['tiers_proven']} tiers proven"
    filled, fit = last["values"][:-1], last["values"][-1]
    below = [f"{gap / max(1, value):.1%}" for gap, value in zip(last.get("gaps", ()), last["values"], strict=False)]
    build = statistics.median(run["build"] / run["seconds"] for run in runs) if "build" in last else None
    met = "" if who == WHOLE else "yes" if _is_met(case, last, statistics.median(took) <= allowed) else "**no**"
    return (
        case, who, str(len(runs)), protocol.spread(took, 2), "" if who == WHOLE else f"{allowed:g}", met, status,
        f"{' + '.join(map(str, filled))}; {fit:.3f}", ", ".join(below) if status == "feasible" else "",
        f"{max(run['peak_mb'] for run in runs):.0f}", "" if build is None else f"{build:.1%}",
    )


def _is_met(case: str, last: Run, in_time: bool) -> bool:
    short = CASES[case].short
    if not short or last["status"] == "optimal":
        return in_time and last["status"] == "optimal"
    *proven, last_class, _ = last["gaps"]
    return in_time and not any(proven) and last_class <= short * (last["values"][-2] + last_class)


def _beside(case: str, runs: list[Run], whole: Run) -> str:
    """Say the ratios to the peer, which is a lower bound of its time where it did not prove all tiers."""
    took = statistics.median(run["seconds"] for run in runs)
    ratio, memory = took / whole["seconds"], max(run["peak_mb"] for run in runs) / whole["peak_mb"]
    proven = whole["tiers_proven"] == len(whole["values"])
    sign, end = ("", "which proved every tier") if proven else ("at most ", "which proved only what the table says by then")
    return (
        f"{case} beside {WHOLE}: {sign}**{ratio:.3f}** of its time (asked {CASES[case].ratio}), {sign}**{memory:.2f}** of its "
        f"memory (asked {CASES[case].memory}), stopped after {whole['seconds']:.0f} s, {end}."
    )


def main(arguments: list[str]) -> None:
    """Print one line of JSON per run, ours and the peer in turn."""
    case, rounds, limit = [*arguments, *("s1000", "5", "120")[len(arguments) :]][:3]
    for _ in range(int(rounds)):
        for who in (OURS, WHOLE) if protocol.is_there("highspy") else (OURS,):
            print(json.dumps({"who": who} | (protocol.fresh("pools", f"{case}:{limit}", who, patience=2 * float(limit)) or {})))


if __name__ == "__main__":
    main(sys.argv[1:])
