"""Questions about filings."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingState
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan


def queued() -> list[Filing]:
    """What waits to be sent, oldest first; a second sender at the same time skips what this one holds."""
    query = sa.select(Filing).where(Filing.state == FilingState.QUEUED).order_by(Filing.id)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def of_letter(letter: Letter) -> list[Filing]:
    return list(db.session.scalars(sa.select(Filing).where(Filing.letter_id == letter.id).order_by(Filing.id)))


def all_of(letters: list[Letter]) -> list[Filing]:
    """Every filing of these letters, in order."""
    query = sa.select(Filing).where(Filing.letter_id.in_([letter.id for letter in letters]))
    return list(db.session.scalars(query.order_by(Filing.id)))


def of_letters(letter_ids: list[int]) -> dict[int, Filing]:
    """Letter id → its last filing: the withdrawal where there is one."""
    query = sa.select(Filing).where(Filing.letter_id.in_(letter_ids)).order_by(Filing.id)
    return {filing.letter_id: filing for filing in db.session.scalars(query)}


def by_piece(piece: str) -> Filing | None:
    return db.session.scalar(sa.select(Filing).where(Filing.piece == piece))


def listed(state: FilingState | None = None) -> sa.Select[Filing]:
    """The filings for a paged list, newest first."""
    loan = joinedload(Filing.letter).joinedload(Letter.loan)
    query = (sa.select(Filing).options(loan.joinedload(Loan.agent), loan.joinedload(Loan.host_unit))
             .order_by(Filing.id.desc()))
    return query.where(Filing.state == state) if state else query


def count_by_state() -> dict[FilingState, int]:
    rows = db.session.execute(sa.select(Filing.state, sa.func.count()).group_by(Filing.state))
    return {row[0]: row[1] for row in rows}
