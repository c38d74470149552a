"""Questions about people and units: who manages, stands in, signs, and sees whom."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from skillshare.ground.extensions import db
from skillshare.ground.once import once
from skillshare.organisation.models import (
    Absence,
    Account,
    Agent,
    Role,
    RoleName,
    SigningDelegation,
    StandIn,
    Unit,
)


def line_manager(agent: Agent, on: date, *, above: int = 0, excluding: frozenset[int] = frozenset()) -> Agent | None:
    """Who gives the home visa for `agent`: the HR file's manager if active, else the heads upwards.

    `above` skips that many eligible people (1 is N+2); nobody in `excluding`, nor the agent, is given.
    """
    seen: list[Agent] = []
    for person in _upwards(agent):
        is_eligible = person.active and person.id != agent.id and person.id not in excluding
        if is_eligible and person not in seen:
            seen.append(person)
            if len(seen) > above:
                return person
    return None


def _upwards(agent: Agent):
    if agent.manager is not None:
        yield agent.manager
    unit: Unit | None = agent.unit
    while unit is not None:
        if unit.head is not None:
            yield unit.head
        unit = unit.parent


def unit_head(unit: Unit, *, excluding: frozenset[int] = frozenset()) -> Agent | None:
    """The head of `unit`, else of its parents, among active people."""
    place: Unit | None = unit
    while place is not None:
        if place.head is not None and place.head.active and place.head_id not in excluding:
            return place.head
        place = place.parent
    return None


def stand_in_of(agent: Agent, on: date) -> Agent | None:
    """The active person who gives visas for `agent` on that day."""
    query = (sa.select(StandIn).join(Agent, Agent.id == StandIn.deputy_id)
             .where(StandIn.agent_id == agent.id, StandIn.starts_on <= on, StandIn.ends_on >= on, Agent.active)
             .options(contains_eager(StandIn.deputy)).order_by(StandIn.starts_on.desc(), StandIn.id.desc()))
    found = db.session.scalars(query).first()
    return found.deputy if found else None


def principals_of(deputy: Agent, on: date) -> list[int]:
    """Ids of the people for whom `deputy` gives visas on that day."""
    query = sa.select(StandIn.agent_id).where(StandIn.deputy_id == deputy.id, StandIn.starts_on <= on,
                                              StandIn.ends_on >= on)
    return once(("principals", deputy.id, on), lambda: list(db.session.scalars(query)))


def is_line_manager(agent: Agent) -> bool:
    managed = sa.select(Agent.id).where(Agent.manager_id == agent.id, Agent.active, Agent.id != agent.id).exists()
    heads = sa.select(Unit.id).where(Unit.head_id == agent.id).exists()
    return bool(db.session.scalar(sa.select(sa.or_(managed, heads))))


def headed_units(agent: Agent) -> list[Unit]:
    return list(db.session.scalars(sa.select(Unit).where(Unit.head_id == agent.id).order_by(Unit.code)))


def delegation_for(holder: Agent, home_unit: Unit, on: date) -> SigningDelegation | None:
    """The recorded delegation by which `holder` may sign letters of agents of `home_unit` on that day."""
    query = (sa.select(SigningDelegation)
             .where(SigningDelegation.holder_id == holder.id, SigningDelegation.unit_id.in_(home_unit.lineage_ids),
                    SigningDelegation.starts_on <= on,
                    sa.or_(SigningDelegation.ends_on.is_(None), SigningDelegation.ends_on >= on))
             .order_by(SigningDelegation.id))
    return db.session.scalars(query).first() if holder.active else None


def signatories_for(home_unit: Unit, on: date) -> list[Agent]:
    """Active holders of a delegation covering `home_unit`, the nearest perimeter first."""
    query = (sa.select(SigningDelegation).join(Agent, Agent.id == SigningDelegation.holder_id)
             .where(Agent.active, SigningDelegation.unit_id.in_(home_unit.lineage_ids),
                    SigningDelegation.starts_on <= on,
                    sa.or_(SigningDelegation.ends_on.is_(None), SigningDelegation.ends_on >= on)))
    rank = {unit_id: n for n, unit_id in enumerate(home_unit.lineage_ids)}
    found = sorted(db.session.scalars(query), key=lambda d: (rank[d.unit_id], d.id))
    return list(dict.fromkeys(delegation.holder for delegation in found))


def requester_unit_ids(agent: Agent) -> list[int]:
    """Units for which `agent` states needs: by role, and those they head."""
    by_role = sa.select(Role.unit_id).where(Role.agent_id == agent.id, Role.name == RoleName.REQUESTER,
                                            Role.unit_id.is_not(None))
    both = by_role.union(sa.select(Unit.id).where(Unit.head_id == agent.id))
    return once(("asked", agent.id), lambda: sorted(db.session.scalars(both)))


def holders_of(*names: RoleName) -> list[Agent]:
    """Active agents who hold one of these roles."""
    query = sa.select(Agent).join(Role, Role.agent_id == Agent.id).where(Role.name.in_(names), Agent.active).distinct()
    return list(db.session.scalars(query.order_by(Agent.id)))


def mail_address(agent_id: int) -> str | None:
    """Where mail to a person goes now: None for who has left or has no mail of their own."""
    agent = db.session.get(Agent, agent_id)
    return agent.email if agent is not None and agent.active and agent.email else None


def agent_of_login(login: str) -> Agent | None:
    """The person who signs in with this staff number or address; None where several share it."""
    text = login.strip().lower()
    same = sa.or_(sa.func.lower(Agent.staff_number) == text, sa.func.lower(Agent.email) == text)
    found = list(db.session.scalars(sa.select(Agent).where(same, Agent.active).limit(2))) if text else []
    return found[0] if len(found) == 1 else None


def account_of(agent: Agent | None) -> Account | None:
    return db.session.scalars(sa.select(Account).where(Account.agent_id == agent.id)).first() if agent else None


def people_named(text: str, limit: int = 6) -> list[Agent]:
    """Active people with this staff number, address or name (« Prénom Nom » or « Nom Prénom »), else none."""
    words = text.strip().lower()
    full = (Agent.first_name + " " + Agent.last_name, Agent.last_name + " " + Agent.first_name)
    same = [sa.func.lower(column) == words for column in (Agent.staff_number, Agent.email, *full)]
    query = sa.select(Agent).where(Agent.active, sa.or_(*same, Agent.sort_name == words))
    return list(db.session.scalars(query.order_by(Agent.sort_name, Agent.id).limit(limit))) if words else []


def managed_by(manager: Agent, on: date) -> list[Agent]:
    """Active agents whose line manager on that day is `manager`: those of the HR file, and those who have
    nobody else, in the units that `manager` heads or below."""
    paths = [Agent.unit.has(Unit.path.startswith(unit.path)) for unit in headed_units(manager)]
    query = sa.select(Agent).where(Agent.active, Agent.id != manager.id,
                                   sa.or_(Agent.manager_id == manager.id,
                                          sa.and_(sa.or_(*paths), _without_manager()) if paths else sa.false()))
    found = db.session.scalars(query.order_by(Agent.sort_name, Agent.id))
    return [agent for agent in found if line_manager(agent, on) is manager]


def _without_manager() -> sa.ColumnElement[bool]:
    return sa.or_(Agent.manager_id.is_(None), Agent.manager_id == Agent.id, ~Agent.manager.has(Agent.active))


def absences_of(agents: list[Agent], since: date) -> list[Absence]:
    """Their absences that are not over on that day."""
    query = sa.select(Absence).where(Absence.agent_id.in_([agent.id for agent in agents]), Absence.ends_on >= since)
    return list(db.session.scalars(query.order_by(Absence.starts_on, Absence.id)))


def stand_ins_of(agents: list[Agent], since: date) -> list[StandIn]:
    """Who stands in for them, now or later."""
    query = sa.select(StandIn).where(StandIn.agent_id.in_([agent.id for agent in agents]), StandIn.ends_on >= since)
    return list(db.session.scalars(query.order_by(StandIn.starts_on, StandIn.id)))


def stands_in_for(deputy: Agent, since: date) -> list[StandIn]:
    query = sa.select(StandIn).where(StandIn.deputy_id == deputy.id, StandIn.ends_on >= since)
    return list(db.session.scalars(query.order_by(StandIn.starts_on, StandIn.id)))


def has_function(agent: Agent, on: date) -> bool:
    """Whether this person's account opens more than an agent's own pages: role, delegation, stand-in, team."""
    role = sa.select(Role.id).where(Role.agent_id == agent.id).exists()
    delegation = sa.select(SigningDelegation.id).where(SigningDelegation.holder_id == agent.id).exists()
    found = db.session.scalar(sa.select(sa.or_(role, delegation)))
    return bool(found) or bool(stands_in_for(agent, on)) or is_line_manager(agent)


def sam_perimeters(agent: Agent) -> list[str]:
    """Paths of the subtrees served by the SAMs for which `agent` states needs."""
    units = (db.session.get(Unit, unit_id) for unit_id in requester_unit_ids(agent))
    return [(unit.parent or unit).path for unit in units if unit is not None and unit.is_sam]


def units_of(employer_id: int) -> list[Unit]:
    query = sa.select(Unit).where(Unit.employer_id == employer_id)
    return list(db.session.scalars(query.order_by(Unit.label, Unit.id)))


def roles_of(agent: Agent) -> list[Role]:
    return list(db.session.scalars(sa.select(Role).where(Role.agent_id == agent.id).order_by(Role.name, Role.id)))


def roles_query() -> sa.Select[Role]:
    """Every role, by function then by person."""
    people = sa.select(Role).join(Agent, Agent.id == Role.agent_id)
    return (people.options(joinedload(Role.agent).joinedload(Agent.unit), joinedload(Role.unit))
            .order_by(Role.name, Agent.sort_name, Role.id))


def delegations_of(agent: Agent, on: date) -> list[SigningDelegation]:
    """What the person may sign on that day or later."""
    live = sa.or_(SigningDelegation.ends_on.is_(None), SigningDelegation.ends_on >= on)
    query = sa.select(SigningDelegation).where(SigningDelegation.holder_id == agent.id, live)
    return list(db.session.scalars(query.order_by(SigningDelegation.starts_on, SigningDelegation.id)))


def delegations_query() -> sa.Select[SigningDelegation]:
    """Every delegation, the latest first."""
    return (sa.select(SigningDelegation)
            .options(joinedload(SigningDelegation.holder).joinedload(Agent.unit), joinedload(SigningDelegation.unit))
            .order_by(SigningDelegation.starts_on.desc(), SigningDelegation.id.desc()))


def suspended_accounts() -> list[Account]:
    query = sa.select(Account).join(Agent, Agent.id == Account.agent_id).where(Account.disabled_at.is_not(None))
    return list(db.session.scalars(query.options(joinedload(Account.agent)).order_by(Agent.sort_name, Agent.id)))
