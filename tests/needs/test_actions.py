"""The verbs of a need, and what each refuses."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import events
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.needs import actions
from skillshare.needs.actions import COPIED, Demand
from skillshare.needs.completeness import lacking
from skillshare.needs.models import CloseReason, Need, NeedReason, NeedState, Remote, SupportAnswer
from skillshare.needs.workflow import NEED
from skillshare.proposals.models import ProposalState
from skillshare.skills.models import SkillState
from tests import factories
from tests.conftest import NOON


def test_a_draft_starts_with_one_place_led_by_whoever_asks(people):
    need = actions.start_draft(people.alice, unit=people.sam, at=NOON)
    assert (need.state, len(need.seats), need.mission_lead_id) == (NeedState.DRAFT, 1, people.alice.id)


@pytest.mark.parametrize("name", ["bob", "chloe", "mona", "david", "emma", "farid"])
def test_only_requesters_and_heads_of_the_unit_start_a_draft(people, name):
    with pytest.raises(NotPermitted):
        actions.start_draft(getattr(people, name), unit=people.sam, at=NOON)


def test_the_head_of_a_unit_states_its_needs(people):
    assert actions.start_draft(people.hugo, unit=people.sam, at=NOON).requester_id == people.hugo.id


def test_in_the_first_mode_only_sams_ask(app, people):
    app.config["DEPLOYMENT"] = "sam"
    actions.start_draft(people.alice, unit=people.sam, at=NOON)
    with pytest.raises(NotPermitted):
        actions.start_draft(people.chloe, unit=people.roads, at=NOON)


def test_in_the_open_modes_every_unit_asks(app, people):
    app.config["DEPLOYMENT"] = "all"
    assert actions.start_draft(people.chloe, unit=people.roads, at=NOON).unit_id == people.roads.id


def test_saving_is_the_unit_own_affair(draft, people):
    for save in (actions.save_context, actions.save_period):
        with pytest.raises(NotPermitted):
            save(draft, actor=people.chloe, at=NOON)
    with pytest.raises(NotPermitted):
        actions.save_skills(draft, actor=people.chloe, at=NOON, demands=[])


def test_a_step_writes_its_own_fields_only(draft, people):
    with pytest.raises(TypeError, match="state"):
        actions.save_context(draft, actor=people.alice, at=NOON, state=NeedState.PUBLISHED)


def test_the_context_is_saved(draft, people):
    actions.save_context(draft, actor=people.alice, at=NOON, title="Relire", reason=NeedReason.PEAK,
                         support_answer=SupportAnswer.COMPLEMENT, support_note="Imprimerie")
    assert (draft.title, draft.reason, draft.support_note) == ("Relire", NeedReason.PEAK, "Imprimerie")


def test_skills_are_replaced_and_known_rows_kept(draft, people, signing):
    other, row = factories.skill("Médiation"), draft.demands[0].id
    actions.save_skills(draft, actor=people.alice, at=NOON, demands=[Demand(signing.id, 4, False, True), Demand(other.id, 1)])
    assert [(d.skill_id, d.level, d.required, d.neighbours_allowed) for d in draft.demands] == [
        (signing.id, 4, False, True), (other.id, 1, True, False)]
    assert draft.demands[0].id == row


@pytest.mark.parametrize(("build", "words"), [
    (lambda s: [Demand(s.id, 2), Demand(s.id, 3)], "déjà dans la liste"),
    (lambda s: [Demand(n, 2) for n in range(1, 10)], "au plus 8"),
    (lambda s: [Demand(999_999, 2)], "catalogue"),
])
def test_skills_that_cannot_stand_are_refused(draft, people, signing, build, words):
    with pytest.raises(RuleBroken, match=words) as refused:
        actions.save_skills(draft, actor=people.alice, at=NOON, demands=build(signing))
    assert refused.value.field == "add"


def test_a_suggested_skill_is_not_asked_yet(draft, people):
    waiting = factories.skill("Vannerie", state=SkillState.SUGGESTED)
    with pytest.raises(RuleBroken, match="catalogue"):
        actions.save_skills(draft, actor=people.alice, at=NOON, demands=[Demand(waiting.id, 2)])


def test_the_end_follows_the_start(draft, people):
    with pytest.raises(RuleBroken, match="01/02/2027") as refused:
        actions.save_period(draft, actor=people.alice, at=NOON, starts_on=date(2027, 2, 1), ends_on=date(2027, 1, 1))
    assert refused.value.field == "ends_on"


@pytest.mark.parametrize("load", [0, 101, -5])
def test_the_load_is_a_share_of_full_time(draft, people, load):
    with pytest.raises(RuleBroken, match="100"):
        actions.save_period(draft, actor=people.alice, at=NOON, load=load)


def test_places_grow_and_shrink_in_a_draft(draft, people):
    for seats in (4, 2):
        actions.save_period(draft, actor=people.alice, at=NOON, seats=seats)
        assert [seat.number for seat in draft.seats] == list(range(1, seats + 1))


@pytest.mark.parametrize("seats", [0, 21])
def test_places_stay_between_one_and_twenty(draft, people, seats):
    with pytest.raises(RuleBroken) as refused:
        actions.save_period(draft, actor=people.alice, at=NOON, seats=seats)
    assert refused.value.field == "seats"


def test_a_published_need_keeps_its_places(published, people):
    with pytest.raises(RuleBroken, match="dupliquez"):
        actions.save_period(published, actor=people.alice, at=NOON, seats=2)


def test_a_published_need_keeps_one_required_skill(published, people, signing):
    with pytest.raises(RuleBroken, match="indispensable"):
        actions.save_skills(published, actor=people.alice, at=NOON, demands=[Demand(signing.id, 2, required=False)])


def test_a_published_need_stays_complete(published, people):
    with pytest.raises(RuleBroken) as refused:
        actions.save_context(published, actor=people.alice, at=NOON, title=" ")
    assert refused.value.field == "title"


@pytest.mark.parametrize(("changed", "announced"), [
    ({"load": 50}, True), ({"starts_on": date(2027, 1, 18)}, True), ({"workplace": "Ailleurs"}, True),
    ({"remote": Remote.PARTLY}, True), ({"load": 40}, False), ({"means": "Un vélo"}, False),
])
def test_a_change_of_what_agents_answered_to_is_announced(published, people, told, changed, announced):
    actions.save_period(published, actor=people.alice, at=NOON, **changed)
    assert told == ([("NeedChanged", published.id)] if announced else [])


def test_a_change_of_skills_is_announced(published, people, signing, told):
    actions.save_skills(published, actor=people.alice, at=NOON, demands=[Demand(signing.id, 2)])
    assert told == []
    actions.save_skills(published, actor=people.alice, at=NOON, demands=[Demand(signing.id, 3)])
    assert told == [("NeedChanged", published.id)]


def test_a_draft_changes_in_silence(draft, people, told):
    actions.save_period(draft, actor=people.alice, at=NOON, load=80)
    assert told == []


@pytest.mark.parametrize(("lacking", "field"), [
    ({"title": ""}, "title"), ({"reason": None}, "reason"), ({"context": " "}, "context"),
    ({"expected_results": ""}, "expected_results"),
    ({"support_answer": None}, "support_answer"), ({"starts_on": None}, "starts_on"),
    ({"starts_on": date(2026, 11, 23)}, "starts_on"), ({"ends_on": None}, "ends_on"), ({"load": None}, "load"),
    ({"site_id": None}, "site_id"),
])
def test_an_incomplete_need_is_not_published(draft, people, lacking, field):
    for name, value in lacking.items():
        setattr(draft, name, value)
    with pytest.raises(RuleBroken) as refused:
        actions.publish(draft, actor=people.alice, at=NOON)
    assert refused.value.field == field
    assert draft.state == NeedState.DRAFT


def test_a_need_without_a_required_skill_is_not_published(draft, people):
    draft.demands[0].required = False
    with pytest.raises(RuleBroken, match="indispensable"):
        actions.publish(draft, actor=people.alice, at=NOON)


def test_a_need_at_a_distance_needs_no_site(draft, people):
    draft.site_id, draft.remote = None, Remote.FULLY
    actions.publish(draft, actor=people.alice, at=NOON)
    assert (draft.state, draft.published_at) == (NeedState.PUBLISHED, NOON)


def test_lacking_lists_every_gap_in_the_order_of_the_steps(people):
    empty = actions.start_draft(people.alice, unit=people.sam, at=NOON)
    assert [(step, field) for step, field, _ in lacking(empty, on=NOON.date())] == [
        (1, "title"), (1, "reason"), (1, "context"), (1, "expected_results"), (1, "support_answer"), (2, "add"),
        (3, "starts_on"), (3, "ends_on"), (3, "load"), (3, "site_id")]


def test_publishing_twice_is_refused(published, people):
    with pytest.raises(TransitionNotAllowed):
        actions.publish(published, actor=people.alice, at=NOON)


def test_another_unit_publishes_and_withdraws_nothing(draft, published, people):
    with pytest.raises(NotPermitted):
        actions.publish(draft, actor=people.chloe, at=NOON)
    with pytest.raises(NotPermitted):
        actions.withdraw(published, actor=people.mona, at=NOON)


def test_withdrawing_closes_and_tells(published, people, told):
    actions.withdraw(published, actor=people.alice, at=NOON)
    assert (published.state, published.close_reason) == (NeedState.CLOSED, CloseReason.WITHDRAWN)
    assert told == [("NeedWithdrawn", published.id)]


def test_a_withdrawn_draft_tells_nobody(draft, people, told):
    actions.withdraw(draft, actor=people.alice, at=NOON)
    assert (draft.close_reason, told) == (CloseReason.WITHDRAWN, [])


def test_a_closed_need_does_not_change(published, people, signing):
    actions.withdraw(published, actor=people.alice, at=NOON)
    for act in (lambda: actions.save_context(published, actor=people.alice, at=NOON, title="Autre"),
                lambda: actions.save_skills(published, actor=people.alice, at=NOON, demands=[Demand(signing.id, 1)]),
                lambda: actions.save_period(published, actor=people.alice, at=NOON, load=20)):
        with pytest.raises(RuleBroken, match="clos"):
            act()


def test_a_duplicate_holds_everything_and_is_a_draft(published, people, signing):
    other = factories.skill("Médiation")
    published.crisis_from = published.crisis_until = date(2027, 1, 1)
    actions.save_skills(published, actor=people.alice, at=NOON,
                        demands=[Demand(signing.id, 3, True, True), Demand(other.id, 1, False)])
    published.support_note, published.means = "Interprètes", "Une tablette"
    copy = actions.duplicate(published, actor=people.hugo, at=NOON)
    kept = {column.key for column in sa.inspect(Need).column_attrs} - {
        "id", "state", "close_reason", "requester_id", "copied_from_id", "created_at", "published_at", "closed_at",
        "crisis_from", "crisis_until"}
    assert kept == set(COPIED)
    assert all(getattr(copy, name) == getattr(published, name) for name in COPIED)
    assert [(d.skill_id, d.level, d.required, d.neighbours_allowed) for d in copy.demands] == [
        (signing.id, 3, True, True), (other.id, 1, False, False)]
    assert (copy.state, copy.copied_from_id, copy.requester_id, len(copy.seats)) == (
        NeedState.DRAFT, published.id, people.hugo.id, 1)
    assert copy.crisis_from is None


def test_another_unit_duplicates_nothing(published, people):
    with pytest.raises(NotPermitted):
        actions.duplicate(published, actor=people.chloe, at=NOON)


def test_a_need_whose_start_is_past_closes_itself(published, people, told):
    start = published.starts_on
    on_the_day = NOON + (start - NOON.date())
    assert actions.close_expired(on_the_day) == 0
    assert actions.close_expired(on_the_day + timedelta(days=1)) == 1
    assert (published.state, published.close_reason) == (NeedState.CLOSED, CloseReason.EXPIRED)
    assert told == [("NeedWithdrawn", published.id)]


@pytest.mark.parametrize("change", [{"starts_on": date(2027, 9, 1), "ends_on": date(2027, 12, 1)},
                                    {"state": NeedState.CLOSED, "close_reason": CloseReason.WITHDRAWN}])
def test_a_need_put_off_or_withdrawn_while_others_close_is_left(published, people, signing, monkeypatch, change):
    """The list is made first: each of its rows is read again before it is touched."""
    second = factories.need(people, [signing])

    def change_second(_event):
        for name, value in change.items():
            setattr(second, name, value)

    monkeypatch.setitem(events._handlers, events.NeedWithdrawn, [change_second])
    assert actions.close_expired(NOON + timedelta(days=200)) == 1
    assert (published.close_reason, second.close_reason) == (CloseReason.EXPIRED, change.get("close_reason"))


@pytest.mark.parametrize(("state", "reason"), [(ProposalState.APPROVED, CloseReason.FILLED),
                                               (ProposalState.IN_VISA, CloseReason.EXPIRED)])
def test_a_need_whose_every_place_has_its_agent_closes_as_filled(published, people, told, state, reason):
    factories.proposal(published, people.bob, state=state)
    actions.close_expired(NOON + timedelta(days=200))
    assert published.close_reason == reason


def test_one_place_without_agent_leaves_the_need_unfilled(people, signing, told):
    need = factories.need(people, [signing], seats=2)
    factories.proposal(need, people.bob, state=ProposalState.APPROVED)
    actions.close_expired(NOON + timedelta(days=200))
    assert need.close_reason == CloseReason.EXPIRED


@pytest.mark.parametrize("verb", ["expire", "fill"])
def test_nobody_presses_what_the_clock_does(published, people, verb):
    for person in people.everybody().values():
        with pytest.raises(NotPermitted):
            move(NEED, published, verb, actor=person, at=NOON)
    move(NEED, published, verb, actor=SYSTEM, at=NOON)


def test_the_clock_publishes_nothing(draft):
    with pytest.raises(NotPermitted):
        actions.publish(draft, actor=SYSTEM, at=NOON)


@pytest.mark.parametrize("name", ["mona", "david"])
def test_the_mediator_and_hr_declare_a_crisis(published, people, name):
    actions.declare_crisis(published, actor=getattr(people, name), from_on=date(2026, 12, 1), until_on=date(2026, 12, 5),
                           at=NOON)
    assert (published.crisis_from, published.crisis_until) == (date(2026, 12, 1), date(2026, 12, 5))


@pytest.mark.parametrize("name", ["alice", "chloe", "farid", "ali", "aude"])
def test_nobody_else_declares_a_crisis(published, people, name):
    with pytest.raises(NotPermitted):
        actions.declare_crisis(published, actor=getattr(people, name), from_on=date(2026, 12, 1),
                               until_on=date(2026, 12, 5), at=NOON)


def test_a_draft_is_in_no_crisis(draft, people):
    with pytest.raises(NotPermitted):
        actions.declare_crisis(draft, actor=people.mona, from_on=date(2026, 12, 1), until_on=date(2026, 12, 5), at=NOON)


def test_a_crisis_ends_after_it_starts(published, people):
    with pytest.raises(RuleBroken) as refused:
        actions.declare_crisis(published, actor=people.mona, from_on=date(2026, 12, 5), until_on=date(2026, 12, 1), at=NOON)
    assert refused.value.field == "until_on"


def test_a_mission_lead_is_found_by_number_or_name_in_the_service(people):
    assert actions.lead_named(people.sam, people.hugo.staff_number) is people.hugo
    assert actions.lead_named(people.roads, "bob tessier") is people.bob


def test_a_lead_outside_the_service_is_refused(people):
    with pytest.raises(RuleBroken, match="Personne de ce nom") as refused:
        actions.lead_named(people.roads, "Alice Ferrand")
    assert refused.value.field == "mission_lead"


def test_a_name_shared_by_two_asks_for_the_number(people):
    factories.agent(people.roads, "Bob", "Tessier")
    with pytest.raises(RuleBroken, match="matricule"):
        actions.lead_named(people.roads, "Bob Tessier")


def test_the_whole_life_of_a_need_on_both_databases(both):
    people = factories.standing_people()
    skill = factories.skill("Langue des signes")
    need = actions.start_draft(people.alice, unit=people.sam, at=NOON)
    actions.save_context(need, actor=people.alice, at=NOON, title="Accueillir", reason=NeedReason.PEAK, context="Rentrée.",
                         expected_results="Deux cents accueils.",
                         support_answer=SupportAnswer.NONE)
    actions.save_skills(need, actor=people.alice, at=NOON, demands=[Demand(skill.id, 2)])
    actions.save_period(need, actor=people.alice, at=NOON, seats=3, starts_on=date(2027, 1, 11), ends_on=date(2027, 3, 19),
                        load=40, site_id=people.sites[0].id)
    actions.publish(need, actor=people.alice, at=NOON)
    copy = actions.duplicate(need, actor=people.alice, at=NOON)
    actions.withdraw(need, actor=people.alice, at=NOON)
    db.session.commit()
    assert (need.state, copy.state, len(copy.seats)) == (NeedState.CLOSED, NeedState.DRAFT, 3)


@pytest.mark.parametrize(("wrong", "constraint"), [
    ({"load": 0}, "load_in_hundredths"), ({"load": 101}, "load_in_hundredths"),
    ({"ends_on": date(2027, 1, 1)}, "period_in_order"), ({"state": NeedState.CLOSED}, "closed_with_a_reason"),
    ({"close_reason": CloseReason.EXPIRED}, "closed_with_a_reason"),
])
def test_the_database_itself_refuses_an_impossible_need(both, wrong, constraint):
    people = factories.standing_people()
    with pytest.raises(sa.exc.IntegrityError, match=constraint):
        factories.need(people, [], **wrong)
    db.session.rollback()
