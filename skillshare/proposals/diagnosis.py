"""Why a seat stays open: what the engine found in the way, and the smallest changes that would help."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import numpy as np

import matching
from skillshare.proposals.contents import asked_hash
from skillshare.proposals.market import Maps

DETAILED_SEATS = 60
BUDGET_SECONDS = 15.0


def diagnoses(market: matching.Market, found: matching.Found, plan: matching.Plan, maps: Maps) -> dict[int, dict[str, Any]]:
    """Seat id → stored diagnosis of every seat the plan leaves open; the first DETAILED_SEATS in detail,
    as long as the time budget lasts, the others by their funnel alone."""
    chosen = set(found.pool.pair_seat[plan.pairs].tolist())
    told: dict[int, dict[str, Any]] = {}
    changes: dict[int, list[dict[str, Any]]] = {}
    until = time.monotonic() + BUDGET_SECONDS
    for position in (n for n in range(market.seats) if n not in chosen):
        seat = maps.seats[position]
        facts = _short(found, position)
        if len(told) < DETAILED_SEATS and time.monotonic() < until:
            facts = _detailed(market, found, plan, maps, position)
            if seat.need.id not in changes:
                changes[seat.need.id] = smallest_changes(market, found, position, maps)
            facts["changes"] = changes[seat.need.id]
        told[seat.seat_id] = facts | {"asked": asked_hash(seat.need)}
    return told


def _short(found: matching.Found, position: int) -> dict[str, Any]:
    return {"funnel": dict(zip(found.filters, (int(n) for n in found.funnel[position]), strict=True)), "changes": []}


def _detailed(market: matching.Market, found: matching.Found, plan: matching.Plan, maps: Maps, position: int) -> dict[str, Any]:
    facts = matching.diagnose(market, found, plan, position)
    return {
        "funnel": dict(facts.funnel), "eligible": facts.eligible, "taken_elsewhere": facts.taken_elsewhere,
        "blocked_by_caps": facts.blocked_by_caps, "available": facts.available,
        "caps": [{"unit_id": maps.unit_ids[cap.unit], "agents": cap.agents} for cap in facts.caps],
        "engine_changes": [asdict(change) for change in facts.changes],
    }


def smallest_changes(market: matching.Market, found: matching.Found, position: int, maps: Maps) -> list[dict[str, Any]]:
    """Up to three single changes of the need, counted again one by one, that let more agents through.

    `eligible`: agents who would pass every filter; whether one of them is free of other missions is
    for the next run to say.
    """
    now = int(found.funnel[position, -1])
    alone = _only_seat(market, position)
    counted = []
    for change, variant in _variants(alone, maps, position):
        left = int(matching.candidates(variant, dict(zip(found.term_names, found.weights.tolist(), strict=True))).funnel[0, -1])
        if left > now:
            counted.append(change | {"eligible": left})
    return counted[:3]


def _only_seat(market: matching.Market, position: int) -> matching.Market:
    seat = {name: getattr(market, name)[[position]] for name in vars(market) if name.startswith("seat_")}
    mine = market.demand_seat == position
    demand = {name: getattr(market, name)[mine] for name in vars(market) if name.startswith("demand_")}
    demand["demand_seat"] = np.zeros(int(mine.sum()), np.int64)
    return replace(market, **seat, **demand)


def _variants(alone: matching.Market, maps: Maps, position: int) -> Iterable[tuple[dict[str, Any], matching.Market]]:
    """Single changes, the least costly for the service first."""
    load = round(float(alone.seat_load[0]) * 100)
    for less in (10, 20):
        if load - less >= 10:
            yield {"kind": "load", "to": load - less}, replace(alone, seat_load=np.array([(load - less) / 100]))
    for row in np.flatnonzero(alone.demand_required & ~alone.demand_neighbours).tolist():
        allowed = alone.demand_neighbours.copy()
        allowed[row] = True
        yield ({"kind": "neighbours", "skill_id": int(alone.demand_skill[row])}, replace(alone, demand_neighbours=allowed))
    for row in np.flatnonzero(alone.demand_required & (alone.demand_level > 1)).tolist():
        level = alone.demand_level.copy()
        level[row] -= 1
        yield ({"kind": "level", "skill_id": int(alone.demand_skill[row]), "to": int(level[row])},
               replace(alone, demand_level=level))
    for days in (14, 28):
        yield {"kind": "later", "days": days}, replace(alone, seat_start=alone.seat_start + days, seat_end=alone.seat_end + days)
    if not alone.seat_remote[0] and maps.seats[position].site is not None:
        yield {"kind": "remote"}, replace(alone, seat_remote=np.array([True]))
