"""A published offer that its agent narrows: unanswered proposals it no longer meets end, whatever was narrowed."""

from datetime import date

import pytest

from skillshare.ground.extensions import db
from skillshare.needs.models import Remote
from skillshare.offers import actions as offers
from skillshare.offers.models import OfferSite, Visibility
from skillshare.proposals import actions
from skillshare.proposals.models import ProposalState as S
from skillshare.skills.models import SkillNeighbour
from tests import factories

FREE = [(date(2027, 1, 1), date(2027, 6, 30))]


@pytest.fixture
def offered(people, signing):
    """Bob works at Bellerive, the need is at Saint-Aubin, some 14 km away."""
    offer = factories.offer(people.bob, [signing], remote=True)
    offer.sites.append(OfferSite(site_id=people.sites[1].id))
    db.session.flush()
    return offer


@pytest.fixture
def waiting(people, need, offered):
    need.site_id = people.sites[1].id
    made = factories.proposal(need, people.bob)
    db.session.commit()
    return made


def save(offer, at, **changed):
    values = {"skills": [(row.skill_id, row.level) for row in offer.skills], "windows": FREE, "highest_load": 50,
              "remote": True, "max_km": None, "site_ids": [row.site_id for row in offer.sites],
              "visibility": Visibility.MATCHING} | changed
    offers.save(offer, actor=offer.agent, at=at, **values)


@pytest.mark.parametrize("changed", [
    {"windows": [(date(2027, 1, 1), date(2027, 3, 18))]}, {"highest_load": 39},
    {"site_ids": [], "max_km": 10}, {"max_km": 5, "site_ids": []},
], ids=["days", "load", "the site left for a distance", "distance"])
def test_what_no_longer_covers_the_mission_ends_its_proposal(people, at, offered, waiting, changed):
    save(offered, at, **changed)
    assert waiting.state == S.CANCELLED


def test_keeping_only_another_site_ends_it(people, at, offered, waiting):
    save(offered, at, site_ids=[people.sites[0].id])
    assert waiting.state == S.CANCELLED


def test_a_lower_level_or_another_skill_ends_it(people, at, signing, need, offered, waiting):
    save(offered, at, skills=[(signing.id, 1)])
    assert waiting.state == S.CANCELLED


def test_a_mission_at_a_distance_ends_with_remote_work_when_the_place_is_out_of_reach(people, at, need, offered, waiting):
    need.remote = Remote.FULLY
    save(offered, at, site_ids=[], max_km=5)
    assert waiting.state == S.PROPOSED
    save(offered, at, site_ids=[], max_km=5, remote=False)
    assert waiting.state == S.CANCELLED


def test_the_neighbour_that_stood_in_is_needed(people, at, signing, need, offered, waiting):
    near, other = factories.skill("Langage parlé complété"), factories.skill("Accueil")
    db.session.add(SkillNeighbour(skill_id=signing.id, neighbour_id=near.id, weight=0.5))
    need.demands[0].neighbours_allowed = True
    save(offered, at, skills=[(near.id, 3)])
    assert waiting.state == S.PROPOSED
    save(offered, at, skills=[(other.id, 3)])
    assert waiting.state == S.CANCELLED


@pytest.mark.parametrize("changed", [
    {"windows": [(date(2027, 1, 11), date(2027, 3, 19))]}, {"highest_load": 40}, {"remote": False},
    {"site_ids": [], "max_km": 20}, {"visibility": Visibility.MEDIATOR},
], ids=["days", "load", "remote work", "distance", "visibility"])
def test_what_is_narrowed_and_still_covers_the_mission_leaves_it(people, at, offered, waiting, changed):
    save(offered, at, **changed)
    assert waiting.state == S.PROPOSED


def test_a_yes_already_given_stands(people, at, offered, waiting):
    actions.accept(waiting, actor=people.bob, at=at)
    save(offered, at, site_ids=[people.sites[0].id])
    assert waiting.state == S.ACCEPTED
