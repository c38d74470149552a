"""Whom a requester may still invite: eligible agents nobody solicited yet, numbered and named by a token."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask import current_app

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need
from skillshare.offers.models import Visibility
from skillshare.organisation.models import Agent
from skillshare.proposals import queries
from skillshare.proposals.cards import Card, groups_of
from skillshare.proposals.making import candidate_pairs
from skillshare.proposals.need_page import is_ahead
from skillshare.proposals.pairs import Pair
from skillshare.proposals.terms import displayed, rows

SUGGESTED = 6


def suggested(need: Need, *, at: datetime) -> list[Card]:
    """The best fits first; those visible to the mediator alone are left out."""
    today = clock.local_date(at)
    if not queries.free_seats(need, today) or not is_ahead(need, today):
        return []
    shown = [pair for pair in candidate_pairs(need, at=at, limit=4 * SUGGESTED)
             if pair.agent.visibility != Visibility.MEDIATOR][:SUGGESTED]
    named = queries.with_units([pair.agent.agent_id for pair in shown if pair.agent.visibility == Visibility.EVERYONE])
    return [_card(need, pair, n, named.get(pair.agent.agent_id)) for n, pair in enumerate(shown, start=1)]


def _card(need: Need, pair: Pair, number: int, agent: Agent | None) -> Card:
    named = agent is not None
    return Card(
        key=token(need, pair.agent.agent_id), name=agent.full_name if agent else f"Volontaire possible n° {number}",
        unit=agent.unit.label if agent else "", total=displayed(pair.fit), note="", best=False, button="Inviter",
        groups=groups_of(pair.evidence, pair.seat.starts_on, pair.seat.ends_on, pair.seat.load, named=named),
        rows=rows(pair.terms, pair.evidence, named=named), mono=None if named else str(number))


def token(need: Need, agent_id: int) -> str:
    """Names an agent in a form without telling who: keyed by the application's secret."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"invite:{need.id}:{agent_id}".encode(), hashlib.sha256).hexdigest()[:32]


def agent_of(need: Need, given: str, *, at: datetime) -> Agent | None:
    """The eligible agent whom this token names."""
    for pair in candidate_pairs(need, at=at):
        if hmac.compare_digest(token(need, pair.agent.agent_id).encode(), given.encode()):
            return db.session.get(Agent, pair.agent.agent_id)
    return None
