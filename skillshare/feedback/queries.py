"""Questions about feedback: what awaits somebody, what was said of a loan."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.feedback.models import ExercisedSkill, Feedback
from skillshare.ground.extensions import db
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent


def of_loan(loan: Loan) -> list[Feedback]:
    query = sa.select(Feedback).where(Feedback.loan_id == loan.id).options(joinedload(Feedback.author))
    return list(db.session.scalars(query.order_by(Feedback.id)))


def pending_of(loan: Loan, agent: Agent) -> Feedback | None:
    """What `agent` has still to say of this loan."""
    return db.session.scalars(sa.select(Feedback).where(
        Feedback.loan_id == loan.id, Feedback.author_id == agent.id, Feedback.given_at.is_(None))).first()


def exercised_in(loan: Loan) -> list[ExercisedSkill]:
    query = sa.select(ExercisedSkill).where(ExercisedSkill.loan_id == loan.id)
    return list(db.session.scalars(query.options(joinedload(ExercisedSkill.skill)).order_by(ExercisedSkill.skill_id)))


def awaited_from(agent: Agent) -> list[Feedback]:
    """Feedback that `agent` has yet to give, the nearest date first."""
    return list(db.session.scalars(_of_author(agent).where(Feedback.given_at.is_(None))
                                   .order_by(Feedback.due_on, Feedback.id)))


def given_by(agent: Agent) -> sa.Select[Feedback]:
    """What `agent` has given, newest first, for a paged list."""
    return _of_author(agent).where(Feedback.given_at.is_not(None)).order_by(Feedback.given_at.desc(), Feedback.id)


def _of_author(agent: Agent) -> sa.Select[Feedback]:
    loan = joinedload(Feedback.loan)
    return sa.select(Feedback).where(Feedback.author_id == agent.id).options(
        loan.joinedload(Loan.agent), loan.joinedload(Loan.need), loan.joinedload(Loan.host_unit))
