"""From the rows of the agents' file to people, each fault answered as docs/import-rh.md says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from skillshare.organisation.hr_import import names
from skillshare.organisation.hr_import.reading import Row, Table
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.hr_import.sites import site_key
from skillshare.organisation.hr_import.states import AgentState, UnitState
from skillshare.organisation.hr_import.values import EMAIL, clean, day, decimal, is_share_of_one
from skillshare.organisation.models import Agent

STATUSES = {"titulaire": "titulaire", "stagiaire": "stagiaire", "cdi": "CDI", "cdd": "CDD"}
LONGEST = {column.name: getattr(column.type, "length", None) or 0 for column in Agent.__table__.columns}
PLAIN = ("title", "phone", "category", "stream", "job_framework", "job")


class People:
    """Reads the agents' rows one by one: `agents` are accepted, `refused` are staff numbers that are not."""

    def __init__(self, table: Table, units: dict[str, UnitState], report: Report, today: date) -> None:
        self.units, self.report, self.today = units, report, today
        self.agents: dict[str, AgentState] = {}
        self.refused: set[str] = set()
        self.lines: dict[str, int] = {}
        self._seen: dict[str, dict[str, str]] = {}
        self._is_share = is_share_of_one(row.cells.get("working_time", "") for row in table.rows if not row.fault)
        for row in table.rows:
            self._take(row)

    def _take(self, row: Row) -> None:
        number = clean(row.cells.get("employee_id", ""))
        fault = row.fault or self._refusal(row, number)
        if fault:
            self.report.reject(row.line, number, f"{fault} ; ligne refusée")
            self.refused.add(number)
        elif number in self._seen:
            self.report.warn(row.line, number, f"répète à l’identique la ligne {self.lines[number]} ; ignorée")
        else:
            self.lines[number] = row.line
            self.agents[number] = self._agent(row, number)
        self._seen.setdefault(number, _compared(row))

    def _refusal(self, row: Row, number: str) -> str:
        """Why a row is refused, "" when it is not."""
        if not number:
            return "matricule vide"
        if len(number) > LONGEST["staff_number"]:
            return "matricule trop long"
        if number in self._seen and self._seen[number] != _compared(row):
            return f"le matricule {number} a déjà une ligne, différente"
        code = clean(row.cells["unit_code"])
        if code not in self.units:
            return f"unité inconnue « {code} »"
        if not clean(row.cells["last_name"]):
            return "nom vide"
        return ""

    def _agent(self, row: Row, number: str) -> AgentState:
        cells = row.cells
        plain = {name: self._text(row, number, name) for name in PLAIN}
        last, first = (self._name(row, number, name) for name in ("last_name", "first_name"))
        exit_on = self._day(row, number, "exit_date", "de sortie")
        return AgentState(
            staff_number=number,
            last_name=last,
            first_name=first,
            raw_last_name=_raw(cells["last_name"]),
            raw_first_name=_raw(cells["first_name"]),
            sort_name=names.sort_key(last, first)[:170],
            email=self._email(row, number),
            status=self._status(row, number),
            working_time=self._working_time(row, number),
            unit=clean(cells["unit_code"]),
            manager=clean(cells["manager_id"]),
            site=site_key(cells),
            entry_on=self._day(row, number, "entry_date", "d’entrée"),
            exit_on=exit_on,
            active=exit_on is None or exit_on >= self.today,
            **plain,
        )

    def _text(self, row: Row, number: str, name: str) -> str:
        return self._clipped(row, number, name, clean(row.cells[name]))

    def _name(self, row: Row, number: str, name: str) -> str:
        return self._clipped(row, number, name, names.shown(row.cells[name]))

    def _clipped(self, row: Row, number: str, name: str, text: str) -> str:
        most = LONGEST[name]
        if len(text) > most:
            self.report.warn(row.line, number, f"texte de plus de {most} caractères dans {name} ; coupé")
        return text[:most].rstrip()

    def _email(self, row: Row, number: str) -> str | None:
        text = clean(row.cells["email"]).lower()
        if EMAIL.fullmatch(text) and len(text) <= LONGEST["email"]:
            return text
        words = "adresse électronique illisible" if text else "adresse électronique absente"
        self.report.warn(row.line, number, f"{words} ; accès par code remis en main propre, aucun courriel")
        return None

    def _status(self, row: Row, number: str) -> str | None:
        if "status" not in row.cells:
            return None
        text = self._text(row, number, "status")
        if text and text.lower() not in STATUSES:
            self.report.warn(row.line, number, f"statut « {text} » inconnu ; gardé tel quel")
        return STATUSES.get(text.lower(), text)

    def _working_time(self, row: Row, number: str) -> int:
        text = row.cells["working_time"]
        try:
            value = decimal(text)
        except ValueError:
            value = None
        if value is None or value < 0:
            self.report.warn(
                row.line, number, f"quotité illisible « {clean(text)[:20]} » ; prise pour zéro, aucun prêt"
            )
            return 0
        hundredths = int((value * 100 if self._is_share else value) + 0.5)
        if hundredths > 100:
            self.report.warn(row.line, number, f"quotité de {clean(text)[:20]} ; ramenée à 100")
        elif hundredths == 0:
            self.report.warn(row.line, number, "quotité nulle ; aucun prêt ne peut être proposé à cet agent")
        return min(hundredths, 100)

    def _day(self, row: Row, number: str, name: str, words: str) -> date | None:
        try:
            return day(row.cells[name])
        except ValueError:
            text = clean(row.cells[name])[:20]
            self.report.warn(row.line, number, f"date {words} illisible « {text} » ; prise pour vide")
            return None

    def settle_emails(self) -> None:
        """An address shared by several people is nobody's, unless one alone still works here."""
        holders: dict[str, list[AgentState]] = defaultdict(list)
        for agent in self.agents.values():
            if agent.email:
                holders[agent.email].append(agent)
        for shared in (found for found in holders.values() if len(found) > 1):
            active = [agent for agent in shared if agent.active]
            for agent in shared:
                if active != [agent]:
                    self._withhold_email(agent)

    def _withhold_email(self, agent: AgentState) -> None:
        self.report.warn(
            self.lines[agent.staff_number],
            agent.staff_number,
            f"adresse {agent.email} partagée par plusieurs agents ; retirée, accès par code",
        )
        self.agents[agent.staff_number] = replace(agent, email=None)

    def settle_managers(self, known: set[str]) -> None:
        """An unknown manager, or oneself, is left out: the unit's head decides."""
        for number, agent in self.agents.items():
            if not agent.manager or (agent.manager != number and agent.manager in known):
                continue
            words = "est son propre responsable" if agent.manager == number else f"responsable {agent.manager} inconnu"
            self.report.warn(self.lines[number], number, f"{words} ; celui de l’unité décide")
            self.agents[number] = replace(agent, manager="")


def _raw(text: str) -> str:
    """A name as received, spaces included."""
    return text[:80]


def _compared(row: Row) -> dict[str, str]:
    return {name: clean(cell) for name, cell in row.cells.items()}
