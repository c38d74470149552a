"""Each rule finds the row that breaks it, built past the actions; a clean letter breaks none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from skillshare.approvals import circuit
from skillshare.approvals.models import VisaKind
from skillshare.audit import queries
from skillshare.audit.anomalies import RULES
from skillshare.audit.checking import check_letters
from skillshare.feedback import actions as feedback
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.hr_file import queries as filings
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation import actions as organisation
from skillshare.organisation.models import Role, RoleName, SigningDelegation, StandIn
from skillshare.proposals.models import ProposalState
from tests import factories
from tests.approvals.cases import case_of


def found(today: date = date(2026, 11, 23)) -> set[str]:
    """The codes that the page shows, which must be those that the check keeps for filters and numbers."""
    check_letters(clock.at_local(today, 12))
    db.session.commit()
    ids = list(db.session.scalars(db.select(Letter.id)))
    shown = {rule.code for rules in queries.anomalies_of(ids, today=today).values() for rule in rules}
    filtered = {code for code in RULES if list(db.session.scalars(
        queries.letters(queries.Filters(anomaly=code), today=today)))}
    assert shown == filtered
    assert bool(shown) == bool(queries.view_counts(today)["anomalies"])
    return shown


def given(case, kind: VisaKind):
    return next(visa for visa in circuit.steps_of(case.proposal) if visa.kind == kind)


def another_loan(case, **more) -> Loan:
    """A second loan of Bob's, written straight into the table."""
    need = factories.need(case.people, [factories.skill()])
    proposal = factories.proposal(need, case.people.bob, state=ProposalState.APPROVED)
    values = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 26), "load": 40, "state": LoanState.SCHEDULED} | more
    loan = Loan(proposal_id=proposal.id, need_id=need.id, agent_id=case.people.bob.id, home_unit_id=case.people.roads.id,
                host_unit_id=case.people.sam.id, home_manager_id=case.people.chloe.id,
                mission_lead_id=case.people.alice.id, planned_ends_on=values["ends_on"], created_at=case.at, **values)
    db.session.add(loan)
    db.session.commit()
    return loan


def test_a_letter_signed_by_the_actions_breaks_no_rule(clean_on_both):
    assert found() == set()


def test_a_clean_letter_breaks_no_rule(rows_on_both):
    assert found() == set()


def test_a_letter_to_sign_breaks_no_rule(people, at):
    case_of(people, at).approve()
    assert found() == set()


def test_a_mission_started_before_its_signature_is_found(rows_on_both, write):
    write(rows_on_both.letter(), signed_at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC))
    assert found() == {"started_before_signature"}


def test_a_running_mission_without_a_signature_is_found(people, at, write):
    loan = case_of(people, at).approve()
    write(loan, state="running")
    assert found(date(2027, 1, 12)) == {"started_before_signature"}


@pytest.mark.parametrize(("signed_at", "is_late"), [(datetime(2027, 1, 11, 22, 59, tzinfo=UTC), False),
                                                    (datetime(2027, 1, 11, 23, 1, tzinfo=UTC), True)])
def test_the_day_of_signature_is_that_of_the_employer(rows_on_both, write, signed_at, is_late):
    """Midnight in Paris is 23:00 UTC in January."""
    write(rows_on_both.letter(), signed_at=signed_at)
    assert ("started_before_signature" in found()) is is_late


@pytest.mark.parametrize("name", ["bob", "alice", "hugo", "emma", "farid"])
def test_a_home_visa_given_by_somebody_else_is_found(rows, write, name):
    """The agent, the requester, who chose, a stranger, even the signatory."""
    write(given(rows, VisaKind.HOME_MANAGER), decided_by_id=getattr(rows.people, name).id)
    assert found() == {"wrong_approver"}


def test_a_visa_of_the_agent_is_found_even_if_made_its_holder(rows_on_both, write):
    bob = rows_on_both.people.bob
    write(given(rows_on_both, VisaKind.HOME_MANAGER), decided_by_id=bob.id, holder_id=bob.id)
    assert found() == {"wrong_approver"}


def test_a_host_visa_given_by_a_stranger_is_found(rows, write):
    write(given(rows, VisaKind.HOST_HEAD), decided_by_id=rows.people.emma.id)
    assert found() == {"wrong_approver"}


@pytest.mark.parametrize(("ends_on", "is_found"), [(date(2026, 11, 23), False), (date(2026, 11, 22), True)])
def test_a_stand_in_counts_only_on_their_days(rows_on_both, write, ends_on, is_found):
    people = rows_on_both.people
    db.session.add(StandIn(agent_id=people.chloe.id, deputy_id=people.marc.id, starts_on=date(2026, 11, 1), ends_on=ends_on,
                           named_by_id=people.chloe.id))
    write(given(rows_on_both, VisaKind.HOME_MANAGER), decided_by_id=people.marc.id)
    assert found() == ({"wrong_approver"} if is_found else set())


def test_who_was_called_to_help_is_no_anomaly(rows, write):
    write(given(rows, VisaKind.HOME_MANAGER), decided_by_id=rows.people.nadia.id, helper_id=rows.people.nadia.id)
    assert found() == set()


