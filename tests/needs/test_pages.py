"""The guided form in its four steps, the lists, and who opens what."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.needs.models import CloseReason, Need, NeedState, Remote
from skillshare.organisation.models import RoleName
from skillshare.proposals.models import Proposal, ProposalState
from tests import factories

CONTEXT = {"title": "Accueillir en langue des signes", "reason": "rare_skill", "context": "Nouvel accueil.",
           "expected_results": "Vingt journées.", "mission_lead": "", "support_answer": "none", "support_note": ""}
PERIOD = {"seats": "2", "starts_on": "2027-01-11", "ends_on": "2027-03-19", "load": "40", "rhythm": "mardis",
          "hours": "9 h – 17 h", "remote": "partly", "site_id": "1", "workplace": "Accueil", "means": "Un poste"}


@pytest.fixture
def alice(client_of, people, at):
    return client_of(people.alice)


def step(need, number):
    return f"/besoins/{need.id}/etape/{number}"


def plain(answer):
    """The page's words with ordinary spaces."""
    return answer.text.replace("\xa0", " ").replace("\u202f", " ")


def newest():
    db.session.expire_all()
    return db.session.scalars(sa.select(Need).order_by(Need.id.desc())).first()


def test_a_need_is_written_published_and_shown(alice, people, signing):
    assert "Une question ou un coup de main" in alice.get("/besoins/nouveau").text
    alice.post("/besoins/nouveau", data={"unit_id": people.sam.id})
    need = newest()
    answer = alice.post(step(need, 1), data=CONTEXT)
    assert answer.location == step(need, 2)
    answer = alice.post(step(need, 2), data={"add": "langue des signes", "do": "add"})
    assert answer.location == step(need, 2)
    assert f"level_{signing.id}" in alice.get(step(need, 2)).text
    data = {f"level_{signing.id}": "3", f"rank_{signing.id}": "required", f"near_{signing.id}": "y", "do": "next"}
    assert alice.post(step(need, 2), data=data).location == step(need, 3)
    assert alice.post(step(need, 3), data=PERIOD).location == step(need, 4)
    page = plain(alice.get(step(need, 4)))
    assert "Langue des signes française" in page and "du 11 janvier au 19 mars 2027" in page and "Il manque" not in page
    assert alice.post(f"/besoins/{need.id}/publication").location == f"/besoins/{need.id}"
    need = newest()
    assert (need.state, need.load, len(need.seats), need.remote) == (NeedState.PUBLISHED, 40, 2, Remote.PARTLY)
    assert [(d.level, d.required, d.neighbours_allowed) for d in need.demands] == [(3, True, True)]
    assert need.mission_lead_id == people.alice.id


def test_every_step_can_be_left_and_gone_back_to(alice, draft):
    assert alice.post(step(draft, 2), data={"do": "back"}).location == step(draft, 1)
    assert alice.post(step(draft, 3), data=PERIOD | {"do": "back"}).location == step(draft, 2)
    assert alice.post(step(draft, 1), data=CONTEXT | {"do": "later", "title": "Autre titre"}).location.startswith("/besoins?")
    assert newest().title == "Autre titre"


def test_the_count_without_script_saves_and_stays(alice, draft):
    assert alice.post(step(draft, 3), data=PERIOD | {"do": "recount", "load": "60"}).location == step(draft, 3)
    assert newest().load == 60


@pytest.mark.parametrize(("field", "wrong", "words"), [
    ("load", "140", "entre 1 et 100"), ("load", "deux jours", "nombre entier"), ("load", "0", "entre 1 et 100"),
    ("starts_on", "11/2027", "date"),
    ("ends_on", "2026-12-01", "La fin précède le début"), ("seats", "50", "entre 1 et 20"),
])
def test_what_is_wrong_comes_back_beside_its_field_with_everything_typed(alice, draft, field, wrong, words):
    answer = alice.post(step(draft, 3), data=PERIOD | {"workplace": "Salle bleue", field: wrong})
    assert answer.status_code == 422
    assert words in plain(answer) and "Salle bleue" in answer.text and f'id="{field}-error"' in answer.text
    assert wrong in answer.text
    assert newest().workplace == "Maison des solidarités"


