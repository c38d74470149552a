"""Generates the demo's employer: an invented département with its sites, its tree of units and its agents."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from skillshare.demo import chart, names
from skillshare.demo.chart import Box, Trade
from skillshare.demo.people import PEOPLE, RESERVED_NAMES, Person
from skillshare.demo.rows import Agent, Departement, Site, Unit

MAIL_DOMAIN = "orvanne.example"
TEAM_SIZE = 24              # above this, team leaders stand between the head and the agents
_PHONES = ("02 61 91", "01 99 00", "03 53 01", "04 65 71", "05 36 49")   # ranges ARCEP keeps for fiction
_HEADS = {"collectivité": "Directeur général des services",
          "direction générale adjointe": "Directeur général adjoint", "direction": "Directeur",
          "SAM": "Responsable de SAM", "service": "Chef de service"}
_FRAMEWORKS = {("A", True): "Ingénieurs territoriaux", ("B", True): "Techniciens territoriaux",
               ("A", False): "Attachés territoriaux", ("B", False): "Rédacteurs territoriaux"}
_SCATTERED = {"SOL-ENF-02": 1.0, "SOL-AUT-04": 0.6, "SOL-INS-02": 0.6, "EDU-NUM-01": 0.5}


def generate(seed: int = 2026, agents: int = 6500, today: date | None = None) -> Departement:
    """Generate the département; the same arguments give the same rows."""
    return _Generator(seed, agents, today or date.today()).run()


class _Generator:
    """One generation: draws from one random source, in one order."""

    def __init__(self, seed: int, agents: int, today: date) -> None:
        self.seed, self.today, self.size = seed, today, agents
        self.rng = random.Random(seed)
        self.boxes = chart.boxes(agents)
        self.sites = {site.name: site for site in chart.sites()}
        self.trades = {trade.name: trade for trade in chart.trades()}
        taken = {person.employee_id for person in PEOPLE}
        self.numbers = (text for text in self._sample(100200, 6 * agents) if text not in taken)
        self.phones = iter(self.rng.sample(range(max(10_000, 2 * agents)), 2 * agents))
        self.slugs: Counter[str] = Counter()
        self.agents: list[Agent] = []
        self.heads: dict[str, str] = {head: p.employee_id for p in PEOPLE for head in p.heads}

    def _sample(self, first: int, width: int) -> list[str]:
        return [f"{first + rank:06}" for rank in self.rng.sample(range(width), self.size + len(PEOPLE))]

    def run(self) -> Departement:
        reserved = self._reserve_every_trade()
        for box in self.boxes:
            self._fill(box, reserved.get(box.code, []))
        agents = self._without_mail(self.agents)
        people = {person.key: person.employee_id for person in PEOPLE}
        return Departement(chart.employer(), tuple(self.sites.values()), tuple(self._units(agents)),
                           tuple(agents), people, self.today, self.seed)

    def _reserve_every_trade(self) -> dict[str, list[Trade]]:
        """Every trade exists somewhere: one place is kept for it in the unit where it is most at home."""
        reserved: dict[str, list[Trade]] = {}
        for trade in self.trades.values():
            home = max(self.boxes, key=lambda box: (trade.weight(box), box.staff, box.code))
            if trade.weight(home):
                reserved.setdefault(home.code, []).append(trade)
        return reserved

    def _fill(self, box: Box, reserved: list[Trade]) -> None:
        """Standing people first, then the head, team leaders and everybody else."""
        here = [person for person in PEOPLE if person.unit_code == box.code]
        if box.code not in self.heads and box.staff:
            self.heads[box.code] = self._hire(box, _head_trade(box), self._above(box)).employee_id
        head = self.heads[box.code]
        for person in here:
            self._place(person, box, self._above(box) if person.employee_id == head else head)
        free = box.staff - sum(agent.unit_code == box.code for agent in self.agents)
        leaders = self._leaders(box, head, free)
        for rank, trade in enumerate(self._trades_for(box, free - len(leaders), reserved)):
            self._hire(box, trade, leaders[rank % len(leaders)] if leaders else head)

    def _above(self, box: Box) -> str:
        """The nearest head above, "" at the top."""
        return self.heads.get(box.parent_code or "", "")

    def _leaders(self, box: Box, head: str, free: int) -> list[str]:
        if free <= TEAM_SIZE:
            return []
        trade = _management(box, "Responsable d’équipe", "B")
        return [self._hire(box, trade, head).employee_id for _ in range(free // 15)]

    def _trades_for(self, box: Box, count: int, reserved: list[Trade]) -> list[Trade]:
        weights = [trade.weight(box) for trade in self.trades.values()]
        drawn = self.rng.choices(list(self.trades.values()), weights, k=max(0, count)) if sum(weights) else []
        return (reserved + drawn)[:count]

    def _hire(self, box: Box, trade: Trade, manager: str) -> Agent:
        title, last, first = names.draw(self.rng, trade.women)
        while (first, last) in RESERVED_NAMES:
            title, last, first = names.draw(self.rng, trade.women)
        return self._add(next(self.numbers), title, last, first, box, trade, manager)

    def _place(self, person: Person, box: Box, manager: str) -> None:
        trade = self.trades.get(person.job) or _management(box, person.job, "A")
        manager = "" if manager == person.employee_id else manager
        self._add(person.employee_id, person.title, person.last_name, person.first_name, box, trade, manager,
                  standing=True)

    def _add(self, number: str, title: str, last: str, first: str, box: Box, trade: Trade, manager: str,
             standing: bool = False) -> Agent:
        site = self._site(box) if not standing else self.sites[box.site]
        status = "titulaire" if standing or trade.name in _HEADS.values() else self._status(trade)
        entry, leaving = self._career(status, standing)
        time = 100 if standing else self._working_time(trade)
        agent = Agent(number, title, last, first, self._mail(first, last), trade.category, trade.stream,
                      trade.framework, trade.name, time, box.code, manager, site.name, site.code, entry,
                      leaving, self._phone(), status)
        self.agents.append(agent)
        return agent

    def _site(self, box: Box) -> Site:
        if self.rng.random() < _SCATTERED.get(box.code, 0.02):
            return self.rng.choice(list(self.sites.values()))
        return self.sites[box.site]

    def _status(self, trade: Trade) -> str:
        if trade.name == "Assistant familial":
            return self.rng.choices(("CDI", "CDD"), (94, 6))[0]
        return self.rng.choices(("titulaire", "stagiaire", "CDI", "CDD"), (80, 3, 6, 11))[0]

    def _career(self, status: str, standing: bool) -> tuple[date, date | None]:
        """Entry and known exit: the end of a fixed-term contract, or a retirement already announced."""
        days = {"CDD": (40, 900), "stagiaire": (20, 360)}.get(status, (500, 14000))
        entry = self.today - timedelta(int(self.rng.triangular(*days, sum(days) / 3)))
        if status == "CDD":
            return entry, self.today + timedelta(self.rng.randrange(60, 700))
        retiring = not standing and status != "stagiaire" and self.rng.random() < 0.012
        return entry, self.today + timedelta(self.rng.randrange(45, 300)) if retiring else None

    def _working_time(self, trade: Trade) -> int:
        if trade.name in _HEADS.values():
            return 100
        return self.rng.choices((100, 90, 80, 70, 60, 50), (72, 8, 13, 2, 1, 4))[0]

    def _mail(self, first: str, last: str) -> str:
        slug = f"{names.slug(first)}.{names.slug(last)}"
        self.slugs[slug] += 1
        rank = self.slugs[slug]
        return f"{slug}{rank if rank > 1 else ''}@{MAIL_DOMAIN}"

    def _phone(self) -> str:
        area, line = divmod(next(self.phones), 10_000)
        return f"{_PHONES[area % len(_PHONES)]} {line // 100:02} {line % 100:02}"

    def _without_mail(self, agents: list[Agent]) -> list[Agent]:
        """About 0.2 % have no mail: front-line agents, of whom some have no office phone either."""
        fixed = {person.employee_id for person in PEOPLE} | set(self.heads.values())
        front = [agent.employee_id for agent in agents
                 if (agent.category, agent.stream) == ("C", "Technique") and agent.employee_id not in fixed]
        chosen = set(self.rng.sample(front, max(1, self.size // 500)))
        silent = set(self.rng.sample(sorted(chosen), len(chosen) // 3))
        return [replace(agent, email="", phone="" if agent.employee_id in silent else agent.phone)
                if agent.employee_id in chosen else agent for agent in agents]

    def _units(self, agents: Iterable[Agent]) -> Iterable[Unit]:
        direct: Counter[str] = Counter()
        for agent in agents:
            direct[agent.unit_code] += agent.working_time
        for box in self.boxes:
            below = sum(time for code, time in direct.items() if f"{code}-".startswith(f"{box.code}-"))
            yield Unit(box.code, box.label, box.kind, box.parent_code, self.heads.get(box.code),
                       self._cap(box, below), self.sites[box.site].code)

    def _cap(self, box: Box, below: int) -> int | None:
        """Directions cap their loans, and some services: 5 to 15 % of their full-time equivalents."""
        share = self.rng.randint(5, 15)
        if box.code == chart.SMALL_UNIT:
            return 100
        if box.kind == "direction" or (box.kind == "service" and self.rng.random() < 0.35):
            return max(50, round(below * share / 1000) * 10)
        return None


def _head_trade(box: Box) -> Trade:
    if box.kind == "service" and "Centre d’entretien routier" in box.label:
        return next(trade for trade in chart.trades() if trade.name == "Chef de centre d’entretien routier")
    return _management(box, _HEADS[box.kind], "A")


def _management(box: Box, name: str, category: str) -> Trade:
    """A management post belongs to the stream of the branch and to the framework of its category."""
    technical = box.code.startswith(("INF", "EDU-COL", "EDU-NUM", "RES-SI", "RES-LOG"))
    stream = "Technique" if technical else "Administrative"
    framework = _FRAMEWORKS[category, technical]
    if name.startswith("Directeur général"):
        stream, framework = "Administrative", "Administrateurs territoriaux"
    return Trade(name, framework, category, stream, 0.5, (), ())