def test_an_hr_visa_asks_for_the_function_of_that_day(rows_on_both, write):
    """A function taken back since is no anomaly: the audit log remembers it."""
    people, at = rows_on_both.people, rows_on_both.at
    write(given(rows_on_both, VisaKind.HOME_MANAGER), kind="hr", decided_by_id=people.david.id)
    assert "wrong_approver" not in found()
    role = db.session.query(Role).filter_by(agent_id=people.david.id, name=RoleName.HR).one()
    organisation.remove_role(role, actor=people.ali, at=at + timedelta(days=1))
    db.session.commit()
    assert "wrong_approver" not in found()
    write(given(rows_on_both, VisaKind.HR), decided_by_id=people.emma.id)
    assert "wrong_approver" in found()


def test_a_letter_with_a_visa_still_waiting_is_found(rows_on_both, write):
    write(given(rows_on_both, VisaKind.HOME_MANAGER), state="waiting")
    assert found() == {"missing_visa"}


@pytest.mark.parametrize("accepted_at", [None, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)])
def test_an_agreement_missing_or_after_the_visas_is_found(rows_on_both, write, accepted_at):
    write(rows_on_both.proposal, accepted_at=accepted_at)
    assert found() == {"missing_agreement"}


@pytest.mark.parametrize("wrong", ["another signer", "outside the dates", "another perimeter", "published later"])
def test_a_signature_without_a_valid_delegation_is_found(rows_on_both, write, wrong):
    people, letter = rows_on_both.people, rows_on_both.letter()
    held = db.session.get(SigningDelegation, letter.delegation_id)
    if wrong == "another signer":
        write(letter, signed_by_id=people.david.id)
    else:
        write(held, **{"outside the dates": {"ends_on": date(2026, 11, 22)}, "another perimeter": {"unit_id": people.sam.id},
                       "published later": {"published_on": date(2026, 11, 24)}}[wrong])
    assert found() == {"wrong_signatory"}


def test_a_letter_signed_by_its_agent_is_found(rows, write):
    people, letter = rows.people, rows.letter()
    held = factories.delegation(people.bob, people.root, people.david)
    write(letter, signed_by_id=people.bob.id, delegation_id=held.id)
    assert found() == {"wrong_signatory"}


def test_a_load_above_the_working_time_is_found(rows_on_both, write):
    write(rows_on_both.people.bob, working_time=30)
    assert found() == {"load_above_working_time"}


def test_a_working_time_reduced_after_the_end_is_no_anomaly(rows, write):
    write(rows.loan(), state="ended")
    write(rows.people.bob, working_time=30)
    assert "load_above_working_time" not in found()


def test_two_loans_of_the_same_days_are_found_and_grave_above_the_working_time(rows_on_both, write):
    other = another_loan(rows_on_both, load=40)
    assert found() == {"overlapping_loans"}
    write(other, load=70)
    assert found() == {"overlapping_loans", "load_above_working_time"}
    assert RULES["load_above_working_time"].grave and not RULES["overlapping_loans"].grave


def test_loans_that_follow_each_other_or_are_cancelled_do_not_overlap(rows, write):
    other = another_loan(rows, starts_on=date(2027, 3, 20), ends_on=date(2027, 4, 2), load=90)
    assert found() == set()
    write(other, starts_on=date(2027, 2, 1), state="cancelled")
    assert found() == set()


def test_three_loans_are_summed_day_by_day(rows, write):
    """40 % throughout, then 40 % in January and 40 % in March: never more than 80 % on a day."""
    another_loan(rows, starts_on=date(2027, 1, 12), ends_on=date(2027, 1, 31))
    last = another_loan(rows, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 10))
    assert "load_above_working_time" not in found()
    write(last, starts_on=date(2027, 1, 31))
    assert "load_above_working_time" in found()


@pytest.mark.parametrize(("days", "is_found"), [(15, False), (16, True)])
def test_feedback_is_missing_fifteen_days_after_the_end(rows_on_both, write, days, is_found):
    loan = rows_on_both.loan()
    write(loan, state="ended")
    assert found(loan.ends_on + timedelta(days=days)) == ({"missing_feedback"} if is_found else set())


def test_feedback_of_two_sides_out_of_three_is_missing(rows, write):
    loan = rows.loan()
    write(loan, state="ended")
    asked = feedback.ask(loan, at=clock.at_local(loan.ends_on + timedelta(days=1)))
    late = loan.ends_on + timedelta(days=20)
    for row in asked[:2]:
        row.given_at = datetime(2027, 3, 25, tzinfo=UTC)
    db.session.commit()
    assert found(late) == {"missing_feedback"}
    asked[2].given_at = datetime(2027, 3, 25, tzinfo=UTC)
    db.session.commit()
    assert found(late) == set()


def test_a_rejected_or_missing_filing_is_found(rows_on_both, write):
    filing = filings.of_letter(rows_on_both.letter())[0]
    write(filing, state="rejected")
    assert found() == {"filing_rejected"}
    db.session.delete(db.session.merge(filing))
    db.session.commit()
    assert found() == {"filing_missing"}


def test_a_hole_in_the_numbers_is_found(rows_on_both, write):
    write(rows_on_both.letter(), sequence=3)
    assert found() == {"number_gap"}


def test_a_cancelled_letter_is_no_longer_checked(rows, write):
    write(given(rows, VisaKind.HOME_MANAGER), decided_by_id=rows.people.emma.id)
    write(rows.letter(), state="cancelled")
    assert found() == set()
