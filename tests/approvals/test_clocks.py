"""Silence: reminder, stand-in, N+2, mediator; and never a yes."""

from datetime import date

import pytest

from skillshare.approvals import actions, circuit
from skillshare.approvals.clocks import move_clocks
from skillshare.approvals.models import Stage, VisaKind, VisaState
from skillshare.ground import clock
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.loans.models import LoanState
from skillshare.organisation.models import StandIn
from skillshare.proposals.models import ProposalState
from tests.approvals.cases import case_of, days_later, mails, told

MONDAY = date(2026, 11, 23)


def test_a_start_far_away_gives_three_five_eight_and_ten_working_days(app):
    found = circuit.deadlines(MONDAY, date(2027, 1, 11))
    assert (found.remind_on, found.stand_in_on, found.above_on, found.mediator_on) == (
        date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 7))


@pytest.mark.parametrize(("starts_on", "stand_in_on"), [
    (date(2026, 12, 21), date(2026, 11, 26)),  # twenty working days after
    (date(2026, 12, 22), date(2026, 11, 30))])
def test_delays_are_halved_when_the_start_is_within_twenty_working_days(app, starts_on, stand_in_on):
    assert circuit.deadlines(MONDAY, starts_on).stand_in_on == stand_in_on


def test_halves_are_rounded_up(app):
    found = circuit.deadlines(MONDAY, date(2026, 12, 7))
    assert [clock.working_days(MONDAY, day) - 1 for day in (
        found.remind_on, found.stand_in_on, found.above_on, found.mediator_on)] == [2, 3, 4, 5]


def later(case, days: int) -> int:
    at = days_later(case.at, days)
    with clock.travel(at):
        moved = move_clocks(at)
        db.session.commit()
    return moved


def test_a_silent_visa_goes_from_reminder_to_stand_in_to_n_plus_2_to_mediator(case_on_both):
    case, people = case_on_both, case_on_both.people
    db.session.add(StandIn(agent_id=people.chloe.id, deputy_id=people.marc.id, named_by_id=people.nadia.id,
                           starts_on=date(2026, 11, 24), ends_on=date(2026, 12, 31)))
    case.choose()
    visa = case.waiting()
    seen = []
    for days in (2, 3, 5, 8, 10):
        later(case, days)
        seen.append((visa.stage, visa.helper.first_name if visa.helper else None))
    assert seen == [(Stage.HOLDER, None), (Stage.REMINDED, None), (Stage.STAND_IN, "Marc"), (Stage.ABOVE, "Nadia"),
                    (Stage.MEDIATOR, "Nadia")]
    assert visa.state == VisaState.WAITING and case.proposal.state == ProposalState.IN_VISA
    assert told("visa_stuck") == {people.mona.id}
    assert told("visa_reminder") == {people.chloe.id, people.marc.id, people.nadia.id}


def test_a_clock_moved_twice_moves_once(case):
    case.choose()
    assert later(case, 5) == 2
    assert later(case, 5) == 0
    assert len(mails("visa_reminder")) == 2


def test_silence_never_approves_and_the_missed_start_closes_the_case(case, people):
    case.choose()
    for days in (10, 30):
        later(case, days)
    assert case.waiting().state == VisaState.WAITING
    at = clock.at_local(date(2027, 1, 12))
    with clock.travel(at):
        move_clocks(at)
        db.session.commit()
    assert case.proposal.state == ProposalState.CANCELLED and case.visa().state == VisaState.VOID
    assert {people.bob.id, people.alice.id} <= told("proposal-cancelled") and people.chloe.id in told("visa_void")


def test_a_letter_unsigned_on_the_first_day_is_cancelled_the_day_after(case, people):
    loan = case.approve()
    for day, state in ((date(2027, 1, 11), LoanState.TO_SIGN), (date(2027, 1, 12), LoanState.CANCELLED)):
        at = clock.at_local(day)
        with clock.travel(at):
            move_clocks(at)
            db.session.commit()
        assert loan.state == state
    assert {people.bob.id, people.alice.id, people.chloe.id} <= told("loan_cancelled")
    assert case.proposal.state == ProposalState.CANCELLED


def test_the_helper_of_the_clock_may_decide_and_others_may_not(case, people):
    case.choose()
    with pytest.raises(NotPermitted):
        case.give(by=people.nadia)
    db.session.rollback()
    later(case, 8)
    case.give(by=people.nadia)
    assert case.visa().decided_for == people.chloe


def test_a_stand_in_who_asked_for_the_seat_is_not_called(case, people):
    db.session.add(StandIn(agent_id=people.chloe.id, deputy_id=people.alice.id, named_by_id=people.chloe.id,
                           starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31)))
    case.choose()
    later(case, 5)
    assert case.waiting().helper is None and people.alice.id not in told("visa_asked") | told("visa_reminder")


def test_a_circuit_without_anybody_goes_to_the_mediator(people, at):
    for unit in (people.roads, people.direction, people.root):
        unit.head_id = None
    people.bob.manager_id = None
    db.session.commit()
    case = case_of(people, at)
    case.choose()
    assert case.waiting().holder is None and told("visa_stuck") == {people.mona.id}
    assert "sans valideur" in mails("visa_stuck")[0].text


def test_the_mediator_hands_a_stuck_visa_to_a_manager_of_that_side(case, people):
    case.choose()
    visa = case.waiting()
    with pytest.raises(NotPermitted):  # every delay must have passed
        actions.reroute(visa, actor=people.mona, to=people.nadia, at=case.at)
    db.session.rollback()
    later(case, 10)
    at = days_later(case.at, 11)
    for somebody in (people.hugo, people.mona, people.bob, people.emma, people.alice):
        with pytest.raises(RuleBroken):
            actions.reroute(visa, actor=people.mona, to=somebody, at=at)
        db.session.rollback()
    actions.reroute(visa, actor=people.mona, to=people.nadia, at=at)
    db.session.commit()
    assert (visa.holder, visa.stage, visa.state) == (people.nadia, Stage.HOLDER, VisaState.WAITING)
    assert people.nadia.id in told("visa_asked")
    with pytest.raises(NotPermitted):
        case.give(by=people.chloe)


@pytest.mark.parametrize("name", ["chloe", "david", "ali", "alice", "nadia"])
def test_only_the_mediator_reroutes(case, people, name):
    case.choose()
    later(case, 10)
    with pytest.raises(NotPermitted):
        actions.reroute(case.waiting(), actor=getattr(people, name), to=people.nadia, at=case.at)


def test_the_n_plus_2_of_the_hosts_visa_is_the_head_above(case, people):
    people.root.head_id = people.farid.id
    case.choose(by=people.alice)
    later(case, 8)
    visa = case.visa(VisaKind.HOST_HEAD)
    assert visa.helper == people.farid
