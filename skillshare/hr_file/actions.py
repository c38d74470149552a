"""Queueing, exporting and acknowledging filings: CSV + PDF + JSON per piece, by drop folder."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from skillshare.ground import journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.hr_file import queries
from skillshare.hr_file.models import Filing, FilingAction, FilingState
from skillshare.hr_file.workflow import FILING
from skillshare.letters.models import Letter

COLUMNS = ("PIECE", "ACTION", "MATRICULE", "NUMERO_LETTRE", "DATE_SIGNATURE", "DATE_DEBUT", "DATE_FIN", "QUOTITE",
           "SERVICE_ACCUEIL", "FICHIER_PDF", "FICHIER_JSON", "SHA256")


def queue(letter: Letter, *, at: datetime) -> Filing:
    """Queue the filing of a signed letter into the agent's file."""
    return _queue(letter, FilingAction.FILE, at=at)


def reverse(letter: Letter, *, at: datetime) -> Filing:
    """Queue the withdrawal of a letter's piece: its loan will not take place, or the letter was wrong."""
    return _queue(letter, FilingAction.REVERSE, at=at)


def _queue(letter: Letter, action: FilingAction, *, at: datetime) -> Filing:
    suffix = "A" if action == FilingAction.REVERSE else ""
    filing = Filing(letter_id=letter.id, letter=letter, action=action, piece=f"BC-{letter.number}{suffix}", queued_at=at)
    db.session.add(filing)
    db.session.flush()
    journal.record("filings:queue", actor=SYSTEM, at=at, subject=filing, letter=letter.id, action=action.value)
    return filing


def requeue(filing: Filing, *, actor: Any, at: datetime) -> None:
    """Send a rejected or unanswered piece again."""
    move(FILING, filing, "requeue", actor=actor, at=at)
    filing.answer, filing.queued_at = "", at


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
    letter = filing.letter
    if filing.action == FilingAction.FILE:
        _write(folder / f"{filing.piece}.pdf", letter.pdf or b"")
    _write(folder / f"{filing.piece}.json", json.dumps(_facts(filing) | {"letter": letter.data}, ensure_ascii=False,
                                                       indent=1).encode())
    _write(folder / f"{filing.piece}.csv", _csv_of(_facts(filing)))  # last: its arrival is the HR system's signal


def _facts(filing: Filing) -> dict[str, Any]:
    letter, loan = filing.letter, filing.letter.loan
    is_new = filing.action == FilingAction.FILE
    values = (filing.piece, filing.action.value, loan.agent.staff_number, letter.number,
              letter.signed_at.date().isoformat() if letter.signed_at else "", loan.starts_on.isoformat(),
              loan.ends_on.isoformat(), loan.load, loan.host_unit.label, f"{filing.piece}.pdf" if is_new else "",
              f"{filing.piece}.json", letter.sha256)
    return dict(zip(COLUMNS, values, strict=True))


def _csv_of(facts: dict[str, Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(facts)
    writer.writerow([neutral(value) for value in facts.values()])
    return out.getvalue().encode("utf-8-sig")


def neutral(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in "=+-@\t\r" else text


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    os.replace(partial, path)


def read_acknowledgements(at: datetime) -> tuple[int, list[str]]:
    """Read hr/in/*.csv (PIECE;STATUT;MESSAGE, STATUT accepte or rejete). Returns (taken, faults in French).

    A second or late answer to a piece changes nothing; a file is renamed .lu once read, and its
    unreadable lines are listed, never lost: they stay in the renamed file.
    """
    taken, faults = 0, []
    for path in sorted((current_app.config["HOME"] / "hr" / "in").glob("*.csv")):
        for line, row in enumerate(_rows(path), start=2):
            fault = _acknowledge(row, at=at)
            if fault:
                faults.append(f"{path.name}, ligne {line} : {fault}")
            else:
                taken += 1
    return taken, faults


def archive_acknowledgements() -> None:
    """After the commit: rename what was read."""
    for path in sorted((current_app.config["HOME"] / "hr" / "in").glob("*.csv")):
        os.replace(path, path.with_suffix(".lu"))


def _rows(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return [{str(key).strip().upper(): str(value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text.replace("\0", "")), delimiter=";")]


def _acknowledge(row: dict[str, str], *, at: datetime) -> str:
    filing = queries.by_piece(row.get("PIECE", ""))
    if filing is None:
        return f"pièce « {row.get('PIECE', '')} » inconnue."
    verb = {"accepte": "acknowledge", "rejete": "reject"}.get(row.get("STATUT", "").lower().replace("é", "e"))
    if verb is None:
        return f"statut « {row.get('STATUT', '')} » : attendu accepte ou rejete."
    if filing.state == FilingState.QUEUED:
        return f"pièce {filing.piece} : réponse reçue avant l’envoi."
    if filing.state == FilingState.SENT:
        move(FILING, filing, verb, actor=SYSTEM, at=at)
        filing.answered_at, filing.answer = at, row.get("MESSAGE", "")[:300]
    return ""
