"""The requesting side's pages: numbers before names, silence that hides refusals, choice, shortage, runs."""

import re
from datetime import date, timedelta

import pytest

from skillshare.ground import clock, events
from skillshare.ground.extensions import db
from skillshare.needs.models import NeedState
from skillshare.offers.models import Visibility
from skillshare.proposals import actions
from skillshare.proposals.models import Proposal, Run
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.runs import run_matching
from skillshare.skills.models import SkillNeighbour
from tests import factories
from tests.proposals.test_agent_pages import points, text


@pytest.fixture(autouse=True)
def without_later_rooms(monkeypatch, app):
    monkeypatch.setitem(events._handlers, events.ProposalChosen, [])
    monkeypatch.setitem(events._handlers, events.ProposalEnded, [])


@pytest.fixture
def offered(people, signing):
    return factories.offer(people.bob, [signing])


def main_of(page: str) -> str:
    """What the page says, without what names this one need or proposal."""
    return re.sub(r"\d{2,}", "#", text(page[page.index("<main"):page.index("</main>")]))


def test_before_the_yes_a_candidate_is_a_number_without_service_nor_kilometres(people, at, need, offered, client_of):
    factories.proposal(need, people.bob)
    db.session.commit()
    page = text(client_of(people.alice).get(f"/besoins/{need.id}").text)
    assert "Candidat n° 1" in page and "De 10 à 25 km" in page and "niveau 3, demandé 2" in page
    for hidden in ("Bob", "Tessier", "Centre routier", "14 km", "14,2", "jours prêtés", "Choisir"):
        assert hidden not in page, hidden


def test_an_offer_visible_to_everybody_is_named_and_one_for_the_mediator_alone_shows_nothing(people, at, need, offered,
                                                                                           client_of):
    factories.proposal(need, people.bob)
    offered.visibility = Visibility.EVERYONE
    db.session.commit()
    assert "Bob Tessier" in client_of(people.alice).get(f"/besoins/{need.id}").text
    offered.visibility = Visibility.MEDIATOR
    db.session.commit()
    page = text(client_of(people.alice).get(f"/besoins/{need.id}").text)
    assert "Bob" not in page and "niveau 3, demandé" not in page and "Montré après l’accord" in page


def test_after_the_yes_the_name_the_terms_and_the_choice_are_shown(people, at, need, offered, client_of):
    actions.accept(factories.proposal(need, people.bob), actor=people.bob, at=at)
    db.session.commit()
    page = client_of(people.alice).get(f"/besoins/{need.id}").text
    *rows, total = points(page)
    assert sum(row[0] for row in rows) == total[0]
    for words in ("C’est à vous de choisir", "Bob Tessier", "Centre routier Nord", "14 km", "Choisir Bob"):
        assert words in text(page), words


def test_declined_and_lapsed_are_the_same_page_for_the_requesting_side(people, at, signing, client_of):
    declined, lapsed = factories.need(people, [signing]), factories.need(people, [signing])
    actions.decline(factories.proposal(declined, people.bob), actor=people.bob, at=at)
    factories.proposal(lapsed, people.marc)
    db.session.commit()
    for viewer in (people.alice, people.mona):
        assert _both(client_of(viewer), declined, lapsed)
    later = at + timedelta(days=15)
    actions.lapse_due(later)
    db.session.commit()
    with clock.travel(later):
        for viewer in (people.alice, people.mona):
            assert "Sans suite" in _both(client_of(viewer), declined, lapsed)


def _both(client, one, other) -> str:
    pages = [main_of(client.get(f"/besoins/{need.id}").text).replace("Bob", "X").replace("Marc", "X")
             .replace("Tessier", "Y").replace("Lenoir", "Y") for need in (one, other)]
    pages = [re.sub(r"\b[BM][TL]\b|n° \d", "Z", page) for page in pages]
    assert pages[0] == pages[1]
    return pages[0]


def test_the_requester_chooses_from_the_page(people, at, need, offered, client_of):
    proposal = factories.proposal(need, people.bob)
    actions.accept(proposal, actor=people.bob, at=at)
    db.session.commit()
    page = client_of(people.alice).post(f"/besoins/{need.id}/choix", data={"choose": proposal.id}, follow_redirects=True)
    assert "Vous avez choisi Bob Tessier" in page.text and proposal.state == S.CHOSEN