def test_a_context_given_back_keeps_every_word(alice, draft):
    answer = alice.post(step(draft, 1), data=CONTEXT | {"mission_lead": "Personne Inconnue", "context": "Phrase rare."})
    assert answer.status_code == 422
    assert "Phrase rare." in answer.text and "Personne Inconnue" in answer.text and 'id="mission_lead-error"' in answer.text


def test_a_text_too_long_is_said_in_french(alice, draft):
    answer = alice.post(step(draft, 1), data=CONTEXT | {"title": "x" * 101})
    assert answer.status_code == 422 and "100 caractères" in plain(answer)


def test_a_lead_is_named_by_number(alice, draft, people):
    alice.post(step(draft, 1), data=CONTEXT | {"mission_lead": people.hugo.staff_number})
    assert newest().mission_lead_id == people.hugo.id
    alice.post(step(newest(), 1), data=CONTEXT | {"mission_lead": "Hugo Vasseur"})
    assert newest().mission_lead_id == people.hugo.id


def test_a_shared_name_shown_stays_the_same_person(alice, draft, people):
    factories.agent(people.sam, "Alice", "Ferrand")
    db.session.commit()
    assert alice.post(step(draft, 1), data=CONTEXT | {"mission_lead": "Alice Ferrand"}).status_code == 302
    assert newest().mission_lead_id == people.alice.id


def test_an_unknown_word_leads_to_a_suggestion(alice, draft):
    answer = alice.post(step(draft, 2), data={"add": "zzyzx qwrtp", "do": "add"})
    assert answer.status_code == 422
    assert "Aucune compétence proche" in answer.text and "/competences/suggerer?q=zzyzx" in answer.text


def test_nothing_typed_adds_nothing(alice, draft):
    assert alice.post(step(draft, 2), data={"do": "add"}).status_code == 422


def test_a_word_typed_before_going_on_is_added_first(alice, draft, signing):
    other = factories.skill("Tenue de planning")
    db.session.commit()
    answer = alice.post(step(draft, 2), data={"add": "planning", "do": "next"}, follow_redirects=True)
    assert "la plus proche de « planning »" in plain(answer)
    assert {d.skill_id for d in newest().demands} == {signing.id, other.id}


def test_a_skill_is_removed_by_its_button(alice, draft, signing):
    data = {f"level_{signing.id}": "2", f"rank_{signing.id}": "required", "do": f"remove-{signing.id}"}
    assert alice.post(step(draft, 2), data=data).location == step(draft, 2)
    assert newest().demands == []


def test_the_first_button_of_the_skills_is_add(alice, draft):
    """Enter in the only text field presses the first button of a form."""
    page = alice.get(step(draft, 2)).text.split('name="step"')[1]
    assert page.index('value="add"') < page.index('value="remove-') < page.index('value="next"')


def test_the_check_names_what_lacks_and_where(alice, people):
    alice.post("/besoins/nouveau", data={"unit_id": people.sam.id})
    need = newest()
    page = plain(alice.get(step(need, 4)))
    assert "Il manque encore" in page and f'href="{step(need, 2)}#add"' in page and f'href="{step(need, 3)}#load"' in page
    answer = alice.post(f"/besoins/{need.id}/publication")
    assert answer.status_code == 422 and newest().state == NeedState.DRAFT


def test_the_check_shows_what_returns_too_often(alice, people, draft, signing):
    assert "Ce besoin revient" not in alice.get(step(draft, 4)).text
    for month in (3, 9):
        factories.need(people, [signing], starts_on=date(2026, month, 1), ends_on=date(2026, month, 30))
    db.session.commit()
    page = plain(alice.get(step(draft, 4)))
    assert "Ce besoin revient" in page and "2 besoins publiés, 60 jours en tout" in page


