"""The arithmetic of promised and given time, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from skillshare.commitments import actions, queries
from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from tests import factories

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
JANUARY = (date(2027, 1, 1), date(2027, 1, 31))
FEBRUARY = (date(2027, 2, 1), date(2027, 2, 28))


@pytest.fixture
def people(both):
    return factories.standing_people()


def promise(people, agent=None, source="proposal:1", period=JANUARY, load=40):
    return actions.promise(agent or people.bob, host_unit=people.sam, source=source, starts_on=period[0],
                           ends_on=period[1], load=load, at=AT)


def give(people, agent=None, source="proposal:1", period=JANUARY, load=40):
    promise(people, agent, source, period, load)
    return actions.give(source, starts_on=period[0], ends_on=period[1], load=load, at=AT)


def test_promises_of_one_agent_never_exceed_their_working_time(people):
    people.bob.working_time = 80
    promise(people, load=50)
    promise(people, source="proposal:2", load=30)
    with pytest.raises(RuleBroken, match="n’a plus que 0 %") as refused:
        promise(people, source="proposal:3", load=1)
    assert refused.value.field == "load"


def test_periods_that_only_touch_do_not_add_up(people):
    promise(people, load=100)
    promise(people, source="proposal:2", period=FEBRUARY, load=100)
    with pytest.raises(RuleBroken):
        promise(people, source="proposal:3", period=(date(2027, 1, 31), date(2027, 2, 1)), load=1)


def test_promised_time_counts_in_no_cap_and_given_time_does(people):
    people.roads.cap = 40
    promise(people)
    assert queries.unit_peak(people.roads, *JANUARY) == 0
    actions.give("proposal:1", starts_on=JANUARY[0], ends_on=JANUARY[1], load=40, at=AT)
    assert queries.unit_peak(people.roads, *JANUARY) == queries.unit_peak(people.root, *JANUARY) == 40
    assert queries.unit_peak(people.sam, *JANUARY) == 0


def test_a_cap_holds_for_the_whole_subtree_and_names_its_unit(people):
    people.direction.cap = 60
    give(people)
    with pytest.raises(RuleBroken, match="Direction des infrastructures est atteint : 0,4 ETP déjà prêtés sur 0,6"):
        give(people, people.emma, "proposal:2")
    db.session.rollback()


def test_a_cap_of_zero_lends_nobody_and_no_cap_lends_all(people):
    people.roads.cap = 0
    with pytest.raises(RuleBroken):
        give(people)
    people.roads.cap = None
    assert actions.give("proposal:1", starts_on=JANUARY[0], ends_on=JANUARY[1], load=40, at=AT).kind == "given"


def test_time_is_given_only_from_a_live_promise(people):
    with pytest.raises(RuleBroken):
        actions.give("proposal:9", starts_on=JANUARY[0], ends_on=JANUARY[1], load=40, at=AT)
    promise(people)
    actions.release("proposal:1", at=AT)
    with pytest.raises(RuleBroken):
        actions.give("proposal:1", starts_on=JANUARY[0], ends_on=JANUARY[1], load=40, at=AT)


def test_released_time_is_free_and_a_second_release_is_harmless(people):
    promise(people, load=100)
    actions.release("proposal:1", at=AT)
    actions.release("proposal:1", at=AT)
    assert queries.agent_peak(people.bob.id, *JANUARY) == 0
    promise(people, source="proposal:2", load=100)


def test_an_early_end_frees_the_days_after_it_alone(people):
    give(people)
    actions.shorten("proposal:1", ends_on=date(2027, 1, 15), at=AT)
    assert queries.agent_peak(people.bob.id, date(2027, 1, 15), JANUARY[1]) == 40
    assert queries.agent_peak(people.bob.id, date(2027, 1, 16), JANUARY[1]) == 0
    actions.shorten("proposal:1", ends_on=date(2026, 12, 31), at=AT)
    assert queries.live() == []


def test_one_live_promise_per_source_is_a_rule_of_the_database(people):
    promise(people)
    with pytest.raises(sa.exc.IntegrityError):
        promise(people, load=1)
    db.session.rollback()


def test_days_lent_and_received_are_days_of_work(people):
    give(people, period=(date(2026, 9, 7), date(2026, 9, 20)), load=50)
    roads, sam = queries.balances([people.roads, people.sam], date(2026, 1, 1), date(2026, 12, 31))
    assert (round(roads.lent_days, 6), roads.received_days, roads.lent_now) == (5.0, 0, 0)
    assert (sam.unit, sam.lent_days, round(sam.received_days, 6)) == (people.sam, 0, 5.0)
    [half] = queries.balances([people.roads], date(2026, 1, 1), date(2026, 9, 13))
    assert (round(half.lent_days, 6), half.lent_now) == (2.5, 50)
    assert queries.balances([], date(2026, 1, 1), date(2026, 9, 13)) == []


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10), st.integers(1, 100)), max_size=8)


@given(spans)
def test_the_peak_is_the_highest_day(rows):
    first = date(2027, 1, 1)
    made = [Commitment(starts_on=first + timedelta(days=start), ends_on=first + timedelta(days=start + length), load=load,
                       kind=CommitmentKind.GIVEN) for start, length, load in rows]
    window = (first + timedelta(days=5), first + timedelta(days=25))
    days = [window[0] + timedelta(days=n) for n in range(21)]
    overlapping = [row for row in made if row.starts_on <= window[1] and row.ends_on >= window[0]]
    by_day = max(sum(row.load for row in made if row.starts_on <= day <= row.ends_on) for day in days)
    assert queries.peak(overlapping, *window) == by_day
