"""The generated département into the database: people and units as an HR import leaves them, offers, rights."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from skillshare.demo.rows import Agent as AgentRow
from skillshare.demo.rows import Departement
from skillshare.demo.rows import Offer as OfferRow
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferState, OfferWindow, Visibility
from skillshare.organisation import passwords
from skillshare.organisation.models import (
    Account,
    Agent,
    Employer,
    Role,
    RoleName,
    SigningDelegation,
    Site,
    StandIn,
    Unit,
)
from skillshare.skills.models import Skill
from skillshare.skills.search import normalise

ROLES = {"david": RoleName.HR, "mona": RoleName.MEDIATOR, "ali": RoleName.ADMINISTRATOR, "aude": RoleName.AUDITOR}


class Ids:
    """Internal ids of the rows of the demo, by their codes."""

    def __init__(self) -> None:
        self.employer = 0
        self.sites: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.agents: dict[str, int] = {}
        self.skills: dict[str, int] = {}

    def agent(self, staff_number: str) -> Agent:
        return db.session.get_one(Agent, self.agents[staff_number])


def load_organisation(departement: Departement) -> Ids:
    """Insert the employer, its sites, units and agents."""
    ids = Ids()
    employer = Employer(siret=departement.employer.siret, name=departement.employer.name)
    db.session.add(employer)
    db.session.flush()
    ids.employer = employer.id
    for site in departement.sites:
        row = Site(employer_id=employer.id, code=site.code, name=site.name, latitude=site.latitude, longitude=site.longitude)
        db.session.add(row)
        db.session.flush()
        ids.sites[site.code] = row.id
    _load_units(departement, ids)
    _load_agents(departement, ids)
    ids.skills = dict(db.session.execute(sa.select(Skill.code, Skill.id)).all())
    journal.record("organisation:demo_loaded", actor=SYSTEM, at=clock.now(), agents=len(departement.agents))
    return ids


def _load_units(departement: Departement, ids: Ids) -> None:
    paths: dict[str, str] = {}
    for unit in departement.units:
        row = Unit(employer_id=ids.employer, code=unit.code, label=unit.label, kind=unit.kind, cap=unit.cap,
                   parent_id=ids.units.get(unit.parent_code or ""))
        db.session.add(row)
        db.session.flush()
        ids.units[unit.code] = row.id
        row.path = paths[unit.code] = f"{paths.get(unit.parent_code or '', '/')}{row.id}/"


def _load_agents(departement: Departement, ids: Ids) -> None:
    db.session.execute(sa.insert(Agent), [_agent_values(row, ids) for row in departement.agents])
    ids.agents = dict(db.session.execute(sa.select(Agent.staff_number, Agent.id)).all())
    managers = [{"id": ids.agents[row.employee_id], "manager_id": ids.agents[row.manager_id]}
                for row in departement.agents if row.manager_id]
    db.session.execute(sa.update(Agent), managers)
    heads = [{"id": ids.units[unit.code], "head_id": ids.agents[unit.head_id]} for unit in departement.units if unit.head_id]
    db.session.execute(sa.update(Unit), heads)
    db.session.expire_all()


def _agent_values(row: AgentRow, ids: Ids) -> dict[str, Any]:
    return {"employer_id": ids.employer, "staff_number": row.employee_id, "title": row.title,
            "last_name": row.last_name, "first_name": row.first_name, "raw_last_name": row.last_name,
            "raw_first_name": row.first_name, "sort_name": normalise(f"{row.last_name} {row.first_name}"),
            "email": row.email or None, "phone": row.phone, "category": row.category, "stream": row.stream,
            "job_framework": row.job_framework, "job": row.job, "status": row.status, "working_time": row.working_time,
            "unit_id": ids.units[row.unit_code], "site_id": ids.sites.get(row.site_code), "entry_on": row.entry_date,
            "exit_on": row.exit_date, "active": row.exit_date is None or row.exit_date >= clock.today()}


def load_offer(row: OfferRow, ids: Ids, *, at: datetime) -> Offer:
    """One published offer."""
    offer = Offer(
        agent_id=ids.agents[row.agent_id], state=OfferState.PUBLISHED, highest_load=row.highest_load, remote=row.remote,
        max_km=row.max_km, visibility=Visibility(row.visibility), note=row.note, created_at=at, refreshed_at=at,
        expires_on=max(window.ends_on for window in row.windows),
        skills=[OfferSkill(skill_id=ids.skills[s.code], level=s.level) for s in row.skills],
        windows=[OfferWindow(starts_on=w.starts_on, ends_on=w.ends_on) for w in row.windows],
        sites=[OfferSite(site_id=ids.sites[code]) for code in row.site_codes])
    db.session.add(offer)
    return offer


def give_rights(departement: Departement, ids: Ids, requesters: dict[str, str], *, at: datetime) -> None:
    """Roles, Farid's delegation, Chloé's stand-in, and a presence threshold for her team."""
    for key, name in ROLES.items():
        db.session.add(Role(agent_id=ids.agents[departement.people[key]], name=name, granted_at=at))
    for number, unit_code in sorted(requesters.items()):
        db.session.add(Role(agent_id=ids.agents[number], name=RoleName.REQUESTER, unit_id=ids.units[unit_code], granted_at=at))
    since = clock.local_date(at)
    person = {key: ids.agents[number] for key, number in departement.people.items()}
    db.session.add(SigningDelegation(
        holder_id=person["farid"], unit_id=ids.units["ORV"], subject="Lettres de mission internes", reference="ARR-2026-118",
        quality="Directeur général des services", on_behalf="Par délégation de l’autorité territoriale",
        published_on=since - timedelta(days=420), starts_on=since - timedelta(days=400), ends_on=None,
        recorded_by_id=person["david"], recorded_at=at))
    db.session.add(StandIn(agent_id=person["chloe"], deputy_id=person["marc"], starts_on=departement.today - timedelta(days=2),
                           ends_on=departement.today + timedelta(days=60), named_by_id=person["chloe"]))
    roads = db.session.get_one(Unit, ids.units["INF-ROU-03"])
    roads.presence_threshold = 700


def open_accounts(app: Flask, departement: Departement, ids: Ids, situations: dict[str, str], *, at: datetime) -> None:
    """Accounts of the demo's people, with the demo's password, and the list that the sign-in page shows."""
    shown = []
    password_hash = passwords.hash_password(passwords.DEMO_PASSWORD)
    for key, situation in situations.items():
        row = departement.agent(departement.people.get(key, key))
        db.session.add(Account(agent_id=ids.agents[row.employee_id], password_hash=password_hash, created_at=at))
        shown.append({"login": row.email, "name": row.full_name, "situation": situation})
    path = app.config["HOME"] / "demo_people.json"
    path.write_text(json.dumps(shown, ensure_ascii=False, indent=1), encoding="utf-8")


