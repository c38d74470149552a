"""The classification of skills shipped with the product, read from a file and checked whole."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx

from skillshare.skills.search import normalise

FAMILIES = ("professional", "ingenuity", "exotic")
LEVEL_NUMBERS = (1, 2, 3, 4)
SHIPPED = Path(__file__).with_name("catalogue.toml")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEYS = {"code", "name", "family", "domain", "definition", "synonyms", "neighbours", "regulated"}
OPTIONAL_KEYS = {"regulated_by"}


class CatalogueError(ValueError):
    """The file breaks a rule; `code` names the skill (or the section) and `message` the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Level:
    """A degree of command, from 1 to 4."""

    number: int
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Family:
    """One of the three families of skills (R2)."""

    code: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another skill that may serve in place of one, with a weight strictly between 0 and 1."""

    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the catalogue; its neighbours are symmetric, nearest first."""

    code: str
    name: str
    family: str
    domain: str
    definition: str
    synonyms: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    regulated: bool
    regulated_by: str | None


@dataclass(frozen=True)
class Catalogue:
    """Every skill in the order of the file, with the levels, domains and families that describe them."""

    skills: tuple[Skill, ...]
    levels: tuple[Level, ...]
    domains: tuple[str, ...]
    families: tuple[Family, ...]

    def skill(self, code: str) -> Skill:
        """Return the skill of this code; raise KeyError when there is none."""
        for skill in self.skills:
            if skill.code == code:
                return skill
        raise KeyError(code)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read and check a catalogue, the shipped one by default; raise CatalogueError naming the skill."""
    data = tomllib.loads((path or SHIPPED).read_text(encoding="utf-8"))
    domains = tuple(data.get("domains", ()))
    rows = data.get("skill", [])
    for row in rows:
        _check_row(row, domains)
    _check_unique(rows)
    weights = _closed_weights(rows)
    skills = tuple(_skill(row, weights[row["code"]]) for row in rows)
    return Catalogue(skills, _levels(data), domains, _families(data))


def graph(catalogue: Catalogue) -> networkx.Graph:
    """Return the graph of neighbours: nodes are codes, edges carry `weight`."""
    net = networkx.Graph()
    net.add_nodes_from(skill.code for skill in catalogue.skills)
    net.add_weighted_edges_from(
        (skill.code, near.code, near.weight) for skill in catalogue.skills for near in skill.neighbours
    )
    return net


def _check_row(row: Mapping[str, Any], domains: tuple[str, ...]) -> None:
    code = str(row.get("code", "?"))
    for broken, message in _row_rules(row, domains):
        if broken:
            raise CatalogueError(code, message)


def _row_rules(row: Mapping[str, Any], domains: tuple[str, ...]) -> Iterable[tuple[bool, str]]:
    """Yield the rules one after the other: a later one may rely on those before it."""
    missing, unknown = KEYS - set(row), set(row) - KEYS - OPTIONAL_KEYS
    yield bool(missing), f"missing keys {sorted(missing)}"
    yield bool(unknown), f"unknown keys {sorted(unknown)}"
    yield not CODE.fullmatch(row["code"]), "the code is not a lower-case ASCII slug"
    yield row["family"] not in FAMILIES, f"unknown family {row['family']!r}"
    yield row["domain"] not in domains, f"unknown domain {row['domain']!r}"
    yield not row["name"].strip(), "the name is empty"
    yield not _is_one_sentence(row["definition"]), "the definition is not one sentence"
    yield not 2 <= len(row["synonyms"]) <= 6, "two to six synonyms are expected"
    yield not isinstance(row["regulated"], bool), "regulated is not true or false"
    yield row["regulated"] != bool(row.get("regulated_by")), "regulated and regulated_by go together"


def _is_one_sentence(text: str) -> bool:
    return text.endswith(".") and ". " not in text and text[:1].isupper()


def _check_unique(rows: list[dict[str, Any]]) -> None:
    """Refuse a code given twice, and a name or synonym that means two skills or is said twice."""
    codes: set[str] = set()
    owners: dict[str, str] = {}
    for row in rows:
        if row["code"] in codes:
            raise CatalogueError(row["code"], "the code is given twice")
        codes.add(row["code"])
        for text in (row["name"], *row["synonyms"]):
            owner = owners.get(normalise(text))
            if owner:
                raise CatalogueError(row["code"], f"{text!r} already belongs to {owner}")
            owners[normalise(text)] = row["code"]


def _closed_weights(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return code → {neighbour: weight}, every link read both ways."""
    weights: dict[str, dict[str, float]] = {row["code"]: {} for row in rows}
    for row in rows:
        for link in row["neighbours"]:
            _check_link(row["code"], link, weights)
            weights[row["code"]][link["code"]] = weights[link["code"]][row["code"]] = float(link["weight"])
    return weights


def _check_link(code: str, link: Mapping[str, Any], weights: Mapping[str, Mapping[str, float]]) -> None:
    other, weight = link["code"], link["weight"]
    if other not in weights:
        raise CatalogueError(code, f"unknown neighbour {other}")
    if other == code:
        raise CatalogueError(code, "a skill is not its own neighbour")
    if not 0 < weight < 1:
        raise CatalogueError(code, f"the weight of {other} is not between 0 and 1")
    if weights[code].get(other, weight) != weight:
        raise CatalogueError(code, f"two weights for {other}")


def _skill(row: Mapping[str, Any], weights: Mapping[str, float]) -> Skill:
    nearest = sorted(weights.items(), key=lambda link: (-link[1], link[0]))
    return Skill(
        code=row["code"],
        name=row["name"],
        family=row["family"],
        domain=row["domain"],
        definition=row["definition"],
        synonyms=tuple(row["synonyms"]),
        neighbours=tuple(Neighbour(code, weight) for code, weight in nearest),
        regulated=row["regulated"],
        regulated_by=row.get("regulated_by"),
    )


def _levels(data: Mapping[str, Any]) -> tuple[Level, ...]:
    rows = data.get("levels", {})
    if sorted(rows) != [str(number) for number in LEVEL_NUMBERS]:
        raise CatalogueError("levels", "levels 1 to 4 are expected")
    return tuple(Level(number, **rows[str(number)]) for number in LEVEL_NUMBERS)


def _families(data: Mapping[str, Any]) -> tuple[Family, ...]:
    rows = data.get("families", {})
    if set(rows) != set(FAMILIES):
        raise CatalogueError("families", f"{', '.join(FAMILIES)} are expected")
    return tuple(Family(code, **rows[code]) for code in FAMILIES)
