"""The pages of visas: who opens them, what they show, and what they never show."""

import re
from datetime import date

import pytest

from skillshare.approvals.clocks import move_clocks
from skillshare.approvals.models import VisaState
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.organisation.models import Absence
from skillshare.proposals.models import Origin, Proposal, ProposalState
from tests import factories
from tests.approvals.cases import SUITABLE, days_later


def words(response) -> str:
    """The text of a page with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", response.text)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "’"))


@pytest.fixture
def team(people):
    """Six colleagues of Bob's, a threshold of six and a cap of one full time."""
    people.roads.presence_threshold, people.roads.cap = 600, 100
    for n in range(4):
        factories.agent(people.roads, manager_id=people.chloe.id, last_name=f"Équipier{n}")
    db.session.commit()
    return people


@pytest.fixture
def page(case, client_of):
    """Chloé's client and the address of her visa."""
    case.choose()
    return client_of(case.people.chloe), f"/visas/{case.waiting().id}"


def test_the_title_is_the_question_and_the_strip_says_whose_turn_it_is(team, page):
    client, url = page
    told = words(client.get(url))
    assert "Prêter Bob Tessier 2 jours par semaine, du 11 janvier au 19 mars 2027 ?" in told
    for sentence in ("C’est à vous de décider", "Votre silence ne vaudra jamais accord", "Avant le lundi 30 novembre",
                     "rappel le jeudi 26 novembre", "40 %, 0,4 ETP", "20 journées", "lundi 22 mars", "14 km",
                     "Compétence rare", "0,4 ETP sur 1"):
        assert sentence in told, sentence


def test_the_fit_is_not_on_the_page(team, page):
    client, url = page
    told = words(client.get(url)).lower()
    assert "adéquation" not in told and "score" not in told and "sur 100" not in told


@pytest.mark.parametrize("name", ["alice", "bob", "hugo", "nadia", "marc", "david", "farid", "mona", "ali", "aude", "emma"])
def test_who_does_not_decide_gets_the_answer_of_an_unknown_page(case, people, client_of, name):
    case.choose()
    visa_id = case.waiting().id
    client = client_of(getattr(people, name))
    assert client.get(f"/visas/{visa_id}").status_code == 404
    for verb in ("donner", "refuser", "autres-dates"):
        assert client.post(f"/visas/{visa_id}/{verb}", data=SUITABLE).status_code == 404
    assert case.waiting().state == VisaState.WAITING


def test_presence_is_working_time_less_loans_and_absences(team, page, case):
    db.session.add(Absence(agent_id=case.people.marc.id, starts_on=date(2027, 2, 15), ends_on=date(2027, 2, 21),
                           entered_by_id=case.people.chloe.id))
    db.session.commit()
    client, url = page
    told = words(client.get(url))
    assert "9 semaines sur 10 restent au-dessus de votre seuil de 6 agents" in told
    assert "Ce prêt ferait passer la semaine 7 dessous" in told and "1 semaine sous le seuil" in told
    assert "S7, lundi 15/02 6,0 5,6 passe dessous" in told
    assert "Jusqu’au vendredi 12 février 2027, sans les semaines 7 à 11" in told or "À partir du lundi 22 février" in told


def test_the_computed_variant_is_sent_as_it_is_shown(team, page, case):
    db.session.add(Absence(agent_id=case.people.marc.id, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 19),
                           entered_by_id=case.people.chloe.id))
    db.session.commit()
    client, url = page
    assert "16 journées au lieu de 20. Le besoin reste tenu à 80 %" in words(client.get(url))
    answer = client.post(f"{url}/autres-dates", data={"variant": "before", "counter_reason": "leave"},
                         follow_redirects=True)
    assert "Vos dates sont proposées" in words(answer)
    made = db.session.query(Proposal).filter_by(origin=Origin.COUNTER).one()
    assert (made.starts_on, made.ends_on, made.load) == (date(2027, 1, 11), date(2027, 3, 5), 40)


