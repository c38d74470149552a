"""The page of one letter: what each side sees of it, its seal, its cancellation and its replacement."""

import pytest

from skillshare.approvals import signing
from skillshare.audit import queries, replacing
from skillshare.ground import clock, journal
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.hr_file import queries as filings
from skillshare.hr_file.models import FilingAction
from skillshare.letters.models import Letter, LetterState, LetterView
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from tests import factories
from tests.approvals.cases import case_of, told


def id_of(case) -> int:
    """The id of the letter, with no transaction left open: the page's trace is written on its own connection."""
    found = case.letter().id
    db.session.commit()
    return found


def page_of(case, client_of, name, more="") -> str:
    client = client_of(getattr(case.people, name))
    answer = client.get(f"/lettres/{id_of(case)}{more}")
    assert answer.status_code == 200
    return answer.text


def replaced(case, **more) -> Letter:
    made = replacing.replace(case.letter(), actor=case.people.david, at=case.at, reason="Mauvais grade", **more)
    db.session.commit()
    return made


def letters_of(case) -> list[Letter]:
    return list(db.session.scalars(db.select(Letter).where(Letter.loan_id == case.loan().id).order_by(Letter.id)))


@pytest.mark.parametrize("name", ["david", "aude"])
def test_hr_and_the_auditor_see_story_rules_and_openings(clean, client_of, name):
    page_of(clean, client_of, "bob")
    page = page_of(clean, client_of, name)
    for words in ("Toute l’histoire", "Accord de l’agent", "Visa du service d’origine", "Scellée et figée", "Contrôles",
                  "Qui l’a ouverte", "Bob Tessier", clean.letter().verify_code):
        assert words in page


@pytest.mark.parametrize("name", ["bob", "chloe", "alice", "hugo", "farid"])
def test_the_parties_see_it_without_the_openings_of_others(clean, client_of, name):
    page_of(clean, client_of, "david")
    page = page_of(clean, client_of, name)
    assert "Toute l’histoire" in page and "Ouvrir le PDF scellé" in page
    for words in ("Qui l’a ouverte", "Contrôles", "David Morel", "Remplacer une lettre"):
        assert words not in page


@pytest.mark.parametrize("name", ["emma", "mona", "ali", "marc", "nadia"])
def test_to_anybody_else_it_does_not_exist(clean, client_of, name):
    client = client_of(getattr(clean.people, name))
    assert client.get(f"/lettres/{id_of(clean)}").status_code == 404
    assert client.get("/lettres/999").status_code == 404
    for verb in ("annuler", "remplacer"):
        assert client.post(f"/lettres/{id_of(clean)}/{verb}", data={"reason": "x"}).status_code == 404


def test_page_and_file_are_traced(clean, client_of):
    client = client_of(clean.people.bob)
    client.get(f"/lettres/{id_of(clean)}")
    client.get(f"/lettres/{id_of(clean)}/pdf")
    db.session.rollback()  # a new snapshot
    assert [row.agent_id for row in db.session.query(LetterView)] == [clean.people.bob.id] * 2


def test_the_seal_is_checked_on_the_stored_bytes(clean, client_of, write):
    assert "Sceau intact" in page_of(clean, client_of, "aude", "?sceau=1")
    write(clean.letter(), pdf=clean.letter().pdf.replace(b"/Type", b"/Tupe", 1))
    page = page_of(clean, client_of, "aude", "?sceau=1")
    assert "Sceau rompu" in page and "Sceau intact" not in page


def test_a_broken_rule_is_shown_beside_those_that_hold(clean, client_of, write):
    write(clean.proposal, accepted_at=None)
    page = page_of(clean, client_of, "aude")
    assert "Accord de l’agent absent ou postérieur aux visas" in page and page.count('class="bi bi-x-lg sk-no"') == 1


def test_a_wrong_letter_is_replaced_and_both_numbers_are_kept(clean_on_both):
    case = clean_on_both
    old_file = case.letter().pdf
    case.people.bob.job = "Chef d’équipe"
    replaced(case)
    old, new = letters_of(case)
    assert (old.state, old.number) == (LetterState.SUPERSEDED, "2026-0001")
    assert (new.state, new.replaces_id) == (LetterState.TO_SIGN, old.id)
    signing.sign(new, actor=case.people.farid, at=case.at)
    db.session.commit()
    assert (new.number, old.number, old.pdf, case.loan().state) == ("2026-0002", "2026-0001", old_file, LoanState.SCHEDULED)
    assert new.data["agent"]["job"] == "Chef d’équipe" and "2026-0001" in new.data["legal_references"][-1]
    actions = [(f.letter_id, f.action) for letter in (old, new) for f in filings.of_letter(letter)]
    assert actions == [(old.id, FilingAction.FILE), (old.id, FilingAction.REVERSE), (new.id, FilingAction.FILE)]
    assert {case.people.bob.id, case.people.chloe.id} <= told("letter_replaced") and journal.verify().valid
    assert queries.anomalies_of([old.id, new.id], today=clock.today()) == {old.id: [], new.id: []}


