"""The agent's pages: writing an offer without script, publishing it, and who opens them."""

from datetime import date

import pytest

from skillshare.ground.extensions import db
from skillshare.offers.models import OfferState, Visibility
from skillshare.offers.queries import live_offer
from skillshare.skills.models import Family
from tests import factories


def answers(**changed):
    """A whole form as a browser posts it."""
    return {"windows-0-starts_on": "2027-01-04", "windows-0-ends_on": "2027-03-31", "highest_load": "20", "place": "30",
            "visibility": "matching", "note": ""} | changed


@pytest.fixture
def tableur(people):
    made = factories.skill("Tableur")
    db.session.commit()
    return made


@pytest.fixture
def bob(people, tableur, at, client_of):
    return client_of(people.bob)


def with_skill(skill, **changed):
    return answers(**{"skills-0-skill_id": str(skill.id), "skills-0-level": "3"}, **changed)


def test_the_first_page_invites_and_changes_nothing(people, bob):
    assert "Écrire mon offre" in bob.get("/mon-offre").text
    assert bob.get("/mon-offre/modifier").status_code == 200
    assert live_offer(people.bob) is None


def test_the_form_shows_what_the_hr_file_holds(people, bob):
    people.bob.working_time = 80
    db.session.commit()
    page = bob.get("/mon-offre/modifier").text
    assert "80\u00a0%" in page and people.sites[0].name in page


def test_skills_near_the_job_are_suggested(people, bob):
    factories.skill("Exploitation des routes")
    db.session.commit()
    assert "Ajouter </span>Exploitation des routes" in bob.get("/mon-offre/modifier").text


def test_adding_a_skill_keeps_everything_typed_and_stores_nothing(people, bob, tableur):
    page = bob.post("/mon-offre/modifier", data=answers(add="tableur", add_skill="1", note="plutôt le matin"))
    assert page.status_code == 200
    assert "Compétence 1" in page.text and "plutôt le matin" in page.text and 'value="2027-01-04"' in page.text
    assert live_offer(people.bob) is None


def test_a_skill_typed_and_not_added_is_not_lost_when_saving(people, bob, tableur):
    page = bob.post("/mon-offre/modifier", data=answers(add="tableur", go="publish"))
    assert page.status_code == 200 and "Compétence 1" in page.text
    assert live_offer(people.bob) is None


def test_each_visibility_says_what_a_service_reads(bob):
    page = bob.get("/mon-offre/modifier").text
    for words in ("rien d’autre tant que vous n’avez pas dit oui", "Votre nom vient avec votre oui", "lisent votre nom"):
        assert words in page


def test_a_near_word_offers_skills_to_pick(bob, tableur):
    page = bob.post("/mon-offre/modifier", data=answers(add="tableurs avancés", add_skill="1")).text
    assert f'name="pick" value="{tableur.id}"' in page
    picked = bob.post("/mon-offre/modifier", data=answers(pick=str(tableur.id))).text
    assert "Compétence 1" in picked


def test_an_unknown_word_is_refused_beside_its_field(bob):
    page = bob.post("/mon-offre/modifier", data=answers(add="zzzzqqq", add_skill="1"))
    assert page.status_code == 422 and 'id="add-error"' in page.text


def test_a_skill_is_added_once_and_can_be_removed(bob, tableur):
    twice = bob.post("/mon-offre/modifier", data=with_skill(tableur, pick=str(tableur.id)))
    assert twice.status_code == 422
    removed = bob.post("/mon-offre/modifier", data=with_skill(tableur, remove_skill=str(tableur.id))).text
    assert "Compétence 1" not in removed


def test_rows_of_dates_are_added_and_removed_without_script(bob):
    two = bob.post("/mon-offre/modifier", data=answers(add_window="1")).text
    assert "windows-1-starts_on" in two
    none = bob.post("/mon-offre/modifier", data=answers(remove_window="0")).text
    assert "windows-0-starts_on" not in none


def test_publishing_stores_the_whole_offer(people, bob, tableur):
    response = bob.post("/mon-offre/modifier", data=with_skill(tableur, go="publish", remote="y", highest_load="40"))
    assert response.location == "/mon-offre"
    offer = live_offer(people.bob)
    assert (offer.state, offer.highest_load, offer.max_km, offer.remote) == (OfferState.PUBLISHED, 40, 30, True)
    assert [(row.skill_id, row.level) for row in offer.skills] == [(tableur.id, 3)]
    assert offer.expires_on == date(2027, 3, 31)
    assert "publiée" in bob.get("/mon-offre").text


def test_publishing_without_skill_stores_nothing(people, bob):
    page = bob.post("/mon-offre/modifier", data=answers(go="publish"))
    assert page.status_code == 422 and 'id="add-error"' in page.text
    assert live_offer(people.bob) is None


def test_more_than_the_working_time_is_refused_beside_its_field(people, bob, tableur):
    people.bob.working_time = 50
    db.session.commit()
    page = bob.post("/mon-offre/modifier", data=with_skill(tableur, go="publish", highest_load="80"))
    assert page.status_code == 422 and 'id="highest_load-error"' in page.text


