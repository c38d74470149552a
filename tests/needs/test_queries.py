"""Who reads which need, how urgent it is, and what returns too often."""

from datetime import date, timedelta

import pytest

from skillshare.ground.extensions import db
from skillshare.needs import queries
from skillshare.needs.models import NeedSkill, NeedState
from tests import factories

ON = date(2026, 11, 23)


def seen_by(agent):
    return set(db.session.scalars(queries.visible_to(agent)))


def test_drafts_are_read_by_their_unit_alone(people, draft, published):
    assert seen_by(people.alice) == {draft, published}
    assert seen_by(people.hugo) == {draft, published}
    for name in ("bob", "chloe", "mona", "david", "emma"):
        assert seen_by(getattr(people, name)) == {published}


def test_views_split_needs_by_state(people, draft, published):
    assert queries.counts(people.alice) == {"brouillons": 1, "mes-besoins": 1, "publies": 1, "clos": 0}
    assert queries.counts(people.bob) == {"brouillons": 0, "mes-besoins": 0, "publies": 1, "clos": 0}


@pytest.mark.parametrize(("crisis", "days", "rank"), [
    ((date(2026, 11, 20), date(2026, 11, 30)), 60, 0), ((date(2026, 11, 23), date(2026, 11, 23)), 60, 0),
    ((date(2026, 11, 1), date(2026, 11, 22)), 60, 2), ((date(2026, 11, 24), date(2026, 11, 30)), 60, 2),
    ((None, None), 15, 1), ((None, None), 16, 2),
])
def test_priority_is_computed_never_typed(published, crisis, days, rank):
    published.crisis_from, published.crisis_until = crisis
    published.starts_on = ON + timedelta(days=days)
    assert queries.priority(published, ON) == rank


def test_recurrence_counts_times_and_days_of_published_needs(people, signing):
    for year, month in ((2025, 3), (2026, 3)):
        factories.need(people, [signing], starts_on=date(year, month, 1), ends_on=date(year, month, 31))
    factories.need(people, [signing], state=NeedState.DRAFT, published_at=None, starts_on=date(2026, 5, 1), ends_on=None)
    now = factories.need(people, [signing])
    rows = queries.recurrence(people.sam, [signing.id], ON, excluding=now.id)
    assert [(row.skill, row.times, row.days, row.is_heavy) for row in rows] == [(signing, 2, 62, True)]


def test_recurrence_forgets_other_units_old_years_and_desired_skills(people, signing):
    factories.need(people, [signing], unit_id=people.roads.id)
    factories.need(people, [signing], starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 1))
    wished = factories.need(people, [])
    wished.demands.append(NeedSkill(skill_id=signing.id, level=2, required=False))
    db.session.flush()
    assert queries.recurrence(people.sam, [signing.id], ON) == []


def test_one_short_need_before_is_not_a_recurrence(people, signing):
    factories.need(people, [signing], starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    assert not queries.recurrence(people.sam, [signing.id], ON)[0].is_heavy


def test_one_long_need_before_is(people, signing):
    factories.need(people, [signing], starts_on=date(2026, 1, 1), ends_on=date(2026, 7, 31))
    assert queries.recurrence(people.sam, [signing.id], ON)[0].is_heavy


def test_recurrence_takes_one_query_however_many_skills(people, count_queries):
    skills = [factories.skill() for _ in range(6)]
    factories.need(people, skills)
    db.session.flush()
    with count_queries() as seen:
        assert len(queries.recurrence(people.sam, [s.id for s in skills], ON)) == 6
    assert len(seen) <= 2


def test_a_sam_names_leads_in_what_it_serves(people):
    assert queries.perimeter(people.sam) == people.root.path
    assert queries.perimeter(people.roads) == people.roads.path


def test_possible_leads_are_the_active_people_of_the_unit(people):
    people.hugo.active = False
    assert queries.possible_leads(people.sam) == [people.alice]
    assert people.bob in queries.possible_leads(people.sam, people.bob)


def test_the_earliest_start_leaves_five_working_days(at):
    assert queries.earliest_start() == date(2026, 11, 30)
