"""The catalogue of skills in the database: families, synonyms, neighbours, suggestions."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.organisation.models import Agent


class Family(StrEnum):
    PROFESSIONAL = "professional"
    INGENUITY = "ingenuity"
    EXOTIC = "exotic"


FAMILY_LABELS = {Family.PROFESSIONAL: "Parcours professionnel", Family.INGENUITY: "Ingéniosité",
                 Family.EXOTIC: "Compétence exotique"}


class Level(IntEnum):
    NOTIONS = 1
    PRACTICE = 2
    MASTERY = 3
    EXPERTISE = 4


LEVEL_LABELS = {Level.NOTIONS: "notions", Level.PRACTICE: "pratique", Level.MASTERY: "maîtrise",
                Level.EXPERTISE: "expertise"}


class SkillState(StrEnum):
    ACTIVE = "active"
    SUGGESTED = "suggested"
    REJECTED = "rejected"
    MERGED = "merged"


class Skill(db.Model):
    """One controlled skill; only an active one matches. `key` is its normalised name."""

    __tablename__ = "skills"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    family: Mapped[Family] = mapped_column(code_of(Family, "family"), index=True)
    domain: Mapped[str] = mapped_column(sa.String(80), index=True)
    definition: Mapped[str] = mapped_column(sa.String(400))
    regulated_by: Mapped[str] = mapped_column(sa.String(120), default="")
    state: Mapped[SkillState] = mapped_column(code_of(SkillState, "skill_state"), default=SkillState.ACTIVE)
    suggested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    suggested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"))
    curation_note: Mapped[str] = mapped_column(sa.String(300), default="")

    suggested_by: Mapped[Agent | None] = relationship()
    merged_into: Mapped[Skill | None] = relationship(remote_side=[id])
    synonyms: Mapped[list[SkillSynonym]] = relationship(
        cascade="all, delete-orphan", order_by="SkillSynonym.id")

    @property
    def is_regulated(self) -> bool:
        return bool(self.regulated_by)


class SkillSynonym(db.Model):
    __tablename__ = "skill_synonyms"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(120))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)


class SkillNeighbour(db.Model):
    """A directed half of a neighbourhood: holding `neighbour` helps towards `skill` by `weight` in (0, 1)."""

    __tablename__ = "skill_neighbours"

    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), primary_key=True)
    neighbour_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), primary_key=True)
    weight: Mapped[float]

    __table_args__ = (sa.CheckConstraint("weight > 0 AND weight < 1", name="weight_in_unit_interval"),)
