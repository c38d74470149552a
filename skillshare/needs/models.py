"""A unit's need: why, which skills, how many places, when and where."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.organisation.models import Agent, Site, Unit
from skillshare.skills.models import Skill


class NeedState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class NeedReason(StrEnum):
    PEAK = "peak"
    ABSENCE = "absence"
    PROJECT = "project"
    RARE_SKILL = "rare_skill"


class CloseReason(StrEnum):
    FILLED = "filled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class SupportAnswer(StrEnum):
    """R11: does a support service of the employer already do this?"""

    NONE = "none"
    ASKED_UNAVAILABLE = "asked_unavailable"
    COMPLEMENT = "complement"


class Remote(StrEnum):
    NO = "no"
    PARTLY = "partly"
    FULLY = "fully"


REASON_LABELS = {NeedReason.PEAK: "Un temps fort", NeedReason.ABSENCE: "Une absence",
                 NeedReason.PROJECT: "Un projet", NeedReason.RARE_SKILL: "Une compétence rare"}
CLOSE_LABELS = {CloseReason.FILLED: "pourvu", CloseReason.EXPIRED: "début passé sans volontaire pour chaque place",
                CloseReason.WITHDRAWN: "retiré"}
SUPPORT_LABELS = {SupportAnswer.NONE: "Non, aucun service support ne le fait",
                  SupportAnswer.ASKED_UNAVAILABLE: "Oui, mais il n’est pas disponible à ces dates",
                  SupportAnswer.COMPLEMENT: "Oui, et cette mission vient en complément"}
REMOTE_LABELS = {Remote.NO: "Sur place", Remote.PARTLY: "En partie à distance", Remote.FULLY: "À distance"}


class Need(db.Model):
    """`load`: hundredths of full time per place; a draft may lack what later steps ask."""

    __tablename__ = "needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    requester_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    mission_lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    state: Mapped[NeedState] = mapped_column(code_of(NeedState, "need_state"), default=NeedState.DRAFT, index=True)
    close_reason: Mapped[CloseReason | None] = mapped_column(code_of(CloseReason, "close_reason"))
    title: Mapped[str] = mapped_column(sa.String(100), default="")
    reason: Mapped[NeedReason | None] = mapped_column(code_of(NeedReason, "need_reason"))
    context: Mapped[str] = mapped_column(sa.String(600), default="")
    expected_results: Mapped[str] = mapped_column(sa.String(400), default="")
    support_answer: Mapped[SupportAnswer | None] = mapped_column(code_of(SupportAnswer, "support_answer"))
    support_note: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_on: Mapped[date | None] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    load: Mapped[int | None]
    rhythm: Mapped[str] = mapped_column(sa.String(120), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    remote: Mapped[Remote] = mapped_column(code_of(Remote, "remote"), default=Remote.NO)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    workplace: Mapped[str] = mapped_column(sa.String(160), default="")
    means: Mapped[str] = mapped_column(sa.String(300), default="")
    crisis_from: Mapped[date | None]
    crisis_until: Mapped[date | None]
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("needs.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    unit: Mapped[Unit] = relationship()
    requester: Mapped[Agent] = relationship(foreign_keys=[requester_id])
    mission_lead: Mapped[Agent | None] = relationship(foreign_keys=[mission_lead_id])
    site: Mapped[Site | None] = relationship()
    demands: Mapped[list[NeedSkill]] = relationship(back_populates="need", cascade="all, delete-orphan",
                                                    order_by="NeedSkill.id")
    seats: Mapped[list[Seat]] = relationship(back_populates="need", cascade="all, delete-orphan",
                                             order_by="Seat.number")

    __table_args__ = (
        sa.CheckConstraint("load IS NULL OR load BETWEEN 1 AND 100", name="load_in_hundredths"),
        sa.CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="period_in_order"),
        sa.CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="closed_with_a_reason"),
    )


class NeedSkill(db.Model):
    __tablename__ = "need_skills"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"), index=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    level: Mapped[int]
    required: Mapped[bool] = mapped_column(default=True)
    neighbours_allowed: Mapped[bool] = mapped_column(default=False)

    need: Mapped[Need] = relationship(back_populates="demands")
    skill: Mapped[Skill] = relationship()

    __table_args__ = (sa.UniqueConstraint("need_id", "skill_id"),
                      sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_known"))


class Seat(db.Model):
    """One place of a need; whether it is open is a query over its proposals."""

    __tablename__ = "seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"), index=True)
    number: Mapped[int]

    need: Mapped[Need] = relationship(back_populates="seats")

    __table_args__ = (sa.UniqueConstraint("need_id", "number"),)
