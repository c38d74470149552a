"""The signing desk: its list, the letter, the preview and the signature, for each role."""

from datetime import date

import pytest

from skillshare.approvals import ending, signing
from skillshare.audit import replacing
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterKind
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from tests import factories
from tests.approvals.cases import consent
from tests.approvals.test_visa_pages import words


@pytest.fixture
def letter(case):
    case.approve()
    return case.letter()


def test_the_desk_lists_the_letters_that_a_delegation_covers(letter, people, client_of):
    assert "La lettre de mission de Bob Tessier" in words(client_of(people.farid).get("/signatures"))
    factories.delegation(people.hugo, people.sam, people.david)
    db.session.commit()
    told = words(client_of(people.hugo).get("/signatures"))
    assert "Bob Tessier" not in told and "Aucune lettre à signer" in told and "ARR-2026-118" in told


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "hugo", "david", "mona", "ali", "aude", "emma", "nadia"])
def test_the_desk_is_closed_to_who_signs_nothing(letter, people, client_of, name):
    client = client_of(getattr(people, name))
    assert client.get("/signatures").status_code == 403
    for url in (f"/signatures/{letter.id}", f"/signatures/{letter.id}/projet"):
        assert client.get(url).status_code == 404
    assert client.post(f"/signatures/{letter.id}").status_code == 404


def test_the_letter_shows_its_facts_trace_and_delegation(letter, people, client_of):
    told = words(client_of(people.farid).get(f"/signatures/{letter.id}"))
    for sentence in ("Signer la lettre de mission de Bob Tessier ?", "C’est à vous de signer", "ARR-2026-118",
                     "Accord écrit de l’agent", "Visa du service d’accueil", "Hugo Vasseur", "Chloé Marchand",
                     "Avant le lundi 11 janvier 2027"):
        assert sentence in told, sentence


def test_the_preview_is_a_pdf_of_what_would_be_signed(letter, people, client_of):
    client, url = client_of(people.farid), f"/signatures/{letter.id}/projet"
    db.session.commit()  # the reading is traced on a second connection
    answer = client.get(url)
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert "projet" in answer.headers["Content-Disposition"]


def test_one_button_signs_and_the_page_then_says_so(letter, people, case, client_of):
    client = client_of(people.farid)
    told = words(client.post(f"/signatures/{letter.id}", follow_redirects=True))
    assert "Lettre de mission n° 2026-0001 : signature et sceau faits. La mission est prévue." in told
    assert "Personne n’a à agir" in told
    assert case.loan().state == LoanState.SCHEDULED
    assert client.post(f"/signatures/{letter.id}").status_code == 409
    assert "Aucune lettre à signer" in words(client.get("/signatures"))


def test_the_nearest_start_comes_first_and_ones_own_letter_never(letter, people, at, client_of):
    need = factories.need(people, [factories.skill()], starts_on=date(2026, 12, 14), ends_on=date(2027, 1, 29))
    sooner = consent(people, need, people.marc, at)
    sooner.approve()
    text = words(client_of(people.farid).get("/signatures"))
    assert text.index("Marc Lenoir") < text.index("Bob Tessier")
    factories.delegation(people.bob, people.root, people.david)
    db.session.commit()
    own = words(client_of(people.bob).get("/signatures"))
    assert "Marc Lenoir" in own and "La lettre de mission de Bob" not in own
    assert client_of(people.bob).get(f"/signatures/{letter.id}").status_code == 404


def test_the_desk_says_that_a_letter_replaces_a_wrong_one(letter, people, at, client_of):
    signing.sign(letter, actor=people.farid, at=at)
    made = replacing.replace(letter, actor=people.david, reason="Mauvais grade", at=at)
    db.session.commit()
    told = words(client_of(people.farid).get(f"/signatures/{made.id}"))
    assert "Signer la lettre de mission de Bob Tessier, qui remplace la n° 2026-0001 ?" in told
    assert "Cette lettre remplace la lettre n° 2026-0001, qui comportait une erreur" in told
    assert "La mission est prévue de nouveau, aux mêmes dates." in told
    assert "qui remplace la n° 2026-0001" in words(client_of(people.farid).get("/signatures"))


def test_the_letter_replaced_during_the_mission_does_not_speak_of_its_start(letter, people, at, client_of):
    signing.sign(letter, actor=people.farid, at=at)
    loans.start(letter.loan, at=at)
    made = replacing.replace(letter, actor=people.david, reason="Mauvais grade", at=at)
    db.session.commit()
    told = words(client_of(people.farid).get(f"/signatures/{made.id}"))
    assert "La mission n’est pas interrompue" in told and "Aucune mission ne commence" not in told
    told = words(client_of(people.farid).post(f"/signatures/{made.id}", follow_redirects=True))
    assert "Les dates de la mission ne changent pas." in told and "La mission est prévue" not in told


def test_an_early_end_is_read_and_signed_at_the_desk(letter, people, at, client_of):
    signing.sign(letter, actor=people.farid, at=at)
    loans.start(letter.loan, at=at)
    day = clock.at_local(date(2027, 2, 1))
    with clock.travel(day):
        ending.end_early(letter.loan, actor=people.bob, at=day, ends_on=date(2027, 2, 12), reason="agent_wish")
        db.session.commit()
        client = client_of(people.farid)
        assert "La fin anticipée de la mission de Bob Tessier" in words(client.get("/signatures"))
        url = f"/signatures/{db.session.query(Letter).filter_by(kind=LetterKind.EARLY_END).one().id}"
        told = words(client.get(url))
        assert "Fin demandée" in told and "au lieu du vendredi 19 mars" in told and "il n’attend pas la signature" in told
        db.session.commit()
        assert "fin-anticipee-projet.pdf" in client.get(f"{url}/projet").headers["Content-Disposition"]
        assert "Fin anticipée de mission n° 2026-0001-FIN" in words(client.post(url, follow_redirects=True))
