"""Fixtures: an application on each database, the standing people, and clients that check every page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

import config
from skillshare.app import create_app
from skillshare.ground import clock
from skillshare.ground.extensions import db
from tests import cluster, factories

EMPLOYER = {"SKILLSHARE_EMPLOYER_NAME": "Département du Rivage", "SKILLSHARE_EMPLOYER_SIRET": "22990000000015",
            "SKILLSHARE_EMPLOYER_PLACE": "Rivage"}
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday


def pytest_configure() -> None:
    os.environ.pop("SKILLSHARE_DATABASE_URL", None)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a real, empty PostgreSQL server; skips with the reason where there is none."""
    with cluster.server() as url:
        yield url


def _settings(tmp_path, url: str | None) -> dict:
    environ = {"SKILLSHARE_HOME": str(tmp_path / "home"), "SKILLSHARE_SECRET_KEY": "k" * 40}
    if url:
        environ["SKILLSHARE_DATABASE_URL"] = url
    return config.from_environment(environ) | {"TESTING": True, "WTF_CSRF_ENABLED": False}


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory) -> Path:
    """A SQLite file with every table and no row, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("schema")
    app = create_app(_settings(folder, None))
    with app.app_context():
        db.create_all()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
    return folder / "home" / "skillshare.sqlite3"


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory) -> Flask:
    """The application that the tests of a session share: a tenth of a second to make, more to warm."""
    return create_app(_settings(tmp_path_factory.mktemp("sqlite"), None))


@pytest.fixture(scope="session")
def server_app(tmp_path_factory, postgresql_url) -> Flask:
    """The same on PostgreSQL, with every table."""
    app = create_app(_settings(tmp_path_factory.mktemp("postgresql"), postgresql_url))
    with app.app_context():
        db.create_all()
    return app


@contextmanager
def _lent(app: Flask) -> Iterator[Flask]:
    """The application as if just made: its data folder empty, its settings, caches and client those of its making."""
    settings, extensions = dict(app.config), dict(app.extensions)
    shutil.rmtree(app.config["HOME"])
    config.make_folder(app.config["HOME"])
    try:
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        for kept, made in ((app.config, settings), (app.extensions, extensions)):
            kept.clear()
            kept.update(made)
        app.test_client_class = None


@pytest.fixture
def app(sqlite_app, empty_sqlite) -> Iterator[Flask]:
    """The application on a fresh SQLite file, its context pushed."""
    with _lent(sqlite_app) as app:
        shutil.copyfile(empty_sqlite, app.config["HOME"] / "skillshare.sqlite3")
        yield app


@pytest.fixture
def postgresql_app(server_app) -> Iterator[Flask]:
    """The application on the real PostgreSQL, its tables emptied before each test."""
    with _lent(server_app) as app:
        names = ", ".join(table.name for table in db.metadata.tables.values())
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        yield app


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def both(request) -> Flask:
    """The application on each of the two databases in turn."""
    return request.getfixturevalue("app" if request.param == "sqlite" else "postgresql_app")


@pytest.fixture
def people(app) -> factories.People:
    """The standing people of the tests, committed."""
    return factories.standing_people()


@pytest.fixture
def at() -> Iterator[datetime]:
    """The instant of the test; the clock is held there."""
    with clock.travel(NOON):
        yield NOON


class _Page(HTMLParser):
    """What every page must have: a language, a title, one h1, a label for each field."""

    def __init__(self) -> None:
        super().__init__()
        self.headings, self.ids, self.fields, self.labels, self.has_lang, self.has_title = 0, [], [], set(), False, False
        self.in_label = False

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.has_lang |= tag == "html" and found.get("lang") == "fr"
        self.has_title |= tag == "title"
        self.headings += tag == "h1"
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self.in_label = True
            self.labels.add(found.get("for"))
        assert "style" not in found, f"style attribute on <{tag}>"
        is_field = tag in ("input", "select", "textarea") and found.get("type") not in ("hidden", "submit", "button")
        if is_field and not self.in_label and "aria-label" not in found and "aria-labelledby" not in found:
            self.fields.append(found.get("id"))

    def handle_endtag(self, tag):
        if tag == "label":
            self.in_label = False


class CheckingClient(FlaskClient):
    """A client that checks the frame of every HTML page it fetches."""

    def open(self, *args, **kwargs):
        g.pop("_login_user", None)  # the tests' context outlives a request: one client's person is not the next one's
        response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and response.text.lstrip().lower().startswith("<!doctype")
        if is_page and response.status_code not in (301, 302, 303):
            page = _Page()
            page.feed(response.text)
            assert page.has_lang and page.has_title, "page without lang or title"
            assert page.headings == 1, f"{page.headings} h1"
            assert len(page.ids) == len(set(page.ids)), "an id stands twice"
            assert not set(page.fields) - page.labels, f"fields without label: {set(page.fields) - page.labels}"
        return response


@pytest.fixture
def client_of(app):
    """`client_of(agent)`: a client signed in as that person; without argument, an anonymous one."""
    app.test_client_class = CheckingClient

    def sign_in(agent=None):
        client = app.test_client()
        if agent is not None:
            factories.sign_in(client, agent)
        return client

    return sign_in


@pytest.fixture
def count_queries(app):
    """`with count_queries() as seen:` then `len(seen)`: the statements sent to the database."""

    @contextmanager
    def counting():
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return counting
