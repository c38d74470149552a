"""Rows for tests: the standing people, and one function per thing with sensible defaults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedReason, NeedSkill, NeedState, Seat, SupportAnswer
from skillshare.offers.models import Offer, OfferSkill, OfferState, OfferWindow
from skillshare.organisation.models import (
    Account,
    Agent,
    Employer,
    Role,
    RoleName,
    SigningDelegation,
    Site,
    Unit,
)
from skillshare.proposals.contents import hash_of as content_hash_of
from skillshare.proposals.models import Origin, Proposal, ProposalState
from skillshare.skills.models import Family, Skill

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class People:
    """Alice asks, Bob offers, Chloé is Bob's manager and Marc her deputy, David is HR, Farid signs,
    Mona mediates, Ali administers, Aude audits, Emma must see nothing. Hugo heads Alice's unit,
    Nadia the direction above Chloé's."""

    employer: Employer
    sites: list[Site]
    root: Unit
    sam: Unit
    direction: Unit
    roads: Unit
    alice: Agent
    bob: Agent
    chloe: Agent
    marc: Agent
    david: Agent
    farid: Agent
    mona: Agent
    ali: Agent
    aude: Agent
    emma: Agent
    hugo: Agent
    nadia: Agent

    def everybody(self) -> dict[str, Agent]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Agent)}


def unit(employer: Employer, code: str, label: str, kind: str, parent: Unit | None = None, **more: Any) -> Unit:
    made = Unit(employer_id=employer.id, code=code, label=label, kind=kind, parent_id=parent.id if parent else None, **more)
    db.session.add(made)
    db.session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    return made


def agent(unit: Unit, first_name: str = "", last_name: str = "", **more: Any) -> Agent:
    n = next(_numbers)
    first_name, last_name = first_name or f"Prénom{n}", last_name or f"Nom{n}"
    values = {"staff_number": f"{200000 + n}", "email": f"agent{n}@orvanne.example", "category": "C",
              "stream": "Technique", "job_framework": "Adjoints techniques", "job": "Agent d’exploitation",
              "title": "M.", "status": "titulaire"} | more
    made = Agent(employer_id=unit.employer_id, unit_id=unit.id, first_name=first_name, last_name=last_name,
                 sort_name=f"{last_name} {first_name}".lower(), **values)
    db.session.add(made)
    db.session.flush()
    return made


def account(owner: Agent) -> Account:
    made = Account(agent_id=owner.id, created_at=LONG_AGO)
    db.session.add(made)
    db.session.flush()
    return made


def role(holder: Agent, name: RoleName, at_unit: Unit | None = None) -> Role:
    made = Role(agent_id=holder.id, name=name, unit_id=at_unit.id if at_unit else None, granted_at=LONG_AGO)
    db.session.add(made)
    db.session.flush()
    return made


def delegation(holder: Agent, over: Unit, recorded_by: Agent, **more: Any) -> SigningDelegation:
    values = {"subject": "Lettres de mission internes", "reference": "ARR-2026-118", "starts_on": date(2026, 1, 1),
              "published_on": date(2025, 12, 20), "ends_on": None, "quality": "Directeur des ressources humaines",
              "on_behalf": "Pour le président du conseil départemental et par délégation",
              "recorded_at": LONG_AGO} | more
    made = SigningDelegation(holder_id=holder.id, unit_id=over.id, recorded_by_id=recorded_by.id, **values)
    db.session.add(made)
    db.session.flush()
    return made


def standing_people() -> People:
    employer = Employer(siret="22990000000015", name="Département de l’Orvanne")
    db.session.add(employer)
    db.session.flush()
    sites = [Site(employer_id=employer.id, code="99001", name="Bellerive", latitude=44.84, longitude=-0.58),
             Site(employer_id=employer.id, code="99002", name="Saint-Aubin", latitude=44.92, longitude=-0.44)]
    db.session.add_all(sites)
    db.session.flush()
    root = unit(employer, "CD", "Département", "collectivité")
    sam = unit(employer, "SAM-SOL", "SAM Solidarités", "SAM", root)
    direction = unit(employer, "DIR-INF", "Direction des infrastructures", "direction", root)
    roads = unit(employer, "ROU-N", "Centre routier Nord", "service", direction, cap=200)
    hr = unit(employer, "DRH", "Direction des ressources humaines", "direction", root)
    at = {"site_id": sites[0].id}
    nadia = agent(direction, "Nadia", "Keller", job="Directrice", category="A", **at)
    chloe = agent(roads, "Chloé", "Marchand", job="Responsable du centre routier", manager_id=nadia.id, **at)
    hugo = agent(sam, "Hugo", "Vasseur", job="Responsable du SAM", category="A", **at)
    farid = agent(hr, "Farid", "Benali", job="Directeur des ressources humaines", category="A", **at)
    made = {
        "nadia": nadia, "chloe": chloe, "hugo": hugo, "farid": farid,
        "alice": agent(sam, "Alice", "Ferrand", job="Gestionnaire de moyens", manager_id=hugo.id, **at),
        "bob": agent(roads, "Bob", "Tessier", job="Agent d’exploitation des routes", manager_id=chloe.id, **at),
        "marc": agent(roads, "Marc", "Lenoir", job="Adjoint au responsable", manager_id=chloe.id, **at),
        "david": agent(hr, "David", "Morel", manager_id=farid.id, **at),
        "mona": agent(hr, "Mona", "Girard", manager_id=farid.id, **at),
        "ali": agent(hr, "Ali", "Saïdi", manager_id=farid.id, **at),
        "aude": agent(hr, "Aude", "Perrin", manager_id=farid.id, **at),
        "emma": agent(direction, "Emma", "Rousseau", manager_id=nadia.id, **at),
    }
    roads.head_id, direction.head_id, sam.head_id, hr.head_id = chloe.id, nadia.id, hugo.id, farid.id
    for person in made.values():
        account(person)
    role(made["alice"], RoleName.REQUESTER, sam)
    for name, role_name in (("david", RoleName.HR), ("mona", RoleName.MEDIATOR), ("ali", RoleName.ADMINISTRATOR),
                            ("aude", RoleName.AUDITOR)):
        role(made[name], role_name)
    delegation(farid, root, made["david"])
    db.session.commit()
    return People(employer=employer, sites=sites, root=root, sam=sam, direction=direction, roads=roads, **made)


