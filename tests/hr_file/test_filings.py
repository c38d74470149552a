"""Filings: what is written for the HR system, what it answers, and what happens when either goes wrong."""

import csv
import io
import json

import pytest
from flask import current_app

from skillshare.approvals import signing
from skillshare.ground import journal
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.hr_file import actions, queries
from skillshare.hr_file.models import Filing, FilingAction, FilingState
from skillshare.hr_file.spreadsheet import neutral
from tests import factories
from tests.audit.letters import signed, straight


@pytest.fixture
def case(people, at):
    return straight(people, at)


def out():
    return current_app.config["HOME"] / "hr" / "out"


def files() -> set[str]:
    return {path.name for path in out().iterdir()}


def filing(action=FilingAction.FILE) -> Filing:
    db.session.expire_all()
    return db.session.query(Filing).filter_by(action=action).one()


def export(case) -> None:
    actions.export(case.at)
    db.session.commit()


def answer(text: str, name: str = "accuses.csv") -> None:
    (current_app.config["HOME"] / "hr" / "in" / name).write_text("PIECE;STATUT;MESSAGE\n" + text, encoding="utf-8")


def read(case) -> tuple[int, list[str]]:
    found = actions.read_acknowledgements(case.at)
    db.session.commit()
    actions.archive_acknowledgements()
    return found


def test_a_piece_is_written_as_csv_pdf_and_json(both, at):
    case = signed(factories.standing_people(), at)
    export(case)
    assert files() == {"BC-2026-0001.csv", "BC-2026-0001.pdf", "BC-2026-0001.json"}
    assert (out() / "BC-2026-0001.pdf").read_bytes() == case.letter().pdf
    row = next(csv.DictReader(io.StringIO((out() / "BC-2026-0001.csv").read_text("utf-8-sig")), delimiter=";"))
    assert (row["MATRICULE"], row["NUMERO_LETTRE"], row["DATE_DEBUT"], row["QUOTITE"], row["ACTION"]) == (
        case.people.bob.staff_number, "2026-0001", "2027-01-11", "40", "file")
    assert row["SHA256"] == case.letter().sha256 and row["DATE_SIGNATURE"] == "2026-11-23"
    assert json.loads((out() / "BC-2026-0001.json").read_text())["letter"]["number"] == "2026-0001"
    assert (filing().state, filing().tries) == (FilingState.SENT, 1)


def test_what_is_sent_is_the_letter_as_signed(case):
    """A loan shortened since does not change the piece."""
    case.loan().ends_on = case.loan().starts_on
    case.people.bob.staff_number = "changed"
    db.session.commit()
    export(case)
    text = (out() / "BC-2026-0001.csv").read_text("utf-8-sig")
    assert "2027-03-19" in text and "changed" not in text


def test_neither_score_nor_refusal_is_filed(people, at):
    export(signed(people, at))
    content = json.loads((out() / "BC-2026-0001.json").read_text())
    assert not {"fit", "terms", "score", "rank", "reason_code"} & set(_keys(content))


def _keys(value):
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_a_second_export_sends_nothing_more(case):
    export(case)
    for path in out().iterdir():
        path.unlink()
    export(case)
    assert files() == set() and filing().tries == 1


def test_a_crash_in_the_middle_leaves_whole_files_and_the_queue_as_it_was(case, monkeypatch):
    written = []

    def crash(source, target):
        if len(written) == 1:
            raise OSError("disk full")
        written.append(target)
        source.rename(target)

    with monkeypatch.context() as patched:
        patched.setattr("skillshare.hr_file.actions.os.replace", crash)
        with pytest.raises(OSError):
            actions.export(case.at)
    db.session.rollback()
    assert (out() / "BC-2026-0001.pdf").read_bytes() == case.letter().pdf  # whole
    assert not (out() / "BC-2026-0001.csv").exists()  # absent: the HR system does not start
    assert filing().state == FilingState.QUEUED
    export(case)
    assert {"BC-2026-0001.csv", "BC-2026-0001.pdf", "BC-2026-0001.json"} <= files() and filing().tries == 1


