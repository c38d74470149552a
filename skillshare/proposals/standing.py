"""Where each need of a list stands, in one line: who must act, since when, until when (R21)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.typography import age_fr, date_fr, due_fr, due_state, plural
from skillshare.needs.models import Need, NeedState
from skillshare.proposals.models import HOLDING, Proposal, ProposalState
from skillshare.proposals.seen import Look, look_of


def standing_of(needs: Collection[Need], *, on: date) -> dict[int, dict[str, Any]]:
    """Need id → {text, due, due_state} of each published need, in one query. What is declined still looks awaited."""
    published = [need for need in needs if need.state == NeedState.PUBLISHED]
    query = sa.select(Proposal).where(Proposal.need_id.in_([need.id for need in published])).order_by(Proposal.id)
    rows: dict[int, list[Proposal]] = {}
    for proposal in db.session.scalars(query) if published else ():
        rows.setdefault(proposal.need_id, []).append(proposal)
    return {need.id: _line(need, rows.get(need.id, []), on) for need in published}


def _line(need: Need, proposals: list[Proposal], on: date) -> dict[str, Any]:
    held = {proposal.seat_id for proposal in proposals if proposal.state in HOLDING}
    looks: dict[Look, list[Proposal]] = {}
    for proposal in proposals:
        looks.setdefault(look_of(proposal, waits=len(held) < len(need.seats), on=on), []).append(proposal)
    if Look.READY in looks:
        ready = looks[Look.READY]
        return _told(f"À vous de choisir : {plural(len(ready), 'volontaire')}", ready, first=True)
    deciding = [one for one in looks.get(Look.HOLDING, ()) if one.state != ProposalState.APPROVED]
    if deciding:
        return _told(f"Visas en cours pour {plural(len(deciding), 'personne')}", deciding)
    if Look.WAITING in looks:
        waiting = looks[Look.WAITING]
        return _told(f"Réponse attendue de {plural(len(waiting), 'personne')}", waiting)
    if len(held) == len(need.seats):
        return {"text": "Visas donnés pour toutes les places. Personne n’a à agir ici.", "due": "", "due_state": ""}
    return {"due": "", "due_state": "", "text": "L’appariement cherche les nuits des jours ouvrés. Sans volontaire, le besoin "
                                                f"expire le {date_fr(need.starts_on)}."}


def _told(text: str, proposals: list[Proposal], *, first: bool = False) -> dict[str, Any]:
    days = [one.answer_by for one in proposals if one.answer_by]
    until = (min(days) if first else max(days)) if days else None
    return {"text": f"{text}, {age_fr(min(one.since for one in proposals))}.", "due": due_fr(until),
            "due_state": due_state(until)}