def test_the_live_count_reads_what_is_typed_and_stores_nothing(alice, people, draft, signing):
    for person in (people.bob, people.emma, people.marc, people.nadia, people.chloe, people.farid):
        factories.offer(person, [signing], level=2)
    db.session.commit()
    url = f"/besoins/{draft.id}/vivier"
    data = {"step": "2", f"level_{signing.id}": "2", f"rank_{signing.id}": "required"}
    assert "6 agents possibles" in plain(alice.post(url, data=data))
    assert "agents possibles" not in plain(alice.post(url, data=data | {f"level_{signing.id}": "4"}))
    alice.post(url, data={"step": "3"} | PERIOD | {"load": "90"})
    need = newest()
    assert ([d.level for d in need.demands], need.load, len(need.seats)) == ([2], 40, 1)


def test_the_count_is_on_the_page_without_script(alice, draft):
    for number in (2, 3):
        page = alice.get(step(draft, number)).text
        assert 'id="vivier"' in page and "Offres publiées" in page and 'value="recount"' in page


def test_editing_a_published_need_warns_and_ends_what_was_proposed(alice, people, published):
    made = factories.proposal(published, people.bob)
    db.session.commit()
    assert "met fin aux propositions en cours" in alice.get(step(published, 3)).text
    data = PERIOD | {"load": "60", "workplace": published.workplace, "site_id": published.site_id}
    alice.post(step(published, 3), data=data)
    db.session.expire_all()
    assert db.session.get(Proposal, made.id).state == ProposalState.CANCELLED


def test_a_duplicate_opens_on_its_dates(alice, published):
    answer = alice.post(f"/besoins/{published.id}/copie")
    copy = newest()
    assert answer.location == step(copy, 3) and copy.copied_from_id == published.id


def test_a_withdrawn_need_is_closed_and_read_only(alice, published):
    assert "Retirer ce besoin" in alice.get(step(published, 4)).text
    alice.post(f"/besoins/{published.id}/retrait")
    assert newest().state == NeedState.CLOSED
    assert alice.get(step(published, 1)).location == step(published, 4)
    page = alice.get(step(published, 4)).text
    assert "Dupliquer" in page and "Modifier" not in page and "/retrait" not in page
    assert alice.post(step(published, 1), data=CONTEXT).status_code == 422
    assert alice.post(f"/besoins/{published.id}/retrait").status_code == 409


@pytest.mark.parametrize("name", ["bob", "chloe", "david", "mona", "emma", "farid", "ali", "aude"])
def test_other_people_find_no_form_of_this_service(client_of, people, draft, published, at, name):
    client = client_of(getattr(people, name))
    for need in (draft, published):
        for number in (1, 2, 3, 4):
            assert client.get(step(need, number)).status_code == 404
            assert client.post(step(need, number), data=CONTEXT).status_code == 404
        for verb in ("publication", "retrait", "copie", "vivier"):
            assert client.post(f"/besoins/{need.id}/{verb}").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Need)) == 2


@pytest.mark.parametrize("path", ["/besoins/999/etape/1", "/besoins/999/crise"])
def test_an_unknown_need_is_not_found(alice, path):
    assert alice.get(path).status_code == 404


@pytest.mark.parametrize("number", [0, 5])
def test_there_are_four_steps(alice, draft, number):
    assert alice.get(step(draft, number)).status_code == 404
    assert alice.post(step(draft, 4)).status_code == 404


def test_only_requesters_open_a_new_need(client_of, people, at):
    assert client_of(people.bob).get("/besoins/nouveau").status_code == 403
    assert client_of(people.bob).post("/besoins/nouveau", data={"unit_id": people.sam.id}).status_code == 403
    assert client_of(people.hugo).get("/besoins/nouveau").status_code == 200


def test_the_unit_of_somebody_else_cannot_be_posted(alice, people):
    assert alice.post("/besoins/nouveau", data={"unit_id": people.roads.id}).status_code == 422


def test_who_asks_for_several_units_chooses(client_of, people, at):
    factories.role(people.hugo, RoleName.REQUESTER, people.roads)
    db.session.commit()
    client = client_of(people.hugo)
    assert "Pour quel service" in client.get("/besoins/nouveau").text
    client.post("/besoins/nouveau", data={"unit_id": people.roads.id})
    assert newest().unit_id == people.roads.id


