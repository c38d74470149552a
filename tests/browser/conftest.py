"""A real server and a real Chromium for the tests that a person would do by hand."""

from __future__ import annotations

import pytest

from skillshare.ground.extensions import db
from skillshare.organisation import passwords
from skillshare.organisation.models import Account
from skillshare.skills.actions import load_catalogue
from tests.browser import driving
from tests.factories import People


@pytest.fixture(scope="module")
def chromium():
    """Closed with its module: while it runs, its event loop forbids those of other tests, as the seal's."""
    with driving.chromium() as browser:
        yield browser


@pytest.fixture
def site(app, people: People):
    """The application on a free port, with the standing people, the shipped catalogue and today's clock.

    The test's own session is closed: on SQLite an open one would hold the write lock of the server.
    """
    load_catalogue()
    password_hash = passwords.hash_password(passwords.DEMO_PASSWORD)
    for account in db.session.query(Account):
        account.password_hash = password_hash
    logins = {name: agent.email for name, agent in people.everybody().items()}
    db.session.commit()
    db.session.remove()
    app.config["WTF_CSRF_ENABLED"] = True
    with driving.served(app) as address:
        app.config["PUBLIC_URL"] = address
        yield driving.Site(address, logins)


@pytest.fixture
def person(site, chromium):
    """`person("bob")`: that person's window, signed in; fails on console errors, on requests that leave
    the site, and on axe violations of any page looked at."""
    with driving.windows(chromium, site) as open_window:
        yield open_window
