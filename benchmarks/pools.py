"""The general pools: agents under caps of three levels, seats of some weeks, 20 candidates a seat.

``python -m benchmarks.pools`` measures our solver with and without its extra, and HiGHS on the whole model.
"""

from __future__ import annotations

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
