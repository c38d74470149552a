"""The register: who reads it, views, filters, pages, order and export."""

import csv
import io
import sqlite3
from datetime import date

import pytest

from skillshare.audit import checking, queries
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterState
from tests import factories
from tests.audit.letters import straight

TODAY = date(2026, 11, 23)


def listed(**values) -> list[Letter]:
    filters = queries.filters_of(values, today=TODAY)
    return list(db.session.scalars(queries.letters(filters, today=TODAY)))


def names(**values) -> list[str]:
    return [letter.loan.agent.first_name for letter in listed(**values)]


@pytest.fixture
def three(rows, at):
    """Bob's letter is signed, Marc's is too, Inès's is to sign."""
    clean, people = rows, rows.people
    marc = straight(people, at, agent=people.marc, starts_on=date(2027, 4, 5), ends_on=date(2027, 4, 30), sequence=2)
    ines = factories.agent(people.roads, "Inès", "=Dupont", staff_number="777", manager_id=people.chloe.id)
    straight(people, at, agent=ines, load=20, sequence=None)
    return clean, marc, ines


@pytest.mark.parametrize("name", ["david", "aude"])
def test_hr_and_the_auditor_read_it(rows, client_of, name):
    client = client_of(getattr(rows.people, name))
    assert "2026-0001" in client.get("/registre").text
    assert client.get("/registre/export.csv").status_code == 200


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "marc", "farid", "mona", "ali", "emma", "hugo"])
def test_nobody_else_does(rows, client_of, name):
    client = client_of(getattr(rows.people, name))
    assert client.get("/registre").status_code == 403
    assert client.get("/registre/export.csv").status_code == 403


def test_a_stranger_is_asked_to_sign_in(rows, client_of):
    assert client_of().get("/registre").status_code == 302


def test_the_newest_number_comes_first_and_what_has_none_before_it(three):
    assert names() == ["Inès", "Marc", "Bob"]


@pytest.mark.parametrize(("sort", "order"), [("agent", ["Inès", "Marc", "Bob"]), ("-agent", ["Bob", "Marc", "Inès"]),
                                            ("-start", ["Marc", "Inès", "Bob"]), ("nonsense", ["Bob", "Marc", "Inès"])])
def test_the_list_is_sorted_in_the_database(three, sort, order):
    assert names(sort=sort) == order


@pytest.mark.parametrize(("values", "found"), [
    ({"q": "2026-0002"}, {"Marc"}), ({"q": "tessier bob"}, {"Bob"}), ({"q": "777"}, {"Inès"}), ({"q": "%"}, set()),
    ({"state": "to_sign"}, {"Inès"}), ({"state": "scheduled"}, {"Bob", "Marc"}), ({"state": "running"}, set()),
    ({"since": "2027-03-20"}, {"Marc"}), ({"until": "2027-03-20"}, {"Bob", "Inès"}), ({"since": "hier"}, {"Bob", "Marc", "Inès"}),
    ({"service": "routier"}, {"Bob", "Marc", "Inès"}), ({"service": "infrastructures"}, {"Bob", "Marc", "Inès"}),
    ({"service": "SAM"}, {"Bob", "Marc", "Inès"}), ({"service": "Ressources humaines"}, set()),
    ({"filing": "queued"}, {"Bob", "Marc"}), ({"filing": "rejected"}, set()), ({"anomaly": "any"}, set()),
    ({"state": "scheduled", "until": "2027-03-20"}, {"Bob"}), ({"q": "bob\0"}, {"Bob"}),
])
def test_filters_combine(three, values, found):
    assert set(names(**values)) == found


def test_filters_on_postgresql_too(postgresql_app, at):
    straight(factories.standing_people(), at)
    for values in ({"q": "tessier"}, {"service": "routier"}, {"anomaly": "any"}, {"ending": "1"}, {"sort": "-agent"}):
        listed(**values)
    assert names(q="Tessier", service="Routier") == ["Bob"]
    assert queries.view_counts(TODAY)["all"] == 1


