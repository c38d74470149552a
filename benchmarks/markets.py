"""Markets from a département to a country, as arrays from fixed seeds, skills skewed as people's are."""

from __future__ import annotations

from typing import Any

import numpy as np

import matching

Arrays = dict[str, Any]
SKILLS = 400
TOWNS = 300
LEVELS = (0.2, 0.4, 0.3, 0.1)
WEIGHTS = {"level": 1, "desired": 3, "neighbour": 2, "margin": 1, "distance": 2, "freshness": 1, "fairness": 2}


def market(agents: int, seats: int, *, offers: float = 1.0, seed: int = 0) -> matching.Market:
    """Return a market of towns of skewed sizes; a share `offers` of the agents has a live offer.

    Agents have 3 to 6 of 400 skills, the commonest known by one in eight; seats ask for two and would like a third, from
    the same distribution. One agent in ten is already committed, units of 20 are in directions of 100, in poles of 500.
    """
    rng = np.random.default_rng(seed)
    popular = 1.0 / (np.arange(SKILLS) + 10.0)
    popular, town = popular / popular.sum(), _towns(rng)
    parts = (_agents(rng, agents, offers, town), _skills(rng, agents, popular), _windows(rng, agents), _units(agents),
             _seats(rng, agents, seats, town), _demands(rng, seats, popular), _extras(rng, agents, seats))
    return matching.Market(**{name: values for part in parts for name, values in part.items()})


def _towns(rng: np.random.Generator) -> Arrays:
    size = 1.0 / (np.arange(TOWNS) + 3.0)
    return {"lat": rng.uniform(43.0, 50.5, TOWNS), "lon": rng.uniform(-4.0, 7.5, TOWNS), "share": size / size.sum()}


def _agents(rng: np.random.Generator, count: int, offers: float, town: Arrays) -> Arrays:
    # people of one unit of 500 work in the same town
    home = rng.choice(TOWNS, -(-count // 500), p=town["share"])[np.arange(count) // 500]
    offered = np.where(rng.random(count) < offers, rng.choice([0.2, 0.5, 1.0], count), 0.0)
    return {
        "agent_unit": _first_team(count) + np.arange(count) // 20, "agent_max_load": offered,
        "agent_working_time": rng.choice([0.5, 0.8, 1.0], count, p=[0.1, 0.2, 0.7]),
        "agent_lat": town["lat"][home] + rng.normal(0, 0.1, count), "agent_lon": town["lon"][home] + rng.normal(0, 0.15, count),
        "agent_max_km": rng.choice([10.0, 20.0, 30.0, 50.0, np.inf], count, p=[0.2, 0.3, 0.25, 0.2, 0.05]),
        "agent_remote": rng.random(count) < 0.4, "agent_offer_age": rng.integers(0, 180, count),
        "agent_days_lent": rng.integers(0, 100, count) * (rng.random(count) < 0.3),
    }


def _skills(rng: np.random.Generator, agents: int, popular: np.ndarray) -> Arrays:
    owner = np.repeat(np.arange(agents), rng.integers(3, 7, agents))
    key = np.unique(owner * SKILLS + rng.choice(SKILLS, owner.size, p=popular))
    return {"skill_agent": key // SKILLS, "skill_id": key % SKILLS, "skill_level": 1 + rng.choice(4, key.size, p=LEVELS)}


def _windows(rng: np.random.Generator, agents: int) -> Arrays:
    owner = np.repeat(np.arange(agents), rng.integers(1, 3, agents))
    opens = rng.integers(-30, 120, owner.size)
    return {"window_agent": owner, "window_start": opens, "window_end": opens + rng.integers(20, 200, owner.size)}


def _sizes(agents: int) -> tuple[int, int, int]:
    poles, directions, teams = (-(-agents // size) for size in (500, 100, 20))
    return poles, directions, teams


def _first_team(agents: int) -> int:
    poles, directions, _ = _sizes(agents)
    return 1 + poles + directions


def _units(agents: int) -> Arrays:
    poles, directions, teams = _sizes(agents)
    parent = [np.array([-1]), np.zeros(poles, np.int64), 1 + np.arange(directions) // 5, 1 + poles + np.arange(teams) // 5]
    caps = [np.array([np.inf]), np.full(poles, 25.0), np.full(directions, 7.0), np.full(teams, 2.0)]
    return {"unit_parent": np.concatenate(parent), "unit_cap": np.concatenate(caps)}


def _seats(rng: np.random.Generator, agents: int, count: int, town: Arrays) -> Arrays:
    need = np.sort(rng.integers(0, max(1, count * 2 // 3), count))
    home, start = rng.choice(TOWNS, count, p=town["share"])[need], rng.integers(0, 120, count)[need]
    return {
        "seat_need": need, "seat_unit": _first_team(agents) + rng.integers(0, -(-agents // 20), count)[need],
        "seat_requester": rng.integers(0, agents, count)[need], "seat_start": start,
        "seat_end": start + rng.integers(5, 61, count)[need], "seat_load": rng.choice([0.2, 0.4, 0.5, 1.0], count)[need],
        "seat_priority": rng.integers(0, 3, count)[need], "seat_lat": town["lat"][home], "seat_lon": town["lon"][home],
        "seat_remote": (rng.random(count) < 0.2)[need], "seat_site": home,
    }


def _demands(rng: np.random.Generator, seats: int, popular: np.ndarray) -> Arrays:
    # seats asking alike would be one: each has its own demands, but for chance
    seat, skill = np.repeat(np.arange(seats), 3), rng.choice(SKILLS, 3 * seats, p=popular)
    return {
        "demand_seat": seat, "demand_skill": skill, "demand_level": 1 + rng.choice(3, seat.size, p=[0.4, 0.4, 0.2]),
        "demand_required": np.tile([True, True, False], seats), "demand_neighbours": rng.random(seat.size) < 0.3,
    }


def _extras(rng: np.random.Generator, agents: int, seats: int) -> Arrays:
    near, busy = np.repeat(np.arange(SKILLS), 3), rng.choice(agents, agents // 10, replace=False)
    away, accepting = rng.integers(-30, 120, busy.size), rng.integers(0, agents, agents // 5)
    return {
        "neighbour_skill": near, "neighbour_other": (near + rng.integers(1, SKILLS, near.size)) % SKILLS,
        "neighbour_weight": rng.choice([0.4, 0.5, 0.6], near.size), "busy_agent": busy, "busy_start": away,
        "busy_end": away + rng.integers(5, 61, busy.size), "busy_load": rng.choice([0.2, 0.5, 1.0], busy.size),
        "site_agent": accepting, "site_id": rng.integers(0, TOWNS, accepting.size),
        "excluded_agent": rng.integers(0, agents, seats), "excluded_need": rng.integers(0, max(1, seats), seats),
    }
