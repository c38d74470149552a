"""Questions about filings."""

from __future__ import annotations

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingState
from skillshare.letters.models import Letter


def queued() -> list[Filing]:
    return list(db.session.scalars(sa.select(Filing).where(Filing.state == FilingState.QUEUED).order_by(Filing.id)))


def of_letter(letter: Letter) -> list[Filing]:
    return list(db.session.scalars(sa.select(Filing).where(Filing.letter_id == letter.id).order_by(Filing.id)))


def by_piece(piece: str) -> Filing | None:
    return db.session.scalar(sa.select(Filing).where(Filing.piece == piece))


def listed(state: FilingState | None = None) -> sa.Select[tuple[Filing]]:
    """The filings for a paged list, newest first."""
    query = sa.select(Filing).order_by(Filing.id.desc())
    return query.where(Filing.state == state) if state else query


def count_by_state() -> dict[FilingState, int]:
    rows = db.session.execute(sa.select(Filing.state, sa.func.count()).group_by(Filing.state))
    return {state: count for state, count in rows}
