from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.feedback import actions, queries
from skillshare.feedback.models import Feedback, Side
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message

AGENT = {"as_agreed": "yes", "means": "partly", "again": "yes"}
HOST = {"as_agreed": "yes", "results": "yes", "again": "yes"}


def of(loan, side) -> Feedback:
    return next(row for row in queries.of_loan(loan) if row.side == side)


def test_the_three_sides_are_asked_once_with_a_mail_each(loan, people, at):
    actions.ask(loan, at=at)
    actions.ask(loan, at=at)
    assert {row.side: row.author_id for row in queries.of_loan(loan)} == {
        Side.AGENT: people.bob.id, Side.HOST: people.alice.id, Side.HOME: people.chloe.id}
    mails = db.session.scalars(sa.select(Message).where(Message.kind == "feedback_asked")).all()
    assert {mail.recipient_id for mail in mails} == {people.bob.id, people.alice.id, people.chloe.id}
    assert all("8 décembre" in mail.text.replace("\u00a0", " ") and "/retours/" in mail.text for mail in mails)


def test_who_has_left_is_not_asked_and_somebody_answers_for_the_side(loan, people, at):
    people.bob.active = people.chloe.active = people.alice.active = False
    actions.ask(loan, at=at)
    assert {row.side: row.author_id for row in queries.of_loan(loan)} == {Side.HOME: people.nadia.id}


def test_feedback_is_given_once_by_the_person_asked(loan, people, at):
    actions.ask(loan, at=at)
    row = of(loan, Side.AGENT)
    with pytest.raises(NotPermitted):
        actions.give(row, actor=people.emma, at=at, answers=AGENT)
    actions.give(row, actor=people.bob, at=at, answers=AGENT | {"note": "  Badge   reçu tard. "})
    assert row.given_at == at
    assert row.answers == AGENT | {"note": "Badge reçu tard."}
    with pytest.raises(TransitionNotAllowed):
        actions.give(row, actor=people.bob, at=at, answers=AGENT)


@pytest.mark.parametrize("answers, field", [({}, "as_agreed"), ({"as_agreed": "yes", "means": "peut-être"}, "means"),
                                            (AGENT | {"note": "x" * 281}, "note")])
def test_an_answer_outside_the_lists_is_refused_beside_its_question(loan, people, at, answers, field):
    actions.ask(loan, at=at)
    with pytest.raises(RuleBroken) as refused:
        actions.give(of(loan, Side.AGENT), actor=people.bob, at=at, answers=answers)
    assert refused.value.field == field


def test_the_host_confirms_only_skills_of_the_mission(loan, people, at):
    actions.ask(loan, at=at)
    seen, not_seen = loan.need.demands
    levels = {seen.skill_id: 3, not_seen.skill_id: 0, 999: 4}
    actions.give(of(loan, Side.HOST), actor=people.alice, at=at, answers=HOST | {"skills": levels})
    assert [(row.skill_id, row.level) for row in queries.exercised_in(loan)] == [(seen.skill_id, 3)]


def test_the_agent_confirms_no_skill_of_their_own(loan, people, at):
    actions.ask(loan, at=at)
    levels = {loan.need.demands[0].skill_id: 4}
    actions.give(of(loan, Side.AGENT), actor=people.bob, at=at, answers=AGENT | {"skills": levels})
    assert queries.exercised_in(loan) == []


def test_one_reminder_five_days_before_the_end_for_those_who_wait(loan, people, at):
    actions.ask(loan, at=at)
    actions.give(of(loan, Side.AGENT), actor=people.bob, at=at, answers=AGENT)
    assert actions.remind_due(at + timedelta(days=9)) == 0
    assert actions.remind_due(at + timedelta(days=10)) == 2
    assert actions.remind_due(at + timedelta(days=11)) == 0
    assert of(loan, Side.HOST).due_on == date(2026, 12, 8)


def test_who_answers_while_others_are_reminded_is_not(loan, people, at, monkeypatch):
    """The list is made first: each of its rows is read again before it is touched."""
    actions.ask(loan, at=at)
    due, sent = at + timedelta(days=10), []

    def remind(feedback, *, at):
        sent.append(feedback.side)
        of(loan, Side.HOME).given_at = at

    monkeypatch.setattr(actions.mails, "reminder", remind)
    assert actions.remind_due(due) == 2
    assert sorted(sent) == [Side.AGENT, Side.HOST] and of(loan, Side.HOME).reminded_at is None
