"""What choosing one volunteer costs other needs: counted by the engine beside the pages, kept until the market moves."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

import matching
from matching.arrays import Ints
from skillshare.ground import clock
from skillshare.ground.extensions import db, snapshot
from skillshare.needs.models import Need, NeedState
from skillshare.proposals.making import weights
from skillshare.proposals.market import Maps, build_unheld, weights_digest
from skillshare.proposals.models import ChoiceCost, Origin, Proposal, ProposalState

BUDGET_SECONDS = 60.0
Due = tuple[int, int, int, str | None]
KEPT = timedelta(hours=1)  # a market that moves all day is counted again once an hour


@dataclass(frozen=True)
class Cost:
    """The sentence of one card, and when its facts were counted (None: not yet)."""

    text: str
    at: datetime | None


def refresh(at: datetime) -> int:
    """Count again what is missing or old, oldest first, within the time budget. Commits what was open before.

    One market, one plan and one explainer serve all; each volunteer then asks for one more solve, turned round.
    """
    if not _due(at):
        return 0
    with snapshot():
        market, maps = build_unheld(at)
        due = _due(at)
    digest = weights_digest(maps.digest, weights())
    told = _counted(market, maps, [row for row in due if row[3] != digest])
    known = {proposal_id for proposal_id, _, _, before in due if before == digest}
    db.session.execute(sa.update(ChoiceCost).where(ChoiceCost.proposal_id.in_(known)).values(computed_at=at))
    for proposal_id, facts in told.items():
        db.session.merge(ChoiceCost(proposal_id=proposal_id, digest=digest, computed_at=at, facts=facts))
    db.session.flush()
    return len(told)


def _counted(market: matching.Market, maps: Maps, due: list[Due]) -> dict[int, dict[str, Any]]:
    """Proposal id → facts, for as many as the budget allows."""
    if not due:
        return {}
    until = time.monotonic() + BUDGET_SECONDS
    found = matching.candidates(market, weights())
    plan = matching.solve(found.pool, time_limit=current_app.config["MATCH_TIME_LIMIT"])
    explainer = matching.Explainer(found.pool, plan)
    told: dict[int, dict[str, Any]] = {}
    for proposal_id, agent_id, need_id, _ in due:
        if not told or time.monotonic() < until:
            told[proposal_id] = _facts(explainer, maps, agent_id, need_id)
    return told


def _due(at: datetime) -> list[Due]:
    """(proposal, agent, need, digest known) of each volunteer to choose whose facts are missing or old."""
    query = (sa.select(Proposal.id, Proposal.agent_id, Proposal.need_id, ChoiceCost.digest)
             .join(Need, Need.id == Proposal.need_id).outerjoin(ChoiceCost, ChoiceCost.proposal_id == Proposal.id)
             .where(Proposal.state == ProposalState.ACCEPTED, Proposal.origin != Origin.COUNTER,
                    Need.state == NeedState.PUBLISHED, Need.starts_on > clock.local_date(at),
                    sa.or_(ChoiceCost.computed_at.is_(None), ChoiceCost.computed_at <= at - KEPT)))
    order = ChoiceCost.computed_at.is_not(None), ChoiceCost.computed_at, Proposal.id
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query.order_by(*order))]


def _facts(explainer: matching.Explainer, maps: Maps, agent_id: int, need_id: int) -> dict[str, Any]:
    """Compare the best plan with this choice and the best without it, whichever of the two is the plan at hand."""
    pool, plan = explainer.pool, explainer.plan
    rows = _rows_of(pool, maps, agent_id, need_id)
    chosen = next((row for row in rows if row in plan.pairs), None)
    row = chosen if chosen is not None else next(iter(rows), None)
    told = explainer.exact(row, whole_need=True) if row is not None else None
    if told is None or told.loss is None:
        return {"possible": False, "proven": True, "deprived": [], "moved": []}
    turned = np.setdiff1d(np.union1d(plan.pairs, told.rows_in), told.rows_out)
    with_it, without = (plan.pairs, turned) if told.chosen else (turned, plan.pairs)
    return {"possible": True, "proven": plan.status == told.status == "optimal",
            **_elsewhere(pool, with_it.astype(int), without.astype(int), need_id)}


def _rows_of(pool: matching.Pool, maps: Maps, agent_id: int, need_id: int) -> list[int]:
    position = maps.agent_at(agent_id)
    mine = np.flatnonzero(pool.pair_agent == (-1 if position is None else position))
    return [int(row) for row in mine if pool.seat_need[pool.pair_seat[row]] == need_id]


def _elsewhere(pool: matching.Pool, with_it: Ints, without: Ints, need_id: int) -> dict[str, list[int]]:
    """The needs, but this one, that have fewer places filled with the choice than without, and those merely moved."""
    here, there = _people(pool, with_it), _people(pool, without)
    deprived: list[int] = []
    moved: list[int] = []
    for other in sorted((set(here) | set(there)) - {need_id}):
        lost = len(there.get(other, ())) - len(here.get(other, ()))
        deprived += [other] * max(0, lost)
        if lost == 0 and Counter(here[other]) != Counter(there[other]):
            moved.append(other)
    return {"deprived": deprived, "moved": moved}


def _people(pool: matching.Pool, rows: Ints) -> dict[int, list[int]]:
    """Need → the agents these rows give it."""
    people: dict[int, list[int]] = {}
    for row in rows.tolist():
        people.setdefault(int(pool.seat_need[pool.pair_seat[row]]), []).append(int(pool.pair_agent[row]))
    return people


def costs_of(proposals: Iterable[Proposal]) -> dict[int, Cost]:
    """Proposal id → what its choice costs elsewhere, in words; two queries. Only published needs are named, which every
    agent may read."""
    ids = [one.id for one in proposals if one.state == ProposalState.ACCEPTED and one.origin != Origin.COUNTER]
    if not ids:
        return {}
    known = {row.proposal_id: row for row in db.session.scalars(sa.select(ChoiceCost).where(ChoiceCost.proposal_id.in_(ids)))}
    needs = _named({need_id for row in known.values() for need_id in row.facts["deprived"]})
    return {one: _cost(known.get(one), needs) for one in ids}


def _named(need_ids: set[int]) -> dict[int, Need]:
    if not need_ids:
        return {}
    query = sa.select(Need).where(Need.id.in_(need_ids), Need.state == NeedState.PUBLISHED).options(joinedload(Need.unit))
    return {need.id: need for need in db.session.scalars(query)}


def _cost(known: ChoiceCost | None, needs: dict[int, Need]) -> Cost:
    if known is None:
        return Cost("Ce que ce choix coûte ailleurs est en cours de calcul : quelques minutes.", None)
    return Cost(_sentence(known.facts, needs), known.computed_at)


def _sentence(facts: dict[str, Any], needs: dict[int, Need]) -> str:
    if not facts["possible"]:
        return "Le plan ne peut plus tenir ce choix tel quel : l’offre ou le plafond du service a changé depuis l’accord."
    lost = Counter(need_id for need_id in facts["deprived"] if need_id in needs)
    about = "" if facts["proven"] else " (estimation)"
    if lost:
        return f"Ce choix prive {_listed([_one(needs[one], count) for one, count in lost.items()])}{about}."
    if facts["moved"]:
        return f"Ce choix ne prive aucun autre besoin : une autre personne peut tenir ce que celle-ci y laisserait{about}."
    return f"Ce choix ne prive aucun autre besoin{about}."


def _one(need: Need, places: int) -> str:
    what = "de son volontaire" if places == 1 else f"de {places} volontaires"
    return f"le besoin « {need.title} » ({need.unit.label}) {what}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
