"""What choosing one volunteer costs elsewhere: counted by the engine, told in words, telling no refusal."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.proposals import actions, costs
from skillshare.proposals.models import ChoiceCost
from skillshare.proposals.models import ProposalState as S
from tests import factories
from tests.proposals.test_agent_pages import text

FREE = "Ce choix ne prive aucun autre besoin"


@pytest.fixture
def both_needs(people, signing):
    """Two needs on the same days, 40 % each; Bob and Marc give 50 % at most, so each of them holds one."""
    other_skill = factories.skill("Braille")
    first = factories.need(people, [signing])
    second = factories.need(people, [signing, other_skill], title="Atelier braille", unit_id=people.direction.id)
    factories.offer(people.bob, [signing, other_skill])
    factories.offer(people.marc, [signing])
    db.session.commit()
    return first, second


def volunteer(need, agent, at):
    actions.accept(made := factories.proposal(need, agent), actor=agent, at=at)
    db.session.commit()
    return made


def told(proposal) -> str:
    return costs.costs_of([proposal])[proposal.id].text


def test_choosing_the_only_agent_another_need_could_have_says_so(people, at, both_needs):
    first, _ = both_needs
    by_bob, by_marc = volunteer(first, people.bob, at), volunteer(first, people.marc, at)
    assert "en cours de calcul" in told(by_bob)
    assert costs.refresh(at) == 2
    db.session.commit()
    assert told(by_bob) == "Ce choix prive le besoin « Atelier braille » (Direction des infrastructures) de son volontaire."
    assert told(by_marc) == FREE + "."


def test_the_card_says_it_and_the_page_never_counts(people, at, both_needs, client_of, monkeypatch):
    first, _ = both_needs
    volunteer(first, people.bob, at)
    costs.refresh(at)
    db.session.commit()
    monkeypatch.setattr(costs.matching, "Explainer", None)
    page = text(client_of(people.alice).get(f"/besoins/{first.id}").text)
    assert "prive le besoin « Atelier braille »" in page and "est compté par le calcul" in page


def test_what_another_agent_can_hold_costs_nothing(people, at, both_needs, signing):
    factories.offer(people.emma, [signing, *[d.skill for d in both_needs[1].demands if d.skill != signing]])
    both_needs[1].unit_id = people.sam.id
    by_bob = volunteer(both_needs[0], people.bob, at)
    costs.refresh(at)
    assert told(by_bob).startswith(FREE)


def test_facts_are_kept_for_an_hour_then_while_the_market_stands(people, at, both_needs):
    volunteer(both_needs[0], people.bob, at)
    assert costs.refresh(at) == 1
    db.session.commit()
    first = db.session.scalars(sa.select(ChoiceCost)).one().computed_at
    assert costs.refresh(at + timedelta(minutes=59)) == 0
    assert db.session.scalars(sa.select(ChoiceCost)).one().computed_at == first
    assert costs.refresh(at + timedelta(minutes=61)) == 0
    db.session.commit()
    assert db.session.scalars(sa.select(ChoiceCost)).one().computed_at == first + timedelta(minutes=61)
    volunteer(both_needs[0], people.marc, at)
    assert costs.refresh(at + timedelta(minutes=130)) == 1


def test_a_refusal_elsewhere_changes_nothing_before_its_last_day(people, at, both_needs):
    """The cost would vanish at once if a refusal left the market: the reader would know of it (R5)."""
    first, second = both_needs
    waiting = factories.proposal(second, people.bob)
    by_bob = volunteer(first, people.bob, at)
    costs.refresh(at)
    before = told(by_bob)
    actions.decline(waiting, actor=people.bob, at=at)
    db.session.commit()
    costs.refresh(at + timedelta(hours=2))
    assert told(by_bob) == before != FREE + "."
    later = at + timedelta(days=15)
    by_bob.answer_by = later.date()
    costs.refresh(later)
    assert told(by_bob) == FREE + "."


def test_who_left_the_market_since_is_said(people, at, both_needs):
    by_bob = volunteer(both_needs[0], people.bob, at)
    assert by_bob.state == S.ACCEPTED
    both_needs[0].seats[0].need.demands[0].level = 4
    db.session.commit()
    costs.refresh(at)
    assert "ne peut plus tenir ce choix" in told(by_bob)


def test_nothing_to_choose_counts_nothing(people, at, both_needs, monkeypatch):
    monkeypatch.setattr(costs, "build_unheld", None)
    assert costs.refresh(at) == 0
