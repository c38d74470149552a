"""The filing of signed letters into the HR system."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.letters.models import Letter


class FilingState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"


class FilingAction(StrEnum):
    FILE = "file"
    REVERSE = "reverse"


class Filing(db.Model):
    """One piece to file, or to take back; `piece` is its number for the HR system."""

    __tablename__ = "filings"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letters.id"), index=True)
    action: Mapped[FilingAction] = mapped_column(code_of(FilingAction, "filing_action"), default=FilingAction.FILE)
    state: Mapped[FilingState] = mapped_column(code_of(FilingState, "filing_state"), default=FilingState.QUEUED,
                                               index=True)
    piece: Mapped[str] = mapped_column(sa.String(40), unique=True)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
    tries: Mapped[int] = mapped_column(default=0)

    letter: Mapped[Letter] = relationship()

    __table_args__ = (sa.UniqueConstraint("letter_id", "action"),)
