"""The mid-point of a mission falls on a working day."""

from datetime import date

import pytest

from skillshare.approvals.trace import trace_of
from skillshare.ground import clock
from skillshare.letters.data import letter_data
from tests.approvals.cases import case_of


@pytest.mark.parametrize(("day", "nearest"), [
    (date(2027, 2, 12), date(2027, 2, 12)), (date(2027, 2, 13), date(2027, 2, 12)), (date(2027, 2, 14), date(2027, 2, 15)),
    (date(2027, 3, 29), date(2027, 3, 30)),  # Easter Monday
    (date(2027, 5, 6), date(2027, 5, 5))])  # Ascension Day: two neighbours, the earlier one
def test_the_nearest_working_day(day, nearest):
    assert clock.nearest_working_day(day) == nearest


def test_the_review_of_a_letter_is_on_a_working_day(people, at):
    case = case_of(people, at, starts_on=date(2027, 1, 11), ends_on=date(2027, 3, 19))  # its middle is a Saturday or Sunday
    case.choose()
    data = letter_data(case.proposal, trace=trace_of([case.waiting()]), at=at)
    assert "Point à mi-parcours vers le vendredi 12 février 2027" in data["clauses"]["follow_up"].replace("\u00a0", " ")


def test_the_steps_of_a_letter_give_civil_names(people, at):
    case = case_of(people, at)
    case.choose()
    assert [step["name"] for step in trace_of([case.waiting()])] == ["M. Bob Tessier", "M. Chloé Marchand"]
