import pytest
import sqlalchemy as sa

from skillshare.ground import journal, outbox
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.jobs.models import JobRun


@pytest.fixture
def message(people, at) -> Message:
    outbox.post("essai", to=people.bob.id, key="1", subject="Bonjour", text="Ligne une\n\nLigne deux", at=at)
    db.session.commit()
    return db.session.scalars(sa.select(Message)).one()


@pytest.fixture
def facts(people, at):
    for agent in (people.bob, people.emma):
        journal.record("needs:publish", actor=people.alice, at=at, subject=agent, need=7)
    journal.record("runs:run", actor=SYSTEM, at=at)
    db.session.commit()


@pytest.mark.parametrize("address, names", [
    ("/administration/journal", {"ali", "aude"}), ("/administration/journal/verification", {"ali", "aude"}),
    ("/administration/courriels", {"ali"}), ("/administration/taches", {"ali"})])
def test_each_page_is_open_to_its_function_alone(client_of, people, address, names):
    for name, person in people.everybody().items():
        assert client_of(person).get(address).status_code == (200 if name in names else 403), name
    assert client_of().get(address).status_code == 302


def test_the_journal_is_filtered_by_act_and_by_thing(client_of, people, facts):
    client = client_of(people.ali)
    assert "Alice Ferrand" in client.get("/administration/journal").text
    assert "runs:run" not in client.get("/administration/journal?event=needs").text
    page = client.get(f"/administration/journal?kind=agents&number={people.bob.id}").text
    assert f"agents {people.bob.id}<" in page and f"agents {people.emma.id}<" not in page
    assert client.get("/administration/journal?number=abc&page=zzz").status_code == 200


def test_the_journal_pages_in_the_database(client_of, people, at):
    for n in range(120):
        journal.record("needs:publish", actor=SYSTEM, at=at, need=n)
    db.session.commit()
    page = client_of(people.ali).get("/administration/journal?page=2").text
    assert "need&nbsp;: 69" in page and "need&nbsp;: 119" not in page


def test_the_verdict_says_intact_then_names_the_line_that_was_changed(client_of, people, facts):
    client = client_of(people.aude)
    assert "Le journal est intact" in client.get("/administration/journal/verification").text
    db.session.execute(sa.text("UPDATE journal SET detail = '{}' WHERE seq = 2"))
    db.session.commit()
    page = client.get("/administration/journal/verification").text
    assert "La ligne 2 a été modifiée" in page.replace("\u00a0", " ")


def test_without_a_server_the_text_of_a_mail_is_read_here_and_with_one_it_is_not(app, client_of, people, message):
    client = client_of(people.ali)
    assert "Ligne deux" in client.get(f"/administration/courriels/{message.id}").text
    app.config["SMTP"] = {"host": "localhost", "port": 25, "sender": "a@b.example"}
    assert "Ligne deux" not in client.get(f"/administration/courriels/{message.id}").text


def test_a_dead_letter_is_sent_again_and_only_once(client_of, people, message, at):
    client = client_of(people.ali)
    assert client.post(f"/administration/courriels/{message.id}/reprise").status_code == 409
    message.dead_at, message.attempts, message.error = at, 8, "refusé"
    db.session.commit()
    assert "Renvoyer" in client.get("/administration/courriels?etat=abandonnes").text
    assert client_of(people.emma).post(f"/administration/courriels/{message.id}/reprise").status_code == 404
    assert client.post(f"/administration/courriels/{message.id}/reprise").status_code == 302
    db.session.refresh(message)
    assert (message.dead_at, message.attempts, message.error) == (None, 0, "")
    assert journal.history(message)[-1].event == "outbox:retry"


def test_jobs_show_their_outcome_or_their_error(client_of, people, at):
    day = at.date()
    db.session.add_all([JobRun(job="matching", business_date=day, started_at=at, finished_at=at, outcome="3 places"),
                        JobRun(job="visa_clocks", business_date=day, started_at=at, finished_at=at, error="ValueError : x")])
    db.session.commit()
    page = client_of(people.ali).get("/administration/taches").text
    assert "3\u00a0places" in page or "3 places" in page
    assert "En échec" in page and "Appariement de la nuit" in page


def test_a_partial_job_names_its_rows_and_a_failed_one_its_next_try(client_of, people, at):
    faults = [[f"visa n° {n}", "ValueError : poivre"] for n in range(1, 13)]
    db.session.add(JobRun(job="visa_clocks", business_date=at.date(), started_at=at, finished_at=at, faults=faults,
                          error="30 faits, 12 en échec"))
    db.session.commit()
    page = client_of(people.ali).get("/administration/taches").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Partielle" in page and "visa n° 10 : ValueError : poivre" in page and "visa n° 11" not in page
    assert "et 2 de plus" in page and "nouvel essai : 23 novembre, 12 h 05" in page
