"""Matching runs and the proposals they, the agents and the requesters make."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.needs.models import Need, Seat
from skillshare.organisation.models import Agent


class Run(db.Model):
    """One matching run and everything needed to account for it. Times of solving in seconds.

    `skipped`: pairs of the plan that were not proposed, because something had changed while it was solved.
    `rotation`: what the term fairness changed, see `runs.rotation_of`; none where the term weighs nothing."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[str] = mapped_column(sa.String(40))
    weights: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    status: Mapped[str] = mapped_column(sa.String(20))
    filled: Mapped[list[int]] = mapped_column(sa.JSON)
    bound: Mapped[list[float]] = mapped_column(sa.JSON)
    fit: Mapped[float]
    seconds: Mapped[float]
    agents: Mapped[int]
    seats: Mapped[int]
    pairs: Mapped[int]
    complete: Mapped[bool]
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    rotation: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)

    @property
    def is_proven(self) -> bool:
        return self.complete and self.status == "optimal"


class OpenSeat(db.Model):
    """A seat a run left open, with what the engine found in the way (facts of `matching.diagnose`)."""

    __tablename__ = "open_seats"

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("runs.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seats.id"), primary_key=True)
    diagnosis: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    run: Mapped[Run] = relationship()
    seat: Mapped[Seat] = relationship()


class Origin(StrEnum):
    RUN = "run"
    APPLICATION = "application"
    INVITATION = "invitation"
    COUNTER = "counter"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    IN_VISA = "in_visa"
    APPROVED = "approved"
    REFUSED = "refused"
    COUNTER_PROPOSED = "counter_proposed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


LIVE = (ProposalState.PROPOSED, ProposalState.ACCEPTED, ProposalState.CHOSEN, ProposalState.IN_VISA,
        ProposalState.APPROVED)
NEVER_SAID_YES = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.CANCELLED)  # where nobody accepted
HOLDING = (ProposalState.CHOSEN, ProposalState.IN_VISA, ProposalState.APPROVED)


def _in(states: tuple[ProposalState, ...]) -> sa.TextClause:
    return sa.text("state IN (" + ", ".join(f"'{state.value}'" for state in states) + ")")


class Proposal(db.Model):
    """One agent for one seat, on given dates and load; `content_hash` is what both sides agree to.

    `terms`: list of {name, weight, value, share}; shares add up to `fit`. `previous_id`: the
    proposal that this counter-proposal replaces; `counter_by_id`: the manager whose visa it counts as.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"), index=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"), index=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seats.id"), index=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    origin: Mapped[Origin] = mapped_column(code_of(Origin, "origin"))
    state: Mapped[ProposalState] = mapped_column(code_of(ProposalState, "proposal_state"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    load: Mapped[int]
    fit: Mapped[float]
    terms: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    evidence: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    previous_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"))
    counter_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    answer_by: Mapped[date | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    chosen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    chosen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    run: Mapped[Run | None] = relationship()
    need: Mapped[Need] = relationship()
    seat: Mapped[Seat] = relationship()
    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    chosen_by: Mapped[Agent | None] = relationship(foreign_keys=[chosen_by_id])
    counter_by: Mapped[Agent | None] = relationship(foreign_keys=[counter_by_id])
    previous: Mapped[Proposal | None] = relationship(remote_side=[id])

    __table_args__ = (
        sa.CheckConstraint("load BETWEEN 1 AND 100", name="load_in_hundredths"),
        sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"),
        sa.Index("uq_proposals_one_holder_per_seat", "seat_id", unique=True,
                 sqlite_where=_in(HOLDING), postgresql_where=_in(HOLDING)),
        sa.Index("uq_proposals_one_live_per_need_and_agent", "need_id", "agent_id", unique=True,
                 sqlite_where=_in(LIVE), postgresql_where=_in(LIVE)),
    )

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class ChoiceCost(db.Model):
    """What choosing one volunteer changes for other needs, as the engine found it on the market of `digest`.

    `facts`: {possible, proven, deprived, moved}; `deprived`: ids of needs, one per place they would lose; `moved`:
    ids of needs whose places somebody else would take.
    """

    __tablename__ = "choice_costs"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    computed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class DeclineCount(db.Model):
    """How often each reason was given for declining in a month: no name, no need, no day (R5)."""

    __tablename__ = "decline_counts"

    month: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    count: Mapped[int]