def test_a_running_mission_goes_on_while_its_letter_is_replaced(clean):
    later = clock.at_local(clean.loan().starts_on)
    loans.start(clean.loan(), at=later)
    made = replacing.replace(clean.letter(), actor=clean.people.david, at=later, reason="Mauvais grade")
    db.session.commit()
    with clock.travel(clock.at_local(clean.loan().starts_on.replace(day=14))):
        signing.sign(made, actor=clean.people.farid, at=clock.now())
        db.session.commit()
        assert clean.loan().state == LoanState.RUNNING
        assert not queries.anomalies_of([made.id], today=clock.today())[made.id]


@pytest.mark.parametrize("name", ["bob", "chloe", "alice", "farid", "aude", "mona", "emma"])
def test_only_hr_replaces_a_letter(clean, name):
    with pytest.raises(NotPermitted):
        replacing.replace(clean.letter(), actor=getattr(clean.people, name), at=clean.at, reason="Mauvais grade")


def test_a_letter_is_replaced_once_and_with_a_reason(clean):
    with pytest.raises(RuleBroken):
        replacing.replace(clean.letter(), actor=clean.people.david, at=clean.at, reason="  ")
    old = clean.letter()
    replaced(clean)
    with pytest.raises(TransitionNotAllowed):
        replacing.replace(old, actor=clean.people.david, at=clean.at, reason="Encore")
    with pytest.raises(TransitionNotAllowed):
        replacing.replace(letters_of(clean)[1], actor=clean.people.david, at=clean.at, reason="Pas encore signée")


def test_the_manager_s_own_words_pass_to_the_new_letter(people, at):
    case = case_of(people, at)
    case.choose()
    case.give(measures="La patrouille du lundi est reprise.")
    signing.sign(case.letter(), actor=people.farid, at=at)
    assert replaced(case).data["clauses"]["continuity"] == "La patrouille du lundi est reprise."


def test_hr_replaces_from_the_page(clean, client_of):
    old, client = clean.letter(), client_of(clean.people.david)
    db.session.commit()
    assert client.post(f"/lettres/{old.id}/remplacer", data={}).status_code == 422
    answer = client.post(f"/lettres/{old.id}/remplacer", data={"reason": "Mauvais grade"}, follow_redirects=True)
    assert "Elle remplace la lettre n° 2026-0001" in answer.text.replace("\xa0", " ")
    page = client.get(f"/lettres/{old.id}").text
    assert "Cette lettre ne vaut plus" in page and "mauvais grade" in page
    assert client.post(f"/lettres/{old.id}/remplacer", data={"reason": "Encore"}).status_code == 409


@pytest.mark.parametrize(("name", "leads"), [("farid", [False, None]), ("nadia", [None, False]), ("bob", [True, True])])
def test_a_page_leads_to_the_acts_that_its_reader_may_open(clean, client_of, name, leads):
    """Farid signed the wrong letter and Nadia the one that replaces it: neither reads the other's."""
    factories.delegation(clean.people.nadia, clean.people.direction, clean.people.david)
    made = replaced(clean)
    signing.sign(made, actor=clean.people.nadia, at=clean.at)
    db.session.commit()
    client, ids = client_of(getattr(clean.people, name)), [act.id for act in letters_of(clean)]
    db.session.commit()
    for one, other, is_led in zip(ids, reversed(ids), leads, strict=True):
        page = client.get(f"/lettres/{one}")
        assert page.status_code == (404 if is_led is None else 200)
        assert is_led is None or (f'href="/lettres/{other}"' in page.text) is is_led


def test_the_auditor_reads_and_changes_nothing(clean, client_of):
    client = client_of(clean.people.aude)
    for verb, data in (("annuler", {"cancel_reason": "error"}), ("remplacer", {"reason": "x"})):
        assert client.post(f"/lettres/{id_of(clean)}/{verb}", data=data).status_code == 404


def test_cancelling_a_letter_cancels_the_loan_and_takes_its_piece_back(clean, client_of):
    client = client_of(clean.people.david)
    assert client.post(f"/lettres/{id_of(clean)}/annuler", data={"cancel_reason": "weather"}).status_code == 422
    answer = client.post(f"/lettres/{id_of(clean)}/annuler", data={"cancel_reason": "error"}, follow_redirects=True)
    assert "Cette lettre est annulée" in answer.text and "La lettre comporte une erreur" in answer.text
    letter = clean.letter()
    assert (letter.state, letter.number, clean.loan().state) == (LetterState.CANCELLED, "2026-0001", LoanState.CANCELLED)
    assert [f.action for f in filings.of_letter(letter)] == [FilingAction.FILE, FilingAction.REVERSE]


def test_the_letter_of_a_running_mission_is_not_cancelled(clean, client_of):
    loans.start(clean.loan(), at=clock.at_local(clean.loan().starts_on))
    db.session.commit()
    client = client_of(clean.people.david)
    assert "Annuler la lettre et le prêt" not in client.get(f"/lettres/{id_of(clean)}").text
    assert client.post(f"/lettres/{id_of(clean)}/annuler", data={"cancel_reason": "error"}).status_code == 409


def test_a_letter_to_sign_shows_its_project(people, at, client_of):
    case = case_of(people, at)
    case.approve()
    page = page_of(case, client_of, "david")
    assert "sans numéro" in page and "Ouvrir le projet" in page and "Pas encore scellée" in page
