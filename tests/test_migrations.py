"""Migrations: up, down, up on both databases, and the schema they make is the models' own."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from config import ROOT
from skillshare.app import create_app
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from tests.conftest import _settings

FOLDER = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request, tmp_path):
    """The application on a database without any table."""
    url = None if request.param == "sqlite" else _fresh_database(request.getfixturevalue("postgresql_url"))
    app = create_app(_settings(tmp_path, url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _fresh_database(url: str) -> str:
    """A database of its own beside that of the other tests, whose tables stay."""
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS migrations WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE migrations"))
    server.dispose()
    return sa.make_url(url).set(database="migrations").render_as_string(hide_password=False)


def test_migrations_go_up_down_and_up_again(empty):
    flask_migrate.upgrade(directory=FOLDER)
    assert "journal" in sa.inspect(db.engine).get_table_names()
    flask_migrate.downgrade(directory=FOLDER, revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade(directory=FOLDER)
    journal.record("tests:note", actor=SYSTEM, at=clock.now())
    db.session.commit()
    assert journal.verify().rows == 1


def test_the_migrated_schema_is_that_of_the_models(empty):
    flask_migrate.upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
