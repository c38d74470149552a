"""The requesting side: applications, invitations, choice, and what follows from needs and offers."""

from datetime import date

import pytest

from skillshare.commitments import queries as commitments
from skillshare.ground import events
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.needs.models import NeedState
from skillshare.offers.models import OfferState
from skillshare.proposals import actions, queries, supply
from skillshare.proposals.models import Origin
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.subscriptions import on_agent_left, on_need_changed, on_need_withdrawn, on_offer_narrowed
from tests import factories


@pytest.fixture(autouse=True)
def chosen(monkeypatch, app):
    """What is announced as chosen, without the visas of a later room."""
    told = []
    monkeypatch.setitem(events._handlers, events.ProposalChosen, [told.append])
    monkeypatch.setitem(events._handlers, events.ProposalEnded, [])
    return told


def accepted(need, agent, at):
    made = factories.proposal(need, agent)
    actions.accept(made, actor=agent, at=at)
    return made


def mail_kinds(person) -> list[str]:
    return [m.kind for m in db.session.query(Message).filter_by(recipient_id=person.id).order_by(Message.id)]


def test_the_requester_chooses_and_the_visas_are_asked(people, at, need, chosen):
    proposal = accepted(need, people.bob, at)
    actions.choose(proposal, actor=people.alice, at=at)
    assert (proposal.state, proposal.chosen_by, proposal.chosen_at) == (S.CHOSEN, people.alice, at)
    assert [event.subject_id for event in chosen] == [proposal.id] and "proposal-chosen" in mail_kinds(people.bob)


def test_when_no_seat_remains_everybody_is_told_and_their_time_is_free(people, at, need):
    bob, marc, emma = accepted(need, people.bob, at), accepted(need, people.marc, at), factories.proposal(need, people.emma)
    actions.choose(bob, actor=people.alice, at=at)
    assert (marc.state, emma.state) == (S.NOT_CHOSEN, S.CANCELLED)
    assert [c.agent_id for c in commitments.live()] == [people.bob.id]
    assert "proposal-not-chosen" in mail_kinds(people.marc) and "proposal-gone" in mail_kinds(people.emma)


def test_others_keep_waiting_while_a_seat_remains_and_move_to_it(people, at, signing):
    need = factories.need(people, [signing], seats=2)
    bob, marc = accepted(need, people.bob, at), accepted(need, people.marc, at)
    actions.choose(bob, actor=people.alice, at=at)
    assert marc.state == S.ACCEPTED and marc.seat_id == need.seats[1].id
    actions.choose(marc, actor=people.hugo, at=at)
    assert marc.state == S.CHOSEN


def test_a_seat_is_chosen_once(people, at, need):
    bob = accepted(need, people.bob, at)
    marc = accepted(need, people.marc, at)
    actions.choose(bob, actor=people.alice, at=at)
    with pytest.raises((RuleBroken, TransitionNotAllowed)):
        actions.choose(marc, actor=people.alice, at=at)


@pytest.mark.parametrize("name", ["bob", "chloe", "mona", "david", "emma"])
def test_only_the_requesting_side_chooses_and_invites(people, at, need, name):
    proposal = accepted(need, people.bob, at)
    with pytest.raises(NotPermitted):
        actions.choose(proposal, actor=vars(people)[name], at=at)
    with pytest.raises(NotPermitted):
        actions.invite(need, agent=people.marc, actor=vars(people)[name], at=at)


def test_nobody_is_chosen_before_they_said_yes(people, at, need):
    with pytest.raises(TransitionNotAllowed):
        actions.choose(factories.proposal(need, people.bob), actor=people.alice, at=at)


def test_an_application_starts_accepted_with_its_own_fit(people, at, need, signing):
    factories.offer(people.bob, [signing])
    made = actions.apply(need, agent=people.bob, at=at)
    assert (made.state, made.origin, made.accepted_at) == (S.ACCEPTED, Origin.APPLICATION, at)
    assert sum(t["share"] for t in made.terms) == round(100 * made.fit) and commitments.live()[0].load == 40
    assert mail_kinds(people.alice) == ["proposal-accepted"]


