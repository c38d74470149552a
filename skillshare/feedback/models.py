"""Feedback of the three sides after a loan, and the skills the host saw exercised."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent
from skillshare.skills.models import Skill


class Side(StrEnum):
    AGENT = "agent"
    HOST = "host"
    HOME = "home"


SIDE_LABELS = {Side.AGENT: "L’agent", Side.HOST: "Le service d’accueil", Side.HOME: "Le service d’origine"}


class Feedback(db.Model):
    """Asked of one person for one side; given once. `answers`: codes from lists, and one short text."""

    __tablename__ = "feedbacks"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(sa.ForeignKey("loans.id"), index=True)
    side: Mapped[Side] = mapped_column(code_of(Side, "side"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    loan: Mapped[Loan] = relationship()
    author: Mapped[Agent] = relationship()

    __table_args__ = (sa.UniqueConstraint("loan_id", "side"),)


class ExercisedSkill(db.Model):
    """A skill of the mission, as the host confirmed it was exercised."""

    __tablename__ = "exercised_skills"

    loan_id: Mapped[int] = mapped_column(sa.ForeignKey("loans.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), primary_key=True)
    level: Mapped[int]

    loan: Mapped[Loan] = relationship()
    skill: Mapped[Skill] = relationship()
