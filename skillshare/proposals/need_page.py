"""The need's page with its candidates, as one value for the template."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app

from skillshare.ground import clock
from skillshare.ground.access import Ability, can
from skillshare.ground.extensions import db
from skillshare.ground.typography import age_fr, date_fr, date_range, due_fr, due_state, percent_fr, plural
from skillshare.needs.models import CloseReason, Need, NeedState, Seat
from skillshare.offers.models import Visibility
from skillshare.organisation.models import Agent
from skillshare.proposals import queries, shortage
from skillshare.proposals.access import is_requester_of
from skillshare.proposals.cards import Card, card_of, groups_of, past_lines, period_of
from skillshare.proposals.costs import Cost, costs_of
from skillshare.proposals.holders import holder_of
from skillshare.proposals.making import candidate_pairs
from skillshare.proposals.models import OpenSeat, ProposalState
from skillshare.proposals.pairs import Pair
from skillshare.proposals.seen import Look, Seen, candidates_of
from skillshare.proposals.terms import displayed, rows
from skillshare.proposals.workflow import PROPOSAL

SUGGESTED = 6


@dataclass(frozen=True)
class NeedPage:
    """What templates/needs_page/show.html draws."""

    need: Need
    hands: dict[str, Any]
    seats: list[dict[str, Any]]
    ready: list[Card]
    counted_at: datetime | None
    waiting: list[Card]
    holding: list[dict[str, Any]]
    past: list[dict[str, Any]]
    shortages: list[dict[str, Any]]
    suggested: list[Card]
    invitations_left: int


def page_of(need: Need, viewer: Agent, *, at: datetime) -> NeedPage:
    on = clock.local_date(at)
    seen = candidates_of(need, viewer, on=on)
    is_host = is_requester_of(viewer, need)
    by_look = {look: [one for one in seen if one.look == look] for look in Look}
    ready = sorted(by_look[Look.READY], key=lambda one: (-one.proposal.fit, one.proposal.id))
    left, costs = queries.invitations_left(need), costs_of([one.proposal for one in ready], viewer)
    return NeedPage(
        need=need, hands=_hands(need, by_look, is_host=is_host), seats=[_seat(seat, seen) for seat in need.seats],
        ready=[card_of(one, may_choose=is_host and one.proposal.agent_id != viewer.id, cost=_cost(costs, one)) for one in ready],
        counted_at=min((cost.at for cost in costs.values() if cost.at), default=None),
        waiting=[card_of(one, may_choose=False) for one in by_look[Look.WAITING]],
        holding=[_held(one) for one in by_look[Look.HOLDING]], past=past_lines(seen, PROPOSAL.states),
        shortages=_shortages(need, seen), invitations_left=left,
        suggested=_suggested(need, at=at) if left and can(viewer, Ability.PROPOSAL_INVITE, need) else [])


def _cost(costs: dict[int, Cost], one: Seen) -> str:
    cost = costs.get(one.proposal.id)
    return cost.text if cost is not None else ""


def _hands(need: Need, by_look: dict[Look, list[Seen]], *, is_host: bool) -> dict[str, Any]:
    """Who must act, since when, until when."""
    if need.state == NeedState.CLOSED:
        return {"text": "Personne n’a à agir : ce besoin est clos.", "detail": _closed(need), "who": "done"}
    if by_look[Look.READY]:
        return _to_choose(by_look[Look.READY], is_host=is_host, requester=need.requester.full_name)
    if by_look[Look.HOLDING]:
        return _held_by_visas(by_look[Look.HOLDING])
    if by_look[Look.WAITING]:
        last = max((one.proposal.answer_by for one in by_look[Look.WAITING] if one.proposal.answer_by), default=None)
        return {"text": "Entre les mains des volontaires sollicités.", "due": due_fr(last), "due_state": due_state(last),
                "detail": "Sans réponse, la place rouvre d’elle-même. Un refus et un silence se ressemblent : c’est voulu.",
                "who": "other"}
    return {"text": "Entre les mains de l’appariement, qui cherche chaque nuit.", "who": "other",
            "detail": f"Le besoin expire le {date_fr(need.starts_on)} s’il n’est pas pourvu."}


def _to_choose(ready: list[Seen], *, is_host: bool, requester: str) -> dict[str, Any]:
    since = min(one.proposal.since for one in ready)
    last = min(one.proposal.answer_by for one in ready if one.proposal.answer_by)
    text = "C’est à vous de choisir" if is_host else f"Entre les mains de {requester}"
    many = "attend" if len(ready) == 1 else "attendent"
    return {"text": f"{text}, {age_fr(since)}.", "who": "you" if is_host else "other", "due": due_fr(last),
            "detail": f"{plural(len(ready), 'agent volontaire')} {many} une réponse. Chacun en aura une, avec sa raison.",
            "due_state": due_state(last)}


def _held_by_visas(holding: list[Seen]) -> dict[str, Any]:
    if all(one.proposal.state == ProposalState.APPROVED for one in holding):
        return {"text": "Les visas sont donnés.", "detail": "La suite se lit sur la page de chaque prêt.", "who": "done"}
    waited = next(one for one in holding if one.proposal.state != ProposalState.APPROVED)
    holder = holder_of(waited.proposal)
    name, since = (holder.name, holder.since) if holder else ("qui donne les visas", waited.proposal.since)
    until = holder.until if holder else None
    return {"text": f"Entre les mains de {name}, {age_fr(since)}.", "who": "other", "due": due_fr(until),
            "due_state": due_state(until),
            "detail": f"Pour {waited.name}. Sans réponse, un suppléant prend le relais : un silence ne vaudra jamais accord."}


def _closed(need: Need) -> str:
    reasons = {CloseReason.FILLED: "Toutes ses places ont été pourvues.", CloseReason.WITHDRAWN: "Le service l’a retiré.",
               CloseReason.EXPIRED: "Sa date de début est passée."}
    return reasons[need.close_reason] if need.close_reason else ""


def _seat(seat: Seat, seen: list[Seen]) -> dict[str, Any]:
    mine = [one for one in seen if one.proposal.seat_id == seat.id]
    looks = {look: [one for one in mine if one.look == look] for look in Look}
    line: dict[str, Any] = {"text": f"Place {seat.number}", "detail": _asked(seat.need)}
    if looks[Look.HOLDING]:
        one = looks[Look.HOLDING][0]
        state = PROPOSAL.states[one.proposal.state]
        return line | {"detail": f"{one.name}, {period_of(one.proposal)}", "status": state.label,
                       "status_kind": _kind(state.tone), "status_icon": state.icon}
    if looks[Look.READY]:
        count = len(looks[Look.READY])
        return line | {"status": f"À choisir : {plural(count, 'volontaire')}", "status_kind": "act", "status_icon": "people"}
    if looks[Look.WAITING]:
        return line | {"status": "En attente de réponse", "status_kind": "info", "status_icon": "hourglass-split"}
    return line | {"status": "Sans candidat", "status_kind": "danger", "status_icon": "exclamation-circle"}


def _asked(need: Need) -> str:
    if need.starts_on is None or need.ends_on is None:
        return ""
    return f"{percent_fr(need.load)} d’un temps plein, {date_range(need.starts_on, need.ends_on)}"


def _kind(tone: str) -> str:
    return "" if tone == "quiet" else tone


def _held(one: Seen) -> dict[str, Any]:
    state = PROPOSAL.states[one.proposal.state]
    return {"text": one.name, "detail": f"{one.proposal.agent.unit.label} ; {period_of(one.proposal)}",
            "status": state.label, "status_kind": _kind(state.tone), "status_icon": state.icon}


def _shortages(need: Need, seen: list[Seen]) -> list[dict[str, Any]]:
    """Open seats with their diagnosis; a seat that still looks awaited shows none, lest it tell a refusal."""
    if need.state != NeedState.PUBLISHED:
        return []
    awaited = {one.proposal.seat_id for one in seen if one.look in (Look.WAITING, Look.READY, Look.HOLDING)}
    told = {seat_id: row for seat_id, row in queries.diagnoses_of(need).items() if seat_id not in awaited}
    alike: dict[str, list[Seat]] = {}
    for seat in need.seats:
        if seat.id in told:
            alike.setdefault(json.dumps(told[seat.id].diagnosis, sort_keys=True), []).append(seat)
    return [_shortage(need, seats, told[seats[0].id]) for seats in alike.values()]


def _shortage(need: Need, seats: list[Seat], told: OpenSeat) -> dict[str, Any]:
    """Seats left open for the same reasons are told once."""
    numbers = [str(seat.number) for seat in seats]
    title = f"Place {numbers[0]}" if len(numbers) == 1 else f"Places {', '.join(numbers[:-1])} et {numbers[-1]}"
    return {"id": seats[0].number, "title": title, "run": told.run, "stop": shortage.what_stops(told.diagnosis),
            "steps": shortage.funnel_steps(told.diagnosis["funnel"], need),
            "changes": shortage.change_lines(told.diagnosis, need, seats[0].id)}


def _suggested(need: Need, *, at: datetime) -> list[Card]:
    """Eligible agents nobody solicited yet, best fit first; those visible to the mediator alone are left out."""
    if not queries.free_seats(need) or not _is_ahead(need, clock.local_date(at)):
        return []
    shown = [pair for pair in candidate_pairs(need, at=at, limit=4 * SUGGESTED)
             if pair.agent.visibility != Visibility.MEDIATOR]
    return [_suggestion(need, pair, n) for n, pair in enumerate(shown[:SUGGESTED], start=1)]


def _is_ahead(need: Need, on: date) -> bool:
    return need.starts_on is not None and need.starts_on > on


def _suggestion(need: Need, pair: Pair, number: int) -> Card:
    named = pair.agent.visibility == Visibility.EVERYONE
    agent = db.session.get_one(Agent, pair.agent.agent_id) if named else None
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
        if hmac.compare_digest(token(need, pair.agent.agent_id), given):
            return db.session.get(Agent, pair.agent.agent_id)
    return None