def test_other_dates_need_their_dates(page, case):
    client, url = page
    answer = client.post(f"{url}/autres-dates", data={"variant": "other", "counter_reason": "team"})
    assert answer.status_code == 422 and "Donnez une date" in words(answer)
    answer = client.post(f"{url}/autres-dates", data={"variant": "other", "counter_reason": "team",
                                                      "starts_on": "2027-02-01", "ends_on": "2027-01-15"})
    assert answer.status_code == 422 and "La fin précède le début" in words(answer)
    client.post(f"{url}/autres-dates", data={"variant": "other", "counter_reason": "team", "starts_on": "2027-02-01",
                                             "ends_on": "2027-03-19"})
    assert case.proposal.state == ProposalState.COUNTER_PROPOSED


def test_a_visa_needs_its_four_answers(page, case):
    client, url = page
    answer = client.post(f"{url}/donner", data={"continuity": "yes"})
    assert answer.status_code == 422 and words(answer).count("Répondez : oui, avec une mesure, ou non.") >= 3
    assert case.waiting().state == VisaState.WAITING


def test_a_measure_must_be_said(page):
    client, url = page
    answer = client.post(f"{url}/donner", data=SUITABLE | {"dates": "with_measure"})
    assert answer.status_code == 422 and "dites laquelle" in words(answer)


def test_a_no_leads_to_other_dates_or_a_refusal(page, case):
    client, url = page
    answer = client.post(f"{url}/donner", data=SUITABLE | {"dates": "no"})
    assert answer.status_code == 422 and "Vous avez répondu « non »" in words(answer)
    assert case.waiting().state == VisaState.WAITING


def test_the_visa_is_given_in_one_post(page, case):
    client, url = page
    answer = client.post(f"{url}/donner", data=SUITABLE, follow_redirects=True)
    told = words(answer)
    assert "Votre visa est donné : c’était le dernier" in told and "Chloé Marchand a donné ce visa" in told
    assert case.proposal.state == ProposalState.APPROVED and case.letter().number is None


def test_the_second_click_is_told_that_it_is_done(page):
    client, url = page
    client.post(f"{url}/donner", data=SUITABLE)
    answer = client.post(f"{url}/donner", data=SUITABLE)
    assert answer.status_code == 409 and "Action déjà effectuée" in words(answer)
    assert client.post(f"{url}/autres-dates", data={"variant": "load"}).status_code == 409
    assert client.post(f"{url}/refuser", data={"reason_code": "continuity"}).status_code == 409


def test_signing_too_is_offered_only_to_who_may_sign(page, case):
    client, url = page
    assert "sign_too" not in client.get(url).text
    factories.delegation(case.people.chloe, case.people.roads, case.people.david)
    db.session.commit()
    assert "sign_too" in client.get(url).text
    answer = client.post(f"{url}/donner", data=SUITABLE | {"sign_too": "y"}, follow_redirects=True)
    assert "la lettre n° 2026-0001 est signée" in words(answer)


def test_a_refusal_takes_its_reason_from_the_list_and_says_what_must_not_be_written(page, case):
    client, url = page
    assert "Jamais de motif de santé" in words(client.get(url))
    assert client.post(f"{url}/refuser", data={"reason_code": ""}).status_code == 422
    answer = client.post(f"{url}/refuser", data={"reason_code": "peak_at_home"}, follow_redirects=True)
    assert "a refusé ce prêt" in words(answer) and case.proposal.state == ProposalState.REFUSED


def test_a_full_cap_is_said_with_what_remains_and_a_smaller_share_is_ready(team, page, case):
    from tests.approvals.test_decisions import _give_elsewhere

    _give_elsewhere(case, 80, agent=case.people.marc)
    client, url = page
    told = words(client.get(url))
    assert "1,2 ETP sur 1" in told and "serait dépassé : il reste 0,2 ETP" in told
    assert "1 jour par semaine" in told and "Votre plafond de prêt est tenu" in told
    answer = client.post(f"{url}/donner", data=SUITABLE)
    assert answer.status_code == 422 and "Le plafond de prêt de Centre routier Nord est atteint" in words(answer)
    assert case.waiting().state == VisaState.WAITING