def test_an_acceptance_closes_the_piece(both, at):
    case = signed(factories.standing_people(), at)
    export(case)
    answer("BC-2026-0001;Accepté;pièce 7\n")
    assert read(case) == (1, [])
    assert (filing().state, filing().answer) == (FilingState.ACKNOWLEDGED, "pièce 7") and journal.verify().valid


def test_a_rejection_keeps_the_words_of_the_hr_system_and_may_be_sent_again(case):
    export(case)
    answer("BC-2026-0001;rejete;Matricule inconnu\n")
    read(case)
    assert (filing().state, filing().answer) == (FilingState.REJECTED, "Matricule inconnu")
    actions.requeue(filing(), actor=case.people.david, at=case.at)
    db.session.commit()
    export(case)
    assert (filing().state, filing().tries, filing().answer) == (FilingState.SENT, 2, "")


def test_the_same_answer_twice_changes_nothing(case):
    export(case)
    answer("BC-2026-0001;accepte;premier\nBC-2026-0001;accepte;second\n")
    assert read(case) == (1, [])
    answer("BC-2026-0001;accepte;troisième\n", "encore.csv")
    assert read(case) == (0, []) and filing().answer == "premier"


def test_a_contrary_answer_is_told_and_changes_nothing(case):
    export(case)
    answer("BC-2026-0001;accepte;\nBC-2026-0001;rejete;non\n")
    taken, faults = read(case)
    assert taken == 1 and "contraire" in faults[0] and filing().state == FilingState.ACKNOWLEDGED


def test_an_answer_before_the_sending_is_told_and_changes_nothing(case):
    answer("BC-2026-0001;accepte;\n")
    taken, faults = read(case)
    assert taken == 0 and "avant l’envoi" in faults[0] and filing().state == FilingState.QUEUED


@pytest.mark.parametrize("line", ["BC-0000;accepte;x", "BC-2026-0001;peut-être;x", ";;", "n’importe quoi", "a;b;c;d;e;f",
                                  "BC-2026-0001;accepte\0é;"])
