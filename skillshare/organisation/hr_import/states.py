"""The employer as the files want it and as the database has it, in the same terms so that they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

SiteKey = tuple[str, str]  # code, name


@dataclass(frozen=True, slots=True)
class SiteState:
    code: str
    name: str
    latitude: float | None
    longitude: float | None

    @property
    def key(self) -> SiteKey:
        return self.code, self.name


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit; `parent` is a code, `head` a staff number, "" for none."""

    code: str
    label: str
    kind: str
    parent: str
    head: str


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent; `unit` is a code, `manager` a staff number or "", `status` None where the file is silent."""

    staff_number: str
    title: str
    last_name: str
    first_name: str
    raw_last_name: str
    raw_first_name: str
    sort_name: str
    email: str | None
    phone: str
    category: str
    stream: str
    job_framework: str
    job: str
    status: str | None
    working_time: int
    unit: str
    manager: str
    site: SiteKey | None
    entry_on: date | None
    exit_on: date | None
    active: bool


@dataclass
class Employment:
    """A whole employer, by code, staff number and site; the ids are those of the database, where known."""

    units: dict[str, UnitState] = field(default_factory=dict)
    agents: dict[str, AgentState] = field(default_factory=dict)
    sites: dict[SiteKey, SiteState] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    agent_ids: dict[str, int] = field(default_factory=dict)
    site_ids: dict[SiteKey, int] = field(default_factory=dict)

    def line_managers(self) -> dict[str, str | None]:
        """Who manages each active agent: the file's manager if active, else the heads of units upwards."""
        return {number: next(self._upwards(agent), None) for number, agent in self.agents.items() if agent.active}

    def _upwards(self, agent: AgentState) -> Iterator[str]:
        for number in (agent.manager, *self._heads(agent.unit)):
            person = self.agents.get(number)
            if person is not None and person.active and number != agent.staff_number:
                yield number

    def _heads(self, code: str) -> Iterator[str]:
        while code:
            unit = self.units[code]
            yield unit.head
            code = unit.parent
