"""The pages of the catalogue."""

import pytest

from skillshare.ground.extensions import db
from skillshare.skills import actions, queries
from skillshare.skills.models import Skill, SkillState


@pytest.fixture
def catalogue(people):
    actions.load_catalogue()
    db.session.commit()


def test_the_search_answers_json(people, client_of, catalogue):
    found = client_of(people.bob).get("/competences/recherche?q=excel").json
    assert found[0]["code"] == "tableur"
    assert set(found[0]) >= {"id", "name", "label", "family", "family_label", "definition", "regulated"}


def test_the_search_takes_anything(people, client_of, catalogue):
    for words in ("", "   ", "%00", "x" * 5000, "%F0%9F%98%80", "<script>"):
        assert client_of(people.bob).get(f"/competences/recherche?q={words}").status_code == 200


def test_the_search_asks_to_sign_in(client_of, catalogue):
    assert client_of().get("/competences/recherche?q=excel").status_code in (302, 401)


def test_the_catalogue_is_browsed(people, client_of, catalogue):
    bob = client_of(people.bob)
    assert "Tableur" in bob.get("/competences?q=excel").text
    page = bob.get("/competences?family=exotic&page=2")
    assert page.status_code == 200
    assert "Compétence exotique" in page.text


def test_bob_suggests_and_mona_accepts(people, client_of, catalogue):
    sent = {"name": "Vannerie de haie", "family": "exotic", "definition": "Réparer une clôture vivante."}
    assert client_of(people.bob).post("/competences/suggerer", data=sent).status_code == 302
    skill = queries.by_key("vannerie de haie")
    mona = client_of(people.mona)
    assert "Vannerie de haie" in mona.get("/competences/suggestions").text
    page = f"/competences/suggestions/{skill.id}"
    assert mona.get(page).status_code == 200
    assert mona.post(page, data={"decision": "accept"}).status_code == 422
    answer = {
        "decision": "accept",
        "domain": "Environnement et espaces naturels",
        "definition": "Réparer une clôture.",
    }
    assert mona.post(page, data=answer).status_code == 302
    assert db.session.get(Skill, skill.id, populate_existing=True).state == SkillState.ACTIVE


def test_a_known_skill_is_given_back(people, client_of, catalogue):
    sent = {"name": "tableur", "family": "exotic", "definition": "Compter."}
    page = client_of(people.bob).post("/competences/suggerer", data=sent)
    assert page.status_code == 422
    assert "déjà au catalogue" in page.text


def test_emma_does_not_see_the_suggestions(people, client_of, catalogue):
    assert client_of(people.emma).get("/competences/suggestions").status_code == 403