def test_views_count_what_they_list(three):
    counts = queries.view_counts(TODAY)
    assert counts == {"all": 3, "to_sign": 1, "to_file": 2, "rejected": 0, "anomalies": 0, "ending": 0}
    for code, (_label, values) in queries.VIEWS.items():
        assert len(listed(**values)) == counts[code]


def test_what_ends_within_fifteen_days_is_a_view(rows, write):
    write(rows.loan(), state="running", starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 8))
    assert names(ending="1") == ["Bob"]
    write(rows.loan(), ends_on=date(2026, 12, 9))
    assert names(ending="1") == []


def test_only_a_broken_rule_has_a_red_edge(three, client_of, write):
    clean, _marc, _ines = three
    client = client_of(clean.people.david)
    assert "is-odd" not in client.get("/registre").text
    write(clean.proposal, accepted_at=None)
    assert client.get("/registre").text.count("is-odd") == 1  # the rows of a page are judged at once
    checking.check_letters(clean.at)
    db.session.commit()
    page = client.get("/registre?anomaly=any").text
    assert page.count("is-odd") == 1 and "Accord de l’agent absent" in page


def test_a_check_keeps_what_is_broken_forgets_what_is_mended_and_says_when(three, client_of, write, at):
    clean, _marc, _ines = three
    client = client_of(clean.people.david)
    assert "jamais" in client.get("/registre").text
    write(clean.proposal, accepted_at=None)
    assert [checking.check_letters(at), checking.check_letters(at)] == [(1, 0), (0, 0)]
    db.session.commit()
    assert queries.view_counts(TODAY)["anomalies"] == 1
    assert "le 23 novembre, 12 h" in client.get("/registre").text.replace("\u00a0", " ").replace("\u202f", " ")
    write(clean.proposal, accepted_at=at)
    assert checking.check_letters(at) == (0, 1)
    db.session.commit()
    assert names(anomaly="any") == [] and queries.view_counts(TODAY)["anomalies"] == 0


def test_the_check_of_a_register_leaves_others_write_on_sqlite(three, at, monkeypatch):
    def write_meanwhile(today):
        other = sqlite3.connect(db.engine.url.database, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
        other.close()
        return set()

    monkeypatch.setattr(checking, "_broken_now", write_meanwhile)
    assert checking.check_letters(at) == (0, 0)


def test_a_page_of_letters_asks_few_queries(three, client_of, count_queries):
    clean, _marc, _ines = three
    client = client_of(clean.people.aude)
    with count_queries() as few:
        client.get("/registre?q=bob")
    with count_queries() as more:
        client.get("/registre?per_page=100")
    assert len(more) <= len(few) <= 15


def test_pages_keep_the_filters(rows, client_of, at):
    people = rows.people
    _copies_of(rows.letter(), 20)
    client = client_of(people.david)
    first = client.get("/registre?q=tessier&sort=number").text
    assert "Lettres 1 à 15 sur 21" in first and "q=tessier" in first.split("Suivante")[0].rsplit("href=", 1)[1]
    assert "16 à 21 sur 21" in client.get("/registre?q=tessier&page=2").text
    assert "1 à 21 sur 21" in client.get("/registre?per_page=50").text
    assert "1 à 15 sur 21" in client.get("/registre?per_page=7&page=-3").text


def _copies_of(letter: Letter, count: int) -> None:
    for n in range(count):
        db.session.add(Letter(loan_id=letter.loan_id, employer_id=letter.employer_id, data=letter.data,
                              created_at=letter.created_at, state=LetterState.CANCELLED, year=2025,
                              sequence=n + 1, number=f"2025-{n + 1:04d}"))
    db.session.commit()


def test_the_export_is_the_filtered_list_and_holds_no_formula(three, client_of):
    clean, _marc, ines = three
    ines.first_name = "=HYPERLINK(0)"
    db.session.commit()
    answer = client_of(clean.people.aude).get("/registre/export.csv?state=to_sign")
    assert answer.data.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2 and rows[0][0] == "Numéro" and rows[1][2].startswith("'=HYPERLINK")


def test_an_empty_register_says_what_comes_next(people, client_of):
    assert "Aucune lettre" in client_of(people.david).get("/registre").text
