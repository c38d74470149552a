"""One case at the stage a test needs, made by the rooms' own verbs or by rows."""

from datetime import date, timedelta

import pytest

from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan, LoanState
from skillshare.proposals.models import Proposal, ProposalState
from tests import factories


@pytest.fixture
def need(people):
    return factories.need(people, [factories.skill("Langue des signes")])


@pytest.fixture
def case(people, need, at):
    """`case(state)`: Bob's proposal for Alice's need in that state, with a waiting visa of Chloé's if in visa."""

    def make(state=ProposalState.PROPOSED, agent=None) -> Proposal:
        made = factories.proposal(need, agent or people.bob, state=state, chosen_by_id=people.hugo.id)
        if state == ProposalState.IN_VISA:
            db.session.add(Visa(proposal_id=made.id, rank=1, kind=VisaKind.HOME_MANAGER, state=VisaState.WAITING,
                                holder_id=people.chloe.id, since=at, stage=Stage.HOLDER,
                                stand_in_on=date(2026, 11, 30), mediator_on=date(2026, 12, 7)))
        db.session.commit()
        return made

    return make


@pytest.fixture
def loan(people, case, at):
    """`loan(state)`: Bob lent by Chloé to Alice's unit, its letter to sign when it is to sign."""

    def make(state=LoanState.TO_SIGN) -> Loan:
        proposal = case(ProposalState.APPROVED)
        made = Loan(proposal_id=proposal.id, need_id=proposal.need_id, agent_id=people.bob.id, state=state,
                    home_unit_id=people.roads.id, host_unit_id=people.sam.id, home_manager_id=people.chloe.id,
                    mission_lead_id=people.alice.id, starts_on=proposal.starts_on, ends_on=proposal.ends_on,
                    planned_ends_on=proposal.ends_on, load=40, created_at=at - timedelta(days=2))
        db.session.add(made)
        db.session.flush()
        if state == LoanState.TO_SIGN:
            db.session.add(Letter(loan_id=made.id, employer_id=people.employer.id, data={}, created_at=at))
        db.session.commit()
        return made

    return make
