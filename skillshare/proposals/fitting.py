"""Whether a standing proposal still fits its agent's offer: asked to the engine, so that the rule has one home."""

from __future__ import annotations

from datetime import datetime

import matching
from skillshare.proposals.making import weights
from skillshare.proposals.market import build
from skillshare.proposals.models import Proposal

OF_THE_OFFER = ("offers", "skills", "dates", "load", "place")  # what one's other missions and caps leave is another matter


def fits(proposal: Proposal, *, at: datetime) -> bool:
    """Whether the published offer still meets the need in skills, dates, load and place."""
    market, _ = build(at, only_need=proposal.need, only_agent=proposal.agent, standing=True)
    found = matching.candidates(market, weights())
    return all(found.funnel[0][found.filters.index(name)] for name in OF_THE_OFFER)
