"""What an offer may hold, who it is announced to when it shrinks, and how it ends."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import events
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.offers import actions, queries
from skillshare.offers.models import Offer, OfferState, Visibility
from skillshare.skills.models import Family, SkillState
from tests import factories

SPRING = (date(2027, 3, 1), date(2027, 5, 31))


@pytest.fixture
def narrowed(monkeypatch):
    """Ids of the offers announced as narrowed, with no later room listening."""
    seen: list[int] = []
    monkeypatch.setitem(events._handlers, events.OfferNarrowed, [lambda event: seen.append(event.subject_id)])
    return seen


def keep(offer: Offer, at, **changed):
    """Save the offer as it is, but for what changes."""
    values = {"skills": [(row.skill_id, row.level) for row in offer.skills],
              "windows": [(row.starts_on, row.ends_on) for row in offer.windows], "highest_load": offer.highest_load,
              "remote": offer.remote, "max_km": offer.max_km, "site_ids": [row.site_id for row in offer.sites],
              "visibility": offer.visibility} | changed
    actions.save(offer, actor=offer.agent, at=at, **values)


def published(people, **more) -> Offer:
    return factories.offer(people.bob, [factories.skill("Tableur")], **more)


def test_a_new_offer_starts_with_the_hr_working_time(people, at):
    people.bob.working_time = 10
    offer = actions.start(people.bob, at=at)
    assert (offer.state, offer.highest_load, offer.visibility) == (OfferState.DRAFT, 10, Visibility.MATCHING)


def test_an_agent_has_one_live_offer(people, at):
    first = actions.start(people.bob, at=at)
    assert actions.start(people.bob, at=at) is first


def test_the_database_refuses_a_second_live_offer(people):
    published(people)
    with pytest.raises(sa.exc.IntegrityError, match=r"uq_offers_one_live|offers.agent_id"):
        factories.offer(people.bob, [])


def test_nobody_writes_the_offer_of_another(people, at):
    offer = published(people)
    for verb in (actions.pause, actions.withdraw):
        with pytest.raises(NotPermitted):
            verb(offer, actor=people.chloe, at=at)
    with pytest.raises(NotPermitted):
        actions.save(offer, actor=people.mona, at=at, skills=[], windows=[], highest_load=20, remote=False, max_km=None,
                     site_ids=[], visibility=Visibility.EVERYONE)


def test_the_load_never_exceeds_the_working_time(people, at):
    people.bob.working_time = 50
    offer = published(people)
    with pytest.raises(RuleBroken, match="50 %") as refused:
        keep(offer, at, highest_load=60)
    assert refused.value.field == "highest_load"


def test_a_skill_that_left_the_catalogue_is_refused(people, at):
    gone = factories.skill("Sténographie", state=SkillState.REJECTED)
    with pytest.raises(RuleBroken) as refused:
        keep(published(people), at, skills=[(gone.id, 2)])
    assert refused.value.field == "add"


def test_an_exotic_skill_is_welcome(people, at):
    exotic = factories.skill("Langue des signes", Family.EXOTIC)
    offer = published(people)
    keep(offer, at, skills=[(row.skill_id, row.level) for row in offer.skills] + [(exotic.id, 4)])
    assert exotic.id in {row.skill_id for row in offer.skills}


def test_nothing_is_published_without_a_skill_or_a_coming_window(people, at):
    offer = actions.start(people.bob, at=at)
    with pytest.raises(RuleBroken, match="compétence"):
        actions.publish(offer, actor=people.bob, at=at)
    keep(offer, at, skills=[(factories.skill().id, 2)], windows=[(date(2026, 1, 1), date(2026, 6, 1))])
    with pytest.raises(RuleBroken, match="période"):
        actions.publish(offer, actor=people.bob, at=at)


@pytest.mark.parametrize("change", [
    {"highest_load": 40}, {"windows": [SPRING]}, {"max_km": 20}, {"skills": "lower"},
])
def test_narrowing_a_published_offer_is_announced(people, at, narrowed, change):
    offer = published(people)
    if change.get("skills") == "lower":
        change = {"skills": [(offer.skills[0].skill_id, 2)]}
    keep(offer, at, **change)
    assert narrowed == [offer.id]


def test_leaving_remote_work_narrows(people, at, narrowed):
    offer = published(people, remote=True)
    keep(offer, at, remote=False)
    assert narrowed == [offer.id]


def test_naming_sites_instead_of_anywhere_narrows(people, at, narrowed):
    offer = published(people)
    keep(offer, at, site_ids=[people.sites[0].id])
    assert narrowed == [offer.id]


def test_dropping_a_site_narrows_and_opening_everywhere_does_not(people, at, narrowed):
    offer = published(people)
    keep(offer, at, site_ids=[site.id for site in people.sites])
    narrowed.clear()
    keep(offer, at, site_ids=[people.sites[0].id])
    assert narrowed == [offer.id]
    keep(offer, at, site_ids=[])
    assert narrowed == [offer.id]


def test_widening_is_not_announced(people, at, narrowed):
    offer = published(people)
    keep(offer, at, highest_load=80, windows=[(date(2026, 12, 1), date(2027, 12, 31))], remote=True)
    assert narrowed == []


def test_a_draft_never_announces(people, at, narrowed):
    offer = actions.start(people.bob, at=at)
    keep(offer, at, max_km=5)
    assert narrowed == []


def test_pausing_and_withdrawing_are_announced_and_resuming_is_not(people, at, narrowed):
    offer = published(people)
    actions.pause(offer, actor=people.bob, at=at)
    actions.resume(offer, actor=people.bob, at=at)
    actions.withdraw(offer, actor=people.bob, at=at)
    assert (offer.state, narrowed) == (OfferState.WITHDRAWN, [offer.id, offer.id])


def test_a_withdrawn_offer_does_not_come_back(people, at):
    offer = published(people)
    actions.withdraw(offer, actor=people.bob, at=at)
    with pytest.raises(TransitionNotAllowed):
        actions.pause(offer, actor=people.bob, at=at)
    with pytest.raises(RuleBroken, match="close"):
        keep(offer, at)


def test_an_offer_expires_after_its_last_day(people, at, narrowed):
    offer = published(people, expires_on=date(2026, 11, 22))
    last_day = factories.offer(people.marc, [], expires_on=date(2026, 11, 23))
    assert actions.expire_due(at) == 1
    assert (offer.state, last_day.state, narrowed) == (OfferState.EXPIRED, OfferState.PUBLISHED, [offer.id])


def test_an_offer_prolonged_while_others_expire_goes_on(people, at, monkeypatch):
    """The list is made first: each of its rows is read again before it is touched."""
    first, second = (published(people, expires_on=date(2026, 11, 22)),
                     factories.offer(people.marc, [], expires_on=date(2026, 11, 22)))

    def prolong(_event):
        second.expires_on = date(2027, 6, 30)

    monkeypatch.setitem(events._handlers, events.OfferNarrowed, [prolong])
    assert actions.expire_due(at) == 1
    assert (first.state, second.state) == (OfferState.EXPIRED, OfferState.PUBLISHED)


@pytest.mark.parametrize("change", [{"expires_on": date(2027, 6, 30)}, {"state": OfferState.WITHDRAWN}])
def test_an_offer_prolonged_or_withdrawn_while_others_are_reminded_is_not(people, at, monkeypatch, change):
    second = factories.offer(people.marc, [], expires_on=date(2026, 12, 7))
    first, sent = factories.offer(people.bob, [], expires_on=date(2026, 12, 7)), []

    def remind(offer, *, at):
        sent.append(offer)
        for name, value in change.items():
            setattr(second if offer is first else first, name, value)

    monkeypatch.setattr(actions.mails, "expires_soon", remind)
    actions.expire_due(at)
    assert sent == [second]


def test_one_reminder_leaves_fifteen_days_before(people, at):
    factories.offer(people.marc, [], expires_on=date(2026, 12, 8))
    published(people, expires_on=date(2026, 12, 7))
    for day in (0, 1):
        actions.expire_due(at + timedelta(days=day))
    sent = db.session.scalars(sa.select(Message).where(Message.kind == "offer_expires").order_by(Message.id)).all()
    assert [message.recipient_id for message in sent] == [people.bob.id, people.marc.id]
    assert "/mon-offre" in sent[0].text and people.roads.label in sent[0].text


def test_the_clock_may_not_publish(people, at):
    with pytest.raises(NotPermitted):
        actions.publish(actions.start(people.bob, at=at), actor=SYSTEM, at=at)


def test_an_offer_of_an_agent_who_left_is_not_listed(people):
    offer = published(people)
    assert db.session.scalars(queries.published()).all() == [offer]
    people.bob.active = False
    assert db.session.scalars(queries.published()).all() == []


def test_an_offer_is_withdrawn_when_its_agent_leaves(people, at, narrowed):
    offer = published(people)
    events.announce(events.AgentLeft(people.bob.id, at))
    assert offer.state == OfferState.WITHDRAWN
