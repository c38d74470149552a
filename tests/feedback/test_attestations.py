"""The attestation: issued at the end of a mission, sealed, filed, told to its agent; and the short letter before it."""

from datetime import date, timedelta

import pytest

from skillshare.approvals import ending, signing
from skillshare.audit import replacing
from skillshare.feedback import attestations, queries
from skillshare.ground import clock, journal
from skillshare.ground.errors import NotPermitted, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.hr_file import actions as hr_file
from skillshare.hr_file.models import Filing
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.letters.verifying import read_attached_data
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from tests import factories
from tests.approvals.cases import told
from tests.approvals.test_visa_pages import words
from tests.audit.letters import signed

KIND = LetterKind.ATTESTATION
LAST_DAY = date(2027, 3, 19)


def run_until_signed(people, at):
    case = signed(people, at)
    loans.start(case.loan(), at=clock.at_local(date(2027, 1, 11)))
    db.session.commit()
    return case


@pytest.fixture
def running(people, at):
    return run_until_signed(people, at)


@pytest.fixture
def running_on_both(both, at):
    return run_until_signed(factories.standing_people(), at)


def end(case, on=LAST_DAY):
    case.at = clock.at_local(on + timedelta(days=1))
    loans.end(case.loan(), at=case.at)
    db.session.commit()


def end_early(case, on=date(2027, 2, 12)):
    at = clock.at_local(date(2027, 2, 1))
    with clock.travel(at):
        ending.end_early(case.loan(), actor=case.people.chloe, at=at, ends_on=on, reason="home_needs")
        db.session.commit()


def pieces() -> list[str]:
    return [row.piece for row in db.session.query(Filing).order_by(Filing.id)]


def test_the_end_of_a_mission_issues_a_sealed_attestation_filed_and_told_to_the_agent(running_on_both):
    case = running_on_both
    end(case)
    made = case.act(KIND)
    assert (made.state, made.number, made.signed_by_id, made.year) == (LetterState.ISSUED, "2026-0001-ATT", None, None)
    verdict = letters.verify_bytes(made.pdf)
    assert verdict.valid and verdict.reason_fr.startswith("Attestation n° 2026-0001-ATT") and "délivrée" in verdict.reason_fr
    said = read_attached_data(made.pdf)
    assert (said["kind"], said["state"], said["period"]["ends_on"], said["period"]["days"]) == (
        "attestation", "issued", "2027-03-19", 20)
    assert pieces() == ["BC-2026-0001", "BC-2026-0001-ATT"]
    assert told("attestation_issued") == {case.people.bob.id} and journal.verify().valid


def test_the_end_of_a_mission_asks_its_three_sides_how_it_went(running_on_both):
    case = running_on_both
    end(case)
    assert told("feedback_asked") == {case.people.bob.id, case.people.alice.id, case.people.chloe.id}
    assert {row.author_id for row in queries.of_loan(case.loan())} == told("feedback_asked")


def test_an_attestation_is_issued_once(running):
    end(running)
    first = running.act(KIND)
    assert attestations.issue(running.loan(), at=running.at) is first and pieces().count("BC-2026-0001-ATT") == 1


def test_no_attestation_before_the_end(running, people, at):
    assert attestations.issue(running.loan(), at=at) is None


def test_nobody_signs_an_attestation(running, people):
    end(running)
    with pytest.raises(TransitionNotAllowed):
        signing.sign(running.act(KIND), actor=people.farid, at=running.at)


def test_the_next_letter_takes_the_next_number_of_the_series(running, people, at):
    end(running)
    other = signed(people, at, agent=people.marc)
    assert other.letter().number == "2026-0002"


def test_copies_of_all_acts_lie_beside_their_letter(running, app):
    end(running)
    assert letters.write_copies() == 2 and letters.write_copies() == 0
    folder = app.config["HOME"] / "letters" / "2026"
    assert sorted(path.name for path in folder.iterdir()) == ["2026-0001-ATT.pdf", "2026-0001.pdf"]


def test_the_hr_system_is_told_the_nature_of_each_piece(running, app):
    end_early(running)
    signing.sign(running.act(LetterKind.EARLY_END), actor=running.people.farid, at=clock.at_local(date(2027, 2, 2)))
    end(running, date(2027, 2, 12))
    hr_file.export(running.at)
    rows = [(app.config["HOME"] / "hr" / "out" / f"{piece}.csv").read_text("utf-8-sig").splitlines()[1].split(";")
            for piece in pieces()]
    assert [(row[3], row[6], row[-1]) for row in rows] == [
        ("2026-0001", "2027-03-19", "letter"), ("2026-0001-FIN", "2027-02-12", "early_end"),
        ("2026-0001-ATT", "2027-02-12", "attestation")]


