"""Generates what agents volunteer: skills of their trade, ingenuity, exotic ones, and when they are free."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from skillshare.demo import chart
from skillshare.demo.people import PEOPLE
from skillshare.demo.rows import Agent, Departement, Offer, SkillLevel, Window
from skillshare.skills.catalogue import load_catalogue

_MANAGEMENT = ("encadrement", "gestion-projet", "animation-reunion", "tableur")


def offers(departement: Departement, count: int = 1500) -> tuple[Offer, ...]:
    """Generate `count` offers, one per agent; the standing people's come first."""
    rng = random.Random(departement.seed * 31 + 1)
    found = [_standing(departement, key) for key in _wishes()["standing"]]
    found += [_offer(rng, departement, agent) for agent in _volunteers(rng, departement, count - len(found))]
    return tuple(found)


@cache
def _wishes() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("wishes.toml").read_text(encoding="utf-8"))


def _standing(departement: Departement, key: str) -> Offer:
    """A standing person's offer: free until the end of June, published twelve days ago."""
    own, today = _wishes()["standing"][key], departement.today
    parts = (part.split() for part in own["skills"].split(", "))
    skills = tuple(SkillLevel(code, int(level)) for code, level in parts)
    until = date(today.year + (today.month > 2), 6, 30)
    return Offer(departement.people[key], skills, (Window(today, until),), own["highest_load"], own["remote"],
                 own["max_km"], (), "matching", "", today - timedelta(12))


def _volunteers(rng: random.Random, departement: Departement, count: int) -> list[Agent]:
    """Agents who stay at least four months; heads and foster families volunteer less often."""
    standing = {person.employee_id for person in PEOPLE}
    heads = {unit.head_id for unit in departement.units}
    staying = departement.today + timedelta(120)
    able = [agent for agent in departement.agents if agent.employee_id not in standing
            and (agent.exit_date is None or agent.exit_date > staying)]

    def order(agent: Agent) -> float:
        rare = agent.employee_id in heads or agent.job == "Assistant familial"
        return rng.random() ** (1 / (0.25 if rare else 1.0))

    return sorted(sorted(able, key=order, reverse=True)[:count], key=lambda agent: agent.employee_id)


def _offer(rng: random.Random, departement: Departement, agent: Agent) -> Offer:
    reach, sites = _reach(rng, departement, agent)
    load = rng.choices((20, 30, 40, 50, 60, 80, 100), (18, 14, 18, 32, 9, 5, 4))[0]
    remote = rng.random() < (0.15 if agent.stream == "Technique" and agent.category == "C" else 0.65)
    visibility = rng.choices(("matching", "everyone", "mediator"), (86, 9, 5))[0]
    return Offer(agent.employee_id, _skills(rng, agent), _windows(rng, departement.today, agent.exit_date),
                 min(load, agent.working_time), remote, reach, sites, visibility, "",
                 departement.today - timedelta(rng.randrange(1, 240)))


def _skills(rng: random.Random, agent: Agent) -> tuple[SkillLevel, ...]:
    """Own trade first, often a former one, then general, ingenuity and exotic skills."""
    trade = _trade_skills().get(agent.job, _MANAGEMENT)
    levels = {code: rng.choices((2, 3, 4), (30, 48, 22))[0]
              for code in rng.sample(trade, min(len(trade), rng.randint(2, 4)))}
    for code in _former(rng) if rng.random() < 0.45 else ():
        levels.setdefault(code, rng.choices((1, 2, 3), (15, 55, 30))[0])
    wishes = [*_pick(rng, "general", (0, 1, 1, 2, 2)), *_pick(rng, "ingenuity", (1, 1, 2, 2, 3))]
    for code in wishes:
        levels.setdefault(code, rng.choices((1, 2, 3, 4), (16, 46, 30, 8))[0])
    for code in _pick(rng, "exotic", (0, 0, 1, 1, 2)):
        top = 2 if code == "langue-des-signes" else 4   # the demo's rare skill: mastered by few
        levels.setdefault(code, min(top, rng.choices((1, 2, 3, 4), (18, 42, 28, 12))[0]))
    return tuple(SkillLevel(code, level) for code, level in levels.items())


def _former(rng: random.Random) -> list[str]:
    """Two skills kept from a former trade, none of which needs a licence in force."""
    return rng.sample(rng.choice(_portable()), 2)


@cache
def _portable() -> tuple[tuple[str, ...], ...]:
    regulated = {skill.code for skill in load_catalogue().skills if skill.regulated}
    plain = (tuple(code for code in skills if code not in regulated) for skills in _trade_skills().values())
    return tuple(skills for skills in plain if len(skills) > 1)


@cache
def _trade_skills() -> dict[str, tuple[str, ...]]:
    return {trade.name: trade.skills for trade in chart.trades()}


def _pick(rng: random.Random, family: str, counts: tuple[int, ...]) -> Iterable[str]:
    weights = _wishes()[family]
    return dict.fromkeys(rng.choices(tuple(weights), tuple(weights.values()), k=rng.choice(counts)))


def _windows(rng: random.Random, today: date, leaving: date | None) -> tuple[Window, ...]:
    """One long window, or two or three shorter ones, within the coming year and before a known departure."""
    last = min(today + timedelta(364), leaving or date.max)
    count = rng.choices((1, 2, 3), (62, 25, 13))[0]
    span = (last - today).days // count
    windows = []
    for rank in range(count):
        late = rank or rng.random() < 0.5
        first = today + timedelta(rank * span + (rng.randrange(max(1, span // 8)) if late else 0))
        end = today + timedelta((rank + 1) * span - 1 - rng.randrange(max(1, span // 5)))
        windows.append(Window(first, end))
    return tuple(windows)


def _reach(rng: random.Random, departement: Departement, agent: Agent) -> tuple[int | None, tuple[str, ...]]:
    reach = rng.choices((None, 10, 20, 30, 40, 60), (14, 12, 20, 26, 18, 10))[0]
    if reach is None or rng.random() > 0.18:
        return reach, ()
    others = [site.code for site in departement.sites if site.code != agent.site_code]
    return reach, tuple(sorted(rng.sample(others, rng.randint(1, 2))))
