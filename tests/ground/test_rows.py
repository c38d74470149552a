"""The clock's rows: each in its transaction, the bad ones told, the others done."""

import pytest

from skillshare.ground.extensions import db
from skillshare.ground.rows import SomeFailed, one_by_one
from skillshare.organisation.models import Agent
from tests import factories


def test_a_bad_row_stops_no_other_and_is_told_by_its_number(both):
    people = factories.standing_people()
    ids = [people.bob.id, people.emma.id, people.marc.id]

    def rename(agent_id: int) -> None:
        db.session.get_one(Agent, agent_id).first_name = "Renommé"
        db.session.flush()
        if agent_id == ids[1]:
            raise ValueError("poivre")

    with pytest.raises(SomeFailed) as failed, one_by_one() as rows:
        rows.each("agent", ids, rename)
    assert (failed.value.done, failed.value.faults) == (2, [[f"agent n° {ids[1]}", "ValueError : poivre"]])
    db.session.remove()
    assert [db.session.get_one(Agent, row).first_name for row in ids] == ["Renommé", "Emma", "Renommé"]


def test_what_an_act_returns_is_counted_and_a_row_that_had_nothing_to_do_is_not(app):
    with one_by_one() as rows:
        assert rows.each("visa", [0, 3], lambda n: n) == 3
        assert rows.each("prêt", [1], lambda _n: None) == 1
    assert rows.done == 4


def test_a_failure_of_the_database_itself_leaves_the_next_row_a_clean_transaction(both):
    people = factories.standing_people()

    def spoil(agent_id: int) -> None:
        agent = db.session.get_one(Agent, agent_id)
        if agent_id == people_ids[0]:
            agent.unit_id = 999_999
        else:
            agent.first_name = "Suivant"

    people_ids = [people.bob.id, people.emma.id]
    with pytest.raises(SomeFailed, match="1\u00a0fait, 1 en échec"), one_by_one() as rows:
        rows.each("agent", people_ids, spoil)
    assert db.session.get_one(Agent, people_ids[1]).first_name == "Suivant"
