"""Pools without shared limits: our ratios to the solvers a user would pick instead.

The time is from arrays to a checked solution: the pool's own checks, the solve and `matching.check`; for a peer,
building its input in the form that suits it best, the solve and reading the chosen pairs. Compiling, or loading what was
compiled, is done before on small pools and shown apart. Both plans are then checked by code that shares nothing with
any solver.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks import families, peers, protocol
from benchmarks.protocol import Row, Run

Arrays = dict[str, Any]
OURS, PLAIN = "ours", "ours, plain"


@dataclass(frozen=True)
class Case:
    """A family's pool, who is asked beside us, and what share of the named peers' time we allow ourselves.

    `targets` and `plain_targets` name peers; where a target is the best of several, each of them has it.
    """

    make: Callable[[], Arrays]
    peers: tuple[str, ...]
    targets: dict[str, float] = field(default_factory=dict)
    plain_targets: dict[str, float] = field(default_factory=dict)


FLOW, LAPX, DENSE, SPARSE, NETWORKX = "OR-Tools flow", "lapx lapjvs", "scipy dense", "scipy sparse", "networkx"
TOLD = "OR-Tools flow, told that all fill"

CASES = {
    "dense": Case(families.dense, (LAPX, DENSE, FLOW), {LAPX: 0.20}, {LAPX: 0.6}),
    "dense, strong quality": Case(lambda: families.dense(shares=(0.4, 0.2, 0.4)), (LAPX, DENSE), {LAPX: 0.20}, {LAPX: 0.6}),
    "dense, bells": Case(lambda: families.dense(shares=(0.3, 0.2, 0.5), bell=True), (LAPX, DENSE)),
    "sparse 1k": Case(lambda: families.sparse(1_000, 6_500), (FLOW, SPARSE, NETWORKX), {FLOW: 0.15, SPARSE: 0.15}),
    "sparse 10k": Case(lambda: families.sparse(10_000, 65_000), (FLOW, SPARSE), {FLOW: 0.15, SPARSE: 0.15}),
    "sparse 100k": Case(lambda: families.sparse(100_000, 1_000_000), (FLOW, SPARSE), {FLOW: 0.05}, {FLOW: 0.1}),
    "sparse 100k, 3 classes": Case(
        lambda: families.sparse(100_000, 1_000_000, classes=3), (FLOW, TOLD), {FLOW: 0.03}, {FLOW: 0.1},
    ),
    "contention": Case(families.contention, (FLOW, SPARSE), {FLOW: 1.0, SPARSE: 1.0}),
    "scarce agents": Case(lambda: families.sparse(10_000, 6_000, classes=3), (FLOW, SPARSE)),
}

ONCE = {DENSE, NETWORKX, TOLD, f"{FLOW} on dense", f"{LAPX} on dense, strong quality"}
"""Peers so slow that they run once."""


def ours(arrays: Arrays) -> Run:
    """Build, solve and check; the compiler's work is done before on small pools."""
    import matching

    begin = time.perf_counter()
    for small in (
        families.sparse(400, 900), families.sparse(500, 400, classes=3, decimals=1), families.dense(500, 600),
        families.sparse(600, 610, classes=2), families.sparse(300, 10_000), families.dense(900, 200),
    ):
        pool = matching.Pool(**small)
        matching.check(pool, matching.solve(pool))
    compiling = time.perf_counter() - begin
    protocol.started()
    clock = protocol.Clock()
    pool = matching.Pool(**arrays)
    built = clock.seconds()
    plan = matching.solve(pool)
    solved = clock.seconds()
    matching.check(pool, plan)
    result = {
        "seconds": clock.seconds(), "build": built, "solve": solved - built, "compiling": compiling, "status": plan.status,
        "peak_mb": protocol.peak_mb(),
    }
    return result | peers.values(arrays, pool.pair_seat[plan.pairs], pool.pair_agent[plan.pairs])


