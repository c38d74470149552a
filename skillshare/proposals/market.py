"""From the database to the engine's market, and back by position."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

import matching
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs import queries as needs
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent
from skillshare.proposals import supply
from skillshare.proposals.supply import Asked, Offered
from skillshare.skills.models import SkillNeighbour


@dataclass(frozen=True)
class Maps:
    """What each position of a market stands for; `digest`: SHA-256 of all its arrays."""

    agents: list[Offered]
    seats: list[Asked]
    unit_ids: list[int]
    neighbours: dict[tuple[int, int], float]
    digest: str

    def agent_at(self, agent_id: int) -> int | None:
        return next((n for n, row in enumerate(self.agents) if row.agent_id == agent_id), None)


def build(at: datetime, *, only_need: Need | None = None, only_needs: Sequence[Need] | None = None,
          only_agent: Agent | None = None, forgive: bool = False, standing: bool = False) -> tuple[matching.Market, Maps]:
    """The market at `at`: every open seat, or one seat of each given need whatever already stands on it.

    `only_agent` alone offers; with `forgive`, their own past refusals or silence do not stop them; with `standing`,
    not even a proposal that lives between them and the need does.
    """
    today = clock.local_date(at)
    asked_needs = [only_need] if only_need is not None else only_needs
    seats = supply.open_seats(today) if asked_needs is None else [supply.asked_by(need) for need in asked_needs]
    forgiven = only_agent.id if forgive and only_agent is not None else None
    gone = [] if standing else supply.gone_pairs({seat.need.id for seat in seats if seat.need.id}, forgiven=forgiven)
    time = supply.time_of(today)
    return _assembled(today, seats, supply.offers(at, time.lent, only_agent=only_agent), gone, time.busy)


def build_unheld(at: datetime) -> tuple[matching.Market, Maps]:
    """Every seat that nobody holds, as if no volunteer had been chosen: what their yes promised is free again.

    Answers weigh nothing here: a pair leaves when the requesting side sees it gone, so that nothing computed from
    this market tells a refusal from a silence (R5).
    """
    today = clock.local_date(at)
    seats = supply.unheld_seats(today)
    gone = supply.visibly_gone_pairs({seat.need.id for seat in seats}, today)
    time = supply.time_of(today, without=supply.sources_of_volunteers())
    return _assembled(today, seats, supply.offers(at, time.lent), gone, time.busy)


def _assembled(today: date, seats: list[Asked], agents: list[Offered], gone: Sequence[tuple[int, int]],
               busy: Sequence[tuple[int, date, date, int]]) -> tuple[matching.Market, Maps]:
    units, neighbours = supply.units(), _neighbours()
    arrays = (_agent_arrays(agents, {row[0]: n for n, row in enumerate(units)}) | _flat_arrays(agents)
              | _seat_arrays(seats, agents, units, today) | _demand_arrays(seats) | _unit_arrays(units)
              | _neighbour_arrays(neighbours) | _excluded_arrays(gone, agents) | _busy_arrays(agents, busy))
    maps = Maps(agents, seats, [row[0] for row in units], neighbours, digest_of(arrays))
    return matching.Market(**arrays), maps


def digest_of(arrays: Mapping[str, Any]) -> str:
    """SHA-256 over the arrays in the order of their names: same inputs, same digest."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        values = np.asarray(arrays[name])
        values = values.astype(np.float64 if values.dtype.kind in "fiub" else str)
        digest.update(f"{name}:{values.shape}:".encode() + values.tobytes())
    return digest.hexdigest()


def weights_digest(digest: str, weights: Mapping[str, float]) -> str:
    """The digest of a run: its market's and its weights'."""
    return hashlib.sha256((digest + json.dumps(weights, sort_keys=True)).encode()).hexdigest()


def _float(value: float | None, missing: float = float("nan")) -> float:
    return missing if value is None else float(value)


def _agent_arrays(agents: Sequence[Offered], unit_at: Mapping[int, int]) -> dict[str, Any]:
    return {
        "agent_unit": [unit_at[row.unit_id] for row in agents],
        "agent_max_load": [row.highest_load / 100 for row in agents],
        "agent_working_time": [row.working_time / 100 for row in agents],
        "agent_lat": [_float(row.latitude) for row in agents],
        "agent_lon": [_float(row.longitude) for row in agents],
        "agent_max_km": [_float(row.reach, float("inf")) for row in agents],
        "agent_remote": [row.remote for row in agents],
        "agent_offer_age": [float(row.age_days) for row in agents],
        "agent_days_lent": [row.lent for row in agents],
    }


