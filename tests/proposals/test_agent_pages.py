"""The agent's pages: one proposal with its whole calculation, and the open needs."""

import re
from html.parser import HTMLParser

import pytest

from skillshare.ground.extensions import db
from skillshare.needs.models import NeedSkill
from skillshare.offers.models import Visibility
from skillshare.proposals import actions
from skillshare.proposals.models import Proposal
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.runs import run_matching
from skillshare.proposals.terms import add_up
from tests import factories


class Points(HTMLParser):
    """The « 8 sur 15 » cells of each table of terms, its total last."""

    def __init__(self) -> None:
        super().__init__()
        self.cells, self.inside = [], False

    def handle_starttag(self, tag, attributes):
        self.inside = tag == "td" and "sk-terms__n" in dict(attributes).get("class", "")

    def handle_data(self, data):
        if self.inside and (found := re.match(r"([\d,]+)\s+sur\s+([\d,]+)", data.strip())):
            self.cells.append(tuple(float(part.replace(",", ".")) for part in found.groups()))
            self.inside = False


def points(page: str) -> list[tuple[float, float]]:
    parser = Points()
    parser.feed(page)
    return parser.cells


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&nbsp;", " ").replace("\u00a0", " ")


@pytest.fixture
def proposal(people, need, at):
    wished = factories.skill("Tableur")
    need.demands.append(NeedSkill(skill_id=wished.id, level=1, required=False))
    need.site_id = people.sites[1].id
    factories.offer(people.bob, [d.skill or wished for d in need.demands if d.required])
    run_matching(at)
    db.session.commit()
    return db.session.query(Proposal).one()


def test_the_page_shows_who_must_act_until_when_and_every_term(people, proposal, client_of):
    page = client_of(people.bob).get(f"/propositions/{proposal.id}")
    for words in ("C’est à vous de répondre", "lundi 7 décembre", "Maison des solidarités", "Chloé Marchand",
                  "Donner mon accord", "Décliner", "Qui voit quoi", "exactement ce que le service verra",
                  "niveau 3 déclaré, demandé 2", "14 km", "Aucun jour prêté", "Déclarer « Tableur »"):
        assert words in text(page.text), words


def test_the_terms_on_the_page_add_up_to_the_fit_on_the_page(people, proposal, client_of):
    page = client_of(people.bob).get(f"/propositions/{proposal.id}").text
    *rows, total = points(page)
    assert len(rows) == 7 and sum(row[0] for row in rows) == total[0] and sum(row[1] for row in rows) == total[1] == 100
    assert all(row[0] <= row[1] for row in rows)
    assert f'sk-fit__n">{total[0]:.0f} ' in page


@pytest.mark.parametrize(("values", "total"), [([33.4, 33.3, 33.3], 100), ([0.5, 0.5], 1), ([0, 0], 0), ([24.6, 10.6, 4.7], 40)])
def test_largest_remainder_keeps_the_total(values, total):
    shares = add_up(values, total)
    assert sum(shares) == total and all(abs(share - value) < 1 for share, value in zip(shares, values, strict=True))


@pytest.mark.parametrize("name", ["chloe", "marc", "david", "farid", "ali", "aude", "emma", "nadia"])
def test_others_find_no_such_page(people, proposal, client_of, name):
    client = client_of(vars(people)[name])
    assert client.get(f"/propositions/{proposal.id}").status_code == 404
    assert client.post(f"/propositions/{proposal.id}/accord").status_code == 404
    assert client.get(f"/besoins/{proposal.need_id}").status_code == 404


def test_the_requester_is_led_to_the_need_s_page_and_answers_for_nobody(people, proposal, client_of):
    client = client_of(people.alice)
    assert client.get(f"/propositions/{proposal.id}").headers["Location"].endswith(f"/besoins/{proposal.need_id}")
    assert client.post(f"/propositions/{proposal.id}/accord").status_code == 404


def test_the_agent_accepts_then_withdraws_from_the_page(people, proposal, client_of):
    client = client_of(people.bob)
    page = client.post(f"/propositions/{proposal.id}/accord", follow_redirects=True)
    assert "Votre accord est enregistré" in page.text and proposal.state == S.ACCEPTED
    page = client.post(f"/propositions/{proposal.id}/retrait", follow_redirects=True)
    assert "Votre accord est retiré" in page.text and proposal.state == S.WITHDRAWN


