"""The demo's organisation chart and trades, read from organisation.toml and trades.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from skillshare.demo.rows import Employer, Site

_FOLDER = Path(__file__).parent
SMALL_UNIT = "INF-ROU-03"   # Bob's: the manager's page shows a team of about ten, whatever the scale


@dataclass(frozen=True, slots=True)
class Box:
    """A unit of the chart with its headcount before scaling."""

    code: str
    label: str
    kind: str
    parent_code: str | None
    site: str
    staff: int


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade, where it is found (prefix or kind → weight) and its usual skills."""

    name: str
    framework: str
    category: str
    stream: str
    women: float
    found: tuple[tuple[str, int], ...]
    skills: tuple[str, ...]

    def weight(self, box: Box) -> int:
        place = {"SAM": "SAM", "direction": "DIR", "service": ""}.get(box.kind, "BRA")
        if place:
            return sum(weight for where, weight in self.found if where == place)
        return sum(weight for where, weight in self.found if box.code.startswith(where))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def employer() -> Employer:
    return Employer(**_read("organisation.toml")["employer"])


def sites() -> tuple[Site, ...]:
    return tuple(Site(name, *place) for name, place in _read("organisation.toml")["sites"].items())


@cache
def trades() -> tuple[Trade, ...]:
    return tuple(_trade(framework, name, where, skills)
                 for framework in _read("trades.toml")["framework"]
                 for name, (where, skills) in framework["trades"].items())


def _trade(framework: dict[str, Any], name: str, where: str, skills: str) -> Trade:
    pairs = (part.rsplit(" ", 1) for part in where.split(", ") if part)
    found = tuple((prefix, int(weight)) for prefix, weight in pairs)
    return Trade(name, framework["name"], framework["category"], framework["stream"], framework["women"],
                 found, tuple(skills.split()))


def boxes(agents: int) -> tuple[Box, ...]:
    """The chart, parents first, its headcounts scaled so that they add up to `agents`."""
    chart = _chart()
    fixed = sum(box.staff for box in chart if box.code == SMALL_UNIT)
    if agents < 3 * len(chart) + fixed:
        raise ValueError(f"the chart needs at least {3 * len(chart) + fixed} agents")
    scaled = zip(chart, _scaled(chart, agents - fixed), strict=True)
    return tuple(replace(box, staff=staff) for box, staff in scaled)


def _scaled(chart: tuple[Box, ...], total: int) -> list[int]:
    free = [box for box in chart if box.code != SMALL_UNIT and box.staff]
    spare = total - 2 * len(free)
    weight = sum(box.staff for box in free)
    share = {box.code: 2 + spare * box.staff // weight for box in free}
    share[max(free, key=lambda box: box.staff).code] += total - sum(share.values())
    return [share.get(box.code, box.staff) for box in chart]


@cache
def _chart() -> tuple[Box, ...]:
    data = _read("organisation.toml")
    root = Box(**data["root"], kind="collectivité", parent_code=None, site="Bellerive", staff=0)
    chart = [root]
    for branch in data["branch"]:
        chart += _branch(branch, root.code)
        for direction in data["direction"]:
            if direction["code"].startswith(f"{branch['code']}-"):
                chart += _direction(direction, branch["code"])
    return tuple(chart)


def _branch(branch: dict[str, Any], root: str) -> list[Box]:
    code = branch["code"]
    return [Box(code, branch["label"], "direction générale adjointe", root, "Bellerive", branch["staff"]),
            Box(f"{code}-SAM", branch["sam"], "SAM", code, "Bellerive", branch["sam_staff"])]


def _direction(direction: dict[str, Any], parent: str) -> list[Box]:
    code = direction["code"]
    found = [Box(code, direction["label"], "direction", parent, "Bellerive", direction["staff"])]
    if "sam" in direction:
        found.append(Box(f"{code}-SAM", direction["sam"], "SAM", code, "Bellerive", direction["sam_staff"]))
    services = enumerate(direction["services"], 1)
    return found + [Box(f"{code}-{rank:02}", label, "service", code, site, staff)
                    for rank, (label, staff, site) in services]
