"""The signature, the cancellation, the early end, and consent taken back at each state."""

from datetime import date

import pytest

from skillshare.approvals import ending, signing
from skillshare.audit import replacing
from skillshare.commitments import queries as committed
from skillshare.ground import clock, journal
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingAction
from skillshare.letters import actions as letters
from skillshare.letters.models import LetterState
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from skillshare.proposals import actions as proposals
from skillshare.proposals import queries
from skillshare.proposals.models import ProposalState
from tests import factories
from tests.approvals.cases import told


def sign(case, by=None):
    signing.sign(case.letter(), actor=by or case.people.farid, at=case.at)
    db.session.commit()


def cancel(case, by, reason="need_gone"):
    signing.cancel_loan(case.loan(), actor=by, at=case.at, reason=reason)
    db.session.commit()


def busy(case) -> int:
    return committed.agent_peak(case.people.bob.id, case.need.starts_on, case.need.ends_on)


def filings(case) -> list[FilingAction]:
    return [row.action for row in db.session.query(Filing).order_by(Filing.id)]


def test_a_signature_gives_number_seal_mission_and_filing_in_one_act(case_on_both):
    case, people = case_on_both, case_on_both.people
    loan = case.approve()
    sign(case)
    letter = case.letter()
    assert (letter.number, letter.state, loan.state) == ("2026-0001", LetterState.SIGNED, LoanState.SCHEDULED)
    assert letters.verify_bytes(letter.pdf).valid and filings(case) == [FilingAction.FILE]
    assert {people.bob.id, people.alice.id, people.chloe.id, people.david.id} <= told("letter_signed")
    assert journal.verify().valid


@pytest.mark.parametrize("name", ["chloe", "nadia", "alice", "hugo", "david", "mona", "ali", "emma", "bob"])
def test_nobody_signs_without_a_delegation(case, people, name):
    case.approve()
    with pytest.raises(NotPermitted):
        sign(case, by=getattr(people, name))


def test_a_delegation_of_another_perimeter_or_time_does_not_sign(case, people):
    case.approve()
    factories.delegation(people.hugo, people.sam, people.david)
    factories.delegation(people.nadia, people.direction, people.david, ends_on=date(2026, 11, 22))
    db.session.commit()
    for somebody in (people.hugo, people.nadia):
        with pytest.raises(NotPermitted):
            sign(case, by=somebody)
        db.session.rollback()


def test_nobody_signs_their_own_letter(case, people):
    factories.delegation(people.bob, people.root, people.david)
    db.session.commit()
    case.approve()
    with pytest.raises(NotPermitted):
        sign(case, by=people.bob)


def test_a_letter_is_signed_once(case):
    case.approve()
    sign(case)
    with pytest.raises(TransitionNotAllowed):
        sign(case)


def test_a_letter_is_never_back_dated(case):
    case.approve()
    late = clock.at_local(date(2027, 1, 12))
    with clock.travel(late), pytest.raises(RuleBroken, match="antidatée"):
        signing.sign(case.letter(), actor=case.people.farid, at=late)


def test_a_manager_who_holds_a_delegation_signs_in_the_same_act(case, people):
    factories.delegation(people.chloe, people.roads, people.david)
    db.session.commit()
    case.choose()
    case.give(sign_too=True)
    assert (case.letter().number, case.letter().signed_by, case.loan().state) == (
        "2026-0001", people.chloe, LoanState.SCHEDULED)


def test_a_visa_without_delegation_does_not_sign_even_when_asked(case):
    case.choose()
    case.give(sign_too=True)
    assert case.letter().state == LetterState.TO_SIGN


def test_a_failure_of_the_seal_leaves_nothing_signed(case, monkeypatch):
    case.approve()

    def broken(*_args, **_more):
        raise OSError("disk full")

    monkeypatch.setattr(letters, "seal", broken)
    with pytest.raises(OSError):
        sign(case)
    db.session.rollback()
    assert case.letter().number is None and case.loan().state == LoanState.TO_SIGN
    monkeypatch.undo()
    sign(case)
    assert case.letter().number == "2026-0001"


def test_a_letter_that_replaces_a_wrong_one_is_signed_while_the_loan_goes_on(case, people):
    at = running(case)
    first = case.letter()
    with clock.travel(at):
        replacing.replace(first, actor=people.david, reason="Le lieu était faux", at=at)
        second = letters.current_of(case.loan())
        signing.sign(second, actor=people.farid, at=at)
        db.session.commit()
        with pytest.raises(TransitionNotAllowed):
            signing.sign(second, actor=people.farid, at=at)
    assert (first.state, second.state, case.loan().state) == (LetterState.SUPERSEDED, LetterState.SIGNED, LoanState.RUNNING)
    assert second.number == "2027-0001" and filings(case) == [FilingAction.FILE, FilingAction.REVERSE, FilingAction.FILE]


