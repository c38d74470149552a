"""Consent: accepting, declining, withdrawing, and the clock that never answers in one's place."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from skillshare.commitments import queries as commitments
from skillshare.commitments.actions import promise
from skillshare.ground import clock, events
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.proposals import actions, deadlines
from skillshare.proposals.models import ProposalState as S
from tests import factories


def days(at: datetime, count: int) -> datetime:
    return at + timedelta(days=count)


def kinds(person) -> list[str]:
    return [m.kind for m in db.session.query(Message).filter_by(recipient_id=person.id).order_by(Message.id)]


@pytest.fixture
def proposal(people, need):
    factories.offer(people.bob, [d.skill for d in need.demands])
    return factories.proposal(need, people.bob)


def test_accepting_promises_the_time_and_tells_the_requester(people, at, proposal):
    actions.accept(proposal, actor=people.bob, at=at)
    assert proposal.state == S.ACCEPTED and proposal.accepted_at == at
    assert commitments.agent_peak(people.bob.id, proposal.starts_on, proposal.ends_on) == 40
    assert kinds(people.alice) == ["proposal-accepted"]


def test_accepting_is_refused_when_the_agent_has_no_time_left(people, at, proposal):
    promise(people.bob, host_unit=people.sam, source="test:1", starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 2),
            load=70, at=at)
    with pytest.raises(RuleBroken, match="30 %"):
        actions.accept(proposal, actor=people.bob, at=at)


def test_two_proposals_on_the_same_days_cannot_both_be_accepted_beyond_working_time(people, at, proposal, signing):
    other = factories.proposal(factories.need(people, [signing], load=70), people.bob, load=70)
    actions.accept(proposal, actor=people.bob, at=at)
    with pytest.raises(RuleBroken):
        actions.accept(other, actor=people.bob, at=at)


@pytest.mark.parametrize("name", ["alice", "chloe", "mona", "david", "emma"])
def test_nobody_answers_for_the_agent(people, at, proposal, name):
    for verb in (actions.accept, actions.decline, actions.withdraw):
        with pytest.raises(NotPermitted):
            verb(proposal, actor=vars(people)[name], at=at)


def test_a_second_answer_is_not_allowed(people, at, proposal):
    actions.decline(proposal, actor=people.bob, at=at)
    with pytest.raises(TransitionNotAllowed):
        actions.accept(proposal, actor=people.bob, at=at)


def test_declining_tells_nobody_and_keeps_nothing(people, at, proposal):
    actions.decline(proposal, actor=people.bob, at=at)
    assert proposal.state == S.DECLINED and db.session.query(Message).count() == 0 and commitments.live() == []


def test_accepting_after_the_last_day_is_too_late(people, at, proposal):
    with pytest.raises(RuleBroken, match="date de réponse"):
        actions.accept(proposal, actor=people.bob, at=days(at, 15))


def test_a_proposal_lapses_the_day_after_its_last_day(people, at, proposal):
    assert actions.lapse_due(days(at, 14)) == 0 and proposal.state == S.PROPOSED
    assert actions.lapse_due(days(at, 15)) == 1 and proposal.state == S.LAPSED
    assert kinds(people.bob)[-1] == "proposal-lapsed" and kinds(people.alice) == ["proposal-silent"]


def test_the_host_is_told_the_same_of_a_refusal_and_of_silence_on_the_same_day(people, at, need, signing):
    other = factories.need(people, [signing])
    declined, silent = factories.proposal(need, people.bob), factories.proposal(other, people.marc)
    actions.decline(declined, actor=people.bob, at=at)
    actions.lapse_due(days(at, 14))
    assert kinds(people.alice) == []
    actions.lapse_due(days(at, 15))
    actions.lapse_due(days(at, 16))
    mails = list(db.session.scalars(sa.select(Message).where(Message.recipient_id == people.alice.id)))
    assert [mail.kind for mail in mails] == ["proposal-silent", "proposal-silent"] and silent.state == S.LAPSED
    assert len({mail.text.replace(str(other.id), "#").replace(str(need.id), "#") for mail in mails}) == 1
    assert mails[0].created_at == mails[1].created_at and "Bob" not in mails[0].text


def test_nothing_is_told_of_silence_once_the_places_are_taken(people, at, need):
    actions.decline(factories.proposal(need, people.bob), actor=people.bob, at=at)
    factories.proposal(need, people.marc, state=S.IN_VISA)
    actions.lapse_due(days(at, 15))
    assert "proposal-silent" not in kinds(people.alice)


def test_the_agent_is_reminded_once_at_half_of_the_delay(people, at, proposal):
    for day in (6, 7, 8):
        actions.lapse_due(days(at, day))
    assert kinds(people.bob) == ["proposal-reminder"] and proposal.reminded_at == days(at, 7)


def test_the_host_is_reminded_to_choose_and_silence_chooses_nobody(people, at, proposal):
    actions.accept(proposal, actor=people.bob, at=at)
    actions.lapse_due(days(at, 4))
    actions.lapse_due(days(at, 30))
    assert proposal.state == S.ACCEPTED and kinds(people.alice) == ["proposal-accepted", "choice-reminder"]


@pytest.mark.parametrize(("on", "starts_on", "last"), [
    (date(2026, 11, 23), date(2027, 1, 11), date(2026, 12, 7)),   # fourteen calendar days
    (date(2026, 11, 23), date(2026, 12, 7), date(2026, 11, 30)),  # half of the fourteen left
    (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)),  # never under two working days
    (date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)),  # Friday: Monday and Tuesday
])
def test_the_last_day_to_answer(app, on, starts_on, last):
    assert deadlines.answer_by(on, starts_on) == last


@pytest.mark.parametrize("state", [S.ACCEPTED, S.CHOSEN, S.IN_VISA, S.APPROVED])
def test_consent_is_withdrawn_before_signature_and_frees_the_time(people, at, need, state):
    proposal = factories.proposal(need, people.bob, state=state)
    promise(people.bob, host_unit=people.sam, source=f"proposal:{proposal.id}", starts_on=proposal.starts_on,
            ends_on=proposal.ends_on, load=40, at=at)
    told = []
    events.subscribe(events.ProposalEnded, told.append)
    actions.withdraw(proposal, actor=people.bob, at=at)
    assert proposal.state == S.WITHDRAWN and commitments.live() == [] and told[-1].subject_id == proposal.id
    assert "proposal-withdrawn" in kinds(people.alice)


def test_a_proposal_not_yet_answered_is_declined_not_withdrawn(people, at, proposal):
    with pytest.raises(TransitionNotAllowed):
        actions.withdraw(proposal, actor=people.bob, at=at)


def test_a_counter_proposal_closes_the_old_one_and_asks_the_agent_again(people, at, need):
    old = factories.proposal(need, people.bob, state=S.IN_VISA)
    promise(people.bob, host_unit=people.sam, source=f"proposal:{old.id}", starts_on=old.starts_on, ends_on=old.ends_on,
            load=40, at=at)
    new = actions.propose_counter(old, starts_on=date(2027, 2, 1), ends_on=date(2027, 3, 19), load=20,
                                  counter_by=people.chloe, at=at)
    assert (old.state, new.state, new.previous_id, new.load) == (S.COUNTER_PROPOSED, S.PROPOSED, old.id, 20)
    assert new.content_hash != old.content_hash == actions.content_hash(old) and commitments.live() == []
    actions.accept(new, actor=people.bob, at=at)
    assert new.state == S.ACCEPTED and commitments.live()[0].load == 20


def test_the_clock_never_accepts_declines_or_chooses(people, at, proposal):
    from skillshare.ground.access import SYSTEM
    from skillshare.ground.workflow import move
    from skillshare.proposals.workflow import PROPOSAL

    for verb in ("accept", "decline", "choose"):
        with pytest.raises(NotPermitted):
            move(PROPOSAL, proposal, verb, actor=SYSTEM, at=clock.now())
