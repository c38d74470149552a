import pytest

from skillshare.feedback import actions, queries
from skillshare.feedback.models import Side
from skillshare.ground.extensions import db


@pytest.fixture
def asked(loan, at):
    actions.ask(loan, at=at)
    db.session.commit()
    return {row.side: row.id for row in queries.of_loan(loan)}


def test_the_agent_answers_three_questions_and_sees_what_was_said(client_of, people, loan, asked):
    client = client_of(people.bob)
    address = f"/retours/{asked[Side.AGENT]}"
    assert "Recommenceriez-vous" in client.get(address).text
    answer = client.post(address, data={"as_agreed": "yes", "means": "no", "again": "perhaps", "note": "Clé tardive"})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "Clé tardive" in page
    assert "Votre retour est enregistré" in page
    assert client.get(address).status_code == 302


def test_an_empty_form_comes_back_with_its_errors_and_saves_nothing(client_of, people, loan, asked):
    answer = client_of(people.bob).post(f"/retours/{asked[Side.AGENT]}", data={})
    assert answer.status_code == 422
    assert "Choisissez une réponse" in answer.text
    assert all(row.given_at is None for row in queries.of_loan(loan))


def test_the_host_says_which_skills_were_exercised(client_of, people, loan, asked):
    skills = {f"skill_{row.skill_id}": "3" for row in loan.need.demands}
    client = client_of(people.alice)
    address = f"/retours/{asked[Side.HOST]}"
    assert "Langue des signes" in client.get(address).text
    page = client.post(address, data={"as_agreed": "yes", "results": "yes", "again": "yes", **skills},
                       follow_redirects=True).text
    assert "maîtrise" in page


def test_each_side_reads_the_others_and_nobody_else_does(client_of, people, loan, asked):
    for person in (people.bob, people.alice, people.chloe, people.mona):
        assert client_of(person).get(f"/retours/mission/{loan.id}").status_code == 200
    for person in (people.emma, people.david, people.ali):
        assert client_of(person).get(f"/retours/mission/{loan.id}").status_code == 404
    assert client_of(people.alice).get(f"/retours/{asked[Side.AGENT]}").status_code == 404


def test_my_list_shows_what_is_awaited(client_of, people, asked):
    assert "Donner mon retour" in client_of(people.chloe).get("/retours").text
    assert "Aucun retour à donner" in client_of(people.emma).get("/retours").text
