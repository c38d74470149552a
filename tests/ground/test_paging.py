"""Lists page in the database, or in memory where a rule in Python has chosen the rows."""

import pytest
import sqlalchemy as sa

from skillshare.ground.paging import page_of, paginate
from skillshare.organisation.models import Agent
from tests import factories

PAGES = [  # page asked, page given, first and last row told, rows from and to
    (1, 1, (1, 3), slice(0, 3)), (2, 2, (4, 6), slice(3, 6)), (3, 3, (7, 7), slice(6, 7)), (9, 3, (7, 7), slice(6, 7)),
    (0, 1, (1, 3), slice(0, 3)), (-2, 1, (1, 3), slice(0, 3))]


@pytest.mark.parametrize(("asked", "given", "told", "rows"), PAGES)
def test_a_page_of_rows(asked, given, told, rows):
    page = page_of(range(7), asked, per_page=3)
    assert (page.page, page.pages, page.total, (page.first, page.last)) == (given, 3, 7, told)
    assert page.items == list(range(7))[rows]


@pytest.mark.parametrize(("asked", "given", "told", "rows"), PAGES)
def test_a_page_of_a_query_is_the_same(people, asked, given, told, rows):
    known = [factories.agent(people.roads).id for _ in range(7)]
    query = sa.select(Agent).where(Agent.id.in_(known)).order_by(Agent.id)
    page = paginate(query, asked, per_page=3)
    assert (page.page, page.pages, page.total, (page.first, page.last)) == (given, 3, 7, told)
    assert [agent.id for agent in page.items] == known[rows]


def test_no_row_is_one_empty_page(people):
    for page in (page_of([], 4), paginate(sa.select(Agent).where(sa.false()), 4)):
        assert (page.items, page.page, page.pages, page.total, page.first, page.last) == ([], 1, 1, 0, 0, 0)
