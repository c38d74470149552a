"""The pools of the cases without shared limits, as arrays, from fixed seeds."""

from __future__ import annotations

from typing import Any

import numpy as np

Arrays = dict[str, Any]


def dense(
    seats: int = 2_000, agents: int = 6_500, *, shares: tuple[float, float, float] = (0.1, 0.1, 0.8),
    bell: bool = False, seed: int = 0,
) -> Arrays:
    """Every pair a candidate; fits correlated: shares of agent quality, seat appeal and noise, even or bell-shaped.

    Much quality and even noise are hard: all want the same agents, and many pairs are near the best. Bells have few
    high values, which settle the matter: all solvers are ten times as quick there.
    """
    rng = np.random.default_rng(seed)
    draw = rng.standard_normal if bell else rng.random
    quality, appeal, noise = shares
    fit = quality * draw(agents) + appeal * draw(seats)[:, None] + noise * draw((seats, agents))
    if bell:
        fit = (fit - fit.min()) / (fit.max() - fit.min())
    seat, agent = np.divmod(np.arange(seats * agents), agents)
    return pool_arrays(seat, agent, fit.ravel(), seats, agents, np.zeros(seats, np.int64))


def sparse(
    seats: int, agents: int, *, classes: int = 1, decimals: int | None = None, degree: int = 20, seed: int = 0
) -> Arrays:
    """Each seat has `degree` candidates, drawn with a skewed popularity; `decimals` rounds the fits."""
    rng = np.random.default_rng(seed)
    popular = rng.permutation(agents)
    drawn = popular[(agents * rng.random((seats, 2 * degree)) ** 2).astype(np.int64)]
    seat = np.repeat(np.arange(seats), 2 * degree)
    key = np.unique(seat * agents + drawn.ravel())
    seat, agent = np.divmod(rng.permutation(key), agents)
    order = np.argsort(seat, kind="stable")
    rank = np.arange(key.size) - np.searchsorted(seat[order], seat[order])
    kept = order[rank < degree]
    seat, agent = seat[kept], agent[kept]
    fit = np.clip(0.3 * rng.random(agents)[agent] + 0.2 * rng.random(seats)[seat] + 0.5 * rng.random(seat.size), 0, 1)
    if decimals is not None:
        fit = fit.round(decimals)
    return pool_arrays(seat, agent, fit, seats, agents, rng.integers(0, classes, seats))


def contention(size: int = 10_000, *, decimals: int | None = 1, seed: int = 0) -> Arrays:
    """As many agents as seats, three classes, fits of one decimal: many ties, and not enough agents."""
    return sparse(size, size, classes=3, decimals=decimals, seed=seed)


def pool_arrays(seat: Any, agent: Any, fit: Any, seats: int, agents: int, priority: Any) -> Arrays:
    """Return the arguments of a pool of full-time seats on one period, without caps.

    Arrays are read-only and own their memory, as those of `matching.candidates`: a pool takes them as they are.
    """
    given = {
        "pair_agent": agent, "pair_seat": seat, "pair_fit": fit, "seat_need": np.arange(seats),
        "seat_start": np.zeros(seats, np.int64), "seat_end": np.full(seats, 30), "seat_load": np.ones(seats),
        "seat_priority": priority, "agent_unit": np.arange(agents) // 20, "agent_capacity": np.ones(agents),
        "unit_parent": np.full((agents + 19) // 20, -1), "unit_cap": np.full((agents + 19) // 20, np.inf),
    }
    owned = {name: part if part.flags.owndata else part.copy() for name, part in given.items()}
    for part in owned.values():
        part.setflags(write=False)
    return owned
