"""Asks the application as each person of the cast, looks at what changed, and puts everything back."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.home import navigation
from skillshare.organisation import sessions
from skillshare.organisation.models import Account, Agent
from tests.access.cast import COLUMNS
from tests.access.stage import Ids, Stage
from tests.access.table import TABLE, Row

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    mimetype: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        return self.mimetype == "text/html"


class Theatre:
    """The application with its stage set, on SQLite; `ask` for a request, `changes` around what may write."""

    def __init__(self, app: Flask) -> None:
        self.app, self.home = app, Path(app.config["HOME"])
        self.accepted = False
        self.read: dict[tuple[Row, str], Answer] = {}
        self.counted: dict[int, navigation.Overview] = {}
        self.database = self.home / "skillshare.sqlite3"
        with app.app_context(), clock.travel(NOON):
            stage = Stage(NOON)
            self.ids: Ids = stage.ids
            self.cookies = {name: self._cookie(stage.cast[name].id) for name in COLUMNS if name != "anonymous"}
            revoked = db.session.query(Account).filter_by(agent_id=stage.cast["revoked"].id).one()
            revoked.session_epoch += 1
            db.session.commit()
        page = self.ask("alice", "GET", f"/besoins/{self.ids['need_open']}/invitations").text
        self.ids["invitation"] = re.findall(r'name="invite"[^>]*value="([^"]+)"', page)[0]
        self._close()
        self.pristine = self.home.with_name("pristine")
        self._keep()

    def _keep(self) -> None:
        shutil.copytree(self.home, self.pristine)
        self._watch()

    def _cookie(self, agent_id: int) -> str:
        account = db.session.query(Account).filter_by(agent_id=agent_id).one()
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return serializer.dumps(sessions.marks(account))

    def ask(self, person: str, method: str, path: str, *, at: datetime = NOON, **more: Any) -> Answer:
        """One request of a fresh browser holding that person's session, and nothing else."""
        client = self.app.test_client()
        if person in self.cookies:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[person])
        with clock.travel(at), self._counted_once(), client.open(path, method=method, **more) as response:
            return Answer(response.status_code, response.headers.get("Location", ""), response.mimetype or "",
                          dict(response.headers), response.get_data())

    @contextmanager
    def _counted_once(self) -> Iterator[None]:
        """What the navigation counts is asked once per person: on a stage that never changes it is the same, and
        it takes two thirds of the time of a refusal."""
        asked = navigation.overview

        def once(agent: Agent, on: date) -> navigation.Overview:
            if agent.id not in self.counted:
                self.counted[agent.id] = asked(agent, on)
            return self.counted[agent.id]

        navigation.overview = once
        try:
            yield
        finally:
            navigation.overview = asked

    def play(self, row: Row, person: str, **more: Any) -> Answer:
        """The request of a row of the table by that person; a page already read from the still stage is not asked again."""
        if row.method == "GET":
            if (row, person) not in self.read:
                self.read[row, person] = self.ask(person, "GET", self.address(row), **more)
            return self.read[row, person]
        return self.ask(person, "POST", self.address(row), data=row.posted(self.ids, person), **more)

    def pages(self) -> Iterator[tuple[Row, str, Answer]]:
        """Every reading of the table by everybody, each asked once in a session of tests."""
        for row in (row for row in TABLE if row.method == "GET"):
            with self.changes():
                for person in COLUMNS:
                    yield row, person, self.play(row, person)

    def address(self, row: Row, subject: Any = None) -> str:
        """The address of a row, about its own subject or another."""
        names = next(self.app.url_map.iter_rules(row.endpoint)).arguments - row.values.keys()
        about = subject if subject is not None else self.ids.get(row.subject or "")
        with self.app.test_request_context():
            return self.app.url_for(row.endpoint, **row.values, **dict.fromkeys(names, about))

    def digest(self) -> dict[str, str]:
        """A hash per table and per file of the data folder."""
        with sqlite3.connect(self.database) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {name: _hash(repr(connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()).encode())
                     for name in names if not name.startswith("sqlite_")}
        connection.close()
        return found | {str(path.relative_to(self.home)): _hash(path.read_bytes()) for path in self._files()}

    @contextmanager
    def changes(self) -> Iterator[set[str]]:
        """The set, filled at the end, of tables and files changed by what was done inside; all is put back."""
        changed = set[str]()
        yield changed
        if self._now() != self.still:
            found = self.digest()
            changed |= {name for name in self.before.keys() | found.keys() if self.before.get(name) != found.get(name)}
            self._restore()

    def _watch(self) -> None:
        """Note how everything is, and by what its stillness is seen without reading it all again."""
        self.watcher = sqlite3.connect(self.database, check_same_thread=False)
        self.before, self.still = self.digest(), self._now()

    def _now(self) -> tuple[int, frozenset]:
        """Moves with any commit of another connection (PRAGMA data_version) and any file written."""
        version = self.watcher.execute("PRAGMA data_version").fetchone()[0]
        return version, frozenset((path, path.stat().st_mtime_ns) for path in self._files())

    def _files(self) -> list[Path]:
        return [path for path in self.home.rglob("*") if path.is_file() and not path.name.startswith(self.database.name)]

    def _restore(self) -> None:
        self._close()
        self.watcher.close()
        shutil.rmtree(self.home)
        shutil.copytree(self.pristine, self.home)
        self._watch()

    def _close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


class PostgresqlTheatre(Theatre):
    """The same on a real PostgreSQL: what was done inside `changes` is undone, not told."""

    def __init__(self, app: Flask, server: sa.Engine) -> None:
        self.server = server
        super().__init__(app)

    def _keep(self) -> None:
        self._run("CREATE DATABASE theatre_pristine TEMPLATE theatre")

    @contextmanager
    def changes(self) -> Iterator[set[str]]:
        self.accepted = False
        yield set()
        if self.accepted:
            self._close()
            self._run("DROP DATABASE theatre", "CREATE DATABASE theatre TEMPLATE theatre_pristine")

    def ask(self, person: str, method: str, path: str, **more: Any) -> Answer:
        answer = super().ask(person, method, path, **more)
        self.accepted |= method == "POST" and answer.status < 400
        return answer

    def close(self) -> None:
        self._close()
        self._run("DROP DATABASE theatre", "DROP DATABASE theatre_pristine")

    def _run(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