def test_an_early_end_puts_its_short_letter_on_the_desk(running_on_both):
    case = running_on_both
    end_early(case)
    act = case.act(LetterKind.EARLY_END)
    assert (act.state, act.number, act.data["initiative"], act.data["effective_on"]) == (
        LetterState.TO_SIGN, None, "le service d’origine", "2027-02-12")
    assert case.people.farid.id in told("letter_to_sign") and letters.preview(act).startswith(b"%PDF")
    at = clock.at_local(date(2027, 2, 3))
    with clock.travel(at):
        signing.sign(act, actor=case.people.farid, at=at)
        db.session.commit()
    assert (act.number, act.state, case.loan().state) == ("2026-0001-FIN", LetterState.SIGNED, LoanState.RUNNING)
    assert letters.verify_bytes(act.pdf).reason_fr.startswith("Fin anticipée n° 2026-0001-FIN")
    end(case, date(2027, 2, 12))
    said = read_attached_data(case.act(KIND).pdf)
    assert said["letters"][1] == "fin anticipée n° 2026-0001-FIN" and said["period"]["ends_on"] == "2027-02-12"
    assert case.loan().state == LoanState.ENDED_EARLY


def test_the_mission_ends_on_its_day_even_if_nobody_signs_its_early_end(running):
    end_early(running)
    end(running, date(2027, 2, 12))
    assert running.loan().state == LoanState.ENDED_EARLY and running.act(KIND).number == "2026-0001-ATT"
    act = running.act(LetterKind.EARLY_END)
    with clock.travel(running.at):
        signing.sign(act, actor=running.people.farid, at=running.at)
    assert act.number == "2026-0001-FIN" and act.data["dated"] == "2027-02-13"


def replace(case, at) -> Letter:
    """HR replaces the letter of a mission whose early end is on the desk."""
    made = replacing.replace(case.letter(), actor=case.people.david, reason="Mauvais grade", at=at)
    db.session.commit()
    return made


def sign(case, letter, at):
    with clock.travel(at):
        signing.sign(letter, actor=case.people.farid, at=at)
        db.session.commit()


def test_an_early_end_follows_the_letter_that_replaced_its_own(running_on_both):
    case, at = running_on_both, clock.at_local(date(2027, 2, 3))
    end_early(case)
    act, asked = case.act(LetterKind.EARLY_END), case.act(LetterKind.EARLY_END).data
    case.people.bob.job = "Chef d’équipe"
    made = replace(case, at)
    sign(case, made, at)
    assert act.data["amends"]["number"] == made.number == "2027-0001"  # already so on the desk
    sign(case, act, at)
    said = read_attached_data(act.pdf)
    assert act.number == "2027-0001-FIN" and said["amends"] == {"number": "2027-0001", "dated": "2027-02-03"}
    assert said["agent"]["job"] == "Chef d’équipe" and "par la présente" not in " ".join(said["legal_references"])
    assert [said[key] for key in ("effective_on", "initiative", "reason", "steps")] == [
        asked[key] for key in ("effective_on", "initiative", "reason", "steps")]
    assert letters.verify_bytes(act.pdf).valid and journal.verify().valid


def test_a_short_letter_left_behind_is_put_right_by_its_own_signature(running):
    at = clock.at_local(date(2027, 2, 3))
    end_early(running)
    act, asked = running.act(LetterKind.EARLY_END), running.act(LetterKind.EARLY_END).data
    sign(running, replace(running, at), at)
    act.data = asked  # as read by somebody before the other signature
    db.session.commit()
    sign(running, act, at)
    assert act.number == "2027-0001-FIN"


def test_an_early_end_signed_before_the_new_letter_follows_the_one_that_was_signed(running):
    at = clock.at_local(date(2027, 2, 3))
    end_early(running)
    made, act = replace(running, at), running.act(LetterKind.EARLY_END)
    for letter in (act, made):
        sign(running, letter, at)
    assert (act.number, made.number) == ("2026-0001-FIN", "2027-0001") and letters.verify_bytes(act.pdf).valid


