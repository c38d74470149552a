"""A clean signed letter, and a way to break it behind the back of the actions."""

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from tests import factories
from tests.approvals.cases import Case
from tests.audit.letters import signed, straight


@pytest.fixture
def clean(people, at) -> Case:
    return signed(people, at)


@pytest.fixture
def clean_on_both(both, at) -> Case:
    return signed(factories.standing_people(), at)


@pytest.fixture
def rows(people, at) -> Case:
    return straight(people, at)


@pytest.fixture
def rows_on_both(both, at) -> Case:
    return straight(factories.standing_people(), at)


@pytest.fixture
def write():
    """`write(row, column=value)`: straight into the table, past every rule of the actions."""

    def straight(row, **values):
        table, row_id = type(row).__table__, row.id
        db.session.commit()  # a reader's snapshot cannot become a writer
        db.session.execute(sa.update(table).where(table.c.id == row_id).values(**values))
        db.session.commit()

    return straight
