"""What the last check of the register found: rules cost seconds over every letter, pages read their result."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from skillshare.ground.extensions import UTCDateTime, db


class LetterAnomaly(db.Model):
    """A letter that broke the rule of this code at the last check."""

    __tablename__ = "letter_anomalies"

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letters.id"), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


class RegisterCheck(db.Model):
    """The single row that says when every letter was last checked."""

    __tablename__ = "register_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
