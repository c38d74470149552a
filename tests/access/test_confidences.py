"""What is said to some is read by them alone, on whatever page: each free text, and who may ever see it."""

from __future__ import annotations

import re

import pytest

from tests.access.table import HOST, PARTIES, SIGNED_READERS, TABLE

# The text, and everybody on whose pages it may stand. Whoever is not named never reads it.
CONFIDENCES = {
    "draft-title": HOST,                              # a draft is its unit's affair
    "visa-reason": f"bob chloe marc {HOST} mona",     # everybody concerned gets an answer, with a reason (R21)
    "visa-measures": "chloe marc",
    "offer-note": "bob",
    "carl-note": "carl",
    "offer-draft-note": "chloe",
    "feedback-note": f"{PARTIES} mona",               # never HR: a loan is no evaluation
    "filing-answer": SIGNED_READERS,                  # why the piece is not in the file (R21)
    "letter-wrong": SIGNED_READERS,
    "letter-cancelled": SIGNED_READERS,
    "suggestion-definition": "mona david",
    "curation-note": "mona david",
    "mail-text": "ali",
    "mail-error": "ali",
    "delegation-reference": "david",
}


# What the export of one's own data holds besides: what was sent to oneself, and said of oneself.
OWN = {"bob": {"mail-text", "mail-error", "visa-measures"}, "emma": {"suggestion-definition", "curation-note"}}


@pytest.fixture(scope="module")
def readers(theatre) -> dict[str, set[str]]:
    """For each text, who reads it somewhere."""
    found: dict[str, set[str]] = {where: set() for where in CONFIDENCES}
    for row, person, answer in theatre.pages():
        own = OWN.get(person, set()) if row.endpoint == "home.export" else set()
        for where in CONFIDENCES.keys() - own:
            if f"zz-{where}" in answer.text:
                found[where].add(person)
    return found


@pytest.mark.parametrize("where", CONFIDENCES)
def test_only_those_concerned_read_it(readers, where):
    assert readers[where] - set(CONFIDENCES[where].split()) == set()


def test_the_texts_are_read_by_somebody(readers):
    """Else the test above would prove nothing."""
    assert {where for where in CONFIDENCES if not readers[where]} <= {"visa-measures", "curation-note"}  # the letter, a mail


def test_a_refusal_to_volunteer_names_nobody(theatre):
    """R5: Denis declined or stayed silent; only his own manager's pages of the team name him."""
    named = {(row.endpoint, person) for row, person, answer in theatre.pages() if "zz-last-denis" in answer.text}
    assert {endpoint for endpoint, _ in named} <= {"team.index", "team.stand_ins", "team.absences"}
    assert {person for _, person in named} <= {"chloe"}


def test_who_declined_and_who_stayed_silent_look_alike(theatre):
    """On the need's page they are two lines of the same words."""
    row = next(row for row in TABLE if row.endpoint == "needs_page.show" and row.subject == "need_proposed")
    for person in ("alice", "hugo", "mona"):
        page = theatre.play(row, person).text
        assert page.lower().count("sans suite") >= 2
        assert not re.search(r"décliné|refusé|lapsed|declined", page, re.IGNORECASE)
