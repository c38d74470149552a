"""The employer's people and units, as the HR system states them, and what the application adds."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.ground.once import once


class RoleName(StrEnum):
    REQUESTER = "requester"
    HR = "hr"
    MEDIATOR = "mediator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_LABELS = {RoleName.REQUESTER: "Service demandeur", RoleName.HR: "Ressources humaines",
               RoleName.MEDIATOR: "Médiation de transversalité", RoleName.ADMINISTRATOR: "Administration",
               RoleName.AUDITOR: "Audit des lettres"}


class Employer(db.Model):
    __tablename__ = "employers"

    id: Mapped[int] = mapped_column(primary_key=True)
    siret: Mapped[str] = mapped_column(sa.String(14), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))


class Site(db.Model):
    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    __table_args__ = (sa.UniqueConstraint("employer_id", "code", "name"),)


class Unit(db.Model):
    """A node of the tree of services. `path` is "/root/…/self/", so that a subtree is one prefix.

    `cap` and `presence_threshold` are the manager's own settings: hundredths of full-time
    equivalents that may be on loan on one day, and that must stay present; None: no limit.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    code: Mapped[str] = mapped_column(sa.String(30))
    label: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[str] = mapped_column(sa.String(60))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id", use_alter=True), index=True)
    path: Mapped[str] = mapped_column(sa.String(200), default="/", index=True)
    cap: Mapped[int | None]
    presence_threshold: Mapped[int | None]

    employer: Mapped[Employer] = relationship()
    parent: Mapped[Unit | None] = relationship(remote_side=[id])
    head: Mapped[Agent | None] = relationship(foreign_keys=[head_id], post_update=True)

    __table_args__ = (sa.UniqueConstraint("employer_id", "code"),
                      sa.CheckConstraint("cap IS NULL OR cap >= 0", name="cap_not_negative"))

    @property
    def is_sam(self) -> bool:
        return self.kind == "SAM"

    @property
    def lineage_ids(self) -> list[int]:
        """Ids from this unit up to its root: the order in which units are locked."""
        return [int(part) for part in self.path.strip("/").split("/")][::-1]

    def is_within(self, other: Unit) -> bool:
        return self.path.startswith(other.path)


class Agent(db.Model):
    """A person of the HR file. `working_time` in hundredths of full time; names as shown, `raw_*` as received."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    staff_number: Mapped[str] = mapped_column(sa.String(30))
    title: Mapped[str] = mapped_column(sa.String(20), default="")
    last_name: Mapped[str] = mapped_column(sa.String(80))
    first_name: Mapped[str] = mapped_column(sa.String(80))
    raw_last_name: Mapped[str] = mapped_column(sa.String(80), default="")
    raw_first_name: Mapped[str] = mapped_column(sa.String(80), default="")
    sort_name: Mapped[str] = mapped_column(sa.String(170), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(160), index=True)
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    category: Mapped[str] = mapped_column(sa.String(10), default="")
    stream: Mapped[str] = mapped_column(sa.String(80), default="")
    job_framework: Mapped[str] = mapped_column(sa.String(120), default="")
    job: Mapped[str] = mapped_column(sa.String(120), default="")
    status: Mapped[str] = mapped_column(sa.String(40), default="")
    working_time: Mapped[int] = mapped_column(default=100)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    entry_on: Mapped[date | None]
    exit_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True, index=True)

    employer: Mapped[Employer] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    manager: Mapped[Agent | None] = relationship(remote_side=[id], foreign_keys=[manager_id])
    site: Mapped[Site | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("employer_id", "staff_number"),
                      sa.CheckConstraint("working_time BETWEEN 0 AND 100", name="working_time_in_hundredths"))

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def role_names(self) -> frozenset[str]:
        """Roles held now (`Role` rows are few), read once per page."""
        query = sa.select(Role.name).where(Role.agent_id == self.id)
        return once(("roles", self.id), lambda: frozenset(str(name) for name in db.session.scalars(query)))

    def has_role(self, *names: RoleName) -> bool:
        return self.active and not self.role_names.isdisjoint(name.value for name in names)


class Role(db.Model):
    """A function given to an agent. A requester's `unit_id` is the unit whose needs they state."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    name: Mapped[RoleName] = mapped_column(code_of(RoleName, "role_name"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("agent_id", "name", "unit_id"),
        # NULL units differ from each other for the constraint above.
        sa.Index("uq_roles_without_unit", "agent_id", "name", unique=True,
                 sqlite_where=sa.text("unit_id IS NULL"), postgresql_where=sa.text("unit_id IS NULL")),
    )

    @property
    def label(self) -> str:
        return ROLE_LABELS[self.name]


class StandIn(db.Model):
    """Who gives visas in somebody's absence; named by that person or their N+1. It is not a signing delegation."""

    __tablename__ = "stand_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    named_by_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    deputy: Mapped[Agent] = relationship(foreign_keys=[deputy_id])

    __table_args__ = (sa.CheckConstraint("agent_id <> deputy_id", name="deputy_is_somebody_else"),
                      sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"))


class Absence(db.Model):
    """Days an agent is away, as the manager entered them: never a motive."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])

    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"),)


class SigningDelegation(db.Model):
    """The executive's published act by which `holder` signs letters for agents of `unit`'s subtree."""

    __tablename__ = "signing_delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    subject: Mapped[str] = mapped_column(sa.String(200))
    reference: Mapped[str] = mapped_column(sa.String(80))
    quality: Mapped[str] = mapped_column(sa.String(120))
    on_behalf: Mapped[str] = mapped_column(sa.String(120))
    published_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    holder: Mapped[Agent] = relationship(foreign_keys=[holder_id])
    unit: Mapped[Unit] = relationship()

    __table_args__ = (sa.CheckConstraint("holder_id <> recorded_by_id", name="never_recorded_by_its_holder"),
                      sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period_in_order"))


class Account(db.Model):
    """How one agent signs in. `session_epoch` ends every session when it grows."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    session_epoch: Mapped[int] = mapped_column(default=1)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    agent: Mapped[Agent] = relationship()

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None and self.agent.active

    def get_id(self) -> str:
        return f"{self.id}:{self.session_epoch}"


class AccessToken(db.Model):
    """A single-use link by mail or a printed code; only its hash is kept."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])


class SignInAttempt(db.Model):
    """One try to sign in, for throttling by account and by address."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(sa.String(160), index=True)
    address: Mapped[str] = mapped_column(sa.String(60), index=True)
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
