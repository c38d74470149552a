"""The filtered register as a spreadsheet."""

from __future__ import annotations

from datetime import date

from skillshare.audit import queries
from skillshare.ground.extensions import db
from skillshare.ground.typography import short_date
from skillshare.hr_file import queries as filings
from skillshare.hr_file.spreadsheet import csv_bytes
from skillshare.hr_file.workflow import FILING
from skillshare.letters.models import Letter
from skillshare.letters.workflow import LETTER
from skillshare.loans.workflow import LOAN

HEADER = ("Numéro", "Matricule", "Agent", "Service d’origine", "Service d’accueil", "Début", "Fin", "Part (%)", "Lettre",
          "Mission", "Signée le", "Versement", "Réponse du SIRH", "Remplace", "À regarder", "Empreinte SHA-256")
BATCH = 500


def register_csv(filters: queries.Filters, *, today: date) -> bytes:
    """Every letter of the filtered list, in its order."""
    found = list(db.session.scalars(queries.letters(filters, today=today)).unique())
    rows: list[tuple] = []
    for start in range(0, len(found), BATCH):
        batch = found[start:start + BATCH]
        ids = [letter.id for letter in batch]
        broken, filed = queries.anomalies_of(ids, today=today), filings.of_letters(ids)
        rows += [_row(letter, broken.get(letter.id, []), filed.get(letter.id)) for letter in batch]
    return csv_bytes(HEADER, rows)


def _row(letter: Letter, broken: list, filing) -> tuple:
    loan = letter.loan
    return (letter.number or "", loan.agent.staff_number, loan.agent.full_name, loan.home_unit.label, loan.host_unit.label,
            short_date(loan.starts_on), short_date(loan.ends_on), loan.load, LETTER.state_of(letter).label,
            LOAN.state_of(loan).label, short_date(letter.signed_at), FILING.state_of(filing).label if filing else "",
            filing.answer if filing else "", letter.replaces.number if letter.replaces else "",
            " ; ".join(rule.broken for rule in broken), letter.sha256 or "")
