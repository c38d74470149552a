"""Hostile strings stand in every free text: they come out as text, on every page, in every file."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from skillshare.hr_file.spreadsheet import FORMULA
from tests.access.hostile import escapes_of, needle

ROOT = Path(__file__).parents[2]
WRITTEN = set(re.findall(r'needle\(f?"([a-z-]+)(?:"|\{)', (Path(__file__).parent / "stage.py").read_text()))
ON_NO_PAGE = {"delegation-behalf": "printed in letters", "visa-measures": "printed in letters", "curation-note": "mailed"}


def test_no_page_lets_a_hostile_string_out(theatre):
    escaped = {(str(row), person): out for row, person, answer in theatre.pages()
               if answer.is_page and (out := escapes_of(answer.text))}
    assert escaped == {}


def test_every_free_text_is_seen_on_some_page(theatre):
    """Else the test above would prove nothing of it."""
    pages = "\n".join({answer.text for _, _, answer in theatre.pages() if answer.is_page})
    assert {where for where in WRITTEN if f"&lt;zz-{where}" not in pages} == ON_NO_PAGE.keys()


def test_what_is_not_a_page_says_so(theatre):
    """A browser renders as a page only what we wrote as one; nosniff holds it to the type."""
    wrong = {(str(row), answer.mimetype) for row, _, answer in theatre.pages()
             if not answer.is_page and answer.status == 200 and answer.mimetype not in (
                 "application/json", "application/pdf", "text/csv")}
    assert wrong == set()


def test_json_answers_are_json(theatre):
    for _row, _person, answer in theatre.pages():
        if answer.mimetype == "application/json":
            json.loads(answer.text)


def active_cells(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return [cell for row in rows for cell in row if cell.startswith(FORMULA)]


def test_no_cell_of_the_register_is_a_formula(theatre):
    exports = [answer for row, person, answer in theatre.pages() if row.endpoint == "registry.export" and person == "david"]
    assert exports and exports[0].status == 200
    assert active_cells(exports[0].body) == []
    assert needle("first-bob") in exports[0].text.replace('""', '"')  # there, and neutral


def test_no_cell_sent_to_the_hr_system_is_a_formula(theatre):
    with theatre.changes():
        assert theatre.ask("david", "POST", "/versements/exporter").status == 302
        files = list((theatre.home / "hr" / "out").glob("*.csv"))
        assert files and [active_cells(file.read_bytes()) for file in files] == [[]] * len(files)


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_no_script_writes_html_from_text(path):
    assert re.findall(r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()) == []


def test_mails_carry_one_line_subjects(theatre):
    with theatre.changes(), theatre.app.app_context():
        from skillshare.ground import outbox
        from skillshare.ground.extensions import db
        from tests.access.theatre import NOON

        outbox.post("test", to=1, key="x", subject="a\r\nBcc: b@orvanne.example", text="…", at=NOON)
        db.session.flush()
        mail = outbox.compose(db.session.query(outbox.Message).filter_by(kind="test").one(), sender="a@b.example",
                              address="c@d.example")
        assert mail["Subject"] == "a Bcc: b@orvanne.example" and mail["Bcc"] is None
        db.session.rollback()
