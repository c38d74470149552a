"""What an administrator and an auditor do not learn: a refusal from a silence (R5), and a link that signs in."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from skillshare.admin import export, queries
from skillshare.ground import journal, outbox
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.home import own_data
from skillshare.jobs import registry
from skillshare.organisation import mails as organisation_mails
from skillshare.proposals import actions
from skillshare.proposals import mails as proposal_mails
from skillshare.proposals.models import Proposal, ProposalState
from tests import factories


@pytest.fixture
def ended(people, at) -> dict[str, Proposal]:
    """Bob declined, Marc let it lapse."""
    made = {name: factories.proposal(factories.need(people, [factories.skill()]), getattr(people, name))
            for name in ("bob", "marc")}
    db.session.commit()
    actions.decline(made["bob"], actor=people.bob, at=at)
    db.session.commit()
    made["marc"].answer_by = at.date().replace(day=1)
    db.session.commit()
    actions.lapse_due(at)
    return made


def rows(page: str) -> list[str]:
    return [" ".join(row.split("</tr>")[0].split()) for row in page.split('<tr role="row"')[2:]]


@pytest.mark.parametrize("reader", ["ali", "aude"])
def test_on_the_journal_a_refusal_and_a_silence_are_the_same_line_but_for_its_number(client_of, people, ended, reader):
    page = client_of(getattr(people, reader)).get("/administration/journal?event=proposals:without_answer").text
    entries = db.session.scalars(sa.select(journal.JournalEntry).where(journal.JournalEntry.event.in_(queries.UNTOLD))).all()
    assert {entry.event for entry in entries} == set(queries.UNTOLD)
    told = rows(page)
    assert len(told) == 2
    for entry in entries:
        told = [row.replace(f"N°\u00a0{entry.seq}<", "N°<").replace(f"N° {entry.seq}<", "N°<") for row in told]
    assert told[0] == told[1]
    for words in ("decline", "lapse", "lapsed", "Bob", "l’horloge", "12\u00a0h"):
        assert words not in told[0]


@pytest.fixture
def cancelled(people, at) -> dict[str, Proposal]:
    """Two needs are withdrawn: Emma had not answered the one, Marc had accepted the other."""
    made = {name: factories.proposal(factories.need(people, [factories.skill()]), getattr(people, name), state=state)
            for name, state in (("emma", ProposalState.PROPOSED), ("marc", ProposalState.ACCEPTED))}
    db.session.commit()
    for proposal in made.values():
        actions.cancel(proposal, at=at, cause="need_withdrawn")
    db.session.commit()
    return made


def test_a_proposal_cancelled_without_an_answer_is_told_as_a_refusal_and_one_after_a_yes_as_what_it_is(client_of, people,
                                                                                                    cancelled):
    client = client_of(people.ali)
    told = rows(client.get("/administration/journal?event=proposals:without_answer").text)
    assert len(told) == 1 and "need_withdrawn" not in told[0] and "l’horloge" not in told[0]
    told = rows(client.get("/administration/journal?event=proposals:cancel").text)
    assert len(told) == 1 and "need_withdrawn" in told[0]
    for name, seen in (("emma", False), ("marc", True)):
        page = client.get(f"/administration/journal?kind=proposals&number={cancelled[name].id}").text
        assert ("need_withdrawn" in page, "Aucune ligne" in page) == (seen, not seen)


def test_the_mail_of_a_cancellation_is_listed_only_after_a_yes(client_of, people, cancelled):
    page = client_of(people.ali).get("/administration/courriels").text
    assert page.count("Proposition annulée") == 1 and "Emma" not in page
    kinds = {message.recipient_id: message.kind for message in db.session.scalars(sa.select(Message))}
    assert kinds == {people.emma.id: "proposal-gone", people.marc.id: "proposal-cancelled"}


def test_the_lapse_job_does_not_count_silences(client_of, people, ended, at):
    assert registry.lapse_proposals(at) == registry.lapse_proposals(at + timedelta(days=30)) == "fait"


@pytest.mark.parametrize("asked", ["event=proposals:decline", "event=proposals:lapse", "event=proposals:d", "event=proposals:la"])
def test_no_filter_of_the_journal_tells_them_apart(client_of, people, ended, asked):
    assert "Aucune ligne" in client_of(people.ali).get(f"/administration/journal?{asked}").text


def test_the_journal_of_one_proposal_does_not_show_that_it_ended(client_of, people, ended):
    for proposal in ended.values():
        page = client_of(people.aude).get(f"/administration/journal?kind=proposals&number={proposal.id}").text
        assert "Aucune ligne" in page


def test_the_agents_own_export_still_tells_the_truth(people, ended):
    for data in (own_data.of_agent(people.bob), export.of_person(people.bob.staff_number)):
        [proposal] = data["propositions"]
        assert proposal["state"] == ProposalState.DECLINED and proposal["ended_at"] is not None
        assert "proposals:decline" in [line["event"] for line in data["journal"]]
    assert own_data.of_agent(people.marc)["propositions"][0]["state"] == ProposalState.LAPSED


@pytest.mark.parametrize("name", ["alice", "hugo", "chloe", "ali", "mona", "david"])
def test_the_export_of_anybody_else_does_not_hold_it(people, ended, name):
    text = json.dumps(own_data.of_agent(getattr(people, name)), default=str)
    assert "proposals:decline" not in text and '"declined"' not in text and "lapsed" not in text


def test_mails_that_only_a_silent_agent_receives_are_not_listed(client_of, people, ended, at):
    proposal_mails.reminder(ended["marc"], at=at)
    db.session.commit()
    client = client_of(people.ali)
    kinds = set(db.session.scalars(sa.select(Message.kind)))
    assert {"proposal-reminder", "proposal-lapsed"} <= kinds
    page = client.get("/administration/courriels").text
    assert "éteinte" not in page and "attend votre réponse" not in page
    for message in db.session.scalars(sa.select(Message).where(Message.kind.in_(queries.OF_SILENCE))):
        assert client.get(f"/administration/courriels/{message.id}").status_code == 404
    listed = db.session.scalar(sa.select(sa.func.count()).where(Message.kind.not_in(queries.OF_SILENCE)))
    assert queries.message_counts()[queries.MessageState.ALL] == listed


def test_one_that_could_not_be_delivered_is_listed_without_its_words(client_of, people, ended, at):
    message = db.session.scalars(sa.select(Message).where(Message.kind == "proposal-lapsed")).one()
    message.dead_at = at
    db.session.commit()
    client = client_of(people.ali)
    for address in ("/administration/courriels?etat=abandonnes", f"/administration/courriels/{message.id}"):
        page = client.get(address).text
        assert "Courriel réservé à son destinataire" in page and "éteinte" not in page and "Renvoyer" in page


@pytest.fixture
def link(people, at) -> Message:
    organisation_mails.access_link(people.bob, "SECRET-D-ENTREE", key=1, until=at, at=at)
    db.session.commit()
    return db.session.scalars(sa.select(Message).where(Message.kind == "access_link")).one()


@pytest.mark.parametrize(("mode", "has_smtp", "is_shown"), [("demo", False, True), ("demo", True, False),
                                                          ("production", False, False), ("production", True, False)])
def test_a_sign_in_link_is_read_by_the_administrator_in_the_demo_alone(app, client_of, people, link, mode, has_smtp, is_shown):
    client = client_of(people.ali)
    app.config["ENV_NAME"] = mode
    app.config["SMTP"] = {"host": "localhost", "port": 25, "sender": "a@b.example"} if has_smtp else None
    page = client.get(f"/administration/courriels/{link.id}").text
    assert ("SECRET-D-ENTREE" in page) is is_shown
    assert "SECRET-D-ENTREE" not in client.get("/administration/courriels").text


def test_another_mail_is_still_read_where_no_server_delivers(app, client_of, people, at):
    outbox.post("essai", to=people.bob.id, key="1", subject="Bonjour", text="Ligne deux", at=at)
    db.session.commit()
    client, message = client_of(people.ali), db.session.query(Message).one()
    app.config["ENV_NAME"] = "production"
    assert "Ligne deux" in client.get(f"/administration/courriels/{message.id}").text


def test_no_export_copies_a_sign_in_link(app, people, link):
    for mode in ("demo", "production"):
        app.config["ENV_NAME"] = mode
        for data in (own_data.of_agent(people.bob), export.of_person(people.bob.staff_number)):
            assert "SECRET-D-ENTREE" not in json.dumps(data, default=str)
            assert data["courriels"][0]["kind"] == "access_link"
