"""Refusing, counter-proposing, and what the last visa checks again."""

from datetime import date

import pytest

from skillshare.approvals import actions, circuit
from skillshare.approvals.models import VisaKind, VisaState
from skillshare.commitments import actions as commitments
from skillshare.commitments import queries as committed
from skillshare.ground import journal
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.proposals import actions as proposals
from skillshare.proposals import queries
from skillshare.proposals.models import Origin, ProposalState
from tests.approvals.cases import SUITABLE, told


def refuse(case, by=None, code="continuity", text=""):
    actions.refuse(case.waiting(), actor=by or case.people.chloe, at=case.at, reason_code=code, reason_text=text)
    db.session.commit()


def counter(case, by=None, **more):
    values = {"starts_on": date(2027, 1, 11), "ends_on": date(2027, 2, 12), "load": 40} | more
    made = actions.counter_propose(case.waiting(), actor=by or case.people.chloe, at=case.at, **values)
    db.session.commit()
    return made


def test_a_refusal_frees_the_time_and_the_seat_and_is_told_with_its_reason(case_on_both):
    case, people = case_on_both, case_on_both.people
    case.choose()
    refuse(case, text="La patrouille du jeudi n’a pas de relais.")
    assert case.proposal.state == ProposalState.REFUSED and case.proposal.ended_at == case.at
    assert committed.agent_peak(people.bob.id, case.need.starts_on, case.need.ends_on) == 0
    assert queries.is_open(case.need.seats[0])
    assert told("visa_refused") == {people.bob.id, people.alice.id}


def test_a_refusal_needs_a_reason_from_the_list(case):
    case.choose()
    with pytest.raises(RuleBroken) as refused:
        refuse(case, code="parce que")
    assert refused.value.field == "reason_code"


def test_no_free_text_of_a_refusal_enters_the_journal(case):
    case.choose()
    refuse(case, text="Une phrase libre")
    assert not any("phrase" in row.detail for row in journal.rows())


@pytest.mark.parametrize(("field", "values"), [
    ("starts_on", {"starts_on": date(2026, 11, 23)}), ("ends_on", {"ends_on": date(2027, 1, 10)}),
    ("load", {"load": 0}), ("load", {"load": 101}), ("starts_on", {"ends_on": date(2027, 3, 19)})])
def test_a_counter_proposal_that_makes_no_sense_is_refused_beside_its_field(case, field, values):
    case.choose()
    with pytest.raises(RuleBroken) as refused:
        counter(case, **values)
    assert refused.value.field == field


def test_a_counter_proposal_accepted_as_it_stands_counts_as_that_managers_visa(case_on_both):
    case, people = case_on_both, case_on_both.people
    case.choose()
    made = counter(case)
    assert (made.origin, made.state, made.counter_by) == (Origin.COUNTER, ProposalState.PROPOSED, people.chloe)
    assert told("visa_countered") == {people.bob.id, people.alice.id}
    case.proposal = made
    proposals.accept(made, actor=people.bob, at=case.at)
    case.choose(by=people.alice)
    case.give(by=people.hugo)
    home = case.visa()
    assert (home.state, home.decided_by) == (VisaState.GIVEN, people.chloe)
    assert case.loan().ends_on == date(2027, 2, 12)


def test_a_counter_proposal_whose_content_changed_comes_back_to_the_manager(case, people):
    case.choose()
    made = counter(case)
    case.proposal = made
    proposals.accept(made, actor=people.bob, at=case.at)
    case.need.workplace = "Une autre maison"
    case.choose()
    assert case.waiting().kind == VisaKind.HOME_MANAGER


def test_a_counter_proposal_by_the_stand_in_counts_too(case, people):
    from tests.approvals.test_circuit import _stand_in

    _stand_in(people.chloe, people.marc)
    case.choose()
    made = counter(case, by=people.marc)
    case.proposal = made
    proposals.accept(made, actor=people.bob, at=case.at)
    case.choose()
    home = case.visa()
    assert (home.decided_by, home.decided_for) == (people.marc, people.chloe)


def test_a_new_manager_is_asked_again(case, people):
    case.choose()
    made = counter(case)
    people.bob.manager_id = people.nadia.id
    case.proposal = made
    proposals.accept(made, actor=people.bob, at=case.at)
    case.choose()
    assert case.waiting().holder == people.nadia


def test_the_host_and_hr_do_not_counter_propose(case, people):
    case.choose(by=people.alice)
    with pytest.raises(NotPermitted):
        counter(case, by=people.hugo)


def test_the_last_visa_checks_working_time_again(case_on_both):
    case = case_on_both
    case.choose()
    _give_elsewhere(case, 80)
    with pytest.raises(RuleBroken) as refused:
        case.give()
    db.session.rollback()
    assert refused.value.field == "load" and case.waiting().state == VisaState.WAITING


def _give_elsewhere(case, load, agent=None):
    who = agent or case.people.bob
    from skillshare.commitments.models import Commitment, CommitmentKind

    db.session.add(Commitment(agent_id=who.id, host_unit_id=case.people.sam.id, source=f"elsewhere:{who.id}",
                              kind=CommitmentKind.GIVEN, starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28),
                              load=load, created_at=case.at))
    db.session.commit()


def test_the_last_visa_checks_every_cap_above_again(case_on_both):
    case = case_on_both
    case.people.direction.cap = 60
    case.choose()
    _give_elsewhere(case, 40, agent=case.people.marc)
    with pytest.raises(RuleBroken, match="plafond"):
        case.give()
    db.session.rollback()
    case.people.direction.cap = 80
    assert case.give() is not None


def test_the_last_visa_of_a_released_promise_gives_nothing(case):
    case.choose()
    commitments.release(f"proposal:{case.proposal.id}", at=case.at)
    with pytest.raises(RuleBroken):
        case.give()


def test_suitability_is_kept_with_the_visa_and_the_measures_go_to_the_letter(case):
    case.choose()
    case.give(suitability=SUITABLE | {"workload": "with_measure", "unknown": "yes"}, measures="Marc assure la patrouille.")
    assert case.visa().suitability == SUITABLE | {"workload": "with_measure", "measures": "Marc assure la patrouille."}
    assert case.letter().data["clauses"]["continuity"] == "Marc assure la patrouille."


def test_a_visa_is_not_given_against_its_own_answers(case):
    case.choose()
    with pytest.raises(RuleBroken) as refused:
        case.give(suitability=SUITABLE | {"dates": "no"})
    assert refused.value.field == "dates"


def test_measures_that_no_longer_fit_the_letter_are_refused_to_the_manager(case, monkeypatch):
    from skillshare.approvals import approving

    def refused(_letter):
        raise RuleBroken("", "La lettre dépasse deux pages.")

    monkeypatch.setattr(approving.letters, "preview", refused)
    case.choose()
    with pytest.raises(RuleBroken) as broken:
        case.give(measures="Trop long")
    assert broken.value.field == "measures"


def test_withdrawing_consent_during_the_visas_voids_them_and_tells_who_was_deciding(case, people):
    case.choose()
    proposals.withdraw(case.proposal, actor=people.bob, at=case.at)
    db.session.commit()
    assert {visa.state for visa in circuit.steps_of(case.proposal)} == {VisaState.GIVEN, VisaState.VOID}
    assert people.chloe.id in told("visa_void")
    with pytest.raises(StopIteration):
        case.waiting()
