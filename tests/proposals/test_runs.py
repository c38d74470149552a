"""A run: who is eligible, what is stored, and that the same inputs give the same plan."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from skillshare.commitments import actions as commitments
from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import NotPermitted
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.needs.models import NeedSkill, NeedState, Remote
from skillshare.offers.models import OfferSite, OfferState, OfferWindow
from skillshare.proposals import actions, changes
from skillshare.proposals.models import OpenSeat, Origin, Proposal, ProposalState
from skillshare.proposals.runs import run_matching, summary
from skillshare.proposals.terms import displayed, terms_of
from skillshare.skills.models import SkillNeighbour
from tests import factories


def test_a_run_proposes_the_mission_to_the_agent_who_fits(people, at, signing, need, proposals):
    factories.offer(people.bob, [signing])
    run = run_matching(at)
    [made] = proposals()
    assert (made.agent, made.need, made.state, made.origin) == (people.bob, need, ProposalState.PROPOSED, Origin.RUN)
    assert (made.starts_on, made.ends_on, made.load) == (need.starts_on, need.ends_on, 40)
    assert run.is_proven and run.filled[-1] == 1 and (run.agents, run.seats, run.pairs) == (1, 1, 1)


def test_the_agent_is_told_with_dates_place_service_deadline_and_link(people, at, signing, need):
    factories.offer(people.bob, [signing])
    run_matching(at)
    [mail] = db.session.scalars(sa.select(Message).where(Message.recipient_id == people.bob.id))
    for words in ("11 janvier", "Maison des solidarités", "SAM Solidarités", "7 décembre", "/propositions/"):
        assert words in mail.text.replace("\u00a0", " ")


def test_shares_add_up_to_the_displayed_fit(people, at, signing, need, proposals):
    factories.offer(people.bob, [signing])
    run_matching(at)
    [made] = proposals()
    assert sum(term["share"] for term in made.terms) == round(100 * made.fit)
    assert [term["name"] for term in made.terms][:2] == ["level", "desired"]


def test_same_database_gives_same_digest_and_same_plan(people, at, signing, need, proposals):
    for agent in (people.bob, people.marc, people.emma):
        factories.offer(agent, [signing])
    first = run_matching(at)
    chosen = [p.agent_id for p in proposals()]
    db.session.execute(sa.delete(Proposal))
    second = run_matching(at)
    assert first.digest == second.digest and chosen == [p.agent_id for p in proposals()]


def test_another_weight_or_offer_gives_another_digest(app, people, at, signing, need):
    factories.offer(people.bob, [signing])
    first = run_matching(at)
    db.session.execute(sa.delete(Proposal))
    app.config["WEIGHTS"] = app.config["WEIGHTS"] | {"level": 26}
    assert run_matching(at).digest != first.digest


def test_a_seat_with_a_live_proposal_leaves_the_pool(people, at, signing, need, proposals):
    factories.offer(people.bob, [signing])
    factories.offer(people.marc, [signing])
    run_matching(at)
    assert run_matching(at).seats == 0 and len(proposals()) == 1


def test_one_proposal_per_seat_and_one_seat_per_agent(people, at, signing, proposals):
    factories.need(people, [signing], seats=3)
    factories.offer(people.bob, [signing])
    factories.offer(people.marc, [signing])
    run_matching(at)
    made = proposals()
    assert len({p.seat_id for p in made}) == len(made) == 2 and {p.agent for p in made} == {people.bob, people.marc}
    assert db.session.query(OpenSeat).count() == 1


def test_an_agent_solicited_for_a_need_does_not_get_its_other_seat_in_the_next_run(people, at, signing, proposals):
    factories.need(people, [signing], seats=2)
    factories.offer(people.bob, [signing])
    run_matching(at)
    run_matching(at)
    assert len(proposals()) == 1


@pytest.mark.parametrize("state", [ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.REFUSED,
                                   ProposalState.WITHDRAWN])
def test_an_ended_pair_does_not_come_back_for_that_need_but_the_seat_does(people, at, signing, need, state, proposals):
    factories.offer(people.bob, [signing])
    run_matching(at)
    proposals()[0].state = state
    factories.offer(people.marc, [signing], level=2)
    run_matching(at + timedelta(days=15))
    assert [p.agent for p in proposals()] == [people.bob, people.marc]


def unfit(people, signing, need):
    """Each case spoils one criterion of Bob's offer for the need."""
    offer = factories.offer(people.bob, [signing])

    def level():
        offer.skills[0].level = 1

    def dates():
        offer.windows[:] = [OfferWindow(starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 28)),
                            OfferWindow(starts_on=date(2027, 3, 1), ends_on=date(2027, 6, 30))]

    def load():
        offer.highest_load = 30

    def working_time():
        people.bob.working_time = 30

    def distance():
        need.site_id, offer.max_km = people.sites[1].id, 5

    def only_sites():
        need.site_id = people.sites[1].id
        offer.sites.append(OfferSite(site_id=people.sites[0].id))

    def inactive():
        people.bob.active = False

    def paused():
        offer.state = OfferState.PAUSED

    def own_unit():
        people.bob.unit_id = people.sam.id

    def requester():
        need.requester_id = people.bob.id

    def commitment():
        commitments.promise(people.bob, host_unit=people.sam, source="test:1", starts_on=date(2027, 2, 1),
                            ends_on=date(2027, 2, 2), load=80, at=factories.LONG_AGO)

    def cap():
        people.roads.cap = 30

    def cap_filled_by_a_team_mate_without_offer():
        commitments.promise(people.marc, host_unit=people.sam, source="test:2", starts_on=date(2027, 2, 1),
                            ends_on=date(2027, 2, 2), load=90, at=factories.LONG_AGO)
        people.roads.cap = 120

    def draft():
        need.state = NeedState.DRAFT

    def begun():
        need.starts_on = date(2026, 11, 23)

    return {name: spoil for name, spoil in locals().items() if callable(spoil)}


