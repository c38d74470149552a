"""What an import would do: the files' employer compared with the database's. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from skillshare.organisation.hr_import.people import People
from skillshare.organisation.hr_import.reading import Table
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.hr_import.sites import wanted_sites
from skillshare.organisation.hr_import.states import AgentState, Employment, SiteState, UnitState
from skillshare.organisation.hr_import.units import check_heads, wanted_units


@dataclass
class Plan:
    """The changes, by kind; `reassigned` are those whose line manager becomes another."""

    before: Employment
    after: Employment
    sites: list[SiteState] = field(default_factory=list)
    units: list[UnitState] = field(default_factory=list)
    created: list[AgentState] = field(default_factory=list)
    updated: list[AgentState] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    reassigned: list[str] = field(default_factory=list)


def compare(
    before: Employment, units: Table, agents: Table, sites: Table | None, *, today: date, report: Report
) -> Plan:
    """The plan that brings the database to the files, with the report of faults and counts."""
    for table in (units, agents, sites):
        report.notes.extend(table.notes if table else ())
    wanted, lines = wanted_units(units, report)
    people = People(agents, wanted, report, today)
    known = set(people.agents) | (people.refused & set(before.agents))
    people.settle_emails()
    people.settle_managers(known)
    check_heads(wanted, lines, known, report)
    places = _sites(before, people, wanted_sites(sites, report), sites is not None, report)
    plan = Plan(before, _after(before, wanted, people, places))
    _sort_out(plan, people, report)
    report.rows_read = len(agents.rows)
    _note_kept_units(before, wanted, report)
    report.sort()
    return plan


def _sites(before: Employment, people: People, places: dict, has_file: bool, report: Report) -> dict:
    """The file's sites, then those that agents name and nothing describes: without coordinates."""
    for number, agent in people.agents.items():
        key = agent.site
        if key is None or key in places:
            continue
        places[key] = before.sites.get(key) or SiteState(*key, None, None)
        if has_file:
            report.warn(
                people.lines[number],
                number,
                f"site {key[1]} absent du fichier des sites ; gardé, sans en lire les coordonnées",
            )
    return places


def _after(before: Employment, units: dict[str, UnitState], people: People, sites: dict) -> Employment:
    """The employer once the files are applied: nobody and nothing is deleted."""
    agents = dict(before.agents)
    for number, agent in before.agents.items():
        if number not in people.agents and number not in people.refused and agent.active:
            agents[number] = replace(agent, active=False)
    for number, agent in people.agents.items():
        old = before.agents.get(number)
        status = agent.status if agent.status is not None else (old.status if old else "")
        agents[number] = replace(agent, status=status)
    return Employment({**before.units, **units}, agents, {**before.sites, **sites})


def _sort_out(plan: Plan, people: People, report: Report) -> None:
    """Put each difference in its list and count it: an agent who leaves counts as deactivated only."""
    before, after = plan.before, plan.after
    plan.sites = [site for key, site in after.sites.items() if before.sites.get(key) != site]
    plan.units = [unit for code, unit in after.units.items() if before.units.get(code) != unit]
    for number, agent in after.agents.items():
        old = before.agents.get(number)
        if old is None:
            plan.created.append(agent)
        elif old != agent:
            plan.updated.append(agent)
            if old.active and not agent.active:
                plan.left.append(number)
    report.created, report.deactivated = len(plan.created), len(plan.left)
    report.updated = len(plan.updated) - len(plan.left)
    report.unchanged = sum(after.agents[number] == before.agents.get(number) for number in people.agents)
    report.units_created = sum(unit.code not in before.units for unit in plan.units)
    report.units_updated = len(plan.units) - report.units_created
    was, becomes = before.line_managers(), after.line_managers()
    plan.reassigned = [number for number, manager in becomes.items() if number in was and was[number] != manager]


def _note_kept_units(before: Employment, wanted: dict[str, UnitState], report: Report) -> None:
    kept = sorted(set(before.units) - set(wanted))
    if kept:
        report.notes.append(f"Unités absentes du fichier, gardées pour l’historique : {', '.join(kept)}.")