def test_a_wrong_line_is_told_and_the_others_are_read(case, line):
    export(case)
    answer(f"{line}\nBC-2026-0001;accepte;oui\n")
    taken, faults = read(case)
    assert taken == 1 and len(faults) == 1 and "ligne 2" in faults[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_answers_are_read_in_the_encodings_of_hr_systems(case, encoding):
    export(case)
    path = current_app.config["HOME"] / "hr" / "in" / "REPONSE.CSV"
    path.write_bytes("piece;statut;message\r\nBC-2026-0001;REJETÉ;Date antérieure\r\n".encode(encoding))
    assert read(case) == (1, []) and filing().answer == "Date antérieure"


def test_an_answer_that_arrives_meanwhile_is_not_archived_unread(case):
    export(case)
    answer("BC-0001;accepte;\n", "premier.csv")
    actions.read_acknowledgements(case.at)
    answer("BC-2026-0001;accepte;\n", "second.csv")
    db.session.commit()
    actions.archive_acknowledgements()
    assert [path.suffix for path in sorted((current_app.config["HOME"] / "hr" / "in").iterdir())] == [".lu", ".csv"]
    assert read(case) == (1, [])


def test_answers_not_committed_are_not_archived(case):
    export(case)
    answer("BC-2026-0001;accepte;\n")
    actions.read_acknowledgements(case.at)
    db.session.rollback()
    actions.archive_acknowledgements()
    assert filing().state == FilingState.SENT and read(case) == (1, [])


def test_two_files_of_one_name_are_both_kept(case):
    export(case)
    for text in ("BC-2026-0001;accepte;un\n", "BC-2026-0001;accepte;deux\n"):
        answer(text)
        read(case)
    assert len(list((current_app.config["HOME"] / "hr" / "in").glob("*.lu"))) == 2


def test_cancelling_a_loan_takes_its_piece_back(case):
    export(case)
    signing.cancel_loan(case.loan(), actor=case.people.alice, at=case.at, reason="need_gone")
    db.session.commit()
    assert filing(FilingAction.REVERSE).piece == "BC-2026-0001A"
    export(case)
    assert {"BC-2026-0001A.csv", "BC-2026-0001A.json"} <= files() and "BC-2026-0001A.pdf" not in files()
    answer("BC-2026-0001;accepte;\nBC-2026-0001A;accepte;retirée\n")
    assert read(case) == (2, [])


def test_a_piece_queued_twice_is_one_piece(case):
    assert actions.queue(case.letter(), at=case.at).id == filing().id
    first, second = (actions.reverse(case.letter(), at=case.at) for _ in range(2))
    assert first.id == second.id


def test_the_piece_of_a_cancelled_letter_is_never_sent_again(case):
    """Its withdrawal has gone: filed after it, it would stay in the file for ever."""
    export(case)
    answer("BC-2026-0001;rejete;non\n")
    read(case)
    signing.cancel_loan(case.loan(), actor=case.people.alice, at=case.at, reason="need_gone")
    with pytest.raises(RuleBroken):
        actions.requeue(filing(), actor=case.people.david, at=case.at)


@pytest.mark.parametrize("name", ["aude", "bob", "chloe", "alice", "farid", "ali", "mona", "emma"])
def test_only_hr_sends_and_requeues(case, name):
    person = getattr(case.people, name)
    with pytest.raises(NotPermitted):
        actions.export(case.at, actor=person)
    db.session.rollback()
    export(case)
    with pytest.raises(NotPermitted):
        actions.requeue(filing(), actor=person, at=case.at)


def test_what_is_filed_is_not_requeued(case):
    export(case)
    answer("BC-2026-0001;accepte;\n")
    read(case)
    with pytest.raises(TransitionNotAllowed):
        actions.requeue(filing(), actor=case.people.david, at=case.at)


@pytest.mark.parametrize(("value", "cell"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "'-2"), ("+3", "'+3"), ("\tx", "'\tx"),
                                             ("", ""), (None, ""), ("Bob", "Bob"), (40, "40")])
def test_no_cell_is_taken_for_a_formula(value, cell):
    assert neutral(value) == cell


def test_the_page_lists_by_state_and_sends(case, client_of):
    client = client_of(case.people.david)
    assert "BC-2026-0001" in client.get("/versements").text
    assert "1 pièce déposée" in client.post("/versements/exporter", follow_redirects=True).text.replace("\xa0", " ")
    assert "Rien n’attendait" in client.post("/versements/exporter", follow_redirects=True).text
    answer("BC-2026-0001;rejete;Matricule absent\nBC-9;accepte;\n")
    page = client.post("/versements/reponses", follow_redirects=True).text.replace("\xa0", " ")
    assert "1 réponse lue" in page and "inconnue" in page and "Matricule absent" in page
    assert "BC-2026-0001" not in client.get("/versements?state=acknowledged").text
    client.post(f"/versements/{filing().id}/relancer")
    assert filing().state == FilingState.QUEUED
    assert not list((current_app.config["HOME"] / "hr" / "in").glob("*.csv"))


def test_the_auditor_reads_the_queue_and_presses_nothing(case, client_of):
    client = client_of(case.people.aude)
    assert "Transmettre" not in client.get("/versements").text
    assert client.post("/versements/exporter").status_code == 403
    assert client.post("/versements/reponses").status_code == 403
    assert client.post(f"/versements/{filing().id}/relancer").status_code == 404


@pytest.mark.parametrize("name", ["bob", "chloe", "alice", "farid", "mona", "ali", "emma"])
def test_nobody_else_sees_the_queue(case, client_of, name):
    assert client_of(getattr(case.people, name)).get("/versements").status_code == 403


def test_the_page_asks_few_queries(case, client_of, count_queries):
    client = client_of(case.people.david)
    with count_queries() as seen:
        client.get("/versements")
    assert len(seen) <= 15 and queries.count_by_state() == {FilingState.QUEUED: 1}
