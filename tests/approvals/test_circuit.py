"""Who must give which visa, in which order, and who may not."""

from datetime import date

import pytest

from skillshare.approvals import actions, circuit
from skillshare.approvals.models import VisaKind, VisaState
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.loans.models import LoanState
from skillshare.organisation.models import RoleName, StandIn
from skillshare.proposals.models import ProposalState
from tests import factories
from tests.approvals.cases import case_of, told


def kinds(case):
    return [visa.kind for visa in circuit.steps_of(case.proposal)]


def test_the_choice_of_the_hosts_head_is_the_hosts_visa(case, people):
    case.choose(by=people.hugo)
    host, home = circuit.steps_of(case.proposal)
    assert (host.kind, host.state, host.decided_by) == (VisaKind.HOST_HEAD, VisaState.GIVEN, people.hugo)
    assert (home.kind, home.state, home.holder) == (VisaKind.HOME_MANAGER, VisaState.WAITING, people.chloe)


def test_the_choice_of_a_requester_waits_for_the_hosts_head(case, people):
    case.choose(by=people.alice)
    host, home = circuit.steps_of(case.proposal)
    assert (host.state, host.holder) == (VisaState.WAITING, people.hugo)
    assert (home.state, home.holder_id) == (VisaState.PENDING, None)
    case.give(by=people.hugo)
    assert case.waiting().holder == people.chloe


def test_a_stand_in_of_the_hosts_head_chooses_with_the_hosts_visa(case, people):
    factories.role(people.emma, RoleName.REQUESTER, people.sam)
    _stand_in(people.hugo, people.emma)
    case.choose(by=people.emma)
    host = case.visa(VisaKind.HOST_HEAD)
    assert (host.state, host.decided_by, host.decided_for) == (VisaState.GIVEN, people.emma, people.hugo)


def _stand_in(agent, deputy):
    db.session.add(StandIn(agent_id=agent.id, deputy_id=deputy.id, named_by_id=agent.id, starts_on=date(2026, 11, 1),
                           ends_on=date(2026, 12, 31)))
    db.session.commit()


def test_the_last_visa_opens_a_loan_and_a_letter_both_to_sign(case_on_both):
    case = case_on_both
    loan = case.approve()
    assert (loan.state, case.proposal.state, loan.home_manager) == (LoanState.TO_SIGN, ProposalState.APPROVED,
                                                                   case.people.chloe)
    assert case.letter().state == "to_sign" and case.letter().number is None
    assert [step["name"] for step in case.letter().data["steps"]] == ["M. Bob Tessier", "M. Hugo Vasseur", "M. Chloé Marchand"]


def test_the_requester_who_is_the_line_manager_does_not_give_the_home_visa(people, at):
    people.roads.head_id = people.chloe.id
    case = case_of(people, at, unit_id=people.sam.id, requester_id=people.chloe.id, mission_lead_id=people.hugo.id)
    case.choose(by=people.hugo)
    assert case.waiting().holder == people.nadia
    with pytest.raises(NotPermitted):
        case.give(by=people.chloe)


def test_nobody_gives_a_visa_on_their_own_loan(people, at):
    people.marc.manager_id = people.marc.id
    people.roads.head_id = people.marc.id
    db.session.commit()
    case = case_of(people, at, agent=people.marc)
    case.choose()
    assert case.waiting().holder == people.nadia
    with pytest.raises(NotPermitted):
        case.give(by=people.marc)


@pytest.mark.parametrize(("load", "ends_on", "has_hr"), [
    (50, date(2027, 3, 19), False), (60, date(2027, 3, 19), True), (40, date(2027, 4, 12), False),
    (40, date(2027, 4, 13), True)])
def test_hr_gives_a_visa_above_half_time_or_three_months(people, at, load, ends_on, has_hr):
    case = case_of(people, at, load=load, ends_on=ends_on)
    assert (VisaKind.HR in circuit.steps_for(case.proposal)) is has_hr


def test_half_of_a_part_time_is_half_of_that_time(people, at):
    people.bob.working_time = 60
    case = case_of(people, at, load=40)
    assert VisaKind.HR in circuit.steps_for(case.proposal)


def test_any_hr_person_gives_the_visa_of_hr_and_no_other_role(people, at):
    case = case_of(people, at, load=60)
    case.choose()
    case.give()
    assert case.waiting().kind == VisaKind.HR and people.david.id in told("visa_asked")
    with pytest.raises(NotPermitted):
        case.give(by=people.mona)
    assert case.give(by=people.david) is not None


def test_the_circuit_is_a_setting_from_one_step_to_several(app, case, people):
    app.config["VISA_CIRCUIT"] = ["home_manager", "home_head", "hr"]
    case.choose()
    assert kinds(case) == [VisaKind.HOST_HEAD, VisaKind.HOME_MANAGER, VisaKind.HOME_HEAD, VisaKind.HR]
    case.give(by=people.chloe)
    assert case.waiting().holder == people.nadia


def test_a_visa_is_given_once(case, people):
    case.choose()
    visa = case.waiting()
    case.give()
    with pytest.raises(TransitionNotAllowed):
        actions.give_visa(visa, actor=people.chloe, at=case.at)


def test_a_stand_in_gives_the_visa_for_the_absent_manager(case, people):
    _stand_in(people.chloe, people.marc)
    case.choose()
    assert people.marc.id in told("visa_asked")
    case.give(by=people.marc)
    visa = case.visa()
    assert (visa.decided_by, visa.decided_for) == (people.marc, people.chloe)
    assert case.loan().home_manager == people.chloe
    assert case.letter().data["steps"][2]["decision"] == "Visa, pour M. Chloé Marchand"


def test_a_stand_in_outside_the_dates_decides_nothing(case, people):
    db.session.add(StandIn(agent_id=people.chloe.id, deputy_id=people.marc.id, named_by_id=people.chloe.id,
                           starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31)))
    case.choose()
    with pytest.raises(NotPermitted):
        case.give(by=people.marc)


@pytest.mark.parametrize("name", ["emma", "alice", "hugo", "farid", "mona", "ali", "aude", "nadia", "bob", "david"])
def test_nobody_else_decides(case, people, name):
    case.choose()
    for verb in (lambda who: case.give(by=who),
                 lambda who: actions.refuse(case.waiting(), actor=who, at=case.at, reason_code="continuity")):
        with pytest.raises(NotPermitted):
            verb(getattr(people, name))
        db.session.rollback()


def test_a_letter_that_cannot_be_compiled_stops_the_choice_not_the_manager(case, monkeypatch):
    def refused(*_args, **_more):
        raise RuleBroken("", "La lettre dépasse deux pages.")

    monkeypatch.setattr(actions.letters, "compile_draft", refused)
    with pytest.raises(RuleBroken):
        case.choose()
    db.session.rollback()
    assert case.proposal.state == ProposalState.ACCEPTED and circuit.steps_of(case.proposal) == []
