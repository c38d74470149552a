"""Tries are slowed down by person and origin, and nobody is locked out by somebody else's failures."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.organisation import account_actions, throttle
from skillshare.organisation.models import SignInAttempt

PASSWORD = "trois vélos au bord du canal"
OFFICE, ELSEWHERE = "10.0.0.1", "198.51.100.7"


def post(client, agent, password=PASSWORD, address=OFFICE):
    return client.post("/connexion", data={"login": agent.email, "password": password},
                       environ_overrides={"REMOTE_ADDR": address})


def fail(key, origin, at, times):
    db.session.add_all(SignInAttempt(login=key, address=origin, succeeded=False, at=at) for _ in range(times))
    db.session.commit()


@pytest.fixture
def bob(people, at):
    account_actions.open_account(people.bob, at=at, password=PASSWORD)
    db.session.commit()
    return people.bob


def test_after_five_failures_one_has_to_wait_and_the_page_says_how_long(bob, client_of, at):
    client = client_of()
    assert [post(client, bob, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert "patientez 5" in post(client, bob).text  # even the right password waits, from there
    with clock.travel(at + timedelta(seconds=6)):
        assert post(client, bob).status_code == 302


def test_the_wait_never_grows_beyond_a_minute(app, at):
    fail("k", OFFICE, at, 500)
    assert throttle.wait_before("k", OFFICE, at=at) == 60


def test_a_fresh_address_still_signs_in_while_another_one_attacks(bob, client_of, at):
    fail(f"agent:{bob.id}", ELSEWHERE, at, 300)
    assert post(client_of(), bob, address=OFFICE).status_code == 302


def test_a_fresh_address_still_signs_in_while_a_hundred_others_attack(bob, client_of, at):
    for n in range(100):
        fail(f"agent:{bob.id}", f"198.51.100.{n}", at, 3)
    client = client_of()
    assert post(client, bob, "wrong").status_code == 422  # one slip is allowed
    assert post(client, bob).status_code == 302


def test_many_addresses_get_fewer_tries_each(app, at):
    fail("k", ELSEWHERE, at, throttle.ATTACK)
    fail("k", OFFICE, at, 2)
    assert throttle.wait_before("k", OFFICE, at=at) == 5


def test_one_address_trying_everybody_is_slowed_down(app, at):
    for n in range(throttle.FREE_OF_ADDRESS):
        fail(f"k{n}", ELSEWHERE, at, 1)
    assert throttle.wait_before("fresh", ELSEWHERE, at=at) == throttle.ADDRESS_WAIT
    assert throttle.wait_before("fresh", OFFICE, at=at) == 0


def test_a_known_browser_is_not_slowed_by_others_behind_the_same_address(bob, client_of, at):
    client = client_of()
    assert post(client, bob).status_code == 302
    client.post("/deconnexion")
    fail(f"agent:{bob.id}", OFFICE, at, 60)
    assert post(client_of(), bob).status_code == 429
    assert post(client, bob).status_code == 302


def test_a_right_password_forgets_the_failures_before_it(bob, client_of, at):
    client = client_of()
    for _ in range(4):
        post(client, bob, "wrong")
    post(client, bob)
    with clock.travel(at + timedelta(seconds=1)):
        client.post("/deconnexion")
        assert [post(client, bob, "wrong").status_code for _ in range(4)] == [422] * 4


def test_tries_are_kept_though_the_form_is_given_back_and_hold_no_unknown_login(people, client_of, at):
    client_of().post("/connexion", data={"login": "my password typed here", "password": "x"})
    kept = db.session.scalars(sa.select(SignInAttempt)).one()
    assert not kept.succeeded and "password" not in kept.login


def test_address_and_staff_number_count_as_one_person(people):
    keys = {throttle.key_of(login, people.bob) for login in (people.bob.email, people.bob.staff_number)}
    assert len(keys) == 1


def test_old_tries_are_forgotten(bob, client_of, at):
    fail("k", OFFICE, at - timedelta(days=31), 1)
    post(client_of(), bob)
    assert db.session.scalar(sa.select(sa.func.count()).where(SignInAttempt.login == "k")) == 0
