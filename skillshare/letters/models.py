"""Mission letters: frozen data, sealed bytes, gapless numbers, and who opened them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent, SigningDelegation


class LetterState(StrEnum):
    TO_SIGN = "to_sign"
    SIGNED = "signed"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class LetterKind(StrEnum):
    LETTER = "letter"
    EARLY_END = "early_end"
    ATTESTATION = "attestation"


KIND_LABELS = {LetterKind.LETTER: "Lettre de mission", LetterKind.EARLY_END: "Fin anticipée de mission",
               LetterKind.ATTESTATION: "Attestation de mission"}


class LetterCounter(db.Model):
    """The last number taken by one employer in one year; its row is locked while a number is taken."""

    __tablename__ = "letter_counters"

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Letter(db.Model):
    """`data` is compiled as is; once sealed, `pdf` and `sha256` never change.

    A signed act has its signatory. An attestation is issued by the clock at `signed_at`, the instant of its seal,
    and nobody signs it. `year` and `sequence` are those of mission letters alone.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(sa.ForeignKey("loans.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    kind: Mapped[LetterKind] = mapped_column(code_of(LetterKind, "letter_kind"), default=LetterKind.LETTER)
    state: Mapped[LetterState] = mapped_column(code_of(LetterState, "letter_state"), default=LetterState.TO_SIGN,
                                               index=True)
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    year: Mapped[int | None]
    sequence: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    verify_code: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    sha256: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signing_delegations.id"))
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letters.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    loan: Mapped[Loan] = relationship()
    signed_by: Mapped[Agent | None] = relationship()
    delegation: Mapped[SigningDelegation | None] = relationship()
    replaces: Mapped[Letter | None] = relationship(remote_side=[id])

    @property
    def title(self) -> str:
        """« Lettre de mission n° 2026-0042 », without a number before the seal."""
        return f"{KIND_LABELS[self.kind]} n° {self.number}" if self.number else KIND_LABELS[self.kind]

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day that the act prints, whatever became of the mission since."""
        said = self.data["period"]
        return date.fromisoformat(said["starts_on"]), date.fromisoformat(said["ends_on"])

    @property
    def effective_on(self) -> date | None:
        """The last day that an early end prints, before that of its period."""
        said = self.data.get("effective_on")
        return date.fromisoformat(said) if said else None

    __table_args__ = (
        sa.UniqueConstraint("employer_id", "year", "sequence"),
        # The register walks every letter: an index of all it compares spares reading past each `pdf`.
        sa.Index("ix_letters_register", "loan_id", "kind", "state", "year", "sequence", "signed_at", "signed_by_id",
                 "delegation_id", "employer_id"),
        sa.CheckConstraint("state <> 'signed' OR (number IS NOT NULL AND sha256 IS NOT NULL AND pdf IS NOT NULL "
                           "AND signed_at IS NOT NULL AND signed_by_id IS NOT NULL AND delegation_id IS NOT NULL)",
                           name="signed_is_complete"),
        sa.CheckConstraint("state <> 'issued' OR (kind = 'attestation' AND number IS NOT NULL AND sha256 IS NOT NULL "
                           "AND pdf IS NOT NULL AND signed_at IS NOT NULL)", name="issued_is_complete"),
        sa.Index("uq_letters_one_current_per_loan", "loan_id", "kind", unique=True,
                 sqlite_where=sa.text("state IN ('to_sign', 'signed', 'issued')"),
                 postgresql_where=sa.text("state IN ('to_sign', 'signed', 'issued')")),
    )


class LetterView(db.Model):
    """Who opened which letter, kept three years."""

    __tablename__ = "letter_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letters.id"), index=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
