"""How long it takes to explain pairs of a general pool, and to diagnose seats of a market.

``python -m benchmarks.explain s1000 200 20`` takes 200 pairs of a case of `benchmarks.pools` for the bounds, half of
them chosen, and 20 of them for the exact losses; then 12 open seats of a market. All seconds are the processor's, on one
thread when ``OMP_NUM_THREADS=1``.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import matching
from benchmarks import markets
from benchmarks.pools import pool


def explained(case: str, bounds: int, exacts: int, time_limit: float) -> list[tuple[str, str]]:
    """Return what is measured of explanations, and how much."""
    made = matching.Pool(**pool(case))
    solving, plan = _timed(lambda: matching.solve(made, time_limit=time_limit))
    explainer, rows = matching.Explainer(made, plan, time_limit=time_limit), _rows(made, plan, bounds)
    first, _ = _timed(lambda: explainer.bound(rows[0]))
    at_once = [_timed(lambda row=row: explainer.bound(row))[0] for row in rows[1:]]
    exact = [(explainer.bound(row), *_timed(lambda row=row: explainer.exact(row))) for row in rows[:exacts]]
    gaps = [gap for bound, _, told in exact if (gap := _gap(bound, told)) is not None]
    proven = sum(told.status == "optimal" for _, _, told in exact)
    mended = sum(bound.most == told.loss for bound, _, told in exact)
    priced, _ = _timed(lambda: matching.scarcity(made, plan, time_limit=time_limit))
    return [
        (f"`{case}`: the plan, {plan.status}", f"{solving:.2f} s"),
        ("what explanations share, once", f"{first:.2f} s"),
        (f"a proven bound, {len(at_once)} pairs", f"{_spread(at_once, 1000)} ms"),
        (f"an exact loss, {proven} of {len(exact)} pairs proven", f"{_spread([spent for _, spent, _ in exact])} s"),
        (f"what the lower bound leaves of the loss, on its tier ({len(gaps)} pairs)", _spread(gaps)),
        ("pairs whose upper bound is the loss", f"{mended} of {len(exact)}"),
        ("shadow prices of caps and weeks", f"{priced:.2f} s"),
    ]


def diagnosed(agents: int = 6_500, seats: int = 500, count: int = 12) -> list[tuple[str, str]]:
    """Return what is measured of diagnoses in a market whose seats ask for one skill each."""
    market = markets.market(agents, seats)
    market = dataclasses.replace(market, demand_required=np.tile([True, False, False], seats))
    found = matching.candidates(market, markets.WEIGHTS)
    plan = matching.solve(found.pool)
    diagnoser, left = matching.Diagnoser(market, found, plan), np.setdiff1d(np.arange(seats), found.pool.pair_seat[plan.pairs])
    told = [_timed(lambda seat=seat: diagnoser.of(int(seat))) for seat in left[:count]]
    changes = [change for _, one in told for change in one.changes]
    return [
        (f"a diagnosis among {agents} agents and {seats} seats, {len(told)} of {left.size} open",
         f"{_spread([spent for spent, _ in told])} s"),
        ("changes told and verified; of them proven the smallest",
         f"{len(changes)}; {sum(change.smallest for change in changes)}"),
    ]


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
    """Return what the loss exceeds its lower bound by, None where an earlier tier decides or there is no loss."""
    if told.loss is None or any(told.loss[: bound.tier]):
        return None
    return told.loss[bound.tier] - bound.least


def _spread(values: Iterable[float], scale: float = 1.0) -> str:
    every = [scale * value for value in values]
    return f"{statistics.median(every):.2f}, at most {max(every):.2f}" if every else "none"


def main(arguments: list[str]) -> None:
    """Print a table in Markdown: medians and the most."""
    case, bounds, exacts, limit = [*arguments, *("s1000", "200", "20", "60")[len(arguments) :]][:4]
    print("| | |\n|---|---|")
    for what, how_much in [*explained(case, int(bounds), int(exacts), float(limit)), *diagnosed()]:
        print(f"| {what} | {how_much} |")


if __name__ == "__main__":
    main(sys.argv[1:])
