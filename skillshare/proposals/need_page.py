"""The need's page with its candidates, as one value for the template."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from skillshare.ground import clock
from skillshare.ground.access import Ability, can
from skillshare.ground.typography import age_fr, date_fr, date_range, due_fr, due_state, percent_fr, plural
from skillshare.needs.models import CloseReason, Need, NeedState, Seat
from skillshare.organisation.models import Agent
from skillshare.proposals import queries, shortage
from skillshare.proposals.access import is_requester_of
from skillshare.proposals.cards import Card, card_of, past_lines, period_of
from skillshare.proposals.costs import Cost, costs_of
from skillshare.proposals.holders import holder_of
from skillshare.proposals.models import OpenSeat, Origin, Proposal, ProposalState
from skillshare.proposals.seen import LIVE_LOOKS, Look, Seen, candidates_of
from skillshare.proposals.workflow import PROPOSAL


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
    has_live: bool
    may_invite: bool


def page_of(need: Need, viewer: Agent, *, at: datetime) -> NeedPage:
    on = clock.local_date(at)
    seen = candidates_of(need, viewer, on=on)
    is_host = is_requester_of(viewer, need)
    by_look = {look: [one for one in seen if one.look == look] for look in Look}
    ready = sorted(by_look[Look.READY], key=lambda one: (-one.proposal.fit, one.proposal.id))
    told = _diagnosed(need, seen)
    costs = costs_of([one.proposal for one in ready])
    return NeedPage(
        need=need, hands=_hands(need, by_look, is_host=is_host), seats=[_seat(seat, seen, told) for seat in need.seats],
        ready=[card_of(one, may_choose=is_host and one.proposal.agent_id != viewer.id, cost=_cost(costs, one)) for one in ready],
        counted_at=min((cost.at for cost in costs.values() if cost.at), default=None),
        waiting=[card_of(one, may_choose=False) for one in by_look[Look.WAITING]],
        holding=[_held(one) for one in by_look[Look.HOLDING]], past=past_lines(seen, PROPOSAL.states),
        shortages=_shortages(need, told), has_live=any(one.look in LIVE_LOOKS for one in seen),
        may_invite=can(viewer, Ability.PROPOSAL_INVITE, need) and _may_invite(need, [one.proposal for one in seen], on))


def _may_invite(need: Need, proposals: list[Proposal], on: date) -> bool:
    sent = sum(one.origin == Origin.INVITATION for one in proposals)
    return sent < queries.INVITATIONS and is_ahead(need, on) and queries.has_free_seat(need, proposals)


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
        since = age_fr(min(one.proposal.since for one in by_look[Look.WAITING]))
        return {"text": f"Entre les mains des volontaires sollicités, {since}.", "due": due_fr(last),
                "due_state": due_state(last),
                "detail": "Sans réponse, la place rouvre d’elle-même. Un refus et un silence se ressemblent : c’est voulu.",
                "who": "other"}
    return {"text": f"Entre les mains de l’appariement, {age_fr(need.published_at)}.", "who": "other",
            "detail": f"Il cherche les nuits des jours ouvrés. Sans volontaire, le besoin expire le {date_fr(need.starts_on)}."}


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


def _seat(seat: Seat, seen: list[Seen], told: dict[int, OpenSeat]) -> dict[str, Any]:
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
    if seat.id in told:
        return line | {"status": "Sans candidat", "status_kind": "danger", "status_icon": "exclamation-circle"}
    if seat.need.state == NeedState.PUBLISHED:
        return line | {"status": "Recherche au prochain appariement", "status_kind": "info", "status_icon": "hourglass-split"}
    return line | {"status": "Sans candidat", "status_icon": "dash-circle"}


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


def _diagnosed(need: Need, seen: list[Seen]) -> dict[int, OpenSeat]:
    """Open seats with their diagnosis; a seat that still looks awaited has none, lest it tell a refusal."""
    awaited = {one.proposal.seat_id for one in seen if one.look in LIVE_LOOKS}
    if need.state != NeedState.PUBLISHED or awaited.issuperset(seat.id for seat in need.seats):
        return {}
    return {seat_id: row for seat_id, row in queries.diagnoses_of(need).items() if seat_id not in awaited}


def _shortages(need: Need, told: dict[int, OpenSeat]) -> list[dict[str, Any]]:
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
            "steps": shortage.funnel_steps(shortage.counts_of(told.diagnosis), need),
            "changes": shortage.change_lines(told.diagnosis, need, seats[0].id)}


def is_ahead(need: Need, on: date) -> bool:
    return need.starts_on is not None and need.starts_on > on
