"""Who sees, shortens and cancels a loan: its three sides, HR and the mediator."""

from __future__ import annotations

from skillshare.ground.access import Ability, allows
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.models import Agent, RoleName
from skillshare.organisation.queries import requester_unit_ids


def is_party(actor: Agent, loan: Loan) -> bool:
    """The agent, their line manager who lent, the mission lead, and the host's requesters and head of today:
    who asked for the seat keeps no right once they no longer ask for that unit."""
    people = (loan.agent_id, loan.home_manager_id, loan.mission_lead_id)
    return actor.active and (actor.id in people or loan.host_unit_id in requester_unit_ids(actor))


@allows(Ability.LOAN_SEE)
def can_see_loan(actor: Agent, loan: Loan | None) -> bool:
    """Without a loan: the list of one's own, which the query fills for each person."""
    if loan is None:
        return actor.active
    return actor.has_role(RoleName.HR, RoleName.MEDIATOR, RoleName.AUDITOR) or is_party(actor, loan)


@allows(Ability.LOAN_END_EARLY)
def can_end_early(actor: Agent, loan: Loan) -> bool:
    """The agent, the home or the host may end a running loan, with notice (R: right of return)."""
    return loan.state == LoanState.RUNNING and loan.ends_on == loan.planned_ends_on and is_party(actor, loan)


@allows(Ability.LOAN_CANCEL)
def can_cancel(actor: Agent, loan: Loan) -> bool:
    return actor.has_role(RoleName.HR) or is_party(actor, loan)
