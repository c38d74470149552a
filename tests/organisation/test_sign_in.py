"""Signing in: by address or staff number, the same answer whether the account exists or not, and safe redirects."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from argon2 import extract_parameters

from skillshare.ground.extensions import db
from skillshare.organisation import account_actions, passwords, queries, sessions

PASSWORD = "trois vélos au bord du canal"


def with_password(agent, at, password=PASSWORD):
    account = account_actions.open_account(agent, at=at, password=password)
    db.session.commit()
    return account


def post(client, login, password=PASSWORD, **query):
    return client.post("/connexion", data={"login": login, "password": password}, query_string=query)


@pytest.mark.parametrize("login_of", [
    lambda bob: bob.email, lambda bob: bob.staff_number, lambda bob: f"  {bob.email.upper()} "])
def test_a_person_signs_in_with_their_address_or_staff_number(people, client_of, at, login_of):
    with_password(people.bob, at)
    client = client_of()
    answer = post(client, login_of(people.bob))
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/compte").status_code == 200
    assert queries.account_of(people.bob).last_seen_at == at


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(people, client_of, at):
    with_password(people.bob, at)
    answers = [post(client_of(), people.bob.email, "not this one"), post(client_of(), "nobody@nowhere.example"),
               post(client_of(), people.chloe.email)]  # Chloé has an account without password
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({answer.text.replace(login, "") for answer, login in zip(
        answers, (people.bob.email, "nobody@nowhere.example", people.chloe.email), strict=True)}) == 1


@pytest.mark.parametrize("login", ["known", "unknown"])
def test_an_unknown_person_costs_the_same_work_as_a_wrong_password(people, client_of, at, monkeypatch, login):
    """One Argon2id verification either way, with the same memory and the same passes."""
    with_password(people.bob, at)
    done, verify = [], passwords._hasher.verify
    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(
        hash=passwords._hasher.hash,
        verify=lambda stored, typed: done.append(extract_parameters(stored)) or verify(stored, typed)))
    post(client_of(), people.bob.email if login == "known" else "nobody@nowhere.example", "not this one at all")
    assert done == [extract_parameters(passwords.hash_password(PASSWORD))]


def test_who_left_or_is_suspended_cannot_sign_in(people, client_of, at):
    with_password(people.bob, at)
    with_password(people.emma, at).disabled_at = at
    people.bob.active = False
    db.session.commit()
    assert post(client_of(), people.bob.staff_number).status_code == 422
    assert post(client_of(), people.emma.email).status_code == 422


def test_an_address_shared_by_two_people_opens_neither_account(people, client_of, at):
    people.emma.email = people.bob.email
    with_password(people.bob, at)
    assert post(client_of(), people.bob.email).status_code == 422
    assert post(client_of(), people.bob.staff_number).status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
                                    "javascript:alert(1)", "/\t/evil.example", "evil", "/\n/evil.example", ""])
def test_signing_in_never_leads_outside(people, client_of, at, target):
    with_password(people.bob, at)
    assert post(client_of(), people.bob.email, next=target).location == "/"


def test_signing_in_leads_to_the_page_asked_for(people, client_of, at):
    with_password(people.bob, at)
    client = client_of()
    asked = client.get("/compte?a=1")
    assert asked.location == "/connexion?next=/compte?a%3D1"
    assert client.post(asked.location, data={"login": people.bob.email, "password": PASSWORD}).location == "/compte?a=1"


def test_a_form_posted_after_the_session_ended_does_not_come_back_as_an_address(people, client_of):
    assert client_of().post("/compte/mot-de-passe").location == "/connexion"


def test_a_hash_with_weaker_settings_is_renewed_at_sign_in(people, client_of, at):
    from argon2 import PasswordHasher

    account = with_password(people.bob, at)
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    db.session.commit()
    assert post(client_of(), people.bob.email).status_code == 302
    assert "m=19456,t=2,p=1" in account.password_hash


def test_the_demo_shows_its_people_and_signs_in_as_one_of_them(app, people, client_of, at):
    listed = [{"login": people.alice.email, "name": "Alice Ferrand", "situation": "Un besoin à publier"}]
    (app.config["HOME"] / "demo_people.json").write_text(json.dumps(listed))
    client = client_of()
    assert "Se connecter comme Alice" in client.get("/connexion").text
    assert client.post("/connexion/demonstration", data={"login": people.bob.email}).status_code == 404
    assert client.post("/connexion/demonstration", data={"login": people.alice.email}).status_code == 302
    assert "Alice Ferrand" in client.get("/compte").text


def test_outside_the_demo_there_is_neither_button_nor_default_password(app, people, client_of, at):
    listed = [{"login": people.alice.email, "name": "Alice Ferrand", "situation": "Un besoin à publier"}]
    (app.config["HOME"] / "demo_people.json").write_text(json.dumps(listed))
    with_password(people.alice, at, passwords.DEMO_PASSWORD)
    app.config["ENV_NAME"] = "production"
    client = client_of()
    assert "Se connecter comme" not in client.get("/connexion").text
    assert client.post("/connexion/demonstration", data={"login": people.alice.email}).status_code == 404
    assert post(client, people.alice.email, passwords.DEMO_PASSWORD).status_code == 422


def test_a_form_without_its_csrf_token_is_refused(app, people, client_of, at):
    with_password(people.bob, at)
    app.config["WTF_CSRF_ENABLED"] = True
    assert post(client_of(), people.bob.email).status_code == 400


def test_local_addresses_are_told_from_others():
    assert sessions.is_local("/besoins/12?x=1")
    assert not sessions.is_local("//evil.example/besoins")
