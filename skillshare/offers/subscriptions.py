"""What offers do when an agent leaves."""

from __future__ import annotations

from flask import Flask

from skillshare.ground import events
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.offers import queries
from skillshare.offers.workflow import OFFER
from skillshare.organisation.models import Agent


def register(app: Flask) -> None:
    events.subscribe(events.AgentLeft, on_agent_left)


def on_agent_left(event: events.AgentLeft) -> None:
    offer = queries.live_offer(db.session.get_one(Agent, event.subject_id))
    if offer is not None:
        move(OFFER, offer, "withdraw", actor=SYSTEM, at=event.at)
