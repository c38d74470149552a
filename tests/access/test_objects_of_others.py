"""Other people's things: as if they did not exist, and out of reach of a form that names them."""

from __future__ import annotations

import re

import pytest

from tests.access.cast import AGENTS
from tests.access.table import TABLE, Row

UNKNOWN = 987654
READINGS = [row for row in TABLE if row.method == "GET" and 404 in map(row.expected, AGENTS)]
MARKS = re.compile(r"zz-[a-z-]+")


@pytest.mark.parametrize("row", READINGS, ids=str)
def test_what_one_may_not_see_answers_as_what_does_not_exist(theatre, row):
    person = next(person for person in AGENTS if row.expected(person) == 404)
    unknown = theatre.ask(person, "GET", theatre.address(row, UNKNOWN))
    assert unknown.status == 404 and _without_token(theatre.play(row, person).text) == _without_token(unknown.text)


def _without_token(page: str) -> str:
    """The page less the CSRF token of its sign-out button, drawn anew for each."""
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", page)


def test_a_refusal_tells_nothing_of_its_subject(theatre):
    """Nothing written on the stage is in a refusal, but the name of who reads it."""
    own = {"zz-unit-rou-n", "zz-unit-sam-sol", "zz-unit-dir-inf", "zz-job"}  # the service of the reader, beside their name
    told = {}
    for row, person, found in theatre.pages():
        if found.status in (403, 404):
            marks = set(MARKS.findall(found.text)) - {f"zz-first-{person}", f"zz-last-{person}"} - own
            told |= {(str(row), person): marks} if marks else {}
    assert told == {}


def _row(endpoint: str, subject: str | None = None) -> Row:
    return next(row for row in TABLE if row.method == "POST" and row.endpoint == endpoint and subject in (None, row.subject))


# Who posts, where, and what of somebody else's their form names; the answer is a refusal and nothing changes.
FOREIGN = (
    ("rita", "needs.new", None, {"unit_id": "@unit_host"}, 422),
    ("alice", "needs.new", None, {"unit_id": "@unit_home"}, 422),
    ("alice", "needs_page.choose", "need_accepted", {"choose": "@accepted_of_carl"}, 404),
    ("alice", "needs_page.invite", "need_open", {"invite": "0" * 32}, 422),
    ("alice", "needs_page.change", "need_starving", {"change": "999-0"}, 422),
    ("bob", "offers.edit", None, {"skills-0-skill_id": "@suggestion"}, 422),
    ("chloe", "team.absences", None, {"agent": "@agent_emma"}, 422),
    ("chloe", "team.stand_ins", None, {"agent": "@agent_emma"}, 422),
    ("chloe", "team.set_cap", "unit_above", {}, 404),
    ("mona", "visas.hand_over", "visa_stuck", {"to": "@agent_emma"}, 422),
    ("mona", "visas.hand_over", "visa_stuck", {"to": "@agent_bob"}, 422),
    ("ali", "organisation.roles", None, {"person": "@number_ali"}, 422),
    ("ali", "organisation.suspend", None, {"s-person": "@number_ali"}, 422),
    ("david", "organisation.delegations", None, {"holder": "@number_david"}, 422),
    ("david", "organisation.access_codes", None, {"person": "@number_david"}, 422),
    ("alice", "organisation.access_codes", None, {"person": "@number_ali"}, 422),
)


@pytest.mark.parametrize(("person", "endpoint", "subject", "named", "status"), FOREIGN)
def test_a_form_does_not_reach_what_is_not_ones_own(theatre, person, endpoint, subject, named, status):
    row = _row(endpoint, subject)
    given = {key: theatre.ids[value[1:]] if value.startswith("@") else value for key, value in named.items()}
    with theatre.changes() as changed:
        found = theatre.ask(person, "POST", theatre.address(row), data=row.posted(theatre.ids, person) | given)
    assert (found.status, changed) == (status, set())


# Columns that no form has: whoever adds them to a request gains nothing by it.
PLANTED = dict.fromkeys((
    "id", "agent_id", "requester_id", "mission_lead_id", "close_reason", "crisis_from", "crisis_until", "copied_from_id",
    "created_at", "published_at", "closed_at", "expires_on", "refreshed_at", "employer_id", "manager_id", "active",
    "home_manager_id", "home_unit_id", "host_unit_id", "planned_ends_on", "ended_by_id", "end_reason", "fit", "terms",
    "evidence", "content_hash", "origin", "run_id", "chosen_by_id", "counter_by_id", "answer_by", "holder_id", "helper_id",
    "stage", "decided_by_id", "decided_for_id", "signed_by_id", "delegation_id", "sha256", "pdf", "number", "sequence",
    "verify_code", "data", "kind", "granted_by_id", "recorded_by_id", "named_by_id", "entered_by_id", "session_epoch",
    "disabled_at", "password_hash", "author_id", "side", "given_at", "answers", "piece", "action", "tries", "priority",
    "actor", "actor_id", "role", "is_admin"), "1")
STATES = {"state": "published"}
BY_CHANCE = {"desk.sign", "organisation.access_codes", "runs.start", "sign_in.forgotten", "sign_in.redeem"}  # draws, measures


def test_columns_that_a_form_lacks_change_nothing(theatre):
    gained = []
    for row in {row.endpoint: row for row in reversed(TABLE) if row.method == "POST" and row.who and row.granted < 400}.values():
        person, after = min(row.who), []
        for planted in ({}, PLANTED | STATES):
            with theatre.changes():
                theatre.ask(person, "POST", theatre.address(row), data=planted | row.posted(theatre.ids, person))
                after.append(theatre.digest())
        if row.endpoint not in BY_CHANCE:
            gained += [f"{row}: {name}" for name in after[0] if after[0][name] != after[1].get(name)]
    assert gained == []
