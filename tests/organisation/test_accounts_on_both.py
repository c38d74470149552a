"""Accounts, links and waits behave alike on both databases, and under many requests at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation import account_actions, actions, queries, throttle, tokens
from skillshare.organisation.models import Agent, RoleName, SignInAttempt
from tests import factories

PASSWORD, OTHER = "trois vélos au bord du canal", "quatre chaises bleues au soleil"


@pytest.fixture
def bob_id(both):
    people = factories.standing_people()
    account_actions.open_account(people.bob, at=factories.LONG_AGO, password=PASSWORD)
    db.session.commit()
    return people.bob.id


def test_signing_in_and_a_link_work_on_both_databases(both, bob_id, at):
    bob = db.session.get(Agent, bob_id)
    assert account_actions.sign_in(bob, bob.email, PASSWORD, origin="10.0.0.1", at=at).agent_id == bob_id
    secret, token = tokens.issue_link(bob, at=at)
    account_actions.redeem_link(token, password=OTHER, at=at)
    assert tokens.find_link(secret, at=at) is None
    db.session.commit()
    with pytest.raises(RuleBroken):
        account_actions.sign_in(bob, bob.email, PASSWORD, origin="10.0.0.1", at=at)


def test_people_and_roles_are_found_on_both_databases(both, bob_id, at):
    ali = actions.one_person_named("Ali Saïdi", field="person", employer_id=1)
    bob = db.session.get(Agent, bob_id)
    actions.grant_role(bob, RoleName.AUDITOR, actor=ali, at=at)
    db.session.commit()
    assert bob.has_role(RoleName.AUDITOR)
    assert bob_id in [agent.id for agent in queries.managed_by(bob.manager, at.date())]


def in_threads(app, count, work):
    """What `work()` returns or raises in each of `count` threads at once."""

    def one(_n):
        with app.app_context():
            try:
                return work()
            except RuleBroken as error:
                db.session.rollback()
                return type(error)
            finally:
                db.session.remove()

    db.session.commit()
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.parametrize("count", [16])
def test_many_guesses_at_once_are_all_counted(both, bob_id, at, count):
    def guess():
        bob = db.session.get(Agent, bob_id)
        account_actions.sign_in(bob, bob.email, "wrong", origin="10.0.0.1", at=at)

    outcomes = in_threads(both, count, guess)
    examined = db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt))
    assert examined == throttle.FREE
    assert outcomes.count(throttle.TooSoon) == count - throttle.FREE


def test_a_link_used_by_many_at_once_has_one_winner(both, bob_id, at):
    secret, _ = tokens.issue_link(db.session.get(Agent, bob_id), at=at)

    def redeem():
        token = tokens.find_link(secret, at=at)
        if token is None:
            return "too late"
        account_actions.redeem_link(token, password=OTHER, at=at)
        db.session.commit()
        return "changed"

    outcomes = in_threads(both, 8, redeem)
    assert outcomes.count("changed") == 1
