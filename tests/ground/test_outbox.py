"""The outbox against a real SMTP server: what leaves, what is retried, what is given up."""

import asyncio
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from datetime import timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from skillshare.ground import outbox
from skillshare.ground.extensions import db
from skillshare.ground.outbox import BACK_OFF_MINUTES, CLAIM_LASTS, Message, Transport


class Server:
    """A handler that answers each address as told: a code to refuse with, or "drop" to hang up after DATA."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self.answers: dict[str, str] = {}
        self.tries: dict[str, int] = defaultdict(int)
        self.delay = 0.0
        self.reached = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, _options):
        self.tries[address] += 1
        answer = self.answers.get(address, "")
        if answer[:1] in ("4", "5"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.reached.set()
        await asyncio.sleep(self.delay)
        address = envelope.rcpt_tos[0]
        text = envelope.content.decode()
        self.received.append((address, text))
        if self.answers.get(address) == "drop":
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[str]:
        return [text for found, text in self.received if found == address]


@pytest.fixture
def server():
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


ADDRESSES = {1: "bob@orvanne.example", 2: "emma@orvanne.example", 3: None}


@pytest.fixture
def deliver(app, server):
    def at_instant(at):
        transport = Transport("127.0.0.1", server.port, "bourse@orvanne.example", timeout=5)
        return outbox.deliver(transport, address_of=ADDRESSES.get, at=at)

    return at_instant


def post(at, to=1, key="1", **more):
    values = {"subject": "Une réponse est attendue", "text": "Bonjour,\n\nC’est à vous.\n"} | more
    outbox.post("essai", to=to, key=key, at=at, **values)
    db.session.commit()


def only() -> Message:
    db.session.expire_all()
    return db.session.scalars(sa.select(Message)).one()


def test_a_mail_leaves_once_with_its_text_its_date_and_a_stable_id(server, deliver, at):
    post(at)
    assert deliver(at) == (1, 0)
    assert deliver(at) == (0, 0)
    [text] = server.to("bob@orvanne.example")
    assert f"Message-ID: <skillshare-{only().id}@orvanne.example>" in text
    assert "Auto-Submitted: auto-generated" in text
    assert only().sent_at == at and only().status == "envoyé"


def test_the_same_key_is_posted_once(app, at):
    post(at)
    post(at)
    post(at, to=2)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2


def test_who_left_or_has_no_address_receives_nothing(server, deliver, at):
    post(at, to=3)
    assert deliver(at) == (0, 1)
    assert server.received == []
    assert only().dead_at == at and only().error == "sans adresse ou parti"


@pytest.mark.parametrize("refusal", ["450 réessayez", "550 inconnu"])
def test_a_refusal_is_kept_in_words_and_tried_again_later(server, deliver, at, refusal):
    server.answers["bob@orvanne.example"] = refusal
    post(at)
    assert deliver(at) == (0, 1)
    assert refusal[:3] in only().error
    wait = only().next_try_at - at  # from the server's answer on, some seconds after the pass began on a busy machine
    assert timedelta(0) <= wait - timedelta(minutes=BACK_OFF_MINUTES[0]) < timedelta(seconds=30)
    assert deliver(at) == (0, 0)
    server.answers.clear()
    assert deliver(at + wait) == (1, 0)
    assert only().error == ""


def test_after_the_last_try_it_is_a_dead_letter_that_may_be_revived(server, deliver, at):
    server.answers["bob@orvanne.example"] = "550 inconnu"
    post(at)
    moment = at
    for _ in range(len(BACK_OFF_MINUTES) + 1):
        deliver(moment)
        moment = max(moment, only().next_try_at)
    assert only().dead_at is not None and only().status == "abandonné"
    assert server.tries["bob@orvanne.example"] == len(BACK_OFF_MINUTES) + 1
    assert deliver(moment + timedelta(days=9)) == (0, 0)
    server.answers.clear()
    outbox.retry(only(), at=moment)
    db.session.commit()
    assert deliver(moment) == (1, 0)


def test_a_connection_dropped_after_data_is_retried_with_the_same_id(server, deliver, at):
    """The only case of a duplicate: nobody can know whether the server kept it; the id tells they are one."""
    server.answers["bob@orvanne.example"] = "drop"
    post(at)
    assert deliver(at) == (0, 1)
    server.answers.clear()
    assert deliver(at + timedelta(minutes=1)) == (1, 0)
    first, second = server.to("bob@orvanne.example")
    ids = {line for text in (first, second) for line in text.splitlines() if line.startswith("Message-ID")}
    assert len(ids) == 1


def test_a_server_that_is_not_there_loses_nothing(app, at):
    post(at)
    transport = Transport("127.0.0.1", _free_port(), "bourse@orvanne.example", timeout=2)
    assert outbox.deliver(transport, address_of=ADDRESSES.get, at=at) == (0, 1)
    assert "ConnectionRefused" in only().error and only().dead_at is None


def test_a_poisoned_mail_blocks_no_other(server, deliver, at):
    server.answers["bob@orvanne.example"] = "drop"
    post(at, to=1, key="poison")
    post(at, to=2, key="sain")
    assert deliver(at) == (1, 1)
    assert len(server.to("emma@orvanne.example")) == 1


def test_an_address_that_cannot_be_written_blocks_no_other(server, deliver, at, monkeypatch):
    monkeypatch.setitem(ADDRESSES, 1, "bob@orvanne.example\nBcc: tous@orvanne.example")
    post(at, to=1)
    post(at, to=2)
    assert deliver(at) == (1, 1)
    assert {address for address, _ in server.received} == {"emma@orvanne.example"}


def test_a_title_with_line_breaks_adds_no_header(server, deliver, at):
    post(at, subject="Votre mission\r\nBcc: tous@orvanne.example\nX-Piege: 1")
    assert deliver(at) == (1, 0)
    [text] = server.to("bob@orvanne.example")
    head = text.split("\r\n\r\n")[0]
    assert not any(line.lower().startswith(("bcc:", "x-piege:")) for line in head.splitlines())


def test_what_is_rolled_back_is_never_sent(server, deliver, at):
    outbox.post("essai", to=1, key="1", subject="Non", text="Non", at=at)
    db.session.rollback()
    assert deliver(at) == (0, 0)
    assert server.received == []


def test_a_slow_server_keeps_nobody_from_writing_on_sqlite(app, server, at):
    """The row is claimed and committed before the mail leaves: a second connection gets the writer's place at once."""
    post(at)
    db.session.remove()
    server.delay = 3.0
    waited = []

    def send():
        with app.app_context():
            transport = Transport("127.0.0.1", server.port, "bourse@orvanne.example", timeout=10)
            outbox.deliver(transport, address_of=_looked_up, at=at)

    sender = threading.Thread(target=send)
    sender.start()
    assert server.reached.wait(10)
    other = sqlite3.connect(db.engine.url.database, timeout=0)
    started = time.monotonic()
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE outbox SET subject = 'écrit pendant l’envoi'")
    assert other.execute("SELECT claimed_at IS NOT NULL FROM outbox").fetchone() == (1,)
    other.commit()
    waited.append(time.monotonic() - started)
    assert sender.is_alive()
    sender.join()
    other.close()
    assert waited[0] < 1 and only().sent_at is not None and only().claimed_at is None