def measure(case: str, who: str) -> Run:
    """Run one solver on one case in this process."""
    np.seterr(all="raise")
    arrays = CASES[case].make()
    return ours(arrays) if who in (OURS, PLAIN) else peers.run(who, arrays)


HEAD: Row = (
    "case", "who", "beside", "runs", "s", "peer s", "ratio (spread)", "asked", "met", "seats", "fit beyond the peer's",
    "peak MB", "peer's",
)


def compare(case: str, pairs: int) -> tuple[list[Row], Row]:
    """Return the rows of a case, one for each of our two installs and each peer, and its row of `PARTS`."""
    one = CASES[case]
    there = [peer for peer in one.peers if peers.is_there(peer)]
    often = [peer for peer in there if not {peer, f"{peer} on {case}"} & ONCE]
    rare = [peer for peer in there if peer not in often]
    rounds = protocol.alternate("assignment", case, (OURS, *often, PLAIN), pairs)
    single = protocol.alternate("assignment", case, (OURS, *rare, PLAIN), 1) if rare else []
    rows = []
    for peer in one.peers:
        if peer not in there:
            rows.append((case, OURS, f"{peer} (not installed)", *("",) * (len(HEAD) - 3)))
            continue
        among, order = (rounds, often) if peer in often else (single, rare)
        at = 1 + order.index(peer)
        rows.append(_row(case, OURS, peer, among, 0, at, one.targets.get(peer)))
        if peer in one.plain_targets or peer == one.peers[0]:
            rows.append(_row(case, PLAIN, peer, among, -1, at, one.plain_targets.get(peer)))
    return rows, _parts(case, [done[0] for done in rounds])


def _row(case: str, who: str, peer: str, rounds: list[list[Run | None]], at: int, beside: int, target: float | None) -> Row:
    mine, theirs = ([done[place] for done in rounds if done[place] is not None] for place in (at, beside))
    took = [run["seconds"] for run in mine]
    asked = "" if target is None else f"{target:g}"
    if not theirs:
        most = statistics.median(took) / protocol.PATIENCE
        return (
            case, who, peer, str(len(mine)), protocol.seconds(took), f"> {protocol.PATIENCE:.0f}", f"< {most:.3f}", asked,
            "yes" if target is not None and most <= target else "", "", "", _peak(mine), "",
        )
    ratios = protocol.ratios([[done[at], done[beside]] for done in rounds], 1)
    met = "" if target is None else "yes" if statistics.median(ratios) <= target else "**no**"
    same = "same" if mine[-1]["filled"] == theirs[-1]["filled"] else f"{mine[-1]['filled']} / {theirs[-1]['filled']}"
    return (
        case, who, peer, str(len(ratios)), protocol.seconds(took), protocol.seconds([run["seconds"] for run in theirs]),
        protocol.spread(ratios), asked, met, same, f"{mine[-1]['fit'] - theirs[-1]['fit']:.1e}", _peak(mine), _peak(theirs),
    )


def _peak(runs: list[Run]) -> str:
    return f"{max(run['peak_mb'] for run in runs):.0f}"


PARTS: Row = ("case", "status", "building s", "solving s", "building / solving", "checking s", "compiling, apart, s")


def _parts(case: str, runs: list[Run | None]) -> Row:
    known = [run for run in runs if run is not None]
    checking = [run["seconds"] - run["build"] - run["solve"] for run in known]
    return (
        case, known[-1]["status"], protocol.seconds([run["build"] for run in known]),
        protocol.seconds([run["solve"] for run in known]),
        f"{statistics.median(run['build'] / run['solve'] for run in known):.0%}",
        protocol.seconds(checking), f"{statistics.median(run['compiling'] for run in known):.1f}",
    )


def section(cases: list[str], pairs: int) -> str:
    """Return the tables of these cases."""
    rows, parts = [], []
    for case in cases:
        more, part = compare(case, pairs)
        rows += more
        parts.append(part)
        print(protocol.table(HEAD, more), flush=True)
    return protocol.table(HEAD, rows) + "\n\nWhere our time goes:\n\n" + protocol.table(PARTS, parts)
