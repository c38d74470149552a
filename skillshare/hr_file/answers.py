"""The HR system's answers: hr/in/*.csv with the columns PIECE, STATUT (accepte or rejete) and MESSAGE."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from skillshare.ground import journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import lock, move
from skillshare.hr_file import queries
from skillshare.hr_file.models import FilingState
from skillshare.hr_file.workflow import FILING

READ = "filings:read_answers"
VERBS = {"accepte": ("acknowledge", FilingState.ACKNOWLEDGED), "rejete": ("reject", FilingState.REJECTED)}


def read_acknowledgements(at: datetime) -> tuple[int, list[str]]:
    """Take the answers of every file waiting. Returns (answers taken, faults in French).

    The same answer twice changes nothing; one that contradicts an earlier answer, or comes before the piece
    was sent, is a fault. Faults are lines that nobody loses: they stay in the archived file.
    """
    taken, faults = 0, []
    for path in _waiting():
        raw = path.read_bytes()
        journal.record(READ, actor=SYSTEM, at=at, file=path.name, sha256=hashlib.sha256(raw).hexdigest())
        for line, row in enumerate(_rows(raw), start=2):
            changed, fault = _acknowledge(row, at=at)
            taken += changed
            if fault:
                faults.append(f"{path.name}, ligne {line} : {fault}")
    return taken, faults


def archive_acknowledgements() -> None:
    """After the commit: rename what the journal says was read, and nothing that has arrived since."""
    for path in _waiting():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if _was_read(digest):
            os.replace(path, path.with_name(f"{path.stem}.{digest[:8]}.lu"))


def _waiting() -> list[Path]:
    folder = current_app.config["HOME"] / "hr" / "in"
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())


def _was_read(digest: str) -> bool:
    entry = journal.JournalEntry
    query = sa.select(entry.seq).where(entry.event == READ, entry.detail.contains(digest)).limit(1)
    return db.session.scalar(query) is not None


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return [{str(key).strip().upper(): str(value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text.replace("\0", "")), delimiter=";")]


def _acknowledge(row: dict[str, str], *, at: datetime) -> tuple[bool, str]:
    """Whether the answer changed something, and what is wrong with it."""
    filing = queries.by_piece(row.get("PIECE", ""))
    if filing is None:
        return False, f"pièce « {row.get('PIECE', '')} » inconnue."
    known = VERBS.get(row.get("STATUT", "").lower().replace("é", "e"))
    if known is None:
        return False, f"statut « {row.get('STATUT', '')} » : attendu accepte ou rejete."
    verb, state = known
    lock(filing)
    if filing.state == FilingState.QUEUED:
        return False, f"pièce {filing.piece} : réponse reçue avant l’envoi."
    if filing.state == FilingState.SENT:
        move(FILING, filing, verb, actor=SYSTEM, at=at)
        filing.answered_at, filing.answer = at, row.get("MESSAGE", "")[:300]
        return True, ""
    if filing.state != state:
        was = FILING.state_of(filing).label.lower()
        return False, f"pièce {filing.piece} : réponse contraire à la première ({was}), à voir avec le SIRH."
    return False, ""
