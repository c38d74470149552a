"""Writing a plan in one transaction: sites, new units, agents, then the links between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from skillshare.ground import events, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.organisation.hr_import.diffing import Plan
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.hr_import.snapshot import PLAIN
from skillshare.organisation.hr_import.states import AgentState, Employment
from skillshare.organisation.models import Agent, Employer, Site, Unit


def write(plan: Plan, employer: Employer, report: Report, *, at: datetime) -> None:
    """Apply the plan, journal it once, and tell the later rooms who left or has another manager.

    Existing units come last: whoever promises time locks an agent first, then units.
    """
    ids = plan.before
    _write_sites(plan, employer, ids)
    _create_units(plan, employer, ids)
    _write_agents(plan, employer, ids)
    _link_managers(plan, ids)
    _link_units(plan, ids)
    _write_paths(employer)
    db.session.flush()
    db.session.expire_all()
    journal.record(
        "organisation:hr_import",
        actor=SYSTEM,
        at=at,
        subject=employer,
        rows_read=report.rows_read,
        created=report.created,
        updated=report.updated,
        deactivated=report.deactivated,
        rejected=len(report.rejected),
        warnings=len(report.warnings),
    )
    _announce(plan, ids, at)


def _write_sites(plan: Plan, employer: Employer, ids: Employment) -> None:
    for state in plan.sites:
        site = (
            db.session.get_one(Site, ids.site_ids[state.key])
            if state.key in ids.site_ids
            else Site(employer_id=employer.id, code=state.code, name=state.name)
        )
        site.latitude, site.longitude = state.latitude, state.longitude
        db.session.add(site)
        db.session.flush()
        ids.site_ids[state.key] = site.id


def _create_units(plan: Plan, employer: Employer, ids: Employment) -> None:
    made = {
        state.code: Unit(employer_id=employer.id, code=state.code, label=state.label, kind=state.kind)
        for state in plan.units
        if state.code not in ids.unit_ids
    }
    db.session.add_all(made.values())
    db.session.flush()
    ids.unit_ids.update({code: unit.id for code, unit in made.items()})


def _write_agents(plan: Plan, employer: Employer, ids: Employment) -> None:
    if plan.created:
        db.session.execute(
            sa.insert(Agent), [_values(state, ids) | {"employer_id": employer.id} for state in plan.created]
        )
        query = sa.select(Agent.staff_number, Agent.id).where(Agent.employer_id == employer.id)
        for number, id in db.session.execute(query):
            ids.agent_ids[number] = id
    if plan.updated:
        rows = [_values(state, ids) | {"id": ids.agent_ids[state.staff_number]} for state in plan.updated]
        db.session.execute(sa.update(Agent), sorted(rows, key=lambda row: row["id"]))


def _values(state: AgentState, ids: Employment) -> dict[str, Any]:
    """The columns of an agent but the manager, who may not be there yet."""
    return {name: getattr(state, name) for name in PLAIN} | {
        "unit_id": ids.unit_ids[state.unit],
        "site_id": ids.site_ids[state.site] if state.site else None,
    }


def _link_managers(plan: Plan, ids: Employment) -> None:
    rows: list[dict[str, Any]] = [
        {"id": ids.agent_ids[state.staff_number], "manager_id": ids.agent_ids.get(state.manager)}
        for state in (*plan.created, *plan.updated)
    ]
    if rows:
        db.session.execute(sa.update(Agent), sorted(rows, key=lambda row: row["id"]))


def _link_units(plan: Plan, ids: Employment) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": ids.unit_ids[state.code],
            "label": state.label,
            "kind": state.kind,
            "parent_id": ids.unit_ids.get(state.parent),
            "head_id": ids.agent_ids.get(state.head),
        }
        for state in plan.units
    ]
    if rows:
        db.session.execute(sa.update(Unit), sorted(rows, key=lambda row: -row["id"]))


def _write_paths(employer: Employer) -> None:
    """Rewrite the path of each unit that moved, or whose parents did."""
    query = sa.select(Unit.id, Unit.parent_id, Unit.path).where(Unit.employer_id == employer.id)
    units = {id: (parent, path) for id, parent, path in db.session.execute(query)}

    def path_of(id: int | None) -> str:
        return "/" if id is None else f"{path_of(units[id][0])}{id}/"

    moved = [{"id": id, "path": path_of(id)} for id in units if path_of(id) != units[id][1]]
    if moved:
        db.session.execute(sa.update(Unit), moved)


def _announce(plan: Plan, ids: Employment, at: datetime) -> None:
    for number in plan.left:
        events.announce(events.AgentLeft(ids.agent_ids[number], at))
    for number in plan.reassigned:
        events.announce(events.ManagerChanged(ids.agent_ids[number], at))
