"""All of one person's data, for the command and for requests of access."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.home import own_data
from skillshare.organisation.models import Agent


def of_person(staff_number: str) -> dict[str, Any] | None:
    """Section → rows across all rooms; None when nobody has this staff number."""
    agent = db.session.scalars(sa.select(Agent).where(Agent.staff_number == staff_number.strip()).order_by(Agent.id)).first()
    return None if agent is None else own_data.of_agent(agent)
