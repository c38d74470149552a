"""`skillshare run`: database, demo, jobs and web server in one command, for trying the product on one machine."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
import waitress
from flask import Flask

from config import ROOT
from skillshare.app import create_app
from skillshare.demo import builder
from skillshare.ground.extensions import db
from skillshare.organisation.models import Employer
from skillshare.organisation.passwords import DEMO_PASSWORD
from skillshare.skills.actions import load_catalogue

HOST = "127.0.0.1"
Say = Callable[[str], None]


def serve(say: Say) -> None:
    """Make what is missing, then serve until stopped. Exit code 2 when the port cannot be used."""
    port = _port(say)
    say("Réglages et application…")
    app = create_app()
    with app.app_context():
        _prepare(app, say)
    with _stopping_on_sigterm(), _jobs(say):
        _web(app, port, say)


def _port(say: Say) -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        say(f"PORT vaut « {text} » : écrivez un nombre entre 1 et 65535.")
        sys.exit(2)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            cause = "est déjà occupé" if error.errno == errno.EADDRINUSE else f"ne peut pas servir ({error.strerror})"
            say(f"Le port {text} de {HOST} {cause}. Arrêtez le programme qui l’occupe, ou choisissez-en un autre : "
                f"PORT={int(text) % 65535 + 1} make run")
            sys.exit(2)
    return int(text)


def _prepare(app: Flask, say: Say) -> None:
    marker = app.config["HOME"] / "demo-en-cours"
    if marker.exists():
        say("La démonstration précédente a été interrompue : elle est recommencée.")
        _forget(app)
    say("Base de données : mise à jour…")
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    count = load_catalogue()
    db.session.commit()
    say(f"Catalogue : {count} compétences.")
    if app.config["ENV_NAME"] == "demo" and _is_empty():
        say("Département de démonstration : première création, quelques minutes…")
        marker.touch()
        say(f"Appariement : {builder.build(app, say=say)}")
        marker.unlink()


def _is_empty() -> bool:
    return db.session.scalar(sa.select(Employer.id).limit(1)) is None


def _forget(app: Flask) -> None:
    """Remove a demo that was never finished: its marker proves that nobody has worked in it."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    else:
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    for folder in ("letters", "hr/out", "hr/in"):
        shutil.rmtree(app.config["HOME"] / folder, ignore_errors=True)
        (app.config["HOME"] / folder).mkdir(parents=True)


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """A termination unwinds as Ctrl-C does, so that the jobs process is stopped too."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _jobs(say: Say) -> Iterator[None]:
    """The jobs process, beside the web server; it also stops by itself if this process is killed."""
    child = subprocess.Popen([sys.executable, "-m", "skillshare", "jobs"],
                             env=os.environ | {"SKILLSHARE_STOP_WITH_PARENT": "1"})
    say("Tâches : démarrées (courriels, appariement de nuit, échéances).")
    try:
        yield
    finally:
        say("Arrêt…")
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _web(app: Flask, port: int, say: Say) -> None:
    server = waitress.create_server(app, host=HOST, port=port, threads=8, ident="")
    for line in (*_sign_ins(app), f"Prêt : http://{HOST}:{port}  (Ctrl-C pour arrêter)"):
        say(line)
    server.run()


def _sign_ins(app: Flask) -> list[str]:
    """The demo's people, as its builder wrote them."""
    path = app.config["HOME"] / "demo_people.json"
    if app.config["ENV_NAME"] != "demo" or not path.exists():
        return []
    people = json.loads(path.read_text(encoding="utf-8"))
    lines = [f"  {person['login']:<40} {person['name']:<18} {person['situation']}" for person in people]
    return [f"Connexions de démonstration, mot de passe « {DEMO_PASSWORD} » :", *lines]