@pytest.mark.parametrize(("changed", "words"), [
    ({"windows-0-ends_on": "2026-01-01"}, "La fin précède le début"),
    ({"windows-0-ends_on": ""}, "Une période a deux dates"),
    ({"place": "sites"}, "Choisissez au moins un site"),
    ({"note": "x" * 301}, "Texte trop long"),
    ({"highest_load": "abc"}, 'id="highest_load-error"'),
])
def test_a_wrong_answer_comes_back_with_what_to_do(people, bob, tableur, changed, words):
    page = bob.post("/mon-offre/modifier", data=with_skill(tableur, go="publish", **changed))
    assert page.status_code == 422 and words in page.text
    assert live_offer(people.bob) is None


@pytest.mark.parametrize("place", ["anywhere", "sites"])
def test_places_are_anywhere_or_the_sites_chosen(people, bob, tableur, place):
    bob.post("/mon-offre/modifier", data=with_skill(tableur, place=place, site_ids=str(people.sites[1].id)))
    offer = live_offer(people.bob)
    assert offer.max_km is None
    assert [row.site_id for row in offer.sites] == ([people.sites[1].id] if place == "sites" else [])


def test_a_distance_recorded_otherwise_is_kept(people, bob, tableur):
    factories.offer(people.bob, [tableur], max_km=25)
    db.session.commit()
    assert '<option selected value="25">' in bob.get("/mon-offre/modifier").text
    bob.post("/mon-offre/modifier", data=with_skill(tableur, place="25"))
    assert live_offer(people.bob).max_km == 25


def test_an_exotic_skill_shows_its_family(people, bob):
    exotic = factories.skill("Langue des signes", Family.EXOTIC)
    db.session.commit()
    bob.post("/mon-offre/modifier", data=with_skill(exotic, go="publish", visibility="everyone"))
    assert "Compétence exotique" in bob.get("/mon-offre").text
    assert live_offer(people.bob).visibility == Visibility.EVERYONE


def test_hobbies_and_private_life_are_kept_out_by_hints(bob):
    page = bob.get("/mon-offre/modifier").text
    assert "loisirs" in page and "N’écrivez rien sur la santé" in page


def test_pause_resume_and_withdraw_from_the_page(people, bob, tableur):
    factories.offer(people.bob, [tableur])
    db.session.commit()
    for url, state in (("pause", OfferState.PAUSED), ("reprise", OfferState.PUBLISHED), ("retrait", None)):
        assert bob.post(f"/mon-offre/{url}").status_code == 302
        db.session.expire_all()
        offer = live_offer(people.bob)
        assert (offer.state if offer else None) == state
    assert "retirée" in bob.get("/mon-offre").text


def test_resuming_with_past_dates_leads_back_to_the_form(people, bob):
    offer = factories.offer(people.bob, [factories.skill()], state=OfferState.PAUSED)
    offer.windows[0].starts_on, offer.windows[0].ends_on = date(2026, 1, 1), date(2026, 2, 1)
    db.session.commit()
    response = bob.post("/mon-offre/reprise")
    assert response.location == "/mon-offre/modifier"
    assert "au moins une période à venir" in bob.get(response.location).text


def test_a_new_offer_takes_up_the_last_one_without_its_dates(people, bob, tableur):
    factories.offer(people.bob, [tableur], state=OfferState.WITHDRAWN, note="plutôt le matin")
    db.session.commit()
    page = bob.get("/mon-offre/modifier").text
    assert "plutôt le matin" in page and "Compétence 1" in page and "2027-06-30" not in page


def test_acting_without_an_offer_answers_not_found(bob):
    for url in ("publication", "pause", "reprise", "retrait"):
        assert bob.post(f"/mon-offre/{url}").status_code in (404, 409)


def test_each_person_sees_only_their_own_offer(people, client_of, tableur, at):
    factories.offer(people.bob, [tableur], note="secret de Bob")
    db.session.commit()
    assert "secret de Bob" not in client_of(people.chloe).get("/mon-offre").text


def test_a_stranger_is_sent_to_sign_in(client_of, people):
    assert "/connexion" in client_of().get("/mon-offre").location


def test_the_page_asks_as_many_queries_for_ten_skills_as_for_one(people, client_of, count_queries, at):
    factories.offer(people.bob, [factories.skill()])
    factories.offer(people.marc, [factories.skill() for _ in range(10)])
    db.session.commit()
    counts = []
    for client in [client_of(person) for person in (people.bob, people.marc)]:
        client.get("/mon-offre")
        db.session.expunge_all()
        with count_queries() as seen:
            client.get("/mon-offre")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_form_asks_as_many_queries_for_ten_skills_as_for_one(people, client_of, count_queries, at):
    factories.offer(people.bob, [factories.skill()])
    factories.offer(people.marc, [factories.skill() for _ in range(10)])
    db.session.commit()
    counts = []
    for client in [client_of(person) for person in (people.bob, people.marc)]:
        client.get("/mon-offre/modifier")
        db.session.expunge_all()
        with count_queries() as seen:
            client.get("/mon-offre/modifier")
        counts.append(len(seen))
    assert counts[0] == counts[1]
