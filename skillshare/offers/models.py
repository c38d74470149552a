"""An agent's offer: skills, windows, highest load, reach and visibility."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.organisation.models import Agent, Site
from skillshare.skills.models import Skill


class OfferState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Visibility(StrEnum):
    MEDIATOR = "mediator"
    MATCHING = "matching"
    EVERYONE = "everyone"


VISIBILITY_LABELS = {Visibility.MEDIATOR: "La médiatrice seulement",
                     Visibility.MATCHING: "Les services dont le besoin correspond",
                     Visibility.EVERYONE: "Tous les services"}


class Offer(db.Model):
    """At most one live offer per agent. `highest_load` in hundredths; `max_km` None: any distance."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    state: Mapped[OfferState] = mapped_column(code_of(OfferState, "offer_state"), default=OfferState.DRAFT, index=True)
    highest_load: Mapped[int] = mapped_column(default=20)
    remote: Mapped[bool] = mapped_column(default=False)
    max_km: Mapped[int | None]
    visibility: Mapped[Visibility] = mapped_column(code_of(Visibility, "visibility"), default=Visibility.MATCHING)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    refreshed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_on: Mapped[date | None] = mapped_column(index=True)

    agent: Mapped[Agent] = relationship()
    skills: Mapped[list[OfferSkill]] = relationship(back_populates="offer", cascade="all, delete-orphan",
                                                    order_by="OfferSkill.id")
    windows: Mapped[list[OfferWindow]] = relationship(back_populates="offer", cascade="all, delete-orphan",
                                                      order_by="OfferWindow.starts_on")
    sites: Mapped[list[OfferSite]] = relationship(back_populates="offer", cascade="all, delete-orphan")

    __table_args__ = (
        sa.CheckConstraint("highest_load BETWEEN 1 AND 100", name="load_in_hundredths"),
        sa.Index("uq_offers_one_live", "agent_id", unique=True,
                 sqlite_where=sa.text("state IN ('draft', 'published', 'paused')"),
                 postgresql_where=sa.text("state IN ('draft', 'published', 'paused')")),
    )


class OfferSkill(db.Model):
    __tablename__ = "offer_skills"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offers.id"), index=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    level: Mapped[int]

    offer: Mapped[Offer] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()

    __table_args__ = (sa.UniqueConstraint("offer_id", "skill_id"),
                      sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_known"))


class OfferWindow(db.Model):
    """Days during which the agent is available, both counted."""

    __tablename__ = "offer_windows"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offers.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    offer: Mapped[Offer] = relationship(back_populates="windows")

    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"),)


class OfferSite(db.Model):
    """A site the agent accepts whatever its distance."""

    __tablename__ = "offer_sites"

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offers.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id"), primary_key=True)

    offer: Mapped[Offer] = relationship(back_populates="sites")
    site: Mapped[Site] = relationship()
