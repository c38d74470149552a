"""A process of its own on the test's database: it gives a visa, or is about to when it stops, or tells what it reads.

    python -m tests.approvals.last_visa give|stop|read HOME URL VISA_ID [MARK]
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import sqlalchemy as sa

import config
from skillshare.app import create_app
from skillshare.approvals.models import Visa
from skillshare.commitments.models import Commitment
from skillshare.ground import clock, journal
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan
from skillshare.proposals.models import Proposal
from tests import factories
from tests.approvals.cases import SUITABLE
from tests.conftest import NOON


def stop_at_the_loan(mark: Path) -> None:
    """Once the loan's row is inserted, within the transaction, say so and go no further."""

    @sa.event.listens_for(db.engine, "after_cursor_execute")
    def stop(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO loans"):
            mark.write_text("inserted")
            time.sleep(600)


def give(app, visa_id: int) -> dict:
    """Chloé's own POST, twice: form, guard, one commit."""
    client = app.test_client()
    factories.sign_in(client, db.session.get_one(Visa, visa_id).holder)
    db.session.remove()
    statuses = [client.post(f"/visas/{visa_id}/donner", data=SUITABLE).status_code for _ in range(2)]
    return read(visa_id) | {"statuses": statuses}


def read(visa_id: int) -> dict:
    visa = db.session.get_one(Visa, visa_id)
    kinds = db.session.scalars(sa.select(Commitment.kind).where(Commitment.released_at.is_(None)))
    counts = {model.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Loan, Letter)}
    told = db.session.scalar(sa.select(sa.func.count()).where(Message.kind == "letter_to_sign"))
    return counts | {"visa": visa.state, "proposal": db.session.get_one(Proposal, visa.proposal_id).state,
                     "commitments": sorted(kinds), "told": told, "journal": journal.verify().valid}


def main(verb: str, home: str, url: str, visa_id: str, mark: str = "") -> None:
    environ = {"SKILLSHARE_HOME": home, "SKILLSHARE_SECRET_KEY": "k" * 40, "SKILLSHARE_DATABASE_URL": url}
    app = create_app(config.from_environment(environ) | {"TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context(), clock.travel(NOON):
        if verb == "stop":
            stop_at_the_loan(Path(mark))
        print(json.dumps(read(int(visa_id)) if verb == "read" else give(app, int(visa_id))))


if __name__ == "__main__":
    main(*sys.argv[1:])