def test_the_mediator_reads_and_chooses_nobody(people, at, need, offered, client_of):
    proposal = factories.proposal(need, people.bob)
    actions.accept(proposal, actor=people.bob, at=at)
    db.session.commit()
    client = client_of(people.mona)
    assert "Choisir Bob" not in client.get(f"/besoins/{need.id}").text
    assert client.post(f"/besoins/{need.id}/choix", data={"choose": proposal.id}).status_code == 404


def test_a_choice_of_another_need_is_not_found(people, at, need, signing, client_of):
    other = factories.proposal(factories.need(people, [signing]), people.bob, state=S.ACCEPTED)
    db.session.commit()
    assert client_of(people.alice).post(f"/besoins/{need.id}/choix", data={"choose": other.id}).status_code == 404


def test_an_open_seat_shows_where_the_pool_empties_and_counts_under_five_are_hidden(people, at, need, offered, client_of):
    offered.highest_load = 30
    run_matching(at)
    db.session.commit()
    page = text(client_of(people.alice).get(f"/besoins/{need.id}").text)
    for words in ("Où le vivier se vide", "moins de 5", "C’est ce critère qui réduit le plus", "Passer de 40 % à 30 %",
                  "moins de 5 agents pourraient répondre"):
        assert words in page, words


@pytest.mark.parametrize("spoil", ["load", "level", "neighbours", "later", "remote"])
def test_the_smallest_change_is_applied_and_the_next_run_fills_the_seat(people, at, need, offered, client_of, spoil):
    _one_change_away(spoil, people, need, offered)
    run_matching(at)
    db.session.commit()
    client = client_of(people.alice)
    page = client.get(f"/besoins/{need.id}").text
    value = re.search(r'name="change" value="([\d-]+)"', page)[1]
    assert "Votre besoin est changé" in client.post(f"/besoins/{need.id}/changement", data={"change": value},
                                                    follow_redirects=True).text
    db.session.expire_all()
    run_matching(at)
    assert db.session.query(Proposal).one().agent == people.bob
    assert client.post(f"/besoins/{need.id}/changement", data={"change": value}).status_code == 422


def _one_change_away(spoil, people, need, offered) -> None:
    if spoil == "load":
        offered.highest_load = 30
    elif spoil == "level":
        offered.skills[0].level = 1
    elif spoil == "later":
        offered.windows[0].starts_on = date(2027, 1, 20)
    elif spoil == "remote":
        offered.max_km, offered.remote, need.site_id = 1, True, people.sites[1].id
    else:
        near = factories.skill("Médiation")
        db.session.add(SkillNeighbour(skill_id=need.demands[0].skill_id, neighbour_id=near.id, weight=0.5))
        offered.skills[0].skill_id = near.id


def test_a_seat_refused_in_silence_shows_no_diagnosis_before_the_last_day(people, at, need, offered, client_of):
    run_matching(at)
    actions.decline(db.session.query(Proposal).one(), actor=people.bob, at=at)
    run_matching(at)
    db.session.commit()
    page = text(client_of(people.alice).get(f"/besoins/{need.id}").text)
    assert "En attente de réponse" in page and "Où le vivier se vide" not in page


def test_the_requester_invites_a_numbered_volunteer(people, at, need, offered, client_of):
    db.session.commit()
    client = client_of(people.alice)
    assert "Voir qui inviter" in client.get(f"/besoins/{need.id}").text
    page = client.get(f"/besoins/{need.id}/invitations").text
    assert "Volontaire possible n° 1" in text(page) and "Bob" not in page
    token = re.search(r'name="invite" value="(\w+)"', page)[1]
    page = client.post(f"/besoins/{need.id}/invitations", data={"invite": token}, follow_redirects=True)
    assert "L’invitation est partie" in page.text and db.session.query(Proposal).one().agent == people.bob
    assert client.post(f"/besoins/{need.id}/invitations", data={"invite": token}).status_code == 422


