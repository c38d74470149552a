"""Backup and restore: the database, the keys, the letters, and the exported heads of the journal."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from skillshare.ground import clock, journal
from skillshare.ground.errors import SkillshareError
from skillshare.ground.extensions import db

FOLDERS = ("keys", "letters", "journal-heads", "hr")
MANIFEST, SQLITE, DUMP = "manifest.json", "skillshare.sqlite3", "skillshare.dump"


class BackupRefused(SkillshareError):
    """A backup or a restore that cannot be whole; nothing was replaced."""

    title = "Sauvegarde impossible"


def backup(app: Flask, folder: Path) -> Path:
    """Write a dated backup under `folder`; whole under its name, or absent."""
    with app.app_context():
        name = f"skillshare-{clock.now():%Y%m%d-%H%M%S}"
        target, partial = folder / name, folder / f"{name}.part"
        partial.mkdir(parents=True, mode=0o700)
        try:
            _dump(partial)
            for each in FOLDERS:
                if (app.config["HOME"] / each).exists():
                    shutil.copytree(app.config["HOME"] / each, partial / each)
            (partial / MANIFEST).write_text(json.dumps(_facts() | {"made_at": clock.now().isoformat()}, indent=1))
        except BaseException:
            shutil.rmtree(partial)
            raise
        os.replace(partial, target)
        return target


def _facts() -> dict[str, object]:
    """What must be found again: engine, number of lines and head of the journal."""
    head = db.session.get(journal.JournalHead, 1)
    facts = {"engine": db.engine.dialect.name, "seq": head.seq if head else 0,
             "head": head.digest if head else journal.FIRST_HASH}
    db.session.rollback()
    return facts


def _dump(folder: Path) -> None:
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(_sqlite_path())) as source, closing(sqlite3.connect(folder / SQLITE)) as target:
            source.backup(target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={folder / DUMP}", _libpq_url())


def restore(app: Flask, folder: Path) -> None:
    """Put a backup back in place of what is there; refused when it is another engine's or its journal does not hold."""
    with app.app_context():
        wanted = _manifest(folder)
        if wanted["engine"] != db.engine.dialect.name:
            raise BackupRefused(f"Cette sauvegarde vient de {wanted['engine']}, la base d’ici est {db.engine.dialect.name}.")
        db.session.remove()
        db.engine.dispose()
        _load(folder)
        for each in FOLDERS:
            if (folder / each).exists():
                _replace(folder / each, app.config["HOME"] / each)
        _check(wanted)


def _manifest(folder: Path) -> dict[str, object]:
    path = folder / MANIFEST
    if not path.exists():
        raise BackupRefused(f"{folder} n’est pas une sauvegarde entière : {MANIFEST} manque.")
    found: dict[str, object] = json.loads(path.read_text())
    return found


def _load(folder: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(folder / SQLITE)) as source:
            if not _is_whole(source):
                raise BackupRefused("Le fichier de la base sauvegardée est abîmé. Rien n’a été remplacé.")
            with closing(sqlite3.connect(_sqlite_path(), timeout=15)) as target:
                source.backup(target)
    else:
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        db.engine.dispose()
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={_libpq_url()}",
             str(folder / DUMP))


def _is_whole(database: sqlite3.Connection) -> bool:
    try:
        return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _replace(source: Path, target: Path) -> None:
    """Copy beside, then exchange, so that a failure leaves one of the two whole."""
    beside, before = target.with_name(f"{target.name}.new"), target.with_name(f"{target.name}.before")
    for stale in (beside, before):
        shutil.rmtree(stale, ignore_errors=True)
    shutil.copytree(source, beside)
    if target.exists():
        os.replace(target, before)
    os.replace(beside, target)
    shutil.rmtree(before, ignore_errors=True)


def _check(wanted: dict[str, object]) -> None:
    verdict = journal.verify()
    db.session.rollback()
    if not verdict.valid or verdict.head != wanted["head"]:
        raise BackupRefused(f"Après remise en place, le journal ne correspond pas à la sauvegarde. {verdict.reason}")


def _sqlite_path() -> str:
    path = db.engine.url.database
    assert path is not None
    return path


def _libpq_url() -> str:
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupRefused(f"{program} manque : installez le client PostgreSQL de la même version que le serveur.")
    done = subprocess.run([program, *arguments], capture_output=True, text=True)  # noqa: S603  programs named here, no shell
    if done.returncode:
        raise BackupRefused(f"{program} a échoué : {done.stderr.strip()[-300:]}")
