"""A form without its own token is refused, whoever sends it, and nothing changes."""

from __future__ import annotations

import re

import pytest

from tests.access.table import TABLE

POSTS = list({row.endpoint: row for row in reversed(TABLE) if row.method == "POST"}.values())


@pytest.fixture(autouse=True)
def protected(theatre):
    theatre.app.config["WTF_CSRF_ENABLED"] = True
    yield
    theatre.app.config["WTF_CSRF_ENABLED"] = False


def token_of(theatre, person: str) -> str:
    page = theatre.ask(person, "GET", "/compte" if person != "anonymous" else "/connexion").text
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_a_form_without_its_token_is_refused(theatre, row):
    person = min(row.who, default="bob" if row.but else "anonymous")
    for token in (None, "", "IjEi.x.y", token_of(theatre, "emma")):
        with theatre.changes() as changed:
            data = row.posted(theatre.ids, person) | ({} if token is None else {"csrf_token": token})
            found = theatre.ask(person, "POST", theatre.address(row), data=data)
        assert (found.status, changed) == (400, set())
        assert "Cette demande est incomplète" in found.text


def test_the_right_token_is_accepted(theatre):
    """The check above refuses the token, not the form."""
    client = theatre.app.test_client()
    page = client.get("/connexion").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    with theatre.changes():
        assert client.post("/acces", data={"login": "x", "csrf_token": token}).status_code == 302
