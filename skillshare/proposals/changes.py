"""Making one of the smallest changes that would bring volunteers to an open seat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from skillshare.ground import clock
from skillshare.ground.errors import RuleBroken
from skillshare.ground.ids import row_id
from skillshare.needs import actions as needs
from skillshare.needs.actions import Demand
from skillshare.needs.models import Need, Remote
from skillshare.organisation.models import Agent
from skillshare.proposals import queries, seen


def make(need: Need, chosen: str, *, actor: Agent, at: datetime) -> None:
    """Change a published need by the diagnosed change named « seat-rank »; nothing may look under way for it."""
    if seen.looks_live(need, on=clock.local_date(at)):
        raise RuleBroken("", "Des volontaires répondent déjà à ce besoin tel qu’il est : dupliquez-le pour le changer.")
    change = _named(need, chosen)
    kind = change["kind"]
    if kind in ("neighbours", "level", "skill"):
        needs.save_skills(need, actor=actor, at=at, demands=[_demand(row, change) for row in need.demands])
    else:
        needs.save_period(need, actor=actor, at=at, **_fields(need, change))


def _named(need: Need, chosen: str) -> dict[str, Any]:
    try:
        seat_id, rank = (row_id(part) for part in chosen.split("-", 1))
        changes: list[dict[str, Any]] = queries.diagnoses_of(need)[seat_id].diagnosis["changes"]
        return changes[rank]
    except (ValueError, LookupError):
        raise RuleBroken("", "Le besoin a changé depuis : relisez ce qui manque avant de choisir.") from None


def _demand(row: Any, change: dict[str, Any]) -> Demand:
    mine = row.skill_id == change["skill_id"]
    level = change["to"] if mine and change["kind"] == "level" else row.level
    near = row.neighbours_allowed or (mine and change["kind"] == "neighbours")
    return Demand(row.skill_id, level, row.required and not (mine and change["kind"] == "skill"), near)


def _fields(need: Need, change: dict[str, Any]) -> dict[str, Any]:
    if change["kind"] == "load":
        return {"load": change["to"]}
    if change["kind"] == "remote":
        return {"remote": Remote.FULLY}
    if need.starts_on is None or need.ends_on is None:
        raise RuleBroken("", "Ce besoin n’a pas encore de dates.")
    by = timedelta(days=change["days"] if change["kind"] == "later" else -change["days"])
    return {"starts_on": need.starts_on + by, "ends_on": need.ends_on + by}
