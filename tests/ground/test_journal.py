"""The audit log: appended at commit, chained, and any tampering seen."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry, JournalHead


def note(count: int) -> None:
    for n in range(count):
        journal.record("tests:note", actor=SYSTEM, at=clock.now(), number=n)
    db.session.commit()


def test_an_empty_journal_verifies(both):
    assert journal.verify().valid


def test_what_was_noted_is_appended_at_commit_in_order(both):
    note(3)
    entries = list(journal.rows())
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.facts["number"] for entry in entries] == [0, 1, 2]
    assert journal.verify().valid


def test_a_rolled_back_transaction_leaves_no_row(both):
    journal.record("tests:note", actor=SYSTEM, at=clock.now())
    db.session.rollback()
    note(1)
    assert [entry.facts for entry in journal.rows()] == [{"number": 0}]


@pytest.mark.parametrize("change", [
    "UPDATE journal SET detail = '{\"number\":9}' WHERE seq = 2",
    "UPDATE journal SET actor_id = 7 WHERE seq = 2",
    "UPDATE journal SET at = '2020-01-01 00:00:00' WHERE seq = 2",
    "UPDATE journal SET event = 'tests:other' WHERE seq = 2",
    "DELETE FROM journal WHERE seq = 2",
    "DELETE FROM journal WHERE seq = 4",
    "UPDATE journal SET seq = seq + 100 WHERE seq >= 3",
])
def test_a_row_changed_deleted_or_moved_behind_its_back_is_seen(both, change):
    note(4)
    db.session.connection().exec_driver_sql(change)
    db.session.commit()
    db.session.expire_all()
    verdict = journal.verify()
    assert not verdict.valid and verdict.reason


def test_two_swapped_rows_are_seen(both):
    note(3)
    for seq, to in ((1, 99), (2, 1), (99, 2)):
        db.session.execute(sa.update(JournalEntry).where(JournalEntry.seq == seq).values(seq=to))
    db.session.commit()
    db.session.expire_all()
    assert not journal.verify().valid


def test_the_head_is_the_digest_of_the_last_row(both):
    note(2)
    assert db.session.get(JournalHead, 1).digest == journal.verify().head


def test_two_first_rows_written_at_once_form_one_chain(both):
    """The head does not exist yet: whoever makes it first, the other waits for it and goes on."""
    started, faults = threading.Barrier(8), []

    def write(number: int) -> None:
        with both.app_context():
            try:
                journal.record("tests:note", actor=SYSTEM, at=clock.now(), number=number)
                started.wait(10)
                db.session.commit()
            except Exception as error:
                faults.append(error)
            db.session.remove()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []
    verdict = journal.verify()
    assert verdict.valid and verdict.rows == 8


@pytest.mark.postgresql
def test_rows_appended_by_eight_threads_form_one_chain(postgresql_app):
    note(1)

    def write() -> None:
        with postgresql_app.app_context():
            for _ in range(10):
                note(1)
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = journal.verify()
    assert verdict.valid and verdict.rows == 81