def test_only_a_signatory_signs_an_early_end(running, people):
    end_early(running)
    for somebody in (people.bob, people.chloe, people.alice, people.david):
        with pytest.raises(NotPermitted):
            signing.sign(running.act(LetterKind.EARLY_END), actor=somebody, at=clock.at_local(date(2027, 2, 2)))


def test_the_attestation_waits_for_the_letter_that_replaces_a_wrong_one(running, people):
    at = clock.at_local(date(2027, 3, 1))
    made = replacing.replace(running.letter(), actor=people.david, reason="Mauvais grade", at=at)
    db.session.commit()
    end(running)
    assert letters.current_of(running.loan()) is made and attestations.issue(running.loan(), at=running.at) is None
    with clock.travel(running.at):
        signing.sign(made, actor=people.farid, at=running.at)
        db.session.commit()
    assert running.act(KIND).number == f"{made.number}-ATT" and running.loan().state == LoanState.ENDED


@pytest.mark.parametrize("name", ["bob", "alice", "chloe", "hugo", "david", "aude"])
def test_the_parties_and_hr_download_both_acts_from_the_page_of_the_loan(running, client_of, name):
    end_early(running)
    end(running, date(2027, 2, 12))
    client = client_of(getattr(running.people, name))
    page = client.get(f"/prets/{running.loan().id}")
    assert "Attestation de mission n° 2026-0001-ATT (PDF)" in words(page)
    assert "Fin anticipée de mission, « PROJET » (PDF)" in words(page)
    act = running.act(KIND).id
    db.session.commit()
    answer = client.get(f"/lettres/{act}/pdf")
    assert answer.status_code == 200 and "attestation-2026-0001-ATT.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["emma", "nadia", "marc", "ali", "mona"])
def test_others_read_neither_act(running, client_of, name):
    end(running)
    act = running.act(KIND).id
    db.session.commit()
    client = client_of(getattr(running.people, name))
    assert client.get(f"/lettres/{act}/pdf").status_code == 404 and client.get(f"/lettres/{act}").status_code == 404


def test_the_public_page_knows_an_attestation_and_names_nobody(running, client_of):
    end(running)
    code = running.act(KIND).verify_code
    told_of = words(client_of().get(f"/verification/{code}"))
    assert "2026-0001-ATT" in told_of and "attestation" in told_of.lower() and "Tessier" not in told_of


def test_the_public_page_tells_the_dates_that_each_paper_prints(running, client_of):
    end_early(running)
    sign(running, running.act(LetterKind.EARLY_END), clock.at_local(date(2027, 2, 2)))
    end(running, date(2027, 2, 12))
    client = client_of()
    letter, early, attestation = (words(client.get(f"/verification/{running.act(kind).verify_code}")) for kind in LetterKind)
    assert "du 11 janvier au 19 mars 2027" in letter and "février" not in letter
    assert "vendredi 12 février 2027" in early and "au lieu du vendredi 19 mars 2027" in early
    assert "du 11 janvier au 12 février 2027" in attestation and "Délivrée après la fin de la mission" in attestation


def test_the_page_of_the_loan_leads_to_the_feedback_that_one_owes(running, client_of):
    end(running)
    owed = {row.author_id: row.id for row in queries.of_loan(running.loan())}
    url = f"/prets/{running.loan().id}"
    page = client_of(running.people.bob).get(url)
    assert f'href="/retours/{owed[running.people.bob.id]}"' in page.text and "Donner mon retour" in words(page)
    assert "Donner mon retour" not in words(client_of(running.people.david).get(url))


@pytest.mark.parametrize("name", ["bob", "david"])
def test_the_page_of_an_attestation_says_what_it_is(running, client_of, name):
    end(running)
    act, client = running.act(KIND).id, client_of(getattr(running.people, name))
    db.session.commit()
    told_of = words(client.get(f"/lettres/{act}"))
    assert "Attestation de mission n° 2026-0001-ATT" in told_of and "sans signature" in told_of
    assert "Lettre de mission n° 2026-0001-ATT" not in told_of and "Contrôles" not in told_of


def test_a_loan_to_come_whose_letter_is_replaced_waits_for_the_signature(people, at):
    case = signed(people, at)
    made = replacing.replace(case.letter(), actor=people.david, reason="Mauvais grade", at=at)
    db.session.commit()
    assert case.loan().state == LoanState.TO_SIGN and loans.due_to_start(clock.at_local(date(2027, 1, 11))) == []
    signing.sign(made, actor=people.farid, at=at)
    assert case.loan().state == LoanState.SCHEDULED

