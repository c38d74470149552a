"""How time and memory grow: five sizes of each piece of work, and the exponents fitted to them.

Each size is measured in fresh processes, the median of a few; memory is what the work adds to the arrays that it is given.
The exponent is the slope of a straight line through the logarithms of the sizes: 1 is proportional to the number of pairs.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import matching
from benchmarks import check, families, pools, protocol
from benchmarks.candidates import K
from benchmarks.markets import WEIGHTS, market
from benchmarks.protocol import Row, Run

Work = Callable[[], int]


@dataclass(frozen=True)
class Case:
    """What makes the arrays of a size and returns the work, which returns its number of pairs; sizes; runs of each."""

    make: Callable[[int], Work]
    sizes: tuple[int, ...]
    what: str
    runs: int = 3


def _candidates(seats: int) -> Work:
    of = market(10 * seats, seats)
    return lambda: matching.candidates(of, WEIGHTS, K).pool.pairs


def _block(agents: int) -> Work:
    of = market(agents, 500)

    def work() -> int:
        return int(matching.blocks.Finder(of, WEIGHTS, K).block(range(of.seats)).agent.size)

    return work


def _check(chosen: int) -> Work:
    pool, plan = check.national(10 * chosen, chosen)

    def work() -> int:
        matching.check(pool, plan)
        return chosen

    return work


def _solve(arrays: dict[str, Any]) -> Work:
    def work() -> int:
        pool = matching.Pool(**arrays)
        plan = matching.solve(pool)
        if plan.status != "optimal":
            raise RuntimeError("only proofs are compared")
        return pool.pairs

    return work


def _assignment(seats: int) -> Work:
    matching.solve(matching.Pool(**families.sparse(400, 900)))
    return _solve(families.sparse(seats, 10 * seats))


def _dense(seats: int) -> Work:
    matching.solve(matching.Pool(**families.dense(500, 600)))
    return _solve(families.dense(seats, 13 * seats // 4))


def _pool(seats: int) -> Work:
    shares = pools.CASES["s1000"].shares
    matching.solve(matching.Pool(**pools.arrays(50, 500, shares)))
    return _solve(pools.arrays(seats, 13 * seats // 2, shares))


CASES = {
    "candidates": Case(_candidates, (500, 1_000, 2_000, 4_000, 8_000), "seats, ten agents each, 22 pairs or more kept", 1),
    "candidates of 500 seats": Case(_block, (62_500, 125_000, 250_000, 500_000, 1_000_000), "agents", 1),
    "sparse assignment": Case(_assignment, (6_250, 12_500, 25_000, 50_000, 100_000), "seats, ten agents each, 20 pairs a seat"),
    "dense assignment": Case(_dense, (200, 400, 800, 1_600, 2_400), "seats, 3.25 agents each, all pairs", 1),
    "pool": Case(_pool, (125, 250, 500, 1_000, 2_000), "seats, 6.5 agents each, caps of s1000, 20 pairs a seat", 1),
    "check": Case(_check, (62_500, 125_000, 250_000, 500_000, 1_000_000), "chosen pairs, ten agents each, units four deep"),
}


def measure(case: str, who: str) -> Run:
    """Do the work of a size in this process."""
    name, _, size = case.rpartition(" ")
    work = CASES[name].make(int(size))
    protocol.started()
    before, clock = protocol.peak_mb(), protocol.Clock()
    pairs = work()
    seconds = clock.seconds()
    return {"seconds": seconds, "peak_mb": protocol.peak_mb(), "more_mb": protocol.peak_mb() - before, "pairs": pairs}


def section(cases: list[str], pairs: int) -> str:
    """Return a table of sizes and one of exponents."""
    rows: list[Row] = []
    fitted: list[Row] = []
    for case in cases:
        one = CASES[case]
        sizes = [_median(case, size, min(pairs, one.runs)) for size in one.sizes]
        known = [(size, run) for size, run in zip(one.sizes, sizes, strict=True) if run is not None]
        rows += [_row(case, size, run) for size, run in zip(one.sizes, sizes, strict=True)]
        logs = np.log([[size, run["pairs"], run["seconds"], max(run["more_mb"], 0.1)] for size, run in known])
        slopes = (np.polyfit(logs[:, of], logs[:, what], 1)[0] for of, what in ((0, 2), (0, 3), (1, 2), (1, 3)))
        fitted.append((case, one.what, f"{known[0][0]:,} to {known[-1][0]:,}", *(f"{slope:.2f}" for slope in slopes)))
        print(protocol.table(HEAD, rows[-len(sizes) :]), fitted[-1], flush=True)
    return protocol.table(FITTED, fitted) + "\n\n" + protocol.table(HEAD, rows)


HEAD: Row = ("work", "size", "pairs", "s", "more MB")
FITTED: Row = ("work", "size is", "from … to", "time ~ size^", "memory ~ size^", "time ~ pairs^", "memory ~ pairs^")


def _median(case: str, size: int, runs: int) -> Run | None:
    known = [run for run in (protocol.fresh("growth", f"{case} {size}", "ours") for _ in range(runs)) if run is not None]
    if not known:
        return None
    return known[-1] | {name: statistics.median(run[name] for run in known) for name in ("seconds", "more_mb")}


def _row(case: str, size: int, run: Run | None) -> Row:
    if run is None:
        return (case, f"{size:,}", "", f"> {protocol.PATIENCE:.0f}", "")
    return (case, f"{size:,}", f"{run['pairs']:,}", protocol.seconds([run["seconds"]]), f"{run['more_mb']:.0f}")
