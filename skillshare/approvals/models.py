"""Visas: the steps of a proposal's circuit, who holds each, since when and until when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal


class VisaKind(StrEnum):
    HOST_HEAD = "host_head"
    HOME_MANAGER = "home_manager"
    HOME_HEAD = "home_head"
    HR = "hr"


VISA_LABELS = {VisaKind.HOST_HEAD: "Visa du service d’accueil", VisaKind.HOME_MANAGER: "Visa du service d’origine",
               VisaKind.HOME_HEAD: "Visa de la direction d’origine", VisaKind.HR: "Visa des ressources humaines"}


class VisaState(StrEnum):
    PENDING = "pending"
    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"
    COUNTERED = "countered"
    VOID = "void"


class Stage(StrEnum):
    """How far the clock has carried a waiting visa: it never approves."""

    HOLDER = "holder"
    REMINDED = "reminded"
    STAND_IN = "stand_in"
    ABOVE = "above"
    MEDIATOR = "mediator"


class Visa(db.Model):
    """One step. `holder`: who must act (None: nobody is left, the mediator unblocks); `decided_for`: in whose place."""

    __tablename__ = "visas"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    rank: Mapped[int]
    kind: Mapped[VisaKind] = mapped_column(code_of(VisaKind, "visa_kind"))
    state: Mapped[VisaState] = mapped_column(code_of(VisaState, "visa_state"), default=VisaState.PENDING, index=True)
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    stage: Mapped[Stage] = mapped_column(code_of(Stage, "stage"), default=Stage.HOLDER)
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    remind_on: Mapped[date | None]
    stand_in_on: Mapped[date | None]
    above_on: Mapped[date | None]
    mediator_on: Mapped[date | None]
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    decided_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    reason_code: Mapped[str] = mapped_column(sa.String(40), default="")
    reason_text: Mapped[str] = mapped_column(sa.String(400), default="")
    suitability: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    proposal: Mapped[Proposal] = relationship()
    holder: Mapped[Agent | None] = relationship(foreign_keys=[holder_id])
    helper: Mapped[Agent | None] = relationship(foreign_keys=[helper_id])
    decided_by: Mapped[Agent | None] = relationship(foreign_keys=[decided_by_id])
    decided_for: Mapped[Agent | None] = relationship(foreign_keys=[decided_for_id])

    __table_args__ = (sa.UniqueConstraint("proposal_id", "rank"),
                      sa.CheckConstraint("state <> 'given' OR decided_by_id IS NOT NULL", name="given_by_somebody"))
