"""A function taken away is refused at the next request: no right survives its removal."""

from __future__ import annotations

import pytest

from skillshare.ground.extensions import db
from skillshare.organisation.models import Role
from tests.access.table import TABLE


@pytest.mark.parametrize("person", ["alice", "rita", "david", "mona", "ali", "aude"])
def test_who_loses_their_role_becomes_any_agent(theatre, person):
    kept = {}
    with theatre.changes():
        with theatre.app.app_context():
            db.session.query(Role).filter_by(agent_id=theatre.ids[f"agent_{person}"]).delete()
            db.session.commit()
        for row in (row for row in TABLE if row.expected(person) != row.expected("emma")):
            found = theatre.ask(person, row.method, theatre.address(row), data=row.posted(theatre.ids, person))
            if found.status != row.expected("emma"):
                kept[str(row)] = found.status
    assert kept == {}
