"""Who decides on a visa, reads a case, and signs."""

from __future__ import annotations

from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.ground import clock
from skillshare.ground.access import Ability, allows
from skillshare.letters.models import Letter
from skillshare.organisation.models import Agent, RoleName
from skillshare.organisation.queries import delegation_for, delegations_of, principals_of

HOME = (VisaKind.HOME_MANAGER, VisaKind.HOME_HEAD)


def is_barred(actor: Agent, visa: Visa) -> bool:
    """Nobody gives a visa on their own loan; who asked for the seat gives no visa for the home side."""
    proposal = visa.proposal
    asked = (proposal.need.requester_id, proposal.chosen_by_id)
    return actor.id == proposal.agent_id or (visa.kind != VisaKind.HOST_HEAD and actor.id in asked)


def may_decide(actor: Agent, visa: Visa) -> bool:
    """The holder, their stand-in of the day, or who the clock called to help; any HR person for HR's visa."""
    if not actor.active or is_barred(actor, visa):
        return False
    if visa.kind == VisaKind.HR:
        return actor.has_role(RoleName.HR)
    return actor.id in (visa.holder_id, visa.helper_id) or visa.holder_id in principals_of(actor, clock.today())


@allows(Ability.VISA_GIVE, Ability.VISA_REFUSE)
def can_decide(actor: Agent, visa: Visa) -> bool:
    return may_decide(actor, visa)


@allows(Ability.VISA_COUNTER)
def can_counter(actor: Agent, visa: Visa) -> bool:
    """Only the home side proposes other dates or another load."""
    return visa.kind in HOME and may_decide(actor, visa)


@allows(Ability.VISA_SEE)
def can_see_visa(actor: Agent, visa: Visa | None) -> bool:
    """Without a visa: the list, which the query fills for each person."""
    if visa is None:
        return actor.active
    if visa.state in (VisaState.PENDING, VisaState.VOID):
        return False
    return may_decide(actor, visa) or (actor.active and visa.decided_by_id == actor.id)


@allows(Ability.VISA_REROUTE)
def can_reroute(actor: Agent, visa: Visa) -> bool:
    """The mediator names who decides where nobody is left, or where every delay has passed; never decides."""
    is_stuck = visa.holder_id is None or visa.stage == Stage.MEDIATOR
    return (actor.has_role(RoleName.MEDIATOR) and is_stuck and visa.state == VisaState.WAITING
            and visa.kind != VisaKind.HR)


@allows(Ability.DESK_SEE)
def can_see_desk(actor: Agent, _subject: None) -> bool:
    return actor.active and bool(delegations_of(actor, clock.today()))


@allows(Ability.LETTER_SIGN)
def can_sign(actor: Agent, letter: Letter) -> bool:
    """A registered delegation that covers the agent's home unit today; never one's own letter."""
    loan = letter.loan
    return (actor.active and actor.id != loan.agent_id
            and delegation_for(actor, loan.home_unit, clock.today()) is not None)