def sign_in(client: FlaskClient, person: Agent) -> None:
    """Open a session for `person` as a successful sign-in would."""
    from skillshare.organisation import sessions

    owner = db.session.query(Account).filter_by(agent_id=person.id).one()
    with client.session_transaction() as session:
        session.update(sessions.marks(owner))


def skill(name: str = "", family: Family = Family.PROFESSIONAL, **more: Any) -> Skill:
    n = next(_numbers)
    name = name or f"Compétence {n}"
    made = Skill(code=f"competence-{n}", name=name, key=name.lower(), family=family, domain="Accueil",
                 definition="Savoir faire.", **more)
    db.session.add(made)
    db.session.flush()
    return made


def need(people: People, skills: list[Skill], *, level: int = 2, seats: int = 1, **more: Any) -> Need:
    """A published need of Alice's SAM, from 11 January to 19 March 2027, 40 % on the first site."""
    values = {"state": NeedState.PUBLISHED, "title": "Accueil en langue des signes", "reason": NeedReason.RARE_SKILL,
              "context": "Ouverture de la maison des solidarités.", "expected_results": "Vingt journées d’accueil.",
              "support_answer": SupportAnswer.NONE, "starts_on": date(2027, 1, 11), "ends_on": date(2027, 3, 19),
              "load": 40, "rhythm": "mardis et jeudis", "hours": "9 h – 17 h", "site_id": people.sites[0].id,
              "workplace": "Maison des solidarités", "mission_lead_id": people.alice.id,
              "created_at": LONG_AGO, "published_at": LONG_AGO, "unit_id": people.sam.id,
              "requester_id": people.alice.id} | more
    made = Need(**values, demands=[NeedSkill(skill_id=s.id, level=level) for s in skills],
                seats=[Seat(number=n + 1) for n in range(seats)])
    db.session.add(made)
    db.session.flush()
    return made


def offer(owner: Agent, skills: list[Skill], *, level: int = 3, **more: Any) -> Offer:
    """A published offer: up to 50 %, free from January to June 2027, anywhere."""
    values = {"state": OfferState.PUBLISHED, "highest_load": 50, "created_at": LONG_AGO, "refreshed_at": LONG_AGO,
              "expires_on": date(2027, 6, 30)} | more
    made = Offer(agent_id=owner.id, **values, skills=[OfferSkill(skill_id=s.id, level=level) for s in skills],
                 windows=[OfferWindow(starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30))])
    db.session.add(made)
    db.session.flush()
    return made


def proposal(of_need: Need, agent: Agent, *, state: ProposalState = ProposalState.PROPOSED, **more: Any) -> Proposal:
    """A proposal of `agent` for the first seat of `of_need`, made on 23 November 2026 by no run."""
    made_at = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    skills = [{"skill_id": d.skill_id, "name": d.skill.name if d.skill else "", "asked": d.level, "offered": d.level + 1,
               "required": d.required, "through": ""} for d in of_need.demands]
    weights = {"level": 25, "desired": 20, "neighbour": 15, "margin": 10, "distance": 10, "freshness": 5, "fairness": 15}
    values = {
        "seat_id": of_need.seats[0].id, "origin": Origin.RUN, "starts_on": of_need.starts_on, "ends_on": of_need.ends_on,
        "load": of_need.load, "fit": 1.0, "created_at": made_at, "since": made_at, "answer_by": date(2026, 12, 7),
        "terms": [{"name": name, "weight": weight, "value": 1.0, "share": weight} for name, weight in weights.items()],
        "evidence": {"skills": skills, "window": ["2027-01-01", "2027-06-30"], "margins": [10, 103], "km": 14.2,
                     "place": "km", "home_site": "Saint-Aubin", "highest_load": 50, "working_time": 100, "offer_age": 12,
                     "days_lent": 6.0},
        "accepted_at": None if state == ProposalState.PROPOSED else made_at,
    } | more
    made = Proposal(need=of_need, agent=agent, state=state, **values)
    made.content_hash = values.get("content_hash") or content_hash_of(of_need, agent_id=agent.id,
                                                                      starts_on=made.starts_on, ends_on=made.ends_on,
                                                                      load=made.load)
    db.session.add(made)
    db.session.flush()
    return made
