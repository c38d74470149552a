"""Night after night: a pool of which a part has changed, solved with yesterday's plan and without.

``python -m benchmarks.nights [CASE …] [--rounds 5]`` prints a table in Markdown. Of each case, 1, 10 and 50 % of the
seats are drawn again with their candidates; yesterday's plan is that of the pool before, its rows found again by
(agent, seat). Both ways alternate in one process, after one run that compiles; the ratio is of the processor's time,
solves alone, and every tier must have the same value.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import matching
from benchmarks import families, pools

Arrays = dict[str, Any]
SHARES = (0.01, 0.10, 0.50)
SEAT = ("seat_start", "seat_end", "seat_load", "seat_priority")

CASES: dict[str, Callable[[int], Arrays]] = {
    "s1000": lambda seed: pools.pool("s1000", seed=seed),
    "loose": lambda seed: pools.pool("loose", seed=seed),
    "sparse 10k": lambda seed: families.sparse(10_000, 65_000, seed=seed),
    "contention": lambda seed: families.contention(seed=seed),
    "scarce agents": lambda seed: families.sparse(10_000, 6_000, classes=3, seed=seed),
    "full": lambda seed: pools.pool("full", seed=seed),
    "tight": lambda seed: pools.pool("tight", seed=seed),
}
"""Each drawn from a seed; a case's seats, agents and units are as many whatever the seed."""

QUICK = ("s1000", "loose", "sparse 10k", "contention", "scarce agents")
"""The cases measured by default; the others are for plans on which time runs out (``--time-limit``)."""


def next_day(before: Arrays, other: Arrays, share: float, *, seed: int = 0) -> tuple[Arrays, Any]:
    """Return the pool in which a `share` of the seats is taken from `other`, and which seats stayed."""
    seats = before["seat_need"].size
    stays = np.ones(seats, bool)
    stays[np.random.default_rng(seed).choice(seats, round(share * seats), replace=False)] = False
    old, new = stays[before["pair_seat"]], ~stays[other["pair_seat"]]
    pairs = {
        name: np.concatenate([before[name][old], other[name][new]]) for name in ("pair_agent", "pair_seat", "pair_fit")
    }
    return before | pairs | {name: np.where(stays, before[name], other[name]) for name in SEAT}, stays


def found_again(old: matching.Pool, rows: Any, new: matching.Pool, stays: Any) -> Any:
    """Return the rows of the `new` pool that hold the pairs of `rows` of the `old`, of seats that stayed."""
    rows = rows[stays[old.pair_seat[rows]]]
    wanted = old.pair_agent[rows] * old.seats + old.pair_seat[rows]
    return np.flatnonzero(np.isin(new.pair_agent * new.seats + new.pair_seat, wanted))


def timed(pool: matching.Pool, time_limit: float, **more: Any) -> tuple[float, matching.Plan]:
    """Solve and check; return the processor's seconds of the solve, and the plan."""
    begin = time.process_time()
    plan = matching.solve(pool, time_limit=time_limit, **more)
    seconds = time.process_time() - begin
    matching.check(pool, plan)
    return seconds, plan


def compare(case: str, share: float, rounds: int, time_limit: float) -> str:
    """Return one row of the table."""
    before, other = CASES[case](0), CASES[case](1)
    old = matching.Pool(**before)
    _, yesterday = timed(old, time_limit)
    arrays, stays = next_day(before, other, share)
    pool = matching.Pool(**arrays)
    start = found_again(old, yesterday.pairs, pool, stays)
    timed(pool, time_limit, start=start)
    runs = [(timed(pool, time_limit), timed(pool, time_limit, start=start)) for _ in range(rounds)]
    ratios = sorted(warm[0] / cold[0] for cold, warm in runs)
    (_, cold), (_, warm) = runs[-1]
    same = np.allclose(cold.values, warm.values, atol=1e-6) and cold.status == warm.status == "optimal"
    has = sum(plan.pairs.size for plan in (cold, warm)) / 2
    common = np.intersect1d(start, warm.pairs).size
    cells = (
        case, f"{share:.0%}", f"{statistics.median(run[0][0] for run in runs):.3f}",
        f"{statistics.median(run[1][0] for run in runs):.3f}",
        f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f} to {ratios[-1]:.2f})",
        "same, optimal" if same else f"{cold.status} {cold.values} / {warm.status} {warm.values}",
        f"{start.size} / {common} / {has:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "case", "seats drawn again", "without start, s", "with start, s", "ratio (spread)", "tiers",
    "rows given / in the plan / plan",
)


def main(arguments: list[str] | None = None) -> None:
    """Print the table for the cases asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=list(QUICK), metavar="CASE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--time-limit", type=float, default=120.0)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEAD) + " |\n|" + " --- |" * len(HEAD), flush=True)
    for case in options.cases:
        for share in SHARES:
            print(compare(case, share, options.rounds, options.time_limit), flush=True)


if __name__ == "__main__":
    main()