def test_an_application_without_the_skill_says_what_is_missing(people, at, need):
    factories.offer(people.bob, [factories.skill()])
    with pytest.raises(RuleBroken, match="compétences indispensables"):
        actions.apply(need, agent=people.bob, at=at)


def test_nobody_applies_twice_nor_to_their_own_service(people, at, need, signing):
    for agent in (people.bob, people.hugo):
        factories.offer(agent, [signing])
    actions.apply(need, agent=people.bob, at=at)
    for agent in (people.bob, people.hugo):
        with pytest.raises(RuleBroken):
            actions.apply(need, agent=agent, at=at)


def test_one_may_apply_after_a_silence_but_not_after_a_refusal(people, at, need, signing):
    for agent, state in ((people.bob, S.LAPSED), (people.marc, S.REFUSED)):
        factories.offer(agent, [signing])
        factories.proposal(need, agent, state=state)
    assert actions.apply(need, agent=people.bob, at=at).state == S.ACCEPTED
    with pytest.raises(RuleBroken):
        actions.apply(need, agent=people.marc, at=at)


def test_three_invitations_per_need_and_no_more(people, at, signing):
    need = factories.need(people, [signing])
    agents = [people.bob, people.marc, people.emma, people.chloe]
    for agent in agents:
        factories.offer(agent, [signing])
    made = [actions.invite(need, agent=agent, actor=people.alice, at=at) for agent in agents[:3]]
    assert {p.state for p in made} == {S.PROPOSED} and queries.invitations_left(need) == 0
    with pytest.raises(RuleBroken, match="3 personnes"):
        actions.invite(need, agent=agents[3], actor=people.alice, at=at)


def test_an_invited_agent_meets_the_criteria(people, at, need):
    with pytest.raises(RuleBroken):
        actions.invite(need, agent=people.bob, actor=people.alice, at=at)


def test_a_withdrawn_need_cancels_what_is_not_approved(people, at, need):
    waiting, said_yes = factories.proposal(need, people.bob), accepted(need, people.marc, at)
    on_need_withdrawn(events.NeedWithdrawn(need.id, at))
    assert waiting.state == said_yes.state == S.CANCELLED and commitments.live() == []
    assert "proposal-gone" in mail_kinds(people.bob) and "proposal-cancelled" in mail_kinds(people.marc)


def test_a_changed_need_cancels_only_what_it_changes(people, at, need):
    proposal = factories.proposal(need, people.bob)
    need.context = "Un contexte mieux écrit."
    on_need_changed(events.NeedChanged(need.id, at))
    assert proposal.state == S.PROPOSED
    need.ends_on = date(2027, 3, 26)
    on_need_changed(events.NeedChanged(need.id, at))
    assert proposal.state == S.CANCELLED


def test_a_paused_offer_ends_unanswered_proposals_and_keeps_given_consent(people, at, need, signing):
    offer = factories.offer(people.bob, [signing])
    waiting = factories.proposal(need, people.bob)
    given = accepted(factories.need(people, [signing]), people.bob, at)
    on_offer_narrowed(events.OfferNarrowed(offer.id, at))
    assert (waiting.state, given.state) == (S.PROPOSED, S.ACCEPTED)
    offer.state = OfferState.PAUSED
    on_offer_narrowed(events.OfferNarrowed(offer.id, at))
    assert (waiting.state, given.state) == (S.CANCELLED, S.ACCEPTED)


def test_an_agent_who_leaves_takes_nobody_s_seat(people, at, need):
    proposal = accepted(need, people.bob, at)
    on_agent_left(events.AgentLeft(people.bob.id, at))
    assert proposal.state == S.CANCELLED and [one.seat_id for one in supply.open_seats(date(2026, 11, 23))] == [need.seats[0].id]
    assert "proposal-cancelled" in mail_kinds(people.alice)


def test_an_approved_proposal_is_left_to_the_loan(people, at, need):
    proposal = factories.proposal(need, people.bob, state=S.APPROVED)
    on_need_withdrawn(events.NeedWithdrawn(need.id, at))
    assert proposal.state == S.APPROVED and need.state == NeedState.PUBLISHED
