"""Jobs for tests: they count, fail, or wait."""

import pytest

from skillshare.jobs.registry import Job
from skillshare.jobs.schedules import Daily


@pytest.fixture
def job_of():
    """`job_of(function, schedule)`: a job that runs it."""

    def make(run, schedule=Daily(5), name="essai"):
        return Job(name, "Essai", schedule, run)

    return make