@pytest.mark.parametrize("state", list(S))
def test_the_page_opens_whatever_happened(people, at, need, offered, client_of, state):
    factories.proposal(need, people.bob, state=state)
    db.session.commit()
    for viewer in (people.alice, people.mona):
        assert client_of(viewer).get(f"/besoins/{need.id}").status_code == 200


def test_the_supply_of_a_draft_says_what_narrows_most_and_stores_nothing(people, at, need, offered, client_of):
    for _ in range(6):
        factories.offer(factories.agent(people.roads), [factories.skill()])
    need.state = NeedState.DRAFT
    db.session.commit()
    page = client_of(people.alice).post(f"/besoins/{need.id}/vivier")
    words = text(page.text)
    assert page.status_code == 200 and "7" in words and "moins de 5 agents" in words and "réduit le plus" in words
    assert "data-announce" in page.text and db.session.query(Run).count() == 0


@pytest.mark.parametrize("name", ["bob", "emma", "david"])
def test_the_supply_is_for_who_writes_the_need(people, at, need, client_of, name):
    need.state = NeedState.DRAFT
    db.session.commit()
    assert client_of(vars(people)[name]).post(f"/besoins/{need.id}/vivier").status_code == 404


def test_candidates_cost_the_same_number_of_questions_whatever_their_number(people, at, signing, client_of, count_queries):
    need = factories.need(people, [signing], seats=2)
    client = client_of(people.alice)

    def statements() -> int:
        db.session.commit()
        with count_queries() as seen:
            assert client.get(f"/besoins/{need_id}").status_code == 200
        return len(seen)

    need_id = need.id
    for _ in range(3):
        factories.proposal(need, factories.agent(people.roads), state=S.ACCEPTED)
    few = statements()
    need = db.session.get(type(need), need_id)
    for _ in range(12):
        factories.proposal(need, factories.agent(people.roads), state=S.ACCEPTED)
    assert statements() <= few + 1


def test_a_run_started_from_the_page_says_what_is_proven(people, at, need, offered, client_of):
    db.session.commit()
    client = client_of(people.mona)
    assert client.get("/appariements/").status_code == 200
    page = text(client.post("/appariements/", follow_redirects=True).text)
    for words in ("optimum prouvé", "Borne prouvée", "Poids en vigueur", "Empreinte des données"):
        assert words in page, words
    assert "Bob" not in page and "N° 1, 23" in text(client.get("/appariements/").text)


def test_a_plan_that_is_not_proven_is_only_the_best_found(people, at, need, client_of):
    run = run_matching(at)
    run.status = "feasible"
    db.session.commit()
    page = text(client_of(people.ali).get(f"/appariements/{run.id}").text)
    assert "meilleur plan trouvé" in page and "optimum prouvé" not in page


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "emma", "aude"])
def test_runs_are_closed_to_others(people, at, client_of, name):
    client = client_of(vars(people)[name])
    assert client.get("/appariements/").status_code == client.post("/appariements/").status_code == 403


def test_the_supply_counts_what_is_typed_and_keeps_none_of_it(people, at, need, offered, client_of):
    for _ in range(6):
        factories.offer(factories.agent(people.roads, site_id=people.sites[0].id), [need.demands[0].skill])
    need.state = NeedState.DRAFT
    db.session.commit()
    client, url = client_of(people.alice), f"/besoins/{need.id}/vivier"
    assert "7 agents possibles" in text(client.post(url).text)
    skill_id = need.demands[0].skill_id
    typed = {"step": 2, f"level_{skill_id}": 4, f"rank_{skill_id}": "required"}
    assert "aucun agent" in text(client.post(url, data=typed).text)
    db.session.expire_all()
    assert need.demands[0].level == 2


def test_a_run_of_many_places_pages_them(people, at, signing, client_of):
    """50 places a page, the two lists apart."""
    factories.need(people, [signing], seats=60)
    run = run_matching(at)
    db.session.commit()
    client = client_of(people.mona)
    first, second = (text(client.get(f"/appariements/{run.id}?open={page}").text) for page in (1, 2))
    assert "60 places restées ouvertes" in first and "place 50" in first and "place 51" not in first
    assert "place 51" in second and "place 60" in second and "place 50" not in second