def test_the_hosts_head_reads_the_mission_not_the_lending_team(team, case, people, client_of):
    case.choose(by=people.alice)
    client, url = client_of(people.hugo), f"/visas/{case.waiting().id}"
    told = words(client.get(url))
    assert "Accueillir Bob Tessier" in told and "Ouverture de la maison des solidarités" in told
    assert "semaine par semaine" not in told and "Votre plafond" not in told and "Proposer ces dates" not in told
    assert client.post(f"{url}/autres-dates", data={"variant": "load"}).status_code == 404
    assert client.post(f"{url}/donner").status_code == 302


def test_hr_reads_why_its_visa_is_asked(people, at, client_of):
    from tests.approvals.cases import case_of

    case = case_of(people, at, load=60)
    case.choose()
    case.give()
    client = client_of(people.david)
    assert "Autoriser le prêt de Bob Tessier" in words(client.get(f"/visas/{case.waiting().id}"))
    assert client.post(f"/visas/{case.waiting().id}/donner").status_code == 302
    assert case.proposal.state == ProposalState.APPROVED


def test_the_list_holds_ones_own_visas_and_nobody_elses(case, people, client_of):
    case.choose()
    assert "Prêter Bob Tessier" in words(client_of(people.chloe).get("/visas"))
    for other in (people.emma, people.bob, people.alice, people.david, people.nadia, people.mona):
        assert "Bob Tessier 2 jours" not in words(client_of(other).get("/visas"))
    client_of(people.chloe).post(f"/visas/{case.waiting().id}/donner", data=SUITABLE)
    told = words(client_of(people.chloe).get("/visas"))
    assert "Aucune décision ne vous attend" in told and "Ce que vous avez décidé" in told


def test_an_anonymous_visitor_signs_in_first(case, client_of):
    case.choose()
    for url in ("/visas", f"/visas/{case.waiting().id}", "/signatures", "/prets"):
        answer = client_of().get(url)
        assert answer.status_code == 302 and "/connexion" in answer.location


def test_the_mediator_unblocks_from_the_list(case, people, client_of):
    case.choose()
    visa_id = case.waiting().id
    assert client_of(people.mona).get(f"/visas/{visa_id}/confier").status_code == 404
    at = days_later(case.at, 10)
    with clock.travel(at):
        move_clocks(at)
        db.session.commit()
        client = client_of(people.mona)
        assert "1 visa bloqué" in words(client.get("/visas"))
        told = words(client.get(f"/visas/{visa_id}/confier"))
        assert "Nadia Keller" in told and "Hugo Vasseur" not in told and "pas de décider" in told
        assert client.post(f"/visas/{visa_id}/confier", data={}).status_code == 422
        assert client.post(f"/visas/{visa_id}/confier", data={"to": people.hugo.id}).status_code == 422
        answer = client.post(f"/visas/{visa_id}/confier", data={"to": people.nadia.id}, follow_redirects=True)
        assert "entre les mains de Nadia Keller" in words(answer)
        assert client_of(people.nadia).get(f"/visas/{visa_id}").status_code == 200
        assert client_of(people.chloe).get(f"/visas/{visa_id}").status_code == 404


def test_the_page_asks_the_database_little(team, page, count_queries):
    client, url = page
    client.get(url)
    db.session.commit()
    db.session.remove()
    with count_queries() as seen:
        client.get(url)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) <= 20


def test_the_skills_left_are_counted_only_where_others_show_them_to_all(case, people, client_of):
    skill = case.need.demands[0].skill
    open_to_all, narrow = factories.agent(people.roads), factories.agent(people.roads)
    factories.offer(open_to_all, [skill], visibility="everyone")
    factories.offer(narrow, [skill], visibility="matching")
    factories.offer(factories.agent(people.sam), [skill], visibility="everyone")
    case.choose()
    told = words(client_of(people.chloe).get(f"/visas/{case.waiting().id}"))
    assert f"Offres de l’équipe ouvertes à tous : {skill.name}, 1 autre agent. Rien d’autre n’est compté." in told
