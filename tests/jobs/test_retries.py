"""A daily job that failed is tried again within its day: 5 minutes, 30 minutes, 2 hours after."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.rows import SomeFailed
from skillshare.jobs import runner
from skillshare.jobs.models import JobRun
from skillshare.jobs.schedules import Every
from tests.conftest import NOON

TODAY = date(2026, 11, 23)


@pytest.fixture
def day(app, monkeypatch, job_of):
    """`day(run, schedule)`: that job alone; then `tick(minutes)`: what runs so long after noon, as slots."""

    def only(run, *schedule):
        monkeypatch.setattr(runner, "JOBS", [job_of(run, *schedule)])

        def tick(minutes: int) -> list[str]:
            at = NOON + timedelta(minutes=minutes)
            with clock.travel(at):
                return [run.slot for run in runner.run_due(app, at)]

        return tick

    return only


def fail(_at):
    raise ValueError("poivre")


def rows() -> list[JobRun]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.id)))


def test_a_job_that_keeps_failing_is_tried_four_times_later_and_later_then_waits_for_tomorrow(day):
    tick = day(fail)
    assert tick(0) == [""]
    assert tick(4) == [] and tick(5) == ["essai 2"]
    assert tick(34) == [] and tick(35) == ["essai 3"]
    assert tick(154) == [] and tick(155) == ["essai 4"]
    assert tick(600) == []
    assert tick(24 * 60) == [""]
    assert [run.error for run in rows()] == ["ValueError : poivre"] * 5


def test_a_job_that_succeeds_at_its_second_try_is_not_tried_again(day):
    tries = []

    def second_time(at):
        tries.append(at)
        if len(tries) == 1:
            raise ValueError("poivre")
        return "fait"

    tick = day(second_time)
    assert [tick(minutes) for minutes in (0, 5, 6, 120)] == [[""], ["essai 2"], [], []]
    assert [(run.error, run.outcome) for run in rows()] == [("ValueError : poivre", ""), ("", "fait")]


def test_a_partial_job_is_tried_again_too(day):
    def partial(_at):
        raise SomeFailed(2, [["visa n° 7", "ValueError : poivre"]])

    tick = day(partial)
    assert tick(0) == [""] and tick(5) == ["essai 2"]
    assert rows()[0].faults == [["visa n° 7", "ValueError : poivre"]]


def test_no_try_is_carried_over_midnight(day):
    tick = day(fail)
    assert tick(11 * 60 + 56) == [""]  # 23:56 in Paris
    assert tick(12 * 60 + 1) == []


def test_a_frequent_job_is_left_to_its_next_slot(day):
    tick = day(fail, Every(15))
    assert tick(0) == ["12:00"] and tick(5) == [] and tick(15) == ["12:15"]


def test_a_try_cut_short_by_a_kill_is_made_again_by_who_takes_the_lead(day):
    tick = day(fail)
    tick(0)
    db.session.add(JobRun(job="essai", business_date=TODAY, slot="essai 2", started_at=NOON + timedelta(minutes=5)))
    db.session.commit()
    assert tick(10) == []
    runner.begin(NOON + timedelta(minutes=10))
    assert tick(10) == ["essai 2"]
