"""Roles, delegations and suspensions: given by the right person, never to oneself, effective at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from skillshare.ground import clock, journal
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation import actions, queries
from skillshare.organisation.models import Role, RoleName, SigningDelegation
from tests import factories

ACT = {"subject": "Lettres de mission internes", "reference": "ARR-2026-200", "quality": "Directrice",
       "on_behalf": "Par délégation", "published_on": date(2026, 11, 2), "starts_on": date(2026, 11, 3),
       "ends_on": None}


def test_the_administrator_gives_a_role_and_the_journal_says_so(people, at):
    actions.grant_role(people.bob, RoleName.MEDIATOR, actor=people.ali, at=at)
    db.session.commit()
    assert people.bob.has_role(RoleName.MEDIATOR)
    entry = journal.history(people.bob)[-1]
    assert (entry.event, entry.actor_id) == ("organisation:role_granted", people.ali.id)
    assert entry.facts["role"] == "mediator"


@pytest.mark.parametrize("actor", ["alice", "chloe", "david", "farid", "mona", "aude", "emma"])
def test_nobody_else_gives_roles(people, at, actor):
    with pytest.raises(NotPermitted):
        actions.grant_role(people.bob, RoleName.HR, actor=getattr(people, actor), at=at)


def test_nobody_changes_their_own_roles(people, client_of, at):
    with pytest.raises(NotPermitted):
        actions.grant_role(people.ali, RoleName.HR, actor=people.ali, at=at)
    client = client_of(people.ali)
    own = db.session.scalars(sa.select(Role.id).where(Role.agent_id == people.ali.id)).one()
    assert client.post(f"/roles/{own}/retirer").status_code == 404
    answer = client.post("/roles", data={"person": people.ali.staff_number, "name": "hr", "unit": "0"})
    assert answer.status_code == 422 and not people.ali.has_role(RoleName.HR)


def test_a_removed_role_is_refused_at_the_next_request(people, client_of, at):
    david, ali = client_of(people.david), client_of(people.ali)
    assert david.get("/delegations").status_code == 200
    role = db.session.scalars(sa.select(Role.id).where(Role.agent_id == people.david.id)).one()
    assert ali.post(f"/roles/{role}/retirer").status_code == 302
    assert david.get("/delegations").status_code == 403


def test_a_requester_goes_with_a_unit_and_the_others_with_none(people, at):
    with pytest.raises(RuleBroken):
        actions.grant_role(people.bob, RoleName.REQUESTER, actor=people.ali, at=at)
    with pytest.raises(RuleBroken):
        actions.grant_role(people.bob, RoleName.HR, unit=people.sam, actor=people.ali, at=at)
    actions.grant_role(people.bob, RoleName.REQUESTER, unit=people.sam, actor=people.ali, at=at)
    assert queries.requester_unit_ids(people.bob) == [people.sam.id]


def test_a_role_is_given_once(people, at):
    with pytest.raises(RuleBroken):
        actions.grant_role(people.david, RoleName.HR, actor=people.ali, at=at)
    db.session.add(Role(agent_id=people.david.id, name=RoleName.HR, granted_at=at))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_roles_page_gives_and_takes_back(people, client_of, at):
    client = client_of(people.ali)
    assert client.post("/roles", data={"person": "Bob Tessier", "name": "requester",
                                       "unit": str(people.sam.id)}).status_code == 302
    assert "Bob Tessier" in client.get("/roles").text
    assert client.post("/roles", data={"person": "Personne Inconnue", "name": "hr", "unit": "0"}).status_code == 422


def test_two_people_of_the_same_name_are_told_apart_by_staff_number(people, client_of, at):
    factories.agent(people.sam, "Bob", "Tessier")
    db.session.commit()
    answer = client_of(people.ali).post("/roles", data={"person": "bob tessier", "name": "hr", "unit": "0"})
    assert answer.status_code == 422 and people.bob.staff_number in answer.text


def test_the_administrator_suspends_and_reopens_an_account(people, client_of, at):
    client, bob = client_of(people.ali), client_of(people.bob)
    assert client.post("/roles/comptes/suspendre", data={"s-person": people.bob.email}).status_code == 302
    assert bob.get("/compte").status_code == 302
    assert "Comptes suspendus" in client.get("/roles").text
    assert client.post(f"/roles/comptes/{people.bob.id}/rouvrir").status_code == 302
    assert queries.account_of(people.bob).disabled_at is None
    assert client.post("/roles/comptes/suspendre", data={"s-person": people.ali.email}).status_code == 422


def test_hr_records_a_published_act(people, client_of, at):
    form = {name: str(value or "") for name, value in ACT.items()}
    answer = client_of(people.david).post("/delegations", data=form | {"holder": "Nadia Keller",
                                                                       "unit": str(people.direction.id)})
    assert answer.status_code == 302
    assert queries.delegation_for(people.nadia, people.roads, date(2026, 11, 23)) is not None
    assert queries.delegation_for(people.nadia, people.sam, date(2026, 11, 23)) is None


def test_a_delegation_is_never_recorded_by_its_holder(people, at):
    factories.role(people.farid, RoleName.HR)
    with pytest.raises(RuleBroken) as refused:
        actions.record_delegation(people.farid, actor=people.farid, unit=people.root, at=at, **ACT)
    assert refused.value.field == "holder"
    db.session.add(SigningDelegation(holder_id=people.farid.id, recorded_by_id=people.farid.id,
                                     unit_id=people.root.id, recorded_at=at, **ACT))
    with pytest.raises(IntegrityError, match="never_recorded_by_its_holder"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("actor", ["alice", "chloe", "ali", "mona", "aude", "farid", "emma"])
def test_only_hr_records_delegations(people, at, actor):
    with pytest.raises(NotPermitted):
        actions.record_delegation(people.nadia, actor=getattr(people, actor), unit=people.root, at=at, **ACT)


@pytest.mark.parametrize("change, field", [
    ({"published_on": date(2027, 1, 1), "starts_on": date(2027, 1, 2)}, "published_on"),
    ({"starts_on": date(2026, 11, 1)}, "starts_on"), ({"ends_on": date(2026, 11, 2)}, "ends_on")])
def test_the_dates_of_an_act_must_hold_together(people, at, change, field):
    with pytest.raises(RuleBroken) as refused:
        actions.record_delegation(people.nadia, actor=people.david, unit=people.root, at=at, **(ACT | change))
    assert refused.value.field == field


def test_a_delegation_gets_a_last_day_and_is_kept(people, client_of, at):
    made = actions.record_delegation(people.nadia, actor=people.david, unit=people.direction, at=at, **ACT)
    db.session.commit()
    last = clock.local_date(at) + timedelta(days=7)
    answer = client_of(people.david).post(f"/delegations/{made.id}/fin", data={"ends_on": last.isoformat()})
    assert answer.status_code == 302
    assert queries.delegation_for(people.nadia, people.roads, last) is not None
    assert queries.delegation_for(people.nadia, people.roads, last + timedelta(days=1)) is None


def test_a_holder_who_is_in_hr_does_not_prolong_their_own_delegation(people, client_of, at):
    factories.role(people.farid, RoleName.HR)
    db.session.commit()
    own = queries.delegations_of(people.farid, clock.local_date(at))[0]
    assert client_of(people.farid).get(f"/delegations/{own.id}/fin").status_code == 404


def test_the_first_administrator_comes_from_the_command_line_with_a_link(people, client_of, at):
    link = actions.create_administrator(people.emma.email, at=at)
    db.session.commit()
    assert people.emma.has_role(RoleName.ADMINISTRATOR)
    assert client_of().get(link.partition("127.0.0.1:8000")[2]).status_code == 200
    actions.create_administrator(people.emma.email, at=at)  # a second link, not a second role
    assert len(queries.roles_of(people.emma)) == 1


def test_nobody_unknown_becomes_an_administrator(people, at):
    with pytest.raises(RuleBroken):
        actions.create_administrator("nobody@nowhere.example", at=at)
