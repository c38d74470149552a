"""Queueing, taking back and sending filings: CSV + PDF + JSON per piece, by drop folder."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.hr_file import queries
from skillshare.hr_file.answers import archive_acknowledgements, read_acknowledgements
from skillshare.hr_file.models import Filing, FilingAction
from skillshare.hr_file.spreadsheet import csv_bytes
from skillshare.hr_file.workflow import FILING
from skillshare.letters.models import Letter, LetterState

__all__ = ["archive_acknowledgements", "export", "queue", "read_acknowledgements", "requeue", "reverse"]
COLUMNS = ("PIECE", "ACTION", "MATRICULE", "NUMERO_LETTRE", "DATE_SIGNATURE", "DATE_DEBUT", "DATE_FIN", "QUOTITE",
           "SERVICE_ACCUEIL", "FICHIER_PDF", "FICHIER_JSON", "SHA256", "NATURE")


def queue(letter: Letter, *, at: datetime) -> Filing:
    """Queue the filing of a signed letter, or of an attestation, into the agent's file."""
    return _queue(letter, FilingAction.FILE, at=at)


def reverse(letter: Letter, *, at: datetime) -> Filing:
    """Queue the withdrawal of a letter's piece: its loan will not take place, or the letter was wrong."""
    return _queue(letter, FilingAction.REVERSE, at=at)


def _queue(letter: Letter, action: FilingAction, *, at: datetime) -> Filing:
    already = next((filing for filing in queries.of_letter(letter) if filing.action == action), None)
    if already is not None:
        return already
    suffix = "A" if action == FilingAction.REVERSE else ""
    filing = Filing(letter_id=letter.id, letter=letter, action=action, piece=f"BC-{letter.number}{suffix}", queued_at=at)
    db.session.add(filing)
    db.session.flush()
    journal.record("filings:queue", actor=SYSTEM, at=at, subject=filing, letter=letter.id, action=action.value)
    return filing


def requeue(filing: Filing, *, actor: Any, at: datetime) -> None:
    """Send a rejected or unanswered piece again; never the piece of a letter that no longer holds, since its
    withdrawal may have gone before."""
    if filing.action == FilingAction.FILE and filing.letter.state not in (LetterState.SIGNED, LetterState.ISSUED):
        raise RuleBroken("", "Cette lettre ne vaut plus : sa pièce n’est plus à verser. Seul son retrait peut être relancé.")
    move(FILING, filing, "requeue", actor=actor, at=at)
    filing.answer, filing.answered_at, filing.queued_at = "", None, at


def export(at: datetime, *, actor: Any = SYSTEM) -> list[Filing]:
    """Write every queued piece to hr/out and mark it sent. A file is whole or absent, and the export may be
    repeated: names come from pieces, so that a crash before the commit only writes the same files again."""
    filings = queries.queued()
    folder = current_app.config["HOME"] / "hr" / "out"
    for filing in filings:
        move(FILING, filing, "send", actor=actor, at=at)
        filing.sent_at, filing.tries = at, filing.tries + 1
        _write_piece(folder, filing)
    db.session.flush()
    return filings


def _write_piece(folder: Path, filing: Filing) -> None:
    facts = _facts(filing)
    if filing.action == FilingAction.FILE:
        _write(folder / f"{filing.piece}.pdf", filing.letter.pdf or b"")
    whole = facts | {"letter": filing.letter.data}
    _write(folder / f"{filing.piece}.json", json.dumps(whole, ensure_ascii=False, indent=1).encode())
    _write(folder / f"{filing.piece}.csv", csv_bytes(facts, [facts.values()]))  # last: the HR system's signal


def _facts(filing: Filing) -> dict[str, Any]:
    """The act as sealed, whatever has happened to its loan since."""
    letter, frozen = filing.letter, filing.letter.data
    is_new = filing.action == FilingAction.FILE
    signed_on = clock.local_date(letter.signed_at).isoformat() if letter.signed_at else ""
    period, load = frozen["period"], frozen.get("load") or {}
    values = (filing.piece, filing.action.value, frozen["agent"]["staff_number"], letter.number, signed_on,
              period["starts_on"], frozen.get("effective_on") or period["ends_on"], load.get("share"),
              frozen["host"]["unit"], f"{filing.piece}.pdf" if is_new else "", f"{filing.piece}.json", letter.sha256,
              letter.kind.value)
    return dict(zip(COLUMNS, values, strict=True))


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
