"""Each page of the room opens to the right people and to nobody else."""

from __future__ import annotations

import pytest

OPEN_TO = {
    "/compte": {"alice", "bob", "chloe", "marc", "david", "farid", "mona", "ali", "aude", "emma", "hugo", "nadia"},
    "/equipe": {"chloe", "farid", "hugo", "nadia"},
    "/equipe/absences": {"chloe", "farid", "hugo", "nadia"},
    "/equipe/suppleants": {"chloe", "farid", "hugo", "nadia", "david", "mona"},
    "/equipe/plafond": {"chloe", "farid", "hugo", "nadia"},
    "/roles": {"ali"},
    "/delegations": {"david"},
    "/codes-acces": {"david", "alice", "hugo"},
}


@pytest.mark.parametrize("path", OPEN_TO)
def test_a_page_opens_to_the_right_people_only(people, client_of, at, path):
    seen = {name for name, agent in people.everybody().items() if client_of(agent).get(path).status_code == 200}
    assert seen == OPEN_TO[path]


@pytest.mark.parametrize("path", OPEN_TO)
def test_nobody_else_than_the_right_people_posts_either(people, client_of, at, path):
    for name, agent in people.everybody().items():
        status = client_of(agent).post(path).status_code
        assert status in ((405, 422, 200) if name in OPEN_TO[path] else (403, 405)), (name, status)


@pytest.mark.parametrize("path", OPEN_TO)
def test_who_is_not_signed_in_is_asked_to(client_of, people, path):
    assert client_of().get(path).location.startswith("/connexion")


@pytest.mark.parametrize("path", ["/equipe/suppleants/99/fin", "/equipe/absences/99/retirer", "/equipe/plafond/99",
                                  "/roles/99/retirer", "/delegations/99/fin", "/roles/comptes/99/rouvrir"])
def test_unknown_things_answer_404(people, client_of, at, path):
    for agent in (people.ali, people.david, people.chloe):
        assert client_of(agent).post(path).status_code == 404


@pytest.mark.parametrize("path", ["/connexion", "/acces", "/acces/code"])
def test_the_pages_of_access_are_open_to_all(people, client_of, path):
    assert client_of().get(path).status_code == 200


def test_a_dead_link_says_what_to_do(people, client_of):
    answer = client_of().get("/acces/never-existed")
    assert answer.status_code == 404 and "Recevoir un nouveau lien" in answer.text


def test_every_ability_of_the_room_has_its_predicate(app):
    from skillshare.ground.access import Ability, undeclared

    assert [a for a in undeclared() if a.startswith("organisation:")] == []
    assert len([a for a in Ability if a.startswith("organisation:")]) == 10