def _looked_up(agent_id: int) -> str | None:
    """An address that, as the real one, is read in the database."""
    db.session.execute(sa.text("SELECT 1"))
    return ADDRESSES[agent_id]


@pytest.mark.postgresql
def test_two_deliverers_at_once_send_each_mail_once(postgresql_app, server, at):
    for n in range(30):
        post(at, key=str(n), subject=f"Courriel {n}")
    db.session.remove()
    server.delay = 0.02
    counts = []

    def send():
        with postgresql_app.app_context():
            transport = Transport("127.0.0.1", server.port, "bourse@orvanne.example", timeout=10)
            counts.append(outbox.deliver(transport, address_of=_looked_up, at=at))

    senders = [threading.Thread(target=send) for _ in range(2)]
    [sender.start() for sender in senders]
    [sender.join() for sender in senders]
    subjects = [line for text in server.to("bob@orvanne.example") for line in text.splitlines() if line.startswith("Subject")]
    assert len(subjects) == len(set(subjects)) == 30
    assert sum(sent for sent, _ in counts) == 30 and all(sent for sent, _ in counts) and not any(f for _, f in counts)


def test_a_crash_between_sending_and_marking_sends_again_with_the_same_id_once_the_claim_is_old(server, deliver, at, monkeypatch):
    def die(*_, **__):
        raise SystemExit

    post(at)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_mark", die)
        with pytest.raises(SystemExit):
            deliver(at)
    assert only().status == "en cours d’envoi"
    assert deliver(at + CLAIM_LASTS - timedelta(seconds=1)) == (0, 0)
    assert deliver(at + CLAIM_LASTS) == (1, 0)
    first, second = server.to("bob@orvanne.example")
    assert len({line for text in (first, second) for line in text.splitlines() if line.startswith("Message-ID")}) == 1
    assert only().attempts == 2 and only().status == "envoyé"


def test_a_mail_that_kills_its_sender_each_time_ends_as_a_dead_letter(server, deliver, at):
    post(at)
    db.session.execute(sa.update(Message).values(attempts=len(BACK_OFF_MINUTES) + 1, claimed_at=at))
    db.session.commit()
    assert deliver(at + CLAIM_LASTS) == (0, 1)
    assert only().status == "abandonné" and server.received == []


def test_a_failure_told_after_another_process_took_the_row_over_changes_nothing(app, server, at, monkeypatch):
    """Stopped longer than a claim lasts, then refused: meanwhile somebody else has sent the mail."""
    post(at)
    send = outbox.smtp_send

    def overtaken(transport, mail):
        db.session.execute(sa.update(Message).values(claimed_at=at + CLAIM_LASTS))
        db.session.commit()
        raise ConnectionResetError

    monkeypatch.setattr(outbox, "smtp_send", overtaken)
    outbox.deliver(Transport("127.0.0.1", server.port, "bourse@orvanne.example"), address_of=ADDRESSES.get, at=at)
    assert only().claimed_at == at + CLAIM_LASTS and only().error == "" and only().next_try_at == at
    monkeypatch.setattr(outbox, "smtp_send", send)


def test_a_pass_stops_before_a_slow_server_starves_the_other_jobs(server, deliver, at, monkeypatch):
    for n in range(3):
        post(at, key=str(n))
    server.delay = 1.1
    monkeypatch.setattr(outbox, "PASS_LASTS", timedelta(0))
    assert deliver(at) == (1, 0)
