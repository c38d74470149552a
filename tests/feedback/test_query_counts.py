"""At most fifteen statements for each page of a case, however many caps, acts, colleagues and visas it has."""

from datetime import date

import pytest

from skillshare.approvals import ending
from skillshare.audit import replacing
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.letters import queries
from skillshare.letters.models import LetterKind
from skillshare.loans import actions as loans
from tests import factories
from tests.approvals.cases import case_of
from tests.audit.letters import signed

MOST = 15


@pytest.fixture
def busy(people, at):
    """A unit with caps at each level, a threshold, a manager who signs and colleagues already on loan."""
    factories.delegation(people.chloe, people.roads, people.david)
    people.roads.presence_threshold, people.roads.cap, people.direction.cap, people.root.cap = 600, 400, 900, 9000
    for _ in range(3):
        colleague = factories.agent(people.roads, manager_id=people.chloe.id)
        case_of(people, at, agent=colleague, load=20).approve()
    return people


def count(client, address, count_queries) -> int:
    db.session.commit()
    db.session.remove()
    with count_queries() as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_page_of_a_visa(busy, at, client_of, count_queries):
    case = case_of(busy, at)
    case.choose()
    client, address = client_of(busy.chloe), f"/visas/{case.waiting().id}"
    assert count(client, address, count_queries) <= MOST


@pytest.mark.parametrize("name", ["bob", "chloe", "hugo", "david", "aude", "farid"])
def test_the_page_of_a_letter_with_all_its_acts(busy, at, client_of, count_queries, name):
    case = signed(busy, at)
    replacing.replace(case.letter(), actor=busy.david, reason="Mauvais grade", at=at)
    client, address = client_of(getattr(busy, name)), f"/lettres/{queries.all_of(case.loan())[0].id}"
    assert count(client, address, count_queries) <= MOST


@pytest.mark.parametrize("name", ["bob", "chloe", "hugo", "david", "mona"])
def test_the_page_of_a_loan_that_is_over(busy, at, client_of, count_queries, name):
    case = signed(busy, at)
    loans.start(case.loan(), at=at)
    day = clock.at_local(date(2027, 2, 1))
    with clock.travel(day):
        ending.end_early(case.loan(), actor=busy.bob, at=day, ends_on=date(2027, 2, 12), reason="agent_wish")
    loans.end(case.loan(), at=day)
    client, address = client_of(getattr(busy, name)), f"/prets/{case.loan().id}"
    assert count(client, address, count_queries) <= MOST


def test_the_desk_and_the_page_of_a_letter_to_sign(busy, at, client_of, count_queries):
    for _ in range(4):
        case_of(busy, at, agent=factories.agent(busy.roads, manager_id=busy.chloe.id), load=10).approve()
    case = case_of(busy, at)
    case.approve()
    client, address = client_of(busy.farid), f"/signatures/{case.act(LetterKind.LETTER).id}"
    assert count(client, "/signatures", count_queries) <= MOST
    assert count(client, address, count_queries) <= MOST


@pytest.mark.parametrize("address", ["/prets", "/visas", "/retours"])
def test_the_lists(busy, at, client_of, count_queries, address):
    assert count(client_of(busy.chloe), address, count_queries) <= MOST