def test_nobody_signed_out_reads_needs(client_of, people, draft):
    client = client_of()
    for path in ("/besoins", "/besoins/nouveau", step(draft, 1), f"/besoins/{draft.id}/crise"):
        assert client.get(path).status_code == 302


def test_lists_show_each_person_what_is_theirs(client_of, people, draft, published, at):
    draft.title = "Brouillon à cacher"
    db.session.commit()
    assert "Brouillon à cacher" in client_of(people.alice).get("/besoins?vue=brouillons").text
    for name in ("bob", "mona", "chloe", "emma"):
        client = client_of(getattr(people, name))
        for view in ("", "brouillons", "mes-besoins", "publies", "clos", "autre"):
            assert "Brouillon à cacher" not in client.get(f"/besoins?vue={view}").text


def test_the_list_pages_in_the_database_at_a_constant_cost(client_of, people, signing, count_queries, at):
    client, closed = client_of(people.alice), {"state": NeedState.CLOSED, "close_reason": CloseReason.EXPIRED}
    for number in range(28):
        factories.need(people, [signing, factories.skill()], seats=2, **(closed if number < 3 else {}))
    db.session.commit()
    client.get("/besoins")
    seen = {}
    for view in ("clos", "publies"):
        db.session.expunge_all()
        with count_queries() as seen[view]:
            page = client.get(f"/besoins?vue={view}").text
    assert len(seen["publies"]) == len(seen["clos"]) + 1 <= 15  # one question more says where each published need stands
    assert page.count("sk-task--case") == 20 and "page=2" in page
    assert client.get("/besoins?vue=publies&page=2").text.count("sk-task--case") == 5


@pytest.mark.parametrize("name", ["mona", "david"])
def test_the_mediator_and_hr_put_a_need_first(client_of, people, published, at, name):
    client, url = client_of(getattr(people, name)), f"/besoins/{published.id}/crise"
    assert url in client.get("/besoins?vue=publies").text
    assert client.get(url).status_code == 200
    wrong = client.post(url, data={"from_on": "2026-12-05", "until_on": "2026-12-01"})
    assert wrong.status_code == 422 and 'id="until_on-error"' in wrong.text
    assert client.post(url, data={"from_on": "2026-11-23", "until_on": "2026-12-05"}).status_code == 302
    assert newest().crisis_until == date(2026, 12, 5)
    assert "Priorité de crise" in client.get("/besoins?vue=publies").text


@pytest.mark.parametrize("name", ["alice", "chloe", "bob", "farid", "ali"])
def test_the_crisis_page_is_closed_to_others(client_of, people, published, at, name):
    client, url = client_of(getattr(people, name)), f"/besoins/{published.id}/crise"
    assert client.get(url).status_code == 404
    assert client.post(url, data={"from_on": "2026-11-23", "until_on": "2026-12-05"}).status_code == 404
    assert url not in client.get("/besoins?vue=publies").text


def test_a_draft_has_no_crisis_page(client_of, people, draft, at):
    assert client_of(people.mona).get(f"/besoins/{draft.id}/crise").status_code == 404


def test_a_new_place_is_the_lead_own_site(alice, people):
    alice.post("/besoins/nouveau", data={"unit_id": people.sam.id})
    page = alice.get(step(newest(), 3)).text
    assert f'selected value="{people.alice.site_id}"' in page


def test_private_things_are_warned_about_beside_free_text(alice, draft):
    page = alice.get(step(draft, 1)).text
    assert "santé" in page and "N’écrivez jamais pourquoi la personne est absente" in page


def test_nothing_of_diplomas_or_grades_is_asked(alice, draft):
    names = "".join(alice.get(step(draft, n)).text for n in (1, 2, 3)).lower()
    assert 'name="grade' not in names and 'name="diplom' not in names


def test_a_start_that_passed_closes_the_page_of_answers(alice, published):
    from skillshare.needs import actions
    from tests.conftest import NOON

    actions.close_expired(NOON + timedelta(days=90))
    db.session.commit()
    assert "début passé" in alice.get("/besoins?vue=clos").text
