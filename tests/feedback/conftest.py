"""A loan that is over, with two skills."""

from datetime import date

import pytest

from skillshare.ground.extensions import db
from skillshare.loans.models import Loan, LoanState
from skillshare.proposals.models import ProposalState
from tests import factories


@pytest.fixture
def loan(people) -> Loan:
    need = factories.need(people, [factories.skill("Langue des signes"), factories.skill("Accueil")],
                          starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 20))
    proposal = factories.proposal(need, people.bob, state=ProposalState.APPROVED)
    made = Loan(proposal_id=proposal.id, need_id=need.id, agent_id=people.bob.id, home_unit_id=people.roads.id,
                host_unit_id=people.sam.id, home_manager_id=people.chloe.id, mission_lead_id=people.alice.id,
                state=LoanState.ENDED, starts_on=need.starts_on, ends_on=need.ends_on, planned_ends_on=need.ends_on,
                load=40, created_at=factories.LONG_AGO)
    db.session.add(made)
    db.session.commit()
    return made
