"""Questions about loans: whose, when, and with whom."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.ground.extensions import db
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import requester_unit_ids


def whole(loan_id: int) -> Loan | None:
    """A loan with all that its page reads, in one query."""
    return db.session.get(Loan, loan_id, options=[
        joinedload(Loan.agent), joinedload(Loan.need), joinedload(Loan.home_unit), joinedload(Loan.host_unit),
        joinedload(Loan.home_manager), joinedload(Loan.mission_lead)])


def of_proposal(proposal_id: int) -> Loan | None:
    return db.session.scalar(sa.select(Loan).where(Loan.proposal_id == proposal_id))


SIDES = {"": "Tous", "agent": "Mes missions", "host": "Accueillis par mes services", "home": "Prêtés par mon équipe"}


def mine(agent: Agent, *, side: str = "") -> sa.Select[Loan]:
    """Loans of which `agent` is a party, the latest start first; `side`: a key of SIDES."""
    sides = {"agent": Loan.agent_id == agent.id, "home": Loan.home_manager_id == agent.id,
             "host": sa.or_(Loan.host_unit_id.in_(requester_unit_ids(agent)), Loan.mission_lead_id == agent.id)}
    query = sa.select(Loan).where(sides.get(side, sa.or_(*sides.values())))
    return (query.options(joinedload(Loan.agent), joinedload(Loan.need), joinedload(Loan.home_unit),
                          joinedload(Loan.host_unit)).order_by(Loan.starts_on.desc(), Loan.id.desc()))
