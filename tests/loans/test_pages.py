"""A loan's page and list: who reads them, whose turn it is, and what may be done."""

from datetime import date

import pytest

from skillshare.approvals import signing
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from tests.approvals.cases import case_of
from tests.approvals.test_visa_pages import words


@pytest.fixture
def case(people, at):
    made = case_of(people, at)
    made.approve()
    return made


@pytest.fixture
def url(case):
    return f"/prets/{case.loan().id}"


def sign(case):
    signing.sign(case.letter(), actor=case.people.farid, at=case.at)
    db.session.commit()


@pytest.mark.parametrize("name", ["bob", "alice", "chloe", "hugo", "david", "mona", "aude"])
def test_the_three_sides_hr_the_mediator_and_the_auditor_read_it(case, people, url, client_of, name):
    told = words(client_of(getattr(people, name)).get(url))
    assert "Prêt de Bob Tessier" in told and "Entre les mains de Farid Benali, pour la signature" in told
    assert "Visa du service d’origine" in told and "Chloé Marchand, Responsable du centre routier" in told


@pytest.mark.parametrize("name", ["emma", "marc", "nadia", "ali"])
def test_others_get_the_answer_of_an_unknown_page(case, people, url, client_of, name):
    client = client_of(getattr(people, name))
    assert client.get(url).status_code == 404
    assert client.post(f"{url}/annuler", data={"reason": "error"}).status_code == 404
    assert client.post(f"{url}/fin", data={"reason": "need_over"}).status_code == 404


def test_readers_who_are_no_party_have_no_button(case, people, url, client_of):
    for reader in (people.mona, people.aude):
        assert "Annuler le prêt" not in client_of(reader).get(url).text
    assert "Annuler le prêt" in client_of(people.bob).get(url).text


def test_a_loan_is_cancelled_from_its_page_with_a_reason(case, people, url, client_of):
    client = client_of(people.alice)
    assert client.post(f"{url}/annuler", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/annuler", data={"reason": "too_late"}).status_code == 422
    told = words(client.post(f"{url}/annuler", data={"reason": "need_gone"}, follow_redirects=True))
    assert "Le prêt est annulé" in told and "Motif : le besoin a disparu" in told
    assert case.loan().state == LoanState.CANCELLED
    assert client.post(f"{url}/annuler", data={"reason": "need_gone"}).status_code == 409


def test_a_running_loan_is_ended_early_from_its_page(case, people, url, client_of):
    sign(case)
    assert "Mettre fin" not in client_of(people.bob).get(url).text
    loans.start(case.loan(), at=case.at)
    db.session.commit()
    with clock.travel(clock.at_local(date(2027, 2, 1))):
        client = client_of(people.chloe)
        assert "au plus tôt le lundi 8 février" in words(client.get(url))
        answer = client.post(f"{url}/fin", data={"ends_on": "2027-02-03", "reason": "home_needs"})
        assert answer.status_code == 422 and "Le préavis est de 5 jours ouvrés" in words(answer)
        assert client.post(f"{url}/fin", data={"ends_on": "", "reason": ""}).status_code == 422
        answer = client.post(f"{url}/fin", data={"ends_on": "2027-02-12", "reason": "home_needs"}, follow_redirects=True)
        assert "se termine le vendredi 12 février, au lieu du vendredi 19 mars" in words(answer)
        assert client.post(f"{url}/fin", data={"ends_on": "2027-02-12", "reason": "home_needs"}).status_code == 404


def test_the_signed_letter_is_one_link_away(case, people, url, client_of):
    assert "PROJET" in client_of(people.bob).get(url).text
    sign(case)
    told = client_of(people.bob).get(url)
    assert "Lettre de mission n° 2026-0001 (PDF)" in words(told) and "/lettres/" in told.text
    assert "Personne n’a à agir" in words(told) and "Lettre de mission n° 2026-0001 : signature" in words(told)


@pytest.mark.parametrize(("name", "side"), [("bob", "agent"), ("alice", "host"), ("hugo", "host"), ("chloe", "home")])
def test_the_list_holds_the_loans_of_each_side(case, people, client_of, name, side):
    client = client_of(getattr(people, name))
    assert "Bob Tessier" in words(client.get("/prets"))
    for other in ("agent", "host", "home"):
        assert ("Accueil en langue des signes" in words(client.get(f"/prets?side={other}"))) is (other == side)


def test_the_list_of_somebody_else_is_empty(case, people, client_of):
    assert "Aucun prêt pour l’instant" in words(client_of(people.emma).get("/prets"))
