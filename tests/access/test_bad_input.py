"""What no browser sends: impossible ids, oversized and binary fields. A page says no, in French, on both databases."""

from __future__ import annotations

import io

import pytest

from tests.access.cast import AGENTS
from tests.access.hostile import escapes_of, needle
from tests.access.table import TABLE, Row

PLACE = 777777
IMPOSSIBLE = ("-1", "abc", "1.5", "%00", str(2**31), str(2**63), "9" * 5000, "9" * 5000)
OF_SOMETHING = [row for row in {(row.method, row.endpoint): row for row in reversed(TABLE)}.values()
                if row.subject and row.subject not in ("token", "code")]
LISTS = list({row.endpoint: row for row in TABLE if row.method == "GET" and not row.subject}.values())
PARAMETERS = ("page", "decided", "per_page", "number", "state", "etat", "vue", "side", "family", "domain", "q", "event", "kind",
              "sort", "view", "unit", "start", "end", "rule", "next", "code", "year", "agent", "from", "to")
ODD = ("-1", "9" * 30, "abc", "a\0b", "²", "é" * 300, "%", "'\"<>")
LONG, HUGE, BINARY = needle("typed") + "é" * 20_000, "9" * 30, "a\0²\ud7ff"
BUTTONS = ("do", "step")
POSTS = [row for row in {row.endpoint: row for row in reversed(TABLE) if row.method == "POST" and row.granted < 400}.values()
         if callable(row.form) or row.form]


def entitled(row: Row) -> str:
    return min(row.who, default="emma" if row.refused == 404 and not row.is_public else "anonymous")


def test_impossible_ids_do_not_exist(each):
    """405 where another method has the same address: Werkzeug looks at methods before it reads ids."""
    wrong = {}
    for row in OF_SOMETHING:
        for impossible in IMPOSSIBLE:
            path = each.address(row, PLACE).replace(str(PLACE), impossible)
            found = each.ask(entitled(row), row.method, path)
            if found.status not in (404, 405):
                wrong[row.method, path] = found.status
    assert wrong == {}


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_parameters_of_a_list_break_nothing(each, odd):
    wrong = {}
    for row in LISTS:
        found = each.ask(entitled(row), "GET", each.address(row), query_string=dict.fromkeys(PARAMETERS, odd))
        if found.status >= 500 or (found.is_page and escapes_of(found.text)):
            wrong[row.endpoint] = found.status
    assert wrong == {}


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.endpoint)
def test_no_field_breaks_its_form(each, row):
    person, wrong = entitled(row), {}
    fields = row.posted(each.ids, person)
    for name in fields:
        for value in (LONG, HUGE, BINARY):
            with each.changes():
                found = each.ask(person, "POST", each.address(row), data=fields | {name: value})
            is_kept = value is LONG and found.status == 302 and name not in BUTTONS
            if found.status >= 500 or is_kept:
                wrong[name, value[:9]] = found.status
            is_whole = found.text.lstrip().lower().startswith("<!doctype") and not found.location
            if escapes_of(found.text) or (is_whole and 'lang="fr"' not in found.text):
                wrong[name, value[:9]] = "let out"
    assert wrong == {}


def test_a_body_that_is_too_heavy_is_refused_in_french(theatre):
    found = theatre.ask("anonymous", "POST", "/connexion", data={"login": "x" * (33 << 20)})
    assert found.status == 413 and "Ce fichier est trop lourd" in found.text


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.endpoint)
def test_a_file_or_json_where_text_is_asked_breaks_nothing(theatre, row):
    person = entitled(row)
    fields = row.posted(theatre.ids, person)
    files = {name: (io.BytesIO(b"x" * 999), "../../x.exe") for name in fields}
    for sent in ({"data": files, "content_type": "multipart/form-data"}, {"json": dict.fromkeys(fields, 1)}, {"json": [1]}):
        with theatre.changes() as changed:
            found = theatre.ask(person, "POST", theatre.address(row), **sent)
        assert found.status in (200, 302, 400, 404, 422), (found.status, sent)
        assert found.status < 400 or not changed - {"sign_in_attempts"}


@pytest.mark.parametrize("person", AGENTS)
def test_too_many_fields_are_refused(theatre, person):
    found = theatre.ask(person, "POST", "/mon-offre/modifier", content_type="multipart/form-data",
                        data={f"windows-{n}-starts_on": "2027-01-01" for n in range(1200)})
    assert found.status == 413
