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
from skillshare.letters.models import Letter, LetterKind, LetterState
from tests import factories
from tests.audit import letters
from tests.conftest import NOON, _settings

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


def test_rows_outlive_the_way_down_and_up(empty):
    flask_migrate.upgrade(directory=FOLDER)
    people = factories.standing_people()
    kept = letters.straight(people, NOON).letter()
    before = (kept.number, kept.sha256, kept.state, kept.loan.agent_id)
    db.session.remove()
    flask_migrate.downgrade(directory=FOLDER, revision="0001")
    flask_migrate.upgrade(directory=FOLDER)
    after = db.session.scalars(sa.select(Letter)).one()
    assert (after.number, after.sha256, after.state, after.loan.agent_id) == before


def test_an_issued_attestation_forbids_the_way_down_and_stays(empty, caplog):
    flask_migrate.upgrade(directory=FOLDER)
    letter = letters.straight(factories.standing_people(), NOON).letter()
    db.session.execute(sa.update(Letter.__table__).values(kind=LetterKind.ATTESTATION, state=LetterState.ISSUED))
    db.session.commit()
    number = letter.number
    db.session.remove()
    with pytest.raises(SystemExit):
        flask_migrate.downgrade(directory=FOLDER, revision="0001")
    assert "restore the backup" in caplog.text
    assert db.session.scalars(sa.select(Letter)).one().number == number


def test_the_migrated_schema_is_that_of_the_models(empty):
    flask_migrate.upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
