import json
import shutil

import pytest
import sqlalchemy as sa

from skillshare.admin import backups, export
from skillshare.ground import journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.organisation.models import Agent
from tests import factories


def test_all_data_of_a_person_by_staff_number(people):
    data = export.of_person(people.bob.staff_number)
    assert data["identite"][0]["last_name"] == "Tessier"
    assert data["compte"] and json.dumps(data, default=str)
    assert export.of_person("inconnu") is None


def _fill(app, at):
    people = factories.standing_people()
    journal.record("needs:publish", actor=SYSTEM, at=at, subject=people.bob)
    db.session.commit()
    home = app.config["HOME"]
    (home / "keys" / "seal.key").write_bytes(b"clef")
    (home / "letters" / "2026").mkdir()
    (home / "letters" / "2026" / "2026-0001.pdf").write_bytes(b"%PDF lettre")
    return people


def _destroy(app):
    db.session.execute(sa.update(Agent).values(last_name="Perdu"))
    db.session.execute(sa.text("DELETE FROM journal"))
    db.session.commit()
    for name in ("keys", "letters"):
        shutil.rmtree(app.config["HOME"] / name)


def _same_version() -> bool:
    """pg_dump refuses a server newer than itself."""
    return shutil.which("pg_dump") is not None


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_backup_destroy_restore_gives_back_counts_head_and_files(request, at, tmp_path, engine):
    if engine == "postgresql" and not _same_version():
        pytest.skip("pg_dump is not installed here")
    app = request.getfixturevalue("app" if engine == "sqlite" else "postgresql_app")
    _fill(app, at)
    before = (db.session.scalar(sa.select(sa.func.count()).select_from(Agent)), journal.verify())
    db.session.commit()
    kept = backups.backup(app, tmp_path / "sauvegardes")
    _destroy(app)
    backups.restore(app, kept)
    assert (db.session.scalar(sa.select(sa.func.count()).select_from(Agent)), journal.verify()) == before
    assert db.session.scalar(sa.select(Agent.last_name).where(Agent.first_name == "Bob")) == "Tessier"
    assert (app.config["HOME"] / "letters" / "2026" / "2026-0001.pdf").read_bytes() == b"%PDF lettre"
    assert (app.config["HOME"] / "keys" / "seal.key").read_bytes() == b"clef"


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_replaced(app, at, tmp_path):
    _fill(app, at)
    kept = backups.backup(app, tmp_path)
    (kept / "manifest.json").unlink()
    with pytest.raises(backups.BackupRefused):
        backups.restore(app, kept)
    assert db.session.scalar(sa.select(Agent.last_name).where(Agent.first_name == "Bob")) == "Tessier"


def test_a_damaged_database_is_refused_before_anything_is_replaced(app, at, tmp_path):
    _fill(app, at)
    kept = backups.backup(app, tmp_path)
    file = kept / "skillshare.sqlite3"
    damaged = bytearray(file.read_bytes())
    damaged[5000:9000] = b"\xff" * 4000
    file.write_bytes(damaged)
    with pytest.raises(backups.BackupRefused, match="abîmé"):
        backups.restore(app, kept)
    assert db.session.scalar(sa.select(Agent.last_name).where(Agent.first_name == "Bob")) == "Tessier"


def test_a_backup_of_another_engine_is_refused(app, at, tmp_path):
    _fill(app, at)
    kept = backups.backup(app, tmp_path)
    manifest = json.loads((kept / "manifest.json").read_text())
    (kept / "manifest.json").write_text(json.dumps(manifest | {"engine": "postgresql"}))
    with pytest.raises(backups.BackupRefused):
        backups.restore(app, kept)


def test_a_journal_that_differs_from_the_backup_is_said(app, at, tmp_path):
    _fill(app, at)
    kept = backups.backup(app, tmp_path)
    manifest = json.loads((kept / "manifest.json").read_text())
    (kept / "manifest.json").write_text(json.dumps(manifest | {"head": "0" * 64}))
    with pytest.raises(backups.BackupRefused, match="journal"):
        backups.restore(app, kept)
