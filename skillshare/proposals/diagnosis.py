"""Why a seat stays open: what the engine found in the way, and the smallest changes that fill it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import matching
from skillshare.proposals.contents import asked_hash
from skillshare.proposals.market import Maps

DETAILED_SEATS = 60
BUDGET_SECONDS = 15.0
SEAT_SECONDS = 1.5
MOST_CHANGES = 3
LOOKED_FOR = 8  # the engine also tells changes that a published need does not take


def diagnoses(market: matching.Market, found: matching.Found, plan: matching.Plan, maps: Maps, *,
              on: date) -> dict[int, dict[str, Any]]:
    """Seat id → stored diagnosis of every seat the plan leaves open; the first DETAILED_SEATS in detail,
    as long as the time budget lasts, the others by their funnel alone. Changes are looked for once per need."""
    chosen = set(found.pool.pair_seat[plan.pairs].tolist())
    told: dict[int, dict[str, Any]] = {}
    changes: dict[int, list[dict[str, Any]]] = {}
    until = time.monotonic() + BUDGET_SECONDS
    diagnoser = matching.Diagnoser(market, found, plan, first_day=on.toordinal() + 1)
    for position in (n for n in range(market.seats) if n not in chosen):
        seat = maps.seats[position]
        facts = _short(found, position)
        if len(told) < DETAILED_SEATS and time.monotonic() < until:
            known = changes.get(seat.need.id)
            seen = diagnoser.of(position, limit=LOOKED_FOR, time_limit=SEAT_SECONDS if known is None else 0.0)
            if known is None:
                changes[seat.need.id] = [*filter(None, (_change(market, change) for change in seen.changes))][:MOST_CHANGES]
            facts = _detailed(seen, maps) | {"changes": changes[seat.need.id]}
        told[seat.seat_id] = facts | {"asked": asked_hash(seat.need)}
    return told


def _short(found: matching.Found, position: int) -> dict[str, Any]:
    return {"funnel": dict(zip(found.filters, (int(n) for n in found.funnel[position]), strict=True)), "changes": []}


def _detailed(seen: matching.Diagnosis, maps: Maps) -> dict[str, Any]:
    return {
        "funnel": dict(seen.funnel), "stages": dict(seen.stages), "eligible": seen.eligible,
        "taken_elsewhere": seen.taken_elsewhere, "blocked_by_caps": seen.blocked_by_caps, "available": seen.available,
        "proven": seen.proven, "caps": [{"unit_id": maps.unit_ids[cap.unit], "agents": cap.agents} for cap in seen.caps],
    }


def _change(market: matching.Market, change: matching.Change) -> dict[str, Any] | None:
    """A change as the need's page tells and makes it; None for one that a published need does not take.

    A published need keeps its number of places, hence is not split, and one required skill.
    """
    told: dict[str, Any] = {"kind": change.kind}
    if change.kind == "load" and change.to is not None:
        told["to"] = round(change.to * 100)
    elif change.kind in ("later", "earlier"):
        told["days"] = round(change.amount)
    elif change.demand is not None:
        mine = market.demand_seat == market.demand_seat[change.demand]
        if change.kind == "skill" and int((mine & market.demand_required).sum()) < 2:
            return None
        told["skill_id"] = int(market.demand_skill[change.demand])
        if change.kind == "level" and change.to is not None:
            told["to"] = round(change.to)
    elif change.kind != "remote":
        return None
    return told | {"eligible": change.eligible}