@pytest.mark.parametrize("name", ["bob", "alice", "chloe", "hugo", "david"])
def test_any_party_cancels_before_the_start_and_the_time_is_free(case, people, name):
    case.approve()
    sign(case)
    cancel(case, getattr(people, name))
    assert (case.loan().state, case.letter().state) == (LoanState.CANCELLED, LetterState.CANCELLED)
    assert busy(case) == 0 and filings(case) == [FilingAction.FILE, FilingAction.REVERSE]
    assert case.letter().number == "2026-0001" and case.letter().pdf is not None


def test_a_cancelled_loan_opens_its_seat_again_and_everybody_is_told(case_on_both):
    case, people = case_on_both, case_on_both.people
    case.approve()
    cancel(case, people.alice)
    assert case.proposal.state == ProposalState.CANCELLED and queries.is_open(case.need.seats[0])
    assert told("loan_cancelled") == {people.bob.id, people.alice.id, people.chloe.id}
    assert filings(case) == []


def test_others_do_not_cancel(case, people):
    case.approve()
    for somebody in (people.emma, people.nadia, people.mona, people.farid, people.ali):
        with pytest.raises(NotPermitted):
            cancel(case, somebody)
        db.session.rollback()


def running(case, today=date(2027, 2, 1)):
    case.approve()
    sign(case)
    loans.start(case.loan(), at=case.at)
    db.session.commit()
    return clock.at_local(today)


@pytest.mark.parametrize("name", ["bob", "alice", "chloe", "hugo"])
def test_each_side_may_end_a_running_loan_early_with_notice(case, people, name):
    at = running(case)
    with clock.travel(at):
        ending.end_early(case.loan(), actor=getattr(people, name), at=at, ends_on=date(2027, 2, 8), reason="need_over")
        db.session.commit()
    loan = case.loan()
    assert (loan.ends_on, loan.planned_ends_on, loan.state) == (date(2027, 2, 8), date(2027, 3, 19), LoanState.RUNNING)
    assert committed.agent_peak(people.bob.id, date(2027, 2, 9), date(2027, 3, 19)) == 0
    assert told("loan_ends_early") == {people.bob.id, people.alice.id, people.chloe.id}
    loans.end(loan, at=clock.at_local(date(2027, 2, 9)))
    assert loan.state == LoanState.ENDED_EARLY


@pytest.mark.parametrize("ends_on", [date(2027, 2, 5), date(2027, 3, 19), date(2027, 1, 15)])
def test_an_early_end_keeps_the_notice_and_comes_before_the_planned_end(case, ends_on):
    at = running(case)
    with clock.travel(at), pytest.raises(RuleBroken) as refused:
        ending.end_early(case.loan(), actor=case.people.bob, at=at, ends_on=ends_on, reason="agent_wish")
    assert refused.value.field == "ends_on"


def test_a_loan_not_yet_running_is_cancelled_not_ended(case, people):
    case.approve()
    with pytest.raises(NotPermitted):
        ending.end_early(case.loan(), actor=people.bob, at=case.at, ends_on=date(2027, 2, 8), reason="agent_wish")


def withdraw(case):
    proposals.withdraw(case.proposal, actor=case.people.bob, at=case.at)
    db.session.commit()


@pytest.mark.parametrize("until", ["accepted", "in_visa", "to_sign"])
def test_consent_is_taken_back_at_every_state_before_the_signature(case_on_both, until):
    case = case_on_both
    if until != "accepted":
        case.choose()
    if until == "to_sign":
        case.give()
    withdraw(case)
    assert case.proposal.state == ProposalState.WITHDRAWN and busy(case) == 0
    assert queries.is_open(case.need.seats[0])
    if until == "to_sign":
        assert (case.loan().state, case.letter().state) == (LoanState.CANCELLED, LetterState.CANCELLED)


def test_consent_is_not_taken_back_after_the_signature(case):
    case.approve()
    sign(case)
    with pytest.raises(TransitionNotAllowed):
        withdraw(case)
    db.session.rollback()
    assert (case.loan().state, case.proposal.state) == (LoanState.SCHEDULED, ProposalState.APPROVED)
