import json
from datetime import date

import pytest
import sqlalchemy as sa
from flask import current_app

from skillshare.approvals.models import Visa
from skillshare.feedback import actions as feedback
from skillshare.ground.access import Ability, can
from skillshare.ground.extensions import db
from skillshare.home import own_data, queries
from skillshare.home.waits import waits_of
from skillshare.letters.models import Letter, LetterView
from skillshare.loans.models import LoanState
from skillshare.proposals.models import ProposalState
from tests import factories

TODAY = date(2026, 11, 23)
HOME_QUERIES = 15


def waits(agent) -> list[str]:
    with current_app.test_request_context():
        return [wait.text for wait in waits_of(agent, queries.cases_of(agent), queries.loans_around(agent, TODAY), [],
                                               TODAY)]


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "david", "farid", "mona", "ali", "aude", "emma", "hugo", "nadia"])
def test_everybody_has_a_home_page_in_few_queries(client_of, people, case, loan, count_queries, at, name):
    loan(LoanState.TO_SIGN)
    factories.offer(people.bob, [factories.skill("Soudure")])
    other = factories.need(people, [factories.skill()], title="Archives")
    factories.proposal(other, people.bob, state=ProposalState.ACCEPTED)
    factories.proposal(other, people.marc, state=ProposalState.PROPOSED)
    db.session.commit()
    client = client_of(getattr(people, name))
    db.session.expire_all()
    with count_queries() as seen:
        page = client.get("/")
    assert page.status_code == 200
    statements = [text for text in seen if not text.startswith(("BEGIN", "PRAGMA"))]
    assert len(statements) <= HOME_QUERIES, "\n\n".join(statements)


def test_the_navigation_counts_what_the_title_counts(client_of, people, case):
    case(ProposalState.IN_VISA)
    page = client_of(people.chloe).get("/").text
    assert "Bonjour Chloé, une chose vous attend" in page.replace("\u00a0", " ")
    assert '<span class="sk-count">1' in page


def test_links_of_the_navigation_are_those_the_person_may_open(client_of, people):
    rights = {"Équipe": Ability.UNIT_SEE_TEAM, "Signatures": Ability.DESK_SEE, "Appariements": Ability.RUN_SEE,
              "Lettres": Ability.REGISTRY_SEE, "Versements": Ability.FILING_SEE, "Administration": Ability.JOURNAL_SEE}
    for person in people.everybody().values():
        page = client_of(person).get("/").text
        nav = page[page.index("<nav"):page.index("</nav>")]
        for label, ability in rights.items():
            assert (f'>{label}' in nav) == can(person, ability), f"{person.full_name}, {label}"


def test_who_waits_for_what(people, case):
    case(ProposalState.IN_VISA)
    assert waits(people.bob) == ["Le visa pour votre mission, « Accueil en langue des signes »"]
    assert waits(people.alice) == ["Le visa pour Bob Tessier, « Accueil en langue des signes »"]
    assert waits(people.emma) == []


def test_a_signature_is_awaited_by_agent_manager_and_host(people, loan):
    loan(LoanState.TO_SIGN)
    for person in (people.bob, people.chloe, people.alice):
        assert any(text.startswith("La signature de") for text in waits(person))


def test_a_refusal_looks_like_silence_until_the_last_day(people, case):
    made = case(ProposalState.PROPOSED)
    before = waits(people.alice)
    made.state = ProposalState.DECLINED
    db.session.commit()
    assert waits(people.alice) == before == [waits(people.hugo)[0]]


def test_the_manager_sees_nothing_before_agent_and_host_have_said_yes(client_of, people, case):
    case(ProposalState.ACCEPTED)
    assert "Bob Tessier" not in client_of(people.chloe).get("/").text


def test_how_it_works_is_open_to_all_and_shows_the_weights_in_force(app, client_of):
    app.config["WEIGHTS"] = app.config["WEIGHTS"] | {"fairness": 37}
    page = client_of().get("/comment-ca-marche")
    assert page.status_code == 200
    assert "37" in page.text
    assert client_of().get("/accessibilite").status_code == 200
    assert client_of().get("/").status_code == 302


def test_the_page_of_components_is_for_the_demo_only(app, client_of):
    assert client_of().get("/composants").status_code == 200
    app.config["ENV_NAME"] = "production"
    assert client_of().get("/composants").status_code == 404


def test_i_read_who_opened_my_letters_and_take_my_data_away(client_of, people, loan, at):
    made = loan(LoanState.TO_SIGN)
    letter = db.session.scalars(sa.select(Letter).where(Letter.loan_id == made.id)).one()
    db.session.add(LetterView(letter_id=letter.id, agent_id=people.david.id, at=at))
    db.session.commit()
    client = client_of(people.bob)
    assert "David Morel" in client.get("/mes-donnees").text
    data = json.loads(client.get("/mes-donnees/export").text)
    assert data["identite"][0]["staff_number"] == people.bob.staff_number
    assert data["prets"][0]["host_unit"] == "SAM Solidarités"
    assert "David Morel" not in client_of(people.emma).get("/mes-donnees").text


def test_the_export_holds_every_row_that_names_the_person_and_no_secret(people, loan, at):
    """Each column that points to a person is either exported in full or mentioned by number."""
    feedback.ask(loan(LoanState.ENDED), at=at)
    db.session.commit()
    data = own_data.of_agent(people.bob)
    text = json.dumps(data, default=str)
    said = {(model.__table__.name, column) for _, model, columns in own_data.ABOUT for column in columns}
    for table, column in own_data.columns_naming_people():
        if (table.name, column.name) in said:
            continue
        rows = db.session.scalars(sa.select(*table.primary_key).where(column == people.bob.id)).all()
        mentioned = [m["lignes"] for m in data["autres_mentions"] if (m["table"], m["colonne"]) == (table.name, column.name)]
        assert mentioned == ([rows] if rows else [])
    assert data["retours_donnes"] and data["prets"] and data["propositions"] and data["journal"] is not None
    assert "password_hash" not in text and "token_hash" not in text
    assert db.session.scalars(sa.select(Visa)).all() == []
