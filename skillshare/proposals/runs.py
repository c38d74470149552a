"""Matching runs: build the market, solve it, store everything needed to account for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

import matching
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.extensions import db, snapshot
from skillshare.proposals import mails
from skillshare.proposals.diagnosis import diagnoses
from skillshare.proposals.making import make, weights
from skillshare.proposals.market import Maps, build, weights_digest
from skillshare.proposals.models import OpenSeat, Origin, Proposal, ProposalState, Run
from skillshare.proposals.rechecking import still_standing


def run_matching(at: datetime, *, actor: Any = SYSTEM, time_limit: float | None = None) -> Run:
    """Match every open seat with the published offers; makes at most one proposal per seat.

    The engine proposes, agents then answer; seats left open get their diagnosis. Solving lasts: the market is read
    in a transaction that ends first, and what the plan says is judged again in the one that stores it, which the
    caller commits as any action's. The transaction open before is committed.
    """
    if actor is not SYSTEM:
        demand(actor, Ability.RUN_START)
    limit = current_app.config["MATCH_TIME_LIMIT"] if time_limit is None else time_limit
    with snapshot():
        market, maps = build(at)
    found = matching.candidates(market, weights())
    plan = matching.solve(found.pool, time_limit=limit)
    left_open = diagnoses(market, found, plan, maps, on=clock.local_date(at))
    rotation = rotation_of(found, plan, time_limit=limit)
    run = _store(market, maps, found, plan, rotation, actor=actor, at=at)
    made = _propose(run, found, plan, maps, at=at)
    db.session.add_all(OpenSeat(run_id=run.id, seat_id=seat_id, diagnosis=facts) for seat_id, facts in left_open.items())
    db.session.flush()
    for proposal in made:
        mails.proposed(proposal, at=at)
    return run


def rotation_of(found: matching.Found, plan: matching.Plan, *, time_limit: float) -> dict[str, Any] | None:
    """Beside the best plan that does not look at days lent: places given to others, and what the other terms lose, in
    points of fit (0 to 100) per place filled."""
    filled = sum(plan.filled)
    if not filled or not weights().get("fairness"):
        return None
    told = matching.fairness(found, plan, time_limit=time_limit)
    return {"places": told.seats, "points": 100 * told.cost / filled, "proven": told.status == "optimal"}


def _store(market: matching.Market, maps: Maps, found: matching.Found, plan: matching.Plan,
           rotation: dict[str, Any] | None, *, actor: Any, at: datetime) -> Run:
    run = Run(started_at=at, started_by_id=actor.id, digest=weights_digest(maps.digest, weights()),
              version=matching.__version__, weights=weights(), status=plan.status,
              filled=[int(n) for n in plan.filled], bound=[float(n) for n in plan.bound], fit=float(plan.fit),
              seconds=float(plan.seconds), agents=sum(row.offer_id is not None for row in maps.agents),
              seats=market.seats, pairs=found.pool.pairs, complete=bool(found.complete), rotation=rotation)
    db.session.add(run)
    db.session.flush()
    journal.record("runs:run", actor=actor, at=at, subject=run, digest=run.digest, status=run.status,
                   filled=run.filled, seats=run.seats, pairs=run.pairs)
    return run


def _propose(run: Run, found: matching.Found, plan: matching.Plan, maps: Maps, *, at: datetime) -> list[Proposal]:
    """Propose the pairs of the plan that still stand, and count the others."""
    standing = still_standing(found, plan, maps, at=at)
    made = [make(pair, seat_id=seat_id, origin=Origin.RUN, state=ProposalState.PROPOSED, at=at, run=run)
            for seat_id, pair in standing]
    run.skipped = len(plan.pairs) - len(made)
    db.session.flush()
    for proposal in made:
        journal.record("proposals:propose", actor=SYSTEM, at=at, subject=proposal, run=run.id, seat=proposal.seat_id,
                       agent=proposal.agent_id)
    return made


def summary(run: Run) -> dict[str, Any]:
    """A run as `skillshare match --json` prints it; needs, seats and agents by id."""
    made = db.session.scalars(sa.select(Proposal).where(Proposal.run_id == run.id, Proposal.origin == Origin.RUN)
                              .order_by(Proposal.seat_id))
    return {
        "run": run.id, "status": run.status, "filled": run.filled, "bound": run.bound, "fit": run.fit,
        "rotation": run.rotation,
        "seconds": run.seconds, "agents": run.agents, "seats": run.seats, "pairs": run.pairs, "complete": run.complete,
        "proposals": [{"need": p.need_id, "seat": p.seat_id, "agent": p.agent_id, "fit": p.fit} for p in made],
    }
