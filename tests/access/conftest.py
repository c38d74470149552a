"""One application with its stage, made once for all the tests of rights; each leaves it as it found it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from skillshare.app import create_app
from skillshare.ground.extensions import db
from tests.access.theatre import PostgresqlTheatre, Theatre


def _application(tmp_path_factory, **more: str) -> Flask:
    home = tmp_path_factory.mktemp("theatre") / "home"
    environ = {"SKILLSHARE_HOME": str(home), "SKILLSHARE_SECRET_KEY": "k" * 40} | more
    settings = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False, "WTF_CSRF_ENABLED": False}
    return create_app(config.from_environment(environ) | settings)


@pytest.fixture(scope="session")
def theatre(tmp_path_factory, empty_sqlite) -> Theatre:
    app = _application(tmp_path_factory)
    shutil.copyfile(empty_sqlite, app.config["HOME"] / "skillshare.sqlite3")
    return Theatre(app)


@pytest.fixture(scope="session")
def postgresql_theatre(tmp_path_factory, postgresql_url) -> Iterator[PostgresqlTheatre]:
    """The same stage in a database of its own on the real server."""
    server = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE theatre")
    url = server.url.set(database="theatre").render_as_string(hide_password=False)
    app = _application(tmp_path_factory, SKILLSHARE_DATABASE_URL=url)
    with app.app_context():
        db.create_all()
    made = PostgresqlTheatre(app, server)
    yield made
    made.close()
    server.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each(request) -> Theatre:
    """The theatre on each of the two databases."""
    return request.getfixturevalue("theatre" if request.param == "sqlite" else "postgresql_theatre")
