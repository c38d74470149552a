"""A case of Bob's, chosen by the host, on SQLite or on both databases."""

import pytest

from tests import factories
from tests.approvals.cases import Case, case_of


@pytest.fixture
def case(people, at) -> Case:
    """Bob has said yes; nobody has chosen yet."""
    return case_of(people, at)


@pytest.fixture
def everyone(both) -> factories.People:
    """The standing people on each of the two databases."""
    return factories.standing_people()


@pytest.fixture
def case_on_both(everyone, at) -> Case:
    return case_of(everyone, at)