SPOILED = ["level", "dates", "load", "working_time", "distance", "only_sites", "inactive", "paused", "own_unit",
           "requester", "commitment", "cap", "cap_filled_by_a_team_mate_without_offer", "draft", "begun"]


@pytest.mark.parametrize("name", SPOILED)
def test_nobody_is_proposed_when_one_criterion_fails(people, at, signing, need, name, proposals):
    unfit(people, signing, need)[name]()
    run_matching(at)
    assert proposals() == []


def test_remote_work_lifts_the_distance(people, at, signing, need, proposals):
    factories.offer(people.bob, [signing], max_km=5, remote=True)
    need.site_id, need.remote = people.sites[1].id, Remote.FULLY
    run_matching(at)
    assert proposals()[0].evidence["place"] == "remote"


def test_a_neighbouring_skill_stands_in_only_where_the_need_says_so(people, at, signing, need, proposals):
    near = factories.skill("Médiation")
    db.session.add(SkillNeighbour(skill_id=signing.id, neighbour_id=near.id, weight=0.6))
    factories.offer(people.bob, [near])
    run_matching(at)
    assert proposals() == []
    need.demands[0].neighbours_allowed = True
    run_matching(at)
    assert proposals()[0].evidence["skills"][0]["through"] == "Médiation"


def test_evidence_holds_levels_kilometres_margins_and_days_lent(people, at, signing, need, proposals):
    wished = factories.skill("Tableur")
    need.demands.append(NeedSkill(skill_id=wished.id, level=1, required=False))
    need.site_id = people.sites[1].id
    factories.offer(people.bob, [signing])
    commitments.promise(people.bob, host_unit=people.sam, source="test:1", starts_on=date(2026, 3, 2),
                        ends_on=date(2026, 3, 8), load=50, at=at)
    commitments.give("test:1", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 8), load=50, at=at)
    run_matching(at)
    facts = proposals()[0].evidence
    assert facts["skills"][0] | {"skill_id": 0} == {
        "skill_id": 0, "name": "Langue des signes", "asked": 2, "offered": 3, "required": True, "through": ""}
    assert facts["skills"][1]["offered"] == 0
    assert 13 < facts["km"] < 15 and facts["margins"] == [10, 103] and facts["days_lent"] == 2.5


def test_an_open_seat_keeps_its_funnel_and_changes_counted_again(people, at, signing, need):
    factories.offer(people.bob, [signing], highest_load=30)
    run_matching(at)
    facts = db.session.query(OpenSeat).one().diagnosis
    assert facts["funnel"]["dates"] == 1 and facts["funnel"]["load"] == 0
    assert facts["changes"] == [{"kind": "load", "to": 30, "eligible": 1}]
    assert [facts["stages"][name] for name in ("skills", "level", "dates", "load", "elsewhere")] == [1, 1, 1, 0, 0]


def test_a_change_counts_only_if_the_plan_fills_the_seat_with_it(people, at, signing, need):
    """Bob can do either need, not both: asking less of the second would only move him."""
    factories.need(people, [signing])
    factories.offer(people.bob, [signing], highest_load=40)
    people.bob.working_time = 40
    run_matching(at)
    told = db.session.query(OpenSeat).one().diagnosis
    assert told["funnel"]["caps"] == 1 and told["taken_elsewhere"] == 1 and told["stages"]["elsewhere"] == 0
    assert "load" not in [change["kind"] for change in told["changes"]]


@pytest.mark.parametrize(("free", "kind"), [
    ((date(2027, 1, 20), date(2027, 6, 30)), "later"), ((date(2026, 11, 1), date(2027, 3, 14)), "earlier"),
])
def test_dates_that_would_do_are_told_and_made(people, at, signing, need, free, kind):
    offer = factories.offer(people.bob, [signing])
    offer.windows[0].starts_on, offer.windows[0].ends_on = free
    run_matching(at)
    seat = db.session.query(OpenSeat).one()
    change = next(one for one in seat.diagnosis["changes"] if one["kind"] == kind)
    rank = seat.diagnosis["changes"].index(change)
    changes.make(need, f"{need.seats[0].id}-{rank}", actor=people.alice, at=at)
    assert (need.starts_on == free[0]) if kind == "later" else (need.ends_on == free[1])


