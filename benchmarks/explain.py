"""How long it takes to explain pairs of a general pool: proven bounds at once, then exact losses.

``python -m benchmarks.explain s1000 200 20`` takes 200 pairs of a case of `benchmarks.pools` for the bounds, half of
them chosen where the plan has so many, and the first 20 of them for the exact losses. Seconds are the processor's.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import matching
from benchmarks.pools import pool


def measure(case: str, bounds: int = 200, exacts: int = 20, time_limit: float = 60.0) -> dict[str, Any]:
    """Return milliseconds per bound, seconds per exact loss and how far the bounds are from the losses."""
    made = matching.Pool(**pool(case))
    solving, plan = _timed(lambda: matching.solve(made, time_limit=time_limit))
    explainer = matching.Explainer(made, plan, time_limit=time_limit)
    rows = _rows(made, plan, bounds)
    first, _ = _timed(lambda: explainer.bound(rows[0]))
    at_once = [_timed(lambda row=row: explainer.bound(row))[0] for row in rows[1:]]
    exact = [_timed(lambda row=row: explainer.exact(row)) for row in rows[:exacts]]
    gaps = [_gap(explainer.bound(row), told) for row, (_, told) in zip(rows, exact, strict=False)]
    mended = sum(explainer.bound(row).most == told.loss for row, (_, told) in zip(rows, exact, strict=False))
    return {
        "case": case, "status": plan.status, "solve_seconds": round(solving, 2), "prepare_seconds": round(first, 2),
        "bound_ms": _spread([1000 * seconds for seconds in at_once]),
        "exact_seconds": _spread([seconds for seconds, _ in exact]),
        "proven": sum(told.status == "optimal" for _, told in exact), "exact": len(exact),
        "gap_of_fit": _spread([gap for gap in gaps if gap is not None]), "same_tier": sum(gap is not None for gap in gaps),
        "upper_bound_is_exact": mended,
    }


def _rows(made: matching.Pool, plan: matching.Plan, count: int) -> list[int]:
    rng = np.random.default_rng(0)
    chosen = rng.permutation(plan.pairs)[: count // 2]
    others = rng.permutation(np.setdiff1d(np.arange(made.pairs), plan.pairs))[: count - chosen.size]
    return [int(row) for row in rng.permutation(np.concatenate([chosen, others]))]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    answer = work()
    return time.process_time() - begin, answer


def _gap(bound: matching.LossBounds, told: matching.Explanation) -> float | None:
    """Return what the exact loss exceeds its lower bound by, None where an earlier tier decides or there is no loss."""
    if told.loss is None or any(told.loss[: bound.tier]):
        return None
    return told.loss[bound.tier] - bound.least


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {name: round(float(of(values)), 3) for name, of in (("median", statistics.median), ("max", max))}


def main(arguments: list[str]) -> None:
    """Print one line of JSON."""
    case, bounds, exacts, limit = [*arguments, *("s1000", "200", "20", "60")[len(arguments) :]][:4]
    print(json.dumps(measure(case, int(bounds), int(exacts), float(limit))))


if __name__ == "__main__":
    main(sys.argv[1:])
