"""Every route of the application, asked as every person: the answer is the table's, and a refusal changes nothing."""

from __future__ import annotations

import pytest

from tests.access.cast import ANONYMOUS, COLUMNS
from tests.access.table import TABLE

NOTED = {"sign_in_attempts"}  # a failed sign-in is counted though the form is given back
TRACED = {"letter_views"}     # who opened which letter is kept (DOMAIN §5)


def test_the_table_holds_every_route_and_no_other(theatre):
    served = {(rule.endpoint, method) for rule in theatre.app.url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"} if not rule.endpoint.endswith("static")}
    told = {(row.endpoint, row.method) for row in TABLE}
    assert served - told == set(), "say in tests/access/table.py who may open these"
    assert told - served == set(), "these rows speak of routes that are gone"


def test_everybody_of_the_table_is_a_column(theatre):
    assert set(theatre.cookies) | {"anonymous"} == set(COLUMNS)
    assert {person for row in TABLE for person in row.who | row.but.keys()} <= set(COLUMNS)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_the_answer_of_the_table(theatre, row):
    unexpected = {}
    for person in COLUMNS:
        with theatre.changes() as changed:
            found = theatre.play(row, person)
        if found.status != row.expected(person):
            unexpected[person] = f"{found.status} instead of {row.expected(person)}"
        if not row.is_public and person in ANONYMOUS and not found.location.startswith("/connexion"):
            unexpected[person] = f"sent to {found.location or 'nowhere'} instead of the sign-in page"
        if found.status >= 400 and changed - NOTED:
            unexpected[person] = f"{found.status}, and yet {sorted(changed)} changed"
        if row.method == "GET" and changed - TRACED:
            unexpected[person] = f"a reading changed {sorted(changed)}"
    assert unexpected == {}, unexpected
