from datetime import datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

from skillshare.ground import clock
from skillshare.jobs.registry import JOBS
from skillshare.jobs.schedules import Daily, Every

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=clock.ZONE)


def test_a_daily_job_is_due_from_its_hour_on():
    assert Daily(5).slot(MONDAY.replace(hour=4, minute=59)) is None
    assert Daily(5).slot(MONDAY.replace(hour=5)) == ""
    assert Daily(5).slot(MONDAY.replace(hour=23)) == ""


@pytest.mark.parametrize("day", [datetime(2026, 11, 22, 12), datetime(2027, 1, 1, 12)])
def test_what_asks_something_of_people_waits_for_a_working_day(day):
    local = day.replace(tzinfo=clock.ZONE)
    assert Daily(5, working_days=True).slot(local) is None
    assert Daily(5).slot(local) == ""


def test_the_slot_of_a_frequent_job_is_the_start_of_its_period():
    assert Every(15).slot(MONDAY.replace(minute=29)) == "11:15"
    assert Every(1).slot(MONDAY.replace(minute=29)) == "11:29"


@pytest.mark.parametrize("change", [datetime(2026, 10, 25), datetime(2027, 3, 28)])
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_no_job_runs_between_two_and_three_on_the_nights_the_clock_changes(job, change):
    trigger = CronTrigger(**job.schedule.cron, timezone=clock.ZONE)
    end = (change + timedelta(days=1)).replace(tzinfo=clock.ZONE)
    moment, times = change.replace(tzinfo=clock.ZONE), []
    while (found := trigger.get_next_fire_time(None, moment)) is not None and found < end:
        times.append(found)
        moment = found + timedelta(seconds=1)
    assert times
    assert all(found.hour != 2 for found in times)
    assert len(times) == len({found.astimezone(clock.UTC) for found in times})


def test_names_and_their_lengths_fit_the_register():
    names = [job.name for job in JOBS]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 40
