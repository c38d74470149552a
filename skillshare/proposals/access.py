"""Who sees a proposal, answers it, chooses, applies and starts a run."""

from __future__ import annotations

from flask import current_app

from skillshare.ground.access import Ability, allows
from skillshare.needs.models import Need, NeedState
from skillshare.organisation.models import Agent, RoleName, Unit
from skillshare.organisation.queries import requester_unit_ids
from skillshare.proposals.models import Proposal, Run


def is_requester_of(actor: Agent, need: Need) -> bool:
    """Whether `actor` states the needs of this need's unit."""
    return actor.active and need.unit_id in requester_unit_ids(actor)


@allows(Ability.CANDIDATES_SEE)
def can_see_candidates(actor: Agent, need: Need) -> bool:
    """A published or closed need's page: its unit's requesters, and the mediator. A draft has no candidates."""
    if need.state == NeedState.DRAFT:
        return False
    return is_requester_of(actor, need) or actor.has_role(RoleName.MEDIATOR)


@allows(Ability.PROPOSAL_SEE)
def can_see_proposal(actor: Agent, proposal: Proposal) -> bool:
    return (actor.active and actor.id == proposal.agent_id) or can_see_candidates(actor, proposal.need)


@allows(Ability.PROPOSAL_ANSWER)
def can_answer(actor: Agent, proposal: Proposal) -> bool:
    return actor.active and actor.id == proposal.agent_id


@allows(Ability.PROPOSAL_WITHDRAW)
def can_withdraw(actor: Agent, proposal: Proposal) -> bool:
    return actor.active and actor.id == proposal.agent_id


@allows(Ability.PROPOSAL_CHOOSE)
def can_choose(actor: Agent, proposal: Proposal) -> bool:
    """The requesters of the unit; never for themselves."""
    return actor.id != proposal.agent_id and is_requester_of(actor, proposal.need)


@allows(Ability.PROPOSAL_INVITE)
def can_invite(actor: Agent, need: Need) -> bool:
    return need.state == NeedState.PUBLISHED and is_requester_of(actor, need)


@allows(Ability.PROPOSAL_APPLY)
def can_apply(actor: Agent, need: Need | None) -> bool:
    """Open needs are read by every active agent; by the SAMs' alone in the first mode of deployment (R15)."""
    is_served = current_app.config["DEPLOYMENT"] != "sam" or _works_in_sam(actor.unit)
    return actor.active and is_served and (need is None or need.state == NeedState.PUBLISHED)


def _works_in_sam(unit: Unit | None) -> bool:
    while unit is not None:
        if unit.is_sam:
            return True
        unit = unit.parent
    return False


@allows(Ability.RUN_START, Ability.RUN_SEE)
def can_use_runs(actor: Agent, _run: Run | None) -> bool:
    return actor.has_role(RoleName.MEDIATOR, RoleName.HR, RoleName.ADMINISTRATOR)
