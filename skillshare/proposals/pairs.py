"""One candidate pair of the engine in the words of the application: fit, terms, and the facts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

import matching
from matching.terms import distance_km
from skillshare.ground.extensions import db
from skillshare.proposals.market import Maps
from skillshare.proposals.supply import Asked, Offered
from skillshare.proposals.terms import terms_of
from skillshare.skills.models import Skill


@dataclass(frozen=True)
class Pair:
    """`terms` and `evidence` as a proposal stores them."""

    agent: Offered
    seat: Asked
    fit: float
    terms: list[dict[str, Any]]
    evidence: dict[str, Any]


def pairs_of(found: matching.Found, maps: Maps, rows: Iterable[int]) -> list[Pair]:
    """The pairs at these rows of the pool, in that order."""
    rows = [int(row) for row in rows]
    places = [(int(found.pool.pair_agent[row]), int(found.pool.pair_seat[row])) for row in rows]
    names = _skill_names([maps.agents[a] for a, _ in places], [maps.seats[s] for _, s in places])
    return [_pair(found, maps, row, agent, seat, names) for row, (agent, seat) in zip(rows, places, strict=True)]


def _pair(found: matching.Found, maps: Maps, row: int, agent: int, seat: int, names: dict[int, str]) -> Pair:
    offered, asked = maps.agents[agent], maps.seats[seat]
    fit = float(found.pool.pair_fit[row])
    terms = terms_of(found.term_names, found.weights.tolist(), found.terms[row].tolist(), fit)
    return Pair(offered, asked, fit, terms, evidence_of(offered, asked, maps.neighbours, names))


def evidence_of(agent: Offered, seat: Asked, neighbours: dict[tuple[int, int], float], names: dict[int, str]) -> dict[str, Any]:
    """The facts of one pair, as JSON: what is asked and offered, days, kilometres, age of the offer, days lent."""
    km = _km(agent, seat)
    window = _window(agent, seat.starts_on, seat.ends_on)
    return {
        "skills": [_skill(demand, dict(agent.skills), neighbours, names) for demand in seat.need.demands],
        "window": [day.isoformat() for day in window],
        "margins": [(seat.starts_on - window[0]).days, (window[1] - seat.ends_on).days],
        "km": km, "place": _place(agent, seat, km), "home_site": agent.site_name,
        "highest_load": agent.highest_load, "working_time": agent.working_time,
        "offer_age": agent.age_days, "days_lent": round(agent.lent, 1),
    }


def _skill(demand: Any, offered: dict[int, int], neighbours: dict[tuple[int, int], float],
           names: dict[int, str]) -> dict[str, Any]:
    level = offered.get(demand.skill_id, 0)
    through = ""
    if level < demand.level and demand.neighbours_allowed:
        able = [(-weight, other) for (skill, other), weight in neighbours.items()
                if skill == demand.skill_id and offered.get(other, 0) >= demand.level]
        through = names[min(able)[1]] if able else ""
    return {"skill_id": demand.skill_id, "name": names[demand.skill_id], "asked": demand.level, "offered": level,
            "required": demand.required, "through": through}


def _window(agent: Offered, starts_on: date, ends_on: date) -> tuple[date, date]:
    """The window that covers the period with most room; the period itself where a test gave none."""
    covering = [(s, e) for s, e in agent.windows if s <= starts_on and e >= ends_on]
    return max(covering, key=lambda w: (w[1] - w[0]), default=(starts_on, ends_on))


def _km(agent: Offered, seat: Asked) -> float | None:
    site = seat.site
    if site is None or site.latitude is None or site.longitude is None or agent.latitude is None:
        return None
    found = distance_km(np.array([agent.latitude]), np.array([agent.longitude]), site.latitude, site.longitude)
    return round(float(found[0]), 1)


def _place(agent: Offered, seat: Asked, km: float | None) -> str:
    if agent.remote and seat.is_remote:
        return "remote"
    if seat.site is None:
        return "no_place"
    return "unknown" if km is None else "km"


def _skill_names(agents: Sequence[Offered], seats: Sequence[Asked]) -> dict[int, str]:
    """Names of what is asked, and of what is offered where a neighbour may stand in."""
    demands = [demand for seat in seats for demand in seat.need.demands]
    names = {demand.skill_id: demand.skill.name for demand in demands}
    if any(demand.neighbours_allowed for demand in demands):
        wanted = {skill_id for agent in agents for skill_id, _ in agent.skills}
        query = sa.select(Skill.id, Skill.name).where(Skill.id.in_(wanted))
        names |= {row.id: row.name for row in db.session.execute(query)}
    return names
