"""One live offer per agent, and a whole offer saved twice, on both databases."""

from datetime import date

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.offers import actions
from skillshare.offers.models import OfferState, Visibility
from tests import factories
from tests.conftest import NOON


def test_a_second_live_offer_is_refused_by_the_database(both):
    people = factories.standing_people()
    factories.offer(people.bob, [])
    with pytest.raises(sa.exc.IntegrityError):
        factories.offer(people.bob, [], state=OfferState.DRAFT)
    db.session.rollback()


def test_an_offer_is_rewritten_in_place(both):
    people = factories.standing_people()
    first, second = factories.skill(), factories.skill()
    offer = actions.start(people.bob, at=NOON)
    for skills in ([(first.id, 2)], [(first.id, 4), (second.id, 1)], [(second.id, 1)]):
        actions.save(offer, actor=people.bob, at=NOON, skills=skills, windows=[(date(2027, 1, 4), date(2027, 2, 5))] * 2,
                     highest_load=20, remote=False, max_km=None, site_ids=[people.sites[0].id] * 2,
                     visibility=Visibility.MATCHING)
    actions.publish(offer, actor=people.bob, at=NOON)
    db.session.commit()
    assert [(row.skill_id, row.level) for row in offer.skills] == [(second.id, 1)]
    assert (len(offer.windows), len(offer.sites), offer.state) == (1, 1, OfferState.PUBLISHED)
