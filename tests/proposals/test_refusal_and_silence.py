"""Two services live the same days, the one beside a refusal, the other beside a silence: they see the same (R5)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from skillshare.ground import clock, events
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.needs import actions as needs
from skillshare.offers.models import OfferState
from skillshare.proposals import actions, changes, supply
from skillshare.proposals.models import Proposal
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.need_page import page_of
from skillshare.proposals.runs import run_matching
from skillshare.proposals.seen import candidates_of
from skillshare.proposals.standing import standing_of
from skillshare.proposals.subscriptions import on_need_changed, on_offer_narrowed
from tests import factories

LAST = date(2026, 11, 27)  # a Friday
SATURDAY = LAST + timedelta(days=1)
AFTER = clock.at_local(SATURDAY, 10)


@pytest.fixture(autouse=True)
def without_later_rooms(monkeypatch, app):
    monkeypatch.setitem(events._handlers, events.ProposalChosen, [])
    monkeypatch.setitem(events._handlers, events.ProposalEnded, [])


@pytest.fixture
def pair(people, at):
    """`pair(seats)`: two needs alike; on the second seat, or the only one, Bob declined the first and Marc lets the second be."""

    def make(seats: int = 1) -> list[SimpleNamespace]:
        made = []
        for agent in (people.bob, people.marc):
            skill = factories.skill()
            need = factories.need(people, [skill], seats=seats, title="Accueil")
            waiting = factories.proposal(need, agent, seat_id=need.seats[-1].id, answer_by=LAST)
            made.append(SimpleNamespace(need=need, skill=skill, first=waiting))
        actions.decline(made[0].first, actor=people.bob, at=at)
        db.session.commit()
        return made

    return make


def view(one, people, on) -> tuple:
    """What the host sees of a need: looks by seat, its line in the list, what is open to the next run, what may be done."""
    at = clock.at_local(on, 10)
    numbers = {seat.id: seat.number for seat in one.need.seats}
    with clock.travel(at):
        page = page_of(one.need, people.alice, at=at)
        looks = [(str(seen.look), numbers[seen.proposal.seat_id]) for seen in candidates_of(one.need, people.alice, on=on)]
        open_now = [numbers[row.seat_id] for row in supply.open_seats(on) if row.seat_id in numbers]
        line = standing_of([one.need], on=on)[one.need.id]["text"]
    return looks, page.has_live, [seat["status"] for seat in page.seats], line, open_now


def alike(pair, people, on) -> tuple:
    first, second = (view(one, people, on) for one in pair)
    assert first == second
    return first


def volunteer(one, people, at) -> Proposal:
    agent = factories.agent(people.roads, site_id=people.sites[0].id)
    factories.offer(agent, [one.skill])
    return actions.apply(one.need, agent=agent, at=at)


def test_a_run_proposes_nobody_else_before_the_last_day_is_past(people, at, pair):
    both = pair()
    for one in both:
        factories.offer(factories.agent(people.roads, site_id=people.sites[0].id), [one.skill])
    run = run_matching(at)
    assert run.seats == 0 and alike(both, people, LAST)[0] == [("waiting", 1)]
    assert run_matching(clock.at_local(LAST, 10)).seats == 0


def test_on_a_saturday_before_the_clock_has_come_by_both_are_silent_and_their_seats_open(people, at, pair):
    both = pair()
    assert both[1].first.state == S.PROPOSED
    looks, has_live, seats, _, open_now = alike(both, people, SATURDAY)
    assert (looks, has_live, open_now) == ([("silent", 1)], False, [1]) and "attente" not in seats[0]
    for one in both:
        factories.offer(factories.agent(people.roads, site_id=people.sites[0].id), [one.skill])
    assert sum(run_matching(AFTER).filled) == 2
    assert alike(both, people, SATURDAY)[0] == [("silent", 1), ("waiting", 1)]


def test_what_a_choice_costs_elsewhere_loses_both_on_the_same_day(people, pair):
    both = pair()
    ids = [one.need.id for one in both]
    assert supply.visibly_gone_pairs(ids, LAST) == []
    assert supply.visibly_gone_pairs(ids, SATURDAY) == [(people.bob.id, ids[0]), (people.marc.id, ids[1])]


def test_who_applies_gets_the_seat_that_looks_free(people, at, pair):
    both = pair(seats=2)
    for one in both:
        assert volunteer(one, people, at).seat_id == one.need.seats[0].id
    alike(both, people, LAST)


def test_a_choice_moves_who_looks_awaited_to_the_seat_that_remains(people, at, pair):
    both = pair(seats=2)
    for one in both:
        chosen = volunteer(one, people, at)
        chosen.seat_id = one.first.seat_id
        actions.choose(chosen, actor=people.alice, at=at)
    assert alike(both, people, LAST)[0] == [("waiting", 1), ("holding", 2)]


def test_a_seat_taken_then_left_opens_at_once_for_both(people, at, pair):
    both = pair()
    made = [volunteer(one, people, at) for one in both]
    for chosen in made:
        actions.choose(chosen, actor=people.alice, at=at)
    assert both[1].first.state == S.CANCELLED and alike(both, people, LAST)[0] == [("silent", 1), ("holding", 1)]
    for chosen in made:
        actions.withdraw(chosen, actor=chosen.agent, at=at)
    looks, *_, open_now = alike(both, people, LAST)
    assert looks == [("silent", 1), ("ended", 1)] and open_now == [1]


@pytest.mark.parametrize("on", [date(2026, 11, 23), SATURDAY])
def test_a_changed_need_starts_anew_for_both(people, pair, on):
    both = pair()
    for one in both:
        one.need.ends_on = date(2027, 3, 26)
        on_need_changed(events.NeedChanged(one.need.id, clock.at_local(on, 10)))
    looks, *_, open_now = alike(both, people, on)
    assert looks == [("silent", 1)] and open_now == [1]


@pytest.mark.parametrize("on", [date(2026, 11, 23), LAST, SATURDAY])
def test_a_paused_offer_changes_nothing_that_the_host_sees(people, at, pair, on):
    both = pair()
    before = alike(both, people, on)
    for one in both:
        offer = factories.offer(one.first.agent, [one.skill], state=OfferState.PAUSED)
        on_offer_narrowed(events.OfferNarrowed(offer.id, clock.at_local(on, 10)))
    assert alike(both, people, on) == before


def test_a_proposal_past_its_last_day_lapses_rather_than_being_cancelled(people, at, pair):
    both = pair()
    for one in both:
        actions.choose(volunteer(one, people, AFTER), actor=people.alice, at=AFTER)
    assert [one.first.state for one in both] == [S.DECLINED, S.LAPSED]
    assert "proposal-lapsed" in {m.kind for m in db.session.query(Message).filter_by(recipient_id=people.marc.id)}


def test_the_smallest_change_is_closed_as_long_as_somebody_looks_awaited(people, at, pair):
    """On a need of several seats, an open seat beside the awaited one offered it at once after a refusal."""
    both = pair(seats=2)
    assert alike(both, people, LAST)[1] is True
    for one in both:
        with pytest.raises(RuleBroken, match="répondent déjà"):
            changes.make(one.need, "1-0", actor=people.alice, at=clock.at_local(LAST, 10))
        with pytest.raises(RuleBroken, match="relisez"):
            changes.make(one.need, "1-0", actor=people.alice, at=AFTER)


def test_a_need_withdrawn_ends_both(people, at, pair):
    both = pair()
    for one in both:
        needs.withdraw(one.need, actor=people.alice, at=at)
        assert [str(seen.look) for seen in candidates_of(one.need, people.alice, on=LAST)] == ["silent"]
