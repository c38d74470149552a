"""The public page behind the QR code: number, dates and validity, nobody's name; and every template exists."""

import re
from pathlib import Path

import pytest

from skillshare.ground.extensions import db
from skillshare.letters.models import LetterState
from tests.audit.letters import straight

ROOT = Path(__file__).parents[2]


@pytest.fixture
def letter(people, at):
    return straight(people, at).letter()


def test_a_valid_letter_is_told_by_number_and_dates_without_anybody(app, letter, people):
    page = app.test_client().get(f"/verification/{letter.verify_code}")
    assert page.status_code == 200
    for words in ("Cette lettre est valable", letter.number, "11 janvier", "19 mars"):
        assert words in page.text.replace("\u00a0", " ")
    for person in people.everybody().values():
        assert person.last_name not in page.text
    assert people.sam.label not in page.text and letter.loan.need.title not in page.text


@pytest.mark.parametrize("state", [LetterState.SUPERSEDED, LetterState.CANCELLED])
def test_a_letter_that_no_longer_counts_says_so(app, letter, state):
    letter.state = state
    db.session.commit()
    page = app.test_client().get(f"/verification/{letter.verify_code}")
    assert page.status_code == 200 and "Cette lettre ne vaut plus" in page.text and "valable" not in page.text


def test_an_unknown_code_says_what_to_do(app, people):
    page = app.test_client().get("/verification/ZZZZ-ZZZZ-ZZZZ")
    assert page.status_code == 404 and "Aucune lettre ne porte ce code" in page.text and "recommencez" in page.text


def test_the_form_leads_to_the_letter_however_the_code_is_typed(app, letter):
    client = app.test_client()
    assert "Le code de la lettre" in client.get("/verification/").text
    answer = client.get("/verification/", query_string={"code": f"  {letter.verify_code.lower()} "})
    assert answer.status_code == 302 and answer.headers["Location"].endswith(letter.verify_code)


def test_a_code_of_other_signs_is_given_back_with_its_fault(app, people):
    page = app.test_client().get("/verification/", query_string={"code": "<b>"})
    assert "Le code s’écrit avec des lettres" in page.text and "&lt;b&gt;" in page.text and "<b>" not in page.text


def test_every_template_that_a_view_names_exists():
    named = {name for path in (ROOT / "skillshare").rglob("*.py")
             for name in re.findall(r'"([a-z_]+(?:/[a-z_]+)?\.html)"', path.read_text())}
    assert len(named) > 50
    assert {name for name in named if not (ROOT / "templates" / name).exists()} == set()