def test_the_agent_declines_from_the_page(people, proposal, client_of):
    page = client_of(people.bob).post(f"/propositions/{proposal.id}/declin", follow_redirects=True)
    assert "Personne d’autre ne le sait" in page.text and proposal.state == S.DECLINED


def test_a_refused_acceptance_says_why_and_stores_nothing(people, proposal, client_of):
    people.bob.working_time = 20
    db.session.commit()
    page = client_of(people.bob).post(f"/propositions/{proposal.id}/accord")
    assert page.status_code == 422 and "20 % de temps libre" in text(page.text)
    assert db.session.get(Proposal, proposal.id).state == S.PROPOSED


@pytest.mark.parametrize(("visibility", "promise"), [
    (Visibility.EVERYONE, "voit votre nom"), (Visibility.MATCHING, "Ni votre nom, ni votre service"),
    (Visibility.MEDIATOR, "un numéro, rien d’autre")])
def test_the_page_says_who_already_sees_the_agent(people, proposal, client_of, visibility, promise):
    from skillshare.offers.models import Offer

    db.session.query(Offer).one().visibility = visibility
    db.session.commit()
    assert promise in text(client_of(people.bob).get(f"/propositions/{proposal.id}").text)


@pytest.mark.parametrize("state", list(S))
def test_the_page_opens_in_every_state(people, need, at, client_of, state):
    proposal = factories.proposal(need, people.bob, state=state)
    db.session.commit()
    page = client_of(people.bob).get(f"/propositions/{proposal.id}")
    assert page.status_code == 200 and ("Donner mon accord" in page.text) == (state == S.PROPOSED)


def test_open_needs_show_one_s_own_fit_or_what_is_missing(people, at, need, signing, client_of):
    factories.need(people, [factories.skill()], title="Réparer des vélos")
    factories.offer(people.bob, [signing])
    db.session.commit()
    page = text(client_of(people.bob).get("/besoins/ouverts").text)
    assert re.search(r"\d+ sur 100", page) and "Réparer des vélos" in page and "compétences indispensables" in page


def test_an_agent_applies_from_an_open_need(people, at, need, signing, client_of):
    factories.offer(people.bob, [signing])
    db.session.commit()
    client = client_of(people.bob)
    page = client.get(f"/besoins/ouverts/{need.id}")
    *rows, total = points(page.text)
    assert sum(row[0] for row in rows) == total[0]
    page = client.post(f"/besoins/{need.id}/candidature", follow_redirects=True)
    assert "Votre réponse est partie" in page.text and db.session.query(Proposal).one().state == S.ACCEPTED


def test_without_an_offer_the_open_needs_lead_to_writing_one(people, at, need, client_of):
    db.session.commit()
    client = client_of(people.bob)
    assert "Écrire mon offre" in client.get("/besoins/ouverts").text
    assert client.post(f"/besoins/{need.id}/candidature").status_code == 422


def test_in_the_first_mode_open_needs_are_for_the_sams(app, people, at, need, client_of):
    app.config["DEPLOYMENT"] = "sam"
    db.session.commit()
    assert client_of(people.bob).get("/besoins/ouverts").status_code == 403
    assert client_of(people.alice).get("/besoins/ouverts").status_code == 200


def test_open_needs_cost_the_same_number_of_questions_whatever_their_number(people, at, signing, client_of, count_queries):
    factories.offer(people.bob, [signing])
    client = client_of(people.bob)

    def statements() -> int:
        db.session.commit()
        with count_queries() as seen:
            assert client.get("/besoins/ouverts").status_code == 200
        return len(seen)

    factories.need(people, [signing])
    few = statements()
    for _ in range(15):
        factories.need(people, [signing])
    assert statements() <= few + 1


def test_once_chosen_the_page_names_who_must_give_the_visa(people, at, need, client_of):
    proposal = factories.proposal(need, people.bob)
    actions.accept(proposal, actor=people.bob, at=at)
    actions.choose(proposal, actor=people.hugo, at=at)
    db.session.commit()
    page = text(client_of(people.bob).get(f"/propositions/{proposal.id}").text)
    assert "Entre les mains de Chloé Marchand" in page and "Retirer mon accord" in page
    assert "Entre les mains de Chloé Marchand" in text(client_of(people.alice).get(f"/besoins/{need.id}").text)
    client_of(people.bob).post(f"/propositions/{proposal.id}/retrait")
    assert proposal.state == S.WITHDRAWN and "Accord retiré" in client_of(people.alice).get(f"/besoins/{need.id}").text
