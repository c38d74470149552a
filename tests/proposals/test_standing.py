"""One line per need in the list: who must act, since when, until when, telling no refusal."""

from datetime import date, timedelta

import pytest

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.proposals import actions
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.standing import standing_of
from tests import factories
from tests.proposals.test_agent_pages import text

TODAY = date(2026, 11, 23)


def line(need, on=TODAY) -> str:
    found = standing_of([need], on=on)[need.id]
    return " ".join((found["text"], found["due"])).strip()


@pytest.mark.parametrize(("state", "words"), [
    (S.PROPOSED, "Réponse attendue de 1 personne, depuis aujourd’hui. Avant le"),
    (S.ACCEPTED, "À vous de choisir : 1 volontaire, depuis aujourd’hui. Avant le"),
    (S.IN_VISA, "Visas en cours pour 1 personne, depuis aujourd’hui."),
    (S.APPROVED, "Visas donnés pour toutes les places. Personne n’a à agir ici."),
])
def test_each_stage_says_who_must_act(people, at, need, state, words):
    factories.proposal(need, people.bob, state=state)
    assert line(need).replace("\u00a0", " ").startswith(words)


def test_without_anybody_the_line_says_what_happens_next(people, at, need):
    assert "cherche les nuits des jours ouvrés" in line(need) and "expire le lundi 11" in line(need)


def test_a_refusal_keeps_the_line_of_a_wait_until_its_last_day(people, at, need):
    made = factories.proposal(need, people.bob)
    before = line(need)
    actions.decline(made, actor=people.bob, at=at)
    assert line(need) == before
    with clock.travel(at + timedelta(days=15)):
        assert "cherche les nuits des jours ouvrés" in line(need, TODAY + timedelta(days=15))


def test_the_list_shows_it_to_the_requesting_side_alone(people, at, need, client_of):
    factories.proposal(need, people.bob, state=S.ACCEPTED)
    db.session.commit()
    assert "À vous de choisir : 1 volontaire" in text(client_of(people.alice).get("/besoins").text)
    assert "À vous de choisir" not in client_of(people.bob).get("/besoins?vue=publies").text
