"""Bob's letter, signed by Farid under clean rules, then broken behind the back of the actions."""

import pytest
import sqlalchemy as sa

from skillshare.approvals import signing
from skillshare.ground.extensions import db
from tests import factories
from tests.approvals.cases import Case, case_of


def signed(people, at, **more) -> Case:
    case = case_of(people, at, **more)
    case.approve()
    signing.sign(case.letter(), actor=people.farid, at=at)
    db.session.commit()
    return case


@pytest.fixture
def clean(people, at) -> Case:
    return signed(people, at)


@pytest.fixture
def clean_on_both(both, at) -> Case:
    return signed(factories.standing_people(), at)


@pytest.fixture
def write():
    """`write(row, column=value)`: straight into the table, past every rule of the actions."""

    def straight(row, **values):
        table = type(row).__table__
        db.session.execute(sa.update(table).where(table.c.id == row.id).values(**values))
        db.session.commit()

    return straight
