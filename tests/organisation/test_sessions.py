"""Sessions end: by time, by signing out, by a new password, by suspension, by leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.organisation import account_actions, queries
from tests.conftest import EMPLOYER

PASSWORD = "trois vélos au bord du canal"


def is_open(client):
    return client.get("/compte").status_code == 200


@pytest.fixture
def client(people, client_of, at):
    return client_of(people.bob)


def test_an_idle_session_ends(client, at):
    with clock.travel(at + timedelta(minutes=59)):
        assert is_open(client)
    with clock.travel(at + timedelta(minutes=118)):
        assert is_open(client)  # an hour from the last page, not from the first
    with clock.travel(at + timedelta(minutes=179)):
        assert not is_open(client)


def test_a_busy_session_ends_too_after_its_hours(client, at):
    for half_hours in range(1, 25):
        with clock.travel(at + timedelta(minutes=30 * half_hours)):
            assert is_open(client)
    with clock.travel(at + timedelta(hours=12, minutes=1)):
        assert not is_open(client)


def test_signing_in_starts_a_new_session(people, client_of, at):
    account_actions.open_account(people.bob, at=at, password=PASSWORD)
    db.session.commit()
    client = client_of()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.post("/connexion", data={"login": people.bob.email, "password": PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session and session["_user_id"] == queries.account_of(people.bob).get_id()


def test_a_copied_cookie_dies_when_its_owner_signs_out(client, people, client_of, at):
    copy = client_of(people.bob)
    answer = client.post("/deconnexion")
    assert answer.status_code == 302 and not is_open(client) and not is_open(copy)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, people, client_of, at):
    account_actions.open_account(people.bob, at=at, password=PASSWORD)
    db.session.commit()
    other = client_of(people.bob)
    answer = client.post("/compte/mot-de-passe", data={
        "current": PASSWORD, "password": "quatre chaises bleues au soleil", "again": "quatre chaises bleues au soleil"})
    assert answer.status_code == 302
    assert is_open(client) and not is_open(other)


def test_a_wrong_present_password_changes_nothing(client, people, at):
    account_actions.open_account(people.bob, at=at, password=PASSWORD)
    db.session.commit()
    answer = client.post("/compte/mot-de-passe", data={
        "current": "wrong", "password": "quatre chaises bleues au soleil", "again": "quatre chaises bleues au soleil"})
    assert answer.status_code == 422 and "mot de passe actuel" in answer.text and is_open(client)


def test_suspending_an_account_ends_its_sessions_for_good(client, people, at):
    account_actions.suspend(people.bob, actor=people.ali, at=at)
    db.session.commit()
    assert not is_open(client)
    account_actions.restore(people.bob, actor=people.ali, at=at)
    db.session.commit()
    assert not is_open(client)


def test_who_leaves_is_signed_out(client, people):
    people.bob.active = False
    db.session.commit()
    assert not is_open(client)


@pytest.mark.parametrize("mark", ["", "1", "x:1", "999:1", "1:2", "1:"])
def test_a_session_of_an_unknown_account_or_epoch_opens_nothing(people, client_of, at, mark):
    client = client_of(people.bob)
    with client.session_transaction() as session:
        session["_user_id"] = mark
    assert not is_open(client)


def test_the_cookie_is_locked_to_the_host_in_production(tmp_path):
    import config

    settings = config.from_environment({
        "SKILLSHARE_ENV": "production", **EMPLOYER, "SKILLSHARE_SECRET_KEY": "k" * 40, "SKILLSHARE_HOME": str(tmp_path),
        "SKILLSHARE_PUBLIC_URL": "https://bourse.example"})
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-") and settings["SESSION_COOKIE_SECURE"]
