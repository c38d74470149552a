"""Who may do what with people, units and accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from skillshare.ground import clock
from skillshare.ground.access import Ability, allows
from skillshare.organisation import queries
from skillshare.organisation.models import Absence, Account, Agent, Role, RoleName, SigningDelegation, StandIn, Unit


def is_self(actor: Agent, agent: Agent) -> bool:
    return actor.id == agent.id


def manages(actor: Agent, agent: Agent, on: date) -> bool:
    """Whether `actor` is the line manager (N+1) of `agent` on that day."""
    manager = queries.line_manager(agent, on)
    return actor.active and manager is not None and manager.id == actor.id


@allows(Ability.ACCOUNT_MANAGE)
def is_own_account(actor: Agent, subject: Account | None) -> bool:
    return actor.active and (subject is None or subject.agent_id == actor.id)


@allows(Ability.UNIT_SEE_TEAM)
def leads_somebody(actor: Agent, subject: None) -> bool:
    return actor.active and queries.is_line_manager(actor)


@allows(Ability.STAND_IN_NAME)
def names_stand_ins(actor: Agent, subject: Agent | StandIn | None) -> bool:
    """The person or their N+1; the page is open to those who decide: managers, HR, mediators."""
    if subject is None:
        return actor.has_role(RoleName.HR, RoleName.MEDIATOR) or leads_somebody(actor, None)
    agent = subject.agent if isinstance(subject, StandIn) else subject
    return (actor.active and is_self(actor, agent)) or manages(actor, agent, clock.today())


@allows(Ability.ABSENCE_ENTER)
def enters_absences(actor: Agent, subject: Agent | Absence | None) -> bool:
    if subject is None:
        return leads_somebody(actor, None)
    return manages(actor, subject.agent if isinstance(subject, Absence) else subject, clock.today())


@allows(Ability.CAP_SET)
def sets_cap(actor: Agent, subject: Unit | None) -> bool:
    """The head of that very unit: not the head of the one above, nor a stand-in."""
    if subject is None:
        return actor.active and bool(queries.headed_units(actor))
    return actor.active and subject.head_id == actor.id


@allows(Ability.DELEGATION_RECORD)
def records_delegations(actor: Agent, subject: Agent | SigningDelegation | None) -> bool:
    """HR, from the executive's published act; never for oneself."""
    if not actor.has_role(RoleName.HR):
        return False
    return subject is None or actor.id != (subject.id if isinstance(subject, Agent) else subject.holder_id)


@allows(Ability.ROLE_GRANT)
def grants_roles(actor: Agent, subject: Agent | Role | None) -> bool:
    """The administrator, to anybody else: nobody changes their own rights."""
    if not actor.has_role(RoleName.ADMINISTRATOR):
        return False
    return subject is None or actor.id != (subject.id if isinstance(subject, Agent) else subject.agent_id)


@allows(Ability.ACCOUNT_SUSPEND)
def suspends_accounts(actor: Agent, subject: Agent | None) -> bool:
    return grants_roles(actor, subject)


@allows(Ability.ACCESS_CODE_ISSUE)
def issues_codes(actor: Agent, subject: Agent | None) -> bool:
    """HR, or a SAM for the agents it serves; never for oneself.

    A code opens an account, so it never opens more than the one who hands it over is trusted with: who
    holds a function asks for a link by mail, or to HR when they have no address.
    """
    is_hr = actor.has_role(RoleName.HR)
    perimeters = queries.sam_perimeters(actor) if actor.active and not is_hr else []
    if subject is None or not (is_hr or perimeters):
        return is_hr or bool(perimeters)
    if not subject.active or is_self(actor, subject):
        return False
    if queries.has_function(subject, clock.today()):
        return is_hr and not subject.email
    return is_hr or any(subject.unit.path.startswith(path) for path in perimeters)


@allows(Ability.HR_IMPORT)
def imports_hr(actor: Agent, subject: Any) -> bool:
    return actor.has_role(RoleName.HR, RoleName.ADMINISTRATOR)
