"""A need of Alice's service, the skill it asks for, and what proposals the database holds."""

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.proposals.models import Proposal
from tests import factories


@pytest.fixture
def signing(people):
    return factories.skill("Langue des signes")


@pytest.fixture
def need(people, signing):
    return factories.need(people, [signing])


@pytest.fixture
def proposals():
    """A function: every proposal, oldest first."""
    return lambda: list(db.session.scalars(sa.select(Proposal).order_by(Proposal.id)))
