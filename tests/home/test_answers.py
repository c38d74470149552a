"""The answers people got lately, each with its reason, on their home page and on the pages of the case."""

from datetime import date, timedelta

import pytest
from flask import current_app

from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.home.answers import answers_of
from skillshare.home.queries import awaited_answers
from skillshare.proposals import actions
from skillshare.proposals.models import ProposalState as S
from tests import factories

TODAY = date(2026, 11, 23)


def told(agent, on=TODAY) -> list[str]:
    with current_app.test_request_context():
        return [f"{one.text} | {one.detail} | {one.status}" for one in answers_of(agent, on)]


def test_who_is_not_chosen_reads_it_with_the_reason(people, case, at):
    chosen, other = case(S.ACCEPTED), case(S.ACCEPTED, people.marc)
    actions.choose(chosen, actor=people.alice, at=at)
    db.session.commit()
    assert other.state == S.NOT_CHOSEN
    assert "d’autres volontaires : c’est la seule raison" in told(people.marc)[0]
    assert told(people.bob) == []


@pytest.mark.parametrize("name", ["bob", "alice", "hugo"])
def test_a_refused_visa_is_read_with_its_motive_by_agent_and_host(people, case, at, client_of, name):
    made = case(S.REFUSED)
    made.ended_at = at
    db.session.add(Visa(proposal_id=made.id, rank=1, kind=VisaKind.HOME_MANAGER, state=VisaState.REFUSED,
                        reason_code="peak_at_home", decided_by_id=people.chloe.id, decided_at=at))
    db.session.commit()
    reader = getattr(people, name)
    assert "Motif : Le service connaît lui-même un temps fort" in told(reader)[0]
    page = client_of(reader).get(f"/propositions/{made.id}", follow_redirects=True).text
    assert "lui-même un temps fort" in page
    assert told(people.emma) == told(people.chloe) == []


def test_a_cancelled_proposal_says_what_ended_it(people, case, at, client_of):
    made = case(S.ACCEPTED)
    actions.cancel(made, at=at, cause="need_changed")
    db.session.commit()
    assert "Le besoin a changé depuis" in told(people.bob)[0]
    assert "Le besoin a changé depuis" in client_of(people.bob).get(f"/propositions/{made.id}").text


def test_a_refusal_and_silence_are_the_same_line_the_day_after_the_last_day(people, need, at):
    other = factories.need(people, [factories.skill()], title=need.title)
    declined, silent = factories.proposal(need, people.bob), factories.proposal(other, people.marc)
    actions.decline(declined, actor=people.bob, at=at)
    db.session.commit()
    assert told(people.alice, declined.answer_by) == []
    later = clock.at_local(declined.answer_by + timedelta(days=1))
    actions.lapse_due(later)
    db.session.commit()
    assert silent.state == S.LAPSED
    lines = told(people.alice, clock.local_date(later))
    assert len(lines) == 2 and lines[0] == lines[1] and "Sans suite" in lines[0]
    assert told(people.marc, clock.local_date(later))[0].startswith(need.title)
    assert told(people.bob, clock.local_date(later)) == []


def test_on_a_saturday_they_are_the_same_line_before_the_clock_has_come_by(people, need, at):
    friday = date(2026, 11, 27)
    other = factories.need(people, [factories.skill()], title=need.title)
    declined, silent = (factories.proposal(where, agent, answer_by=friday)
                        for where, agent in ((need, people.bob), (other, people.marc)))
    actions.decline(declined, actor=people.bob, at=at)
    db.session.commit()
    assert told(people.alice, friday) == [] and len(awaited_answers(people.alice, friday)) == 2
    lines = told(people.alice, friday + timedelta(days=1))
    assert silent.state == S.PROPOSED and len(lines) == 2 and lines[0] == lines[1] and "Sans suite" in lines[0]
    assert awaited_answers(people.alice, friday + timedelta(days=1)) == []


def test_old_answers_leave_the_page(people, case, at):
    actions.cancel(case(S.ACCEPTED), at=at, cause="need_changed")
    db.session.commit()
    assert told(people.bob, TODAY + timedelta(days=15)) == []
