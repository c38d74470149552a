"""Asking, reminding and giving feedback."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from skillshare.feedback import mails, queries
from skillshare.feedback.models import ExercisedSkill, Feedback, Side
from skillshare.feedback.questions import NOTE_LENGTH, QUESTIONS
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import line_manager

DAYS_TO_ANSWER = 15
REMIND_DAYS_BEFORE = 5


def ask(loan: Loan, *, at: datetime) -> list[Feedback]:
    """Ask the three sides of a loan that is over; somebody who has left is not asked. Repeatable."""
    due_on = clock.local_date(at) + timedelta(days=DAYS_TO_ANSWER)
    already = {feedback.side for feedback in queries.of_loan(loan)}
    made = [Feedback(loan_id=loan.id, loan=loan, side=side, author_id=author.id, author=author, asked_at=at, due_on=due_on,
                     answers={})
            for side, author in _authors(loan, at).items() if side not in already and author is not None]
    db.session.add_all(made)
    db.session.flush()
    for feedback in made:
        journal.record("feedback:ask", actor=SYSTEM, at=at, subject=feedback, loan=loan.id, side=feedback.side)
        mails.asked(feedback, at=at)
    return made


def _authors(loan: Loan, at: datetime) -> dict[Side, Agent | None]:
    home = loan.home_manager if loan.home_manager.active else line_manager(loan.agent, clock.local_date(at))
    host = next((person for person in (loan.mission_lead, loan.need.requester) if person.active), None)
    return {Side.AGENT: loan.agent if loan.agent.active else None, Side.HOST: host, Side.HOME: home}


def give(feedback: Feedback, *, actor: Agent, at: datetime, answers: dict[str, Any]) -> None:
    """Give one's feedback, once. `answers`: a code per question, `note`, and for the host `skills`:
    {skill id: level seen, 0 where not exercised}."""
    demand(actor, Ability.FEEDBACK_GIVE, feedback)
    db.session.refresh(feedback, attribute_names=["given_at"], with_for_update=True)
    if feedback.given_at is not None:
        raise TransitionNotAllowed()
    feedback.answers = _checked(feedback.side, answers)
    feedback.given_at = at
    if feedback.side == Side.HOST:
        _confirm_skills(feedback.loan, answers.get("skills", {}))
    db.session.flush()
    journal.record("feedback:give", actor=actor, at=at, subject=feedback, loan=feedback.loan_id, side=feedback.side)


def _checked(side: Side, answers: dict[str, Any]) -> dict[str, str]:
    kept = {}
    for question in QUESTIONS[side]:
        code = answers.get(question.name)
        if code not in question.choices:
            raise RuleBroken(question.name, "Choisissez une réponse.")
        kept[question.name] = code
    note = " ".join(str(answers.get("note") or "").split())
    if len(note) > NOTE_LENGTH:
        raise RuleBroken("note", f"Restez sous {NOTE_LENGTH} caractères.")
    return kept | ({"note": note} if note else {})


def _confirm_skills(loan: Loan, levels: dict[int, int]) -> None:
    """Only skills that the mission called upon are confirmed (no evaluation of anything else)."""
    for demand_ in loan.need.demands:
        level = levels.get(demand_.skill_id, 0)
        if level not in (0, 1, 2, 3, 4):
            raise RuleBroken(f"skill_{demand_.skill_id}", "Choisissez un niveau de la liste.")
        if level:
            db.session.add(ExercisedSkill(loan_id=loan.id, skill_id=demand_.skill_id, level=level))


def remind_due(at: datetime) -> int:
    """Remind once, some days before the end, those who have not answered; one transaction each. Returns how many."""
    with one_by_one() as rows:
        rows.each("retour", _to_remind(clock.local_date(at) + timedelta(days=REMIND_DAYS_BEFORE)),
                  lambda feedback_id: _remind(db.session.get_one(Feedback, feedback_id), at))
    return rows.done


def _to_remind(due_by: date) -> list[int]:
    query = sa.select(Feedback.id).where(Feedback.given_at.is_(None), Feedback.reminded_at.is_(None), Feedback.due_on <= due_by)
    return list(db.session.scalars(query.order_by(Feedback.id)))


def _remind(feedback: Feedback, at: datetime) -> int:
    db.session.refresh(feedback, attribute_names=["given_at", "reminded_at"], with_for_update=True)
    if feedback.given_at is not None or feedback.reminded_at is not None:
        return 0
    feedback.reminded_at = at
    mails.reminder(feedback, at=at)
    return 1
