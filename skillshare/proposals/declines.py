"""Why proposals are declined: counted by month and reason alone, so that a refusal is filed nowhere (R5)."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from skillshare.ground.extensions import db
from skillshare.proposals.models import DeclineCount

REASONS = {"dates": "Les dates", "load": "La part du temps", "place": "Le lieu ou le trajet",
           "content": "Le contenu de la mission", "post": "La charge de mon poste", "other": "Autre chose"}
FEW, MONTHS = 5, 12


def note(reason: str | None, *, on: date) -> None:
    """Add one to the month's count of a known reason; anything else counts nothing."""
    if reason not in REASONS:
        return
    row = {"month": on.replace(day=1), "reason": reason, "count": 1}
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    more = {"count": DeclineCount.count + 1}
    db.session.execute(dialect.insert(DeclineCount).values(row)
                       .on_conflict_do_update(index_elements=["month", "reason"], set_=more))


def told(on: date) -> list[tuple[str, str]]:
    """(reason, how many in twelve months), most often first; under five it is not shown."""
    since = (on.replace(day=1) - timedelta(days=30 * (MONTHS - 1))).replace(day=1)
    query = (sa.select(DeclineCount.reason, sa.func.sum(DeclineCount.count)).where(DeclineCount.month >= since)
             .group_by(DeclineCount.reason))
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    shown = sorted(((counts[code], label) for code, label in REASONS.items() if counts.get(code, 0) >= FEW),
                   key=lambda row: (-row[0], row[1]))
    return [(label, str(count)) for count, label in shown]
