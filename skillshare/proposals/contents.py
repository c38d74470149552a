"""What the two sides agree to, as one hash: any change of it needs their agreement again."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from skillshare.needs.models import Need
from skillshare.proposals.models import Proposal


def hash_of(need: Need, *, agent_id: int, starts_on: date, ends_on: date, load: int) -> str:
    """SHA-256 of who, for which service and skills, when, how much and where."""
    content = {
        "need": need.id, "unit": need.unit_id, "agent": agent_id, "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(), "load": load, "rhythm": need.rhythm, "hours": need.hours,
        "remote": str(need.remote), "site": need.site_id, "workplace": need.workplace,
        "skills": sorted([d.skill_id, d.level, d.required, d.neighbours_allowed] for d in need.demands),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def content_hash(proposal: Proposal) -> str:
    """The hash of a proposal's content as it stands now."""
    return hash_of(proposal.need, agent_id=proposal.agent_id, starts_on=proposal.starts_on,
                   ends_on=proposal.ends_on, load=proposal.load)


def asked_hash(need: Need) -> str:
    """The hash of what a published need asks, whoever answers: a diagnosis holds as long as it does."""
    return hash_of(need, agent_id=0, starts_on=need.starts_on or date.min, ends_on=need.ends_on or date.min,
                   load=need.load or 0)
