"""Pools without shared limits: our ratios to the solvers a user would pick instead.

``python -m benchmarks.assignment [CASE …] [--pairs 5] [--plain]`` prints a table in Markdown. Each run is a fresh
process on the same arrays, ours and a peer's in turn; the time is from arrays to a checked solution (the pool's own
checks, the solve, `matching.check`; for a peer, building its input, the solve and reading the chosen pairs).
Compiling, or loading what was compiled, is done before on small pools and shown apart.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import families, peers

Arrays = dict[str, Any]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Case:
    """A family's pool, who is asked beside us, and what share of their time we allow ourselves."""

    make: Callable[[], Arrays]
    peers: tuple[str, ...]
    target: float
    plain_target: float | None = None


CASES = {
    "dense": Case(families.dense, ("lapx lapjvs", "scipy dense", "OR-Tools flow"), 0.20, 0.6),
    "sparse 1k": Case(
        lambda: families.sparse(1_000, 6_500), ("OR-Tools flow", "scipy sparse", "networkx"), 0.15,
    ),
    "sparse 10k": Case(lambda: families.sparse(10_000, 65_000), ("OR-Tools flow", "scipy sparse"), 0.15),
    "sparse 100k": Case(lambda: families.sparse(100_000, 1_000_000), ("OR-Tools flow",), 0.05, 0.1),
    "sparse 100k, 3 classes": Case(
        lambda: families.sparse(100_000, 1_000_000, classes=3), ("OR-Tools flow",), 0.03,
    ),
    "contention": Case(families.contention, ("OR-Tools flow", "scipy sparse"), 1.0),
    "scarce agents": Case(
        lambda: families.sparse(10_000, 6_000, classes=3), ("OR-Tools flow", "scipy sparse"), 1.0,
    ),
}

SLOW = {"networkx": 1, "scipy dense": 1, "OR-Tools flow on dense": 1}
"""Peers so slow that they run fewer times."""


def ours(arrays: Arrays) -> dict[str, Any]:
    """Build, solve and check; the compiler's work is done before on small pools."""
    import matching

    begin = time.perf_counter()
    for small in (
        families.sparse(400, 900), families.sparse(500, 400, classes=3, decimals=1), families.dense(500, 600),
        families.sparse(600, 610, classes=2), families.sparse(300, 10_000), families.dense(900, 200),
    ):
        matching.solve(matching.Pool(**small))
    compiling = time.perf_counter() - begin
    begin = time.perf_counter()
    pool = matching.Pool(**arrays)
    built = time.perf_counter()
    plan = matching.solve(pool)
    solved = time.perf_counter()
    matching.check(pool, plan)
    end = time.perf_counter()
    return {
        "seconds": end - begin, "build": built - begin, "solve": solved - built, "compiling": compiling,
        "filled": list(plan.filled), "fit": plan.fit, "status": plan.status,
    }


def measure(case: str, who: str) -> dict[str, Any]:
    """Run one solver on one case in this process."""
    arrays = CASES[case].make()
    result = ours(arrays) if who == "ours" else peers.run(who, arrays)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def fresh(case: str, who: str) -> dict[str, Any]:
    """Run one solver on one case in a fresh process with one thread."""
    command = [sys.executable, "-m", "benchmarks.assignment", "--child", case, who]
    environment = os.environ | dict.fromkeys(THREADS, "1")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(case: str, peer: str, pairs: int) -> str:
    """Return one row of the table: our runs and a peer's in turn."""
    pairs = min(pairs, SLOW.get(f"{peer} on {case}", SLOW.get(peer, pairs)))
    runs = [(fresh(case, "ours"), fresh(case, peer)) for _ in range(pairs)]
    mine, theirs = runs[-1]
    ratios = sorted(one["seconds"] / other["seconds"] for one, other in runs)
    middle = statistics.median(ratios)
    verdict = "" if peer not in CASES[case].peers[:2] else ("yes" if middle <= CASES[case].target else "no")
    same = "same" if mine["filled"] == theirs["filled"] else f"{mine['filled']} / {theirs['filled']}"
    build = statistics.median(one["build"] / one["solve"] for one, _ in runs)
    cells = (
        case, peer, str(pairs), f"{statistics.median(one['seconds'] for one, _ in runs):.4f}",
        f"{statistics.median(other['seconds'] for _, other in runs):.4f}",
        f"**{middle:.3f}** ({ratios[0]:.3f} to {ratios[-1]:.3f})", f"{CASES[case].target}", verdict, mine["status"], same,
        f"{mine['fit'] - theirs['fit']:.1e}", f"{mine['peak_mb']:.0f} / {theirs['peak_mb']:.0f}", f"{build:.0%}",
        f"{mine['compiling']:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "case", "peer", "pairs", "ours s", "peer s", "ratio (spread)", "target", "met", "status", "seats", "fit beyond the peer's",
    "peak MB ours / peer", "building / solve", "compiling apart s",
)


def main(arguments: list[str] | None = None) -> None:
    """Print the table for the cases asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=list(CASES), metavar="CASE")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--child", nargs=2, metavar=("CASE", "SOLVER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(measure(*options.child)))
        return
    print("| " + " | ".join(HEAD) + " |\n|" + " --- |" * len(HEAD), flush=True)
    for case in options.cases:
        for peer in CASES[case].peers:
            if peers.is_there(peer):
                print(compare(case, peer, options.pairs), flush=True)
            else:
                print(f"| {case} | {peer} | not installed |" + " |" * (len(HEAD) - 3), flush=True)


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
