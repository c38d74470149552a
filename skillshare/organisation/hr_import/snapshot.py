"""The employer as the database has it, read in three queries."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from skillshare.ground.extensions import db
from skillshare.organisation.hr_import.states import AgentState, Employment, SiteState, UnitState
from skillshare.organisation.models import Agent, Employer, Site, Unit

PLAIN = (
    "staff_number",
    "title",
    "last_name",
    "first_name",
    "raw_last_name",
    "raw_first_name",
    "sort_name",
    "email",
    "phone",
    "category",
    "stream",
    "job_framework",
    "job",
    "status",
    "working_time",
    "entry_on",
    "exit_on",
    "active",
)


def read(employer: Employer | None) -> Employment:
    """Everything of this employer; an empty one when there is none yet."""
    found = Employment()
    if employer is not None:
        _read_sites(employer, found)
        _read_units(employer, found)
        _read_agents(employer, found)
    return found


def _read_sites(employer: Employer, found: Employment) -> None:
    columns = (Site.id, Site.code, Site.name, Site.latitude, Site.longitude)
    query = sa.select(*columns).where(Site.employer_id == employer.id)
    for id, code, name, latitude, longitude in db.session.execute(query):
        site = SiteState(code, name, latitude, longitude)
        found.sites[site.key], found.site_ids[site.key] = site, id


def _read_units(employer: Employer, found: Employment) -> None:
    parent = aliased(Unit)
    query = (
        sa.select(
            Unit.id,
            Unit.code,
            Unit.label,
            Unit.kind,
            sa.func.coalesce(parent.code, ""),
            sa.func.coalesce(Agent.staff_number, ""),
        )
        .outerjoin(parent, parent.id == Unit.parent_id)
        .outerjoin(Agent, Agent.id == Unit.head_id)
        .where(Unit.employer_id == employer.id)
        .order_by(Unit.id)
    )
    for id, code, *values in db.session.execute(query):
        found.units[code], found.unit_ids[code] = UnitState(code, *values), id


def _read_agents(employer: Employer, found: Employment) -> None:
    manager = aliased(Agent)
    query = (
        sa.select(
            Agent.id,
            Unit.code,
            sa.func.coalesce(manager.staff_number, ""),
            Site.code,
            Site.name,
            *(getattr(Agent, name) for name in PLAIN),
        )
        .join(Unit, Unit.id == Agent.unit_id)
        .outerjoin(manager, manager.id == Agent.manager_id)
        .outerjoin(Site, Site.id == Agent.site_id)
        .where(Agent.employer_id == employer.id)
        .order_by(Agent.id)
    )
    for id, unit, boss, site_code, site_name, *values in db.session.execute(query):
        site = None if site_name is None else (site_code, site_name)
        agent = AgentState(unit=unit, manager=boss, site=site, **dict(zip(PLAIN, values, strict=True)))
        found.agents[agent.staff_number], found.agent_ids[agent.staff_number] = agent, id