def test_an_urgent_seat_is_filled_before_the_others(people, at, signing, proposals):
    later = factories.need(people, [signing])
    soon = factories.need(people, [signing], starts_on=date(2026, 12, 1), ends_on=date(2027, 1, 20))
    offer = factories.offer(people.bob, [signing])
    offer.windows[0].starts_on = date(2026, 11, 1)
    people.bob.working_time = 60
    run_matching(at)
    assert [p.need for p in proposals()] == [soon] and later.state == NeedState.PUBLISHED


def test_only_mediator_hr_and_administrator_start_a_run(people, at):
    for allowed in (people.mona, people.david, people.ali):
        run_matching(at, actor=allowed)
    for refused in (people.alice, people.bob, people.emma):
        with pytest.raises(NotPermitted):
            run_matching(at, actor=refused)
    assert run_matching(at + timedelta(days=1), actor=SYSTEM).started_by_id is None


def test_a_run_over_many_offers_asks_few_questions(people, at, signing, count_queries):
    def statements() -> int:
        with count_queries() as seen:
            from skillshare.proposals.market import build
            build(at)
        return len(seen)

    factories.need(people, [signing])
    factories.offer(people.bob, [signing])
    few = statements()
    for _ in range(12):
        factories.offer(factories.agent(people.roads, site_id=people.sites[0].id), [signing])
        factories.need(people, [signing])
    assert statements() == few


def test_the_summary_of_a_run_is_plain_json(people, at, signing, need):
    factories.offer(people.bob, [signing])
    told = json.loads(json.dumps(summary(run_matching(at))))
    assert told["status"] == "optimal" and told["proposals"] == [
        {"need": need.id, "seat": need.seats[0].id, "agent": people.bob.id, "fit": told["fit"]}]


@pytest.mark.postgresql
def test_run_acceptance_and_choice_on_postgresql(postgresql_app, at):
    people = factories.standing_people()
    signing = factories.skill("Langue des signes")
    need = factories.need(people, [signing])
    for agent in (people.bob, people.marc):
        factories.offer(agent, [signing])
    assert run_matching(at).is_proven
    made = db.session.query(Proposal).one()
    db.session.commit()
    actions.accept(made, actor=made.agent, at=at)
    db.session.commit()
    actions.choose(made, actor=people.hugo, at=at)
    db.session.commit()
    assert made.chosen_by == people.hugo and need.seats[0].id == made.seat_id


@given(values=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40)), min_size=1, max_size=9))
def test_displayed_shares_always_add_up_to_the_displayed_fit(values):
    weights = [weight for _, weight in values]
    if not sum(weights):
        return
    fit = sum(value * weight for value, weight in values) / sum(weights)
    rows = terms_of([f"t{n}" for n in range(len(values))], weights, [value for value, _ in values], fit)
    assert sum(row["share"] for row in rows) == displayed(fit)
    assert all(abs(row["share"] - 100 * row["weight"] / 100 * row["value"]) <= 1.01 for row in rows)


@pytest.fixture
def tired(people, at, signing, need):
    """Bob signs better than Marc, but was lent more than 90 days of work in the last twelve months."""
    people.marc.site_id = people.bob.site_id
    factories.offer(people.bob, [signing], level=3)
    factories.offer(people.marc, [signing], level=2)
    db.session.add(Commitment(agent_id=people.bob.id, host_unit_id=people.sam.id, source="loan:9", kind=CommitmentKind.GIVEN,
                              starts_on=date(2025, 11, 24), ends_on=date(2026, 11, 20), load=40, created_at=at))
    db.session.flush()


def test_a_run_tells_what_rotation_changed_and_cost(people, at, tired, proposals, client_of):
    """Half of the level's 25 points in 100 is given up for rotation's 15."""
    run = run_matching(at)
    db.session.commit()
    assert [made.agent for made in proposals()] == [people.marc]
    assert run.rotation == {"places": 1, "points": pytest.approx(12.5), "proven": True}
    page = client_of(people.mona).get(f"/appariements/{run.id}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 place irait à quelqu’un d’autre sans ce terme" in page and "12,5 points sur 100 par place" in page


def test_a_run_where_rotation_changes_nothing_says_so(people, at, signing, need, client_of):
    factories.offer(people.bob, [signing])
    run = run_matching(at)
    db.session.commit()
    assert run.rotation == {"places": 0, "points": 0.0, "proven": True}
    assert "les mêmes personnes seraient proposées" in client_of(people.mona).get(f"/appariements/{run.id}").text


def test_without_a_weight_or_a_place_filled_there_is_no_rotation_to_tell(people, at, app, signing, need):
    assert run_matching(at).rotation is None
    factories.offer(people.bob, [signing])
    app.config["WEIGHTS"] = app.config["WEIGHTS"] | {"fairness": 0}
    assert run_matching(at).rotation is None
