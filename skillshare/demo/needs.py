"""Generates the needs that units state around a date, from the library of texts."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from skillshare.demo.people import PEOPLE
from skillshare.demo.rows import Departement, Need, NeedText, SkillAsk
from skillshare.ground.french import fr

FIRST = "accueil-lsf-fsl"   # Alice's: the one the standing people live through
_HORIZON = 180
_RHYTHMS = {20: "Un jour par semaine, à convenir", 30: "Un jour et demi par semaine, à convenir",
            40: "Mardis et jeudis", 50: "Deux jours et demi par semaine", 60: "Lundis, mardis et jeudis",
            80: "Quatre jours par semaine, sauf le mercredi", 100: "Tous les jours"}
_HOURS = "9 h – 17 h, à ajuster avec le service"
_MEANS = {"no": "Poste de travail et véhicule de service sur place.",
          "partly": "Poste de travail sur place, accès à distance ouvert pour la mission.",
          "fully": "Accès à distance ouvert pour la mission et fermé à son terme."}


@cache
def texts() -> tuple[NeedText, ...]:
    """The library of need texts, in French typography."""
    data = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    return tuple(_text(row) for row in data["need"])


def _text(row: dict[str, Any]) -> NeedText:
    answer, note = row.get("support", ("none", ""))
    asks = tuple(_ask(part) for part in row["skills"].split(", "))
    return NeedText(row["key"], fr(row["title"]), row["reason"], fr(row["context"]), fr(row["results"]),
                    answer, fr(note), asks, row["weeks"], row["load"], row["seats"], row["remote"],
                    tuple(row["months"]), tuple(row["units"]))


def _ask(text: str) -> SkillAsk:
    """Read "code level", with ? for a desired skill and ~ where a neighbour will do."""
    code, level = text.split()
    return SkillAsk(code, int(level[0]), "?" not in level, "~" in level)


def needs(departement: Departement, count: int = 120, seats: int = 200) -> tuple[Need, ...]:
    """Generate `count` needs for `seats` places in all; Alice's comes first.

    Every one was published in the last three weeks and starts within six months of `today`.
    """
    if not count <= seats <= 6 * count:
        raise ValueError("a need has from one to six places")
    rng = random.Random(departement.seed * 31 + 2)
    found = [_first(departement)]
    for text, unit_code in _asked(rng, departement):
        if len(found) == count:
            break
        found.append(_need(rng, departement, text, unit_code, len(found) + 1))
    return tuple(_with_seats(rng, found, seats))


def _first(departement: Departement) -> Need:
    """Alice's need starts on a Monday in seven weeks, as on the pages drawn for it."""
    text = next(text for text in texts() if text.key == FIRST)
    alice = departement.people["alice"]
    starts_on = monday(departement.today + timedelta(47))
    made = make_need(departement, text, "SOL-SAM", "besoin-001", alice, alice, starts_on,
                     departement.today - timedelta(6))
    return replace(made, rhythm="Mardis et jeudis", workplace="Maison des solidarités de Bellerive")


def _asked(rng: random.Random, departement: Departement) -> Iterator[tuple[NeedText, str]]:
    """Texts of the season first, each once; then again by other units; at last out of season."""
    seasonal = [text for text in texts() if text.key != FIRST and _season(text, departement.today)]
    others = [text for text in texts() if text.key != FIRST and text not in seasonal]
    left = {text.key: units_of(rng, departement, text) for text in texts()}
    for library in (seasonal, seasonal, seasonal, others, [*seasonal, *others], [*seasonal, *others]):
        for text in rng.sample(library, len(library)):
            if left[text.key]:
                yield text, left[text.key].pop()


def units_of(rng: random.Random, departement: Departement, text: NeedText) -> list[str]:
    """Units that may ask the text, shuffled."""
    codes = [unit.code for unit in departement.units if unit.code.startswith(text.units)]
    return rng.sample(codes, len(codes))


def _season(text: NeedText, today: date) -> list[date]:
    """Mondays within the horizon on which the text may start."""
    first = monday(today + timedelta(5))
    weeks = (first + timedelta(7 * rank) for rank in range(_HORIZON // 7))
    return [day for day in weeks if not text.months or day.month in text.months]


def _need(rng: random.Random, departement: Departement, text: NeedText, unit_code: str, rank: int) -> Need:
    days = _season(text, departement.today) or [monday(departement.today + timedelta(rng.randrange(30, 170)))]
    starts_on = min(rng.choice(days), rng.choice(days))
    requester, lead = people_of(rng, departement, unit_code)
    published_on = departement.today - timedelta(rng.randrange(0, 21))
    return make_need(departement, text, unit_code, f"besoin-{rank:03}", requester, lead, starts_on,
                     published_on)


def people_of(rng: random.Random, departement: Departement, unit_code: str) -> tuple[str, str]:
    """Who asks and who leads the mission: most often the head, else a member who is staying."""
    head = departement.unit(unit_code).head_id or ""
    standing = {person.employee_id for person in PEOPLE}
    members = [agent.employee_id for agent in departement.members(unit_code)
               if agent.exit_date is None and agent.email and agent.employee_id not in standing]
    requester = head if rng.random() < 0.7 or not members else rng.choice(members)
    lead = requester if rng.random() < 0.6 or not members else rng.choice(members)
    return requester, lead


def make_need(departement: Departement, text: NeedText, unit_code: str, key: str, requester: str, lead: str,
              starts_on: date, published_on: date) -> Need:
    """One need from a text; it ends on a Friday."""
    unit = departement.unit(unit_code)
    site_code = "" if text.remote == "fully" else unit.site_code
    ends_on = starts_on + timedelta(7 * text.weeks - 3)
    return Need(key, text.key, text.title, text.reason, text.context, text.results, text.support,
                text.support_note, unit_code, requester, lead, text.skills, text.seats, starts_on, ends_on,
                text.load, _RHYTHMS[text.load], _HOURS, text.remote, site_code,
                unit.label if site_code else "", _MEANS[text.remote], published_on)


def _with_seats(rng: random.Random, found: list[Need], total: int) -> list[Need]:
    """Add or take away places, one at a time, until they add up; Alice's keeps its own."""
    places = {need.key: need.seats for need in found}
    while (gap := total - sum(places.values())) != 0:
        movable = [key for key, held in places.items()
                   if key != found[0].key and (held < 6 if gap > 0 else held > 1)]
        places[rng.choice(movable)] += 1 if gap > 0 else -1
    return [replace(need, seats=places[need.key]) for need in found]


def monday(day: date) -> date:
    """The day itself or the Monday that follows."""
    return day + timedelta(-day.weekday() % 7)
