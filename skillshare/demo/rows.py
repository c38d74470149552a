"""The plain rows of the demo: an employer and its people, offers, needs and past loans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

VISIBILITIES = ("mediator", "matching", "everyone")
REASONS = ("peak", "absence", "project", "rare_skill")
REMOTE = ("no", "partly", "fully")
SUPPORT_ANSWERS = ("none", "asked_unavailable", "complement")


@dataclass(frozen=True, slots=True)
class Employer:
    """The invented employer; its SIRET passes the Luhn check and belongs to nobody."""

    name: str
    siret: str
    city: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work; `code` is an invented INSEE code."""

    name: str
    code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the tree, after its parent; `cap` in hundredths of a full-time equivalent, None = no cap."""

    code: str
    label: str
    kind: str
    parent_code: str | None
    head_id: str | None
    cap: int | None
    site_code: str


@dataclass(frozen=True, slots=True)
class Agent:
    """One row of the HR import, fields in the order of its English header; empty text where unknown."""

    employee_id: str
    title: str
    last_name: str
    first_name: str
    email: str
    category: str
    stream: str
    job_framework: str
    job: str
    working_time: int
    unit_code: str
    manager_id: str
    site: str
    site_code: str
    entry_date: date
    exit_date: date | None
    phone: str
    status: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Departement:
    """The whole employer; `people` gives the staff number of each standing person by key."""

    employer: Employer
    sites: tuple[Site, ...]
    units: tuple[Unit, ...]
    agents: tuple[Agent, ...]
    people: Mapping[str, str] = field(hash=False)
    today: date
    seed: int

    @cached_property
    def _agents(self) -> dict[str, Agent]:
        return {agent.employee_id: agent for agent in self.agents}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _members(self) -> dict[str, tuple[Agent, ...]]:
        members: dict[str, list[Agent]] = {}
        for agent in self.agents:
            members.setdefault(agent.unit_code, []).append(agent)
        return {code: tuple(found) for code, found in members.items()}

    def agent(self, employee_id: str) -> Agent:
        return self._agents[employee_id]

    def unit(self, code: str) -> Unit:
        return self._units[code]

    def site(self, code: str) -> Site:
        return next(site for site in self.sites if site.code == code)

    def person(self, key: str) -> Agent:
        """One of the standing people: alice, bob, chloe, marc, david, farid, mona, ali, aude, emma…"""
        return self._agents[self.people[key]]

    def members(self, unit_code: str) -> tuple[Agent, ...]:
        """Agents placed directly in the unit."""
        return self._members.get(unit_code, ())

    def ancestors(self, unit_code: str) -> tuple[str, ...]:
        """The unit's code, then its parents' up to the root."""
        line: list[str] = []
        code: str | None = unit_code
        while code is not None:
            line.append(code)
            code = self._units[code].parent_code
        return tuple(line)

    def subtree(self, unit_code: str) -> frozenset[str]:
        return frozenset(unit.code for unit in self.units if unit_code in self.ancestors(unit.code))


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """A declared skill; level from 1 (notions) to 4 (expertise)."""

    code: str
    level: int


@dataclass(frozen=True, slots=True)
class Window:
    """A period, both days included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """What one agent volunteers; `max_km` None: any distance; `site_codes`: accepted at any distance."""

    agent_id: str
    skills: tuple[SkillLevel, ...]
    windows: tuple[Window, ...]
    highest_load: int
    remote: bool
    max_km: int | None
    site_codes: tuple[str, ...]
    visibility: str
    note: str
    published_on: date


@dataclass(frozen=True, slots=True)
class SkillAsk:
    """A skill that a need asks for; `neighbours` tells whether a neighbouring skill will do."""

    code: str
    level: int
    required: bool
    neighbours: bool = False


@dataclass(frozen=True, slots=True)
class NeedText:
    """A text of the library: `units` are prefixes of codes, or kinds, that ask it; `months` its peak."""

    key: str
    title: str
    reason: str
    context: str
    results: str
    support: str
    support_note: str
    skills: tuple[SkillAsk, ...]
    weeks: int
    load: int
    seats: int
    remote: str
    months: tuple[int, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A need as a unit states it: `seats` like places; `site_code` "" when fully remote."""

    key: str
    text_key: str
    title: str
    reason: str
    context: str
    expected_results: str
    support_answer: str
    support_note: str
    unit_code: str
    requester_id: str
    mission_lead_id: str
    skills: tuple[SkillAsk, ...]
    seats: int
    starts_on: date
    ends_on: date
    load: int
    rhythm: str
    hours: str
    remote: str
    site_code: str
    workplace: str
    means: str
    published_on: date


@dataclass(frozen=True, slots=True)
class PastLoan:
    """A loan of the past year for a one-seat need, by an agent with the offer of that time.

    `ends_on` is the real end; `state` is ended, ended_early (before `need.ends_on`) or running.
    """

    agent_id: str
    need: Need
    offer: Offer
    signed_on: date
    starts_on: date
    ends_on: date
    load: int
    state: str
