"""The Flask extensions, made once, and how both databases begin a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, has_request_context, request
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READER = "skillshare_reader"


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
bootstrap = Bootstrap5()
login_manager = LoginManager()


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: stored as naive UTC, always read back with its zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def code_of(kind: type[StrEnum], name: str) -> sa.Enum:
    """A column type holding the values of `kind`, checked by the database under `name`."""
    return sa.Enum(kind, native_enum=False, create_constraint=True, length=24, name=name,
                   values_callable=lambda k: [member.value for member in k])


def _is_reader(connection: sa.Connection) -> bool:
    is_page = has_request_context() and request.method in SAFE_METHODS
    return is_page or connection.get_execution_options().get(READER, False)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read one state of the database in a session of its own, while others write; nothing may be written in it.

    Ends the transaction it finds, by a commit: outside a page, on SQLite, that one holds the only writer's place.
    What was read stays usable after it, as far as it was loaded.
    """
    db.session.commit()
    is_server = db.engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if is_server else {READER: True}
    with current_app.app_context():  # a session lives as long as its context
        db.session.connection(execution_options=options)
        yield


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=15000")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A deferred writer that upgrades late dies with "database is locked"; an immediate one waits.
        connection.exec_driver_sql("BEGIN DEFERRED" if _is_reader(connection) else "BEGIN IMMEDIATE")


def register(app: Flask) -> None:
    """Bind every extension to `app`."""
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    bootstrap.init_app(app)
    login_manager.init_app(app)
    login_manager.login_view = "sign_in.sign_in"
    login_manager.login_message = "Connectez-vous pour ouvrir cette page."
    login_manager.session_protection = None
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