def _columns(rows: Sequence[tuple], *names: str) -> dict[str, Any]:
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def _flat_arrays(agents: Sequence[Offered]) -> dict[str, Any]:
    skills = [(n, skill_id, level) for n, row in enumerate(agents) for skill_id, level in row.skills]
    windows = [(n, start.toordinal(), end.toordinal() + 1) for n, row in enumerate(agents) for start, end in row.windows]
    sites = [(n, site_id) for n, row in enumerate(agents) for site_id in row.site_ids]
    return (_columns(skills, "skill_agent", "skill_id", "skill_level")
            | _columns(windows, "window_agent", "window_start", "window_end") | _columns(sites, "site_agent", "site_id"))


def _seat_arrays(seats: Sequence[Asked], agents: Sequence[Offered], units: Sequence[tuple], today: date) -> dict[str, Any]:
    unit_at = {row[0]: n for n, row in enumerate(units)}
    agent_at = {row.agent_id: n for n, row in enumerate(agents)}
    places = [seat.site for seat in seats]
    return {
        "seat_need": [seat.need.id or 0 for seat in seats],
        "seat_unit": [unit_at.get(seat.need.unit_id, -1) for seat in seats],
        "seat_requester": [agent_at.get(seat.need.requester_id, -1) for seat in seats],
        "seat_start": [seat.starts_on.toordinal() for seat in seats],
        "seat_end": [seat.ends_on.toordinal() + 1 for seat in seats],
        "seat_load": [seat.load / 100 for seat in seats],
        "seat_priority": [needs.priority(seat.need, today) for seat in seats],
        "seat_lat": [_float(site.latitude if site else None) for site in places],
        "seat_lon": [_float(site.longitude if site else None) for site in places],
        "seat_remote": [seat.is_remote for seat in seats],
        "seat_site": [site.id if site else -1 for site in places],
    }


def _demand_arrays(seats: Sequence[Asked]) -> dict[str, Any]:
    rows = [(n, demand.skill_id, demand.level, demand.required, demand.neighbours_allowed)
            for n, seat in enumerate(seats) for demand in sorted(seat.need.demands, key=lambda d: d.skill_id)]
    return _columns(rows, "demand_seat", "demand_skill", "demand_level", "demand_required", "demand_neighbours")


def _unit_arrays(units: Sequence[tuple]) -> dict[str, Any]:
    unit_at = {row[0]: n for n, row in enumerate(units)}
    return {"unit_parent": [unit_at.get(parent, -1) for _, parent, _ in units],
            "unit_cap": [float("inf") if cap is None else cap / 100 for _, _, cap in units]}


def _neighbours() -> dict[tuple[int, int], float]:
    query = sa.select(SkillNeighbour.skill_id, SkillNeighbour.neighbour_id, SkillNeighbour.weight)
    return {(skill, other): weight for skill, other, weight in
            db.session.execute(query.order_by(SkillNeighbour.skill_id, SkillNeighbour.neighbour_id))}


def _neighbour_arrays(neighbours: Mapping[tuple[int, int], float]) -> dict[str, Any]:
    rows = [(skill, other, weight) for (skill, other), weight in neighbours.items()]
    return _columns(rows, "neighbour_skill", "neighbour_other", "neighbour_weight")


def _excluded_arrays(gone: Sequence[tuple[int, int]], agents: Sequence[Offered]) -> dict[str, Any]:
    at = {row.agent_id: n for n, row in enumerate(agents)}
    pairs = [(at[agent], need) for agent, need in gone if agent in at]
    return _columns(pairs, "excluded_agent", "excluded_need")


def _busy_arrays(agents: Sequence[Offered], busy: Sequence[tuple[int, date, date, int]]) -> dict[str, Any]:
    at = {row.agent_id: n for n, row in enumerate(agents)}
    rows = [(at[agent], start.toordinal(), end.toordinal() + 1, load / 100) for agent, start, end, load in busy if agent in at]
    return _columns(rows, "busy_agent", "busy_start", "busy_end", "busy_load")
