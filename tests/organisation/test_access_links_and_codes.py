"""First access and forgotten password: single-use links by mail, printed codes without one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import clock, outbox
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation import account_actions, actions, passwords, queries, tokens
from skillshare.organisation.models import AccessToken, RoleName
from tests import factories

NEW = "quatre chaises bleues au soleil"
BOTH = {"password": NEW, "again": NEW}


def link_of(client, agent):
    client.post("/acces", data={"login": agent.email})
    mail = db.session.scalars(sa.select(outbox.Message).where(outbox.Message.kind == "access_link")
                              .order_by(outbox.Message.id.desc())).first()
    return "/acces/" + re.search(r"/acces/([\w-]+)", mail.text)[1]


def test_a_link_lets_choose_a_password_once(people, client_of, at):
    client = client_of()
    link = link_of(client, people.bob)
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # opening it uses nothing up
    assert client.post(link, data=BOTH).location == "/"
    assert passwords.is_right(queries.account_of(people.bob).password_hash, NEW)
    assert client.get("/compte").status_code == 200
    assert client_of().post(link, data=BOTH).status_code == 404


def test_using_a_link_kills_the_other_ones_and_the_sessions(people, client_of, at):
    elsewhere = client_of(people.bob)
    first, second = link_of(client_of(), people.bob), link_of(client_of(), people.bob)
    client_of().post(second, data=BOTH)
    assert client_of().get(first).status_code == 404
    assert elsewhere.get("/compte").status_code == 302


def test_a_link_dies_after_an_hour(people, client_of, at):
    link = link_of(client_of(), people.bob)
    with clock.travel(at + timedelta(minutes=61)):
        assert client_of().post(link, data=BOTH).status_code == 404


def test_only_the_hash_of_a_link_is_kept(people, client_of, at):
    secret = link_of(client_of(), people.bob).rpartition("/")[2]
    kept = db.session.scalars(sa.select(AccessToken)).one()
    assert secret not in kept.token_hash and len(kept.token_hash) == 64


def test_an_account_is_made_at_the_first_access(people, client_of, at):
    newcomer = factories.agent(people.roads, "Zoé", "Petit")
    db.session.commit()
    client_of().post(link_of(client_of(), newcomer), data=BOTH)
    assert queries.account_of(newcomer) is not None


def test_asking_for_a_link_never_tells_who_exists(people, client_of, at):
    people.emma.email = None
    db.session.commit()
    answers = [client_of().post("/acces", data={"login": login}, follow_redirects=True).text
               for login in (people.bob.email, "nobody@nowhere.example", people.emma.staff_number)]
    assert len(set(answers)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(outbox.Message)) == 1


def test_nobody_is_flooded_with_links(people, client_of, at):
    for _ in range(6):
        client_of().post("/acces", data={"login": people.bob.email})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(outbox.Message)) == tokens.LINKS_PER_HOUR


def test_a_suspended_account_gets_no_link(people, at):
    account_actions.suspend(people.bob, actor=people.ali, at=at)
    account_actions.send_link(people.bob, at=at)
    assert db.session.scalars(sa.select(AccessToken)).first() is None


def test_the_person_is_told_that_their_password_changed(people, client_of, at):
    client_of().post(link_of(client_of(), people.bob), data=BOTH)
    assert db.session.scalars(sa.select(outbox.Message).where(outbox.Message.kind == "password_changed")).one()


@pytest.mark.parametrize("again, password", [("other words altogether", NEW), ("short", "short")])
def test_a_password_that_does_not_do_uses_nothing_up(people, client_of, at, again, password):
    link = link_of(client_of(), people.bob)
    assert client_of().post(link, data={"password": password, "again": again}).status_code == 422
    assert client_of().post(link, data=BOTH).status_code == 302


def code_from(client, agent):
    page = client.post("/codes-acces", data={"person": agent.staff_number})
    return re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page.text)[0]


def test_hr_hands_over_a_code_that_works_once(people, client_of, at):
    code = code_from(client_of(people.david), people.bob)
    typed = {"login": people.bob.staff_number, "code": code.lower().replace("-", " "), **BOTH}
    assert client_of().post("/acces/code", data=typed).location == "/"
    assert client_of().post("/acces/code", data=typed).status_code == 422


def test_a_code_is_of_no_use_to_somebody_else(people, client_of, at):
    code = code_from(client_of(people.david), people.bob)
    answer = client_of().post("/acces/code", data={"login": people.marc.staff_number, "code": code, **BOTH})
    assert answer.status_code == 422


def test_a_code_expires_and_a_new_one_replaces_it(people, client_of, at):
    hr = client_of(people.david)
    first, second = code_from(hr, people.bob), code_from(hr, people.bob)
    assert tokens.find_code(people.bob, first, at=at) is None
    assert tokens.find_code(people.bob, second, at=at) is not None
    assert tokens.find_code(people.bob, second, at=at + timedelta(days=8)) is None


def test_guessing_codes_is_slowed_down(people, client_of, at):
    client = client_of()
    wrong = {"login": people.bob.staff_number, "code": "AAAA-BBBB-CCCC", **BOTH}
    assert [client.post("/acces/code", data=wrong).status_code for _ in range(6)][-1] == 429


def test_the_code_is_nowhere_in_the_database(people, at):
    code, _ = account_actions.issue_code(people.bob, actor=people.david, at=at)
    db.session.commit()
    words = code.split("-")
    kept = [row.token_hash for row in db.session.scalars(sa.select(AccessToken))]
    mails = [row.text for row in db.session.scalars(sa.select(outbox.Message))]
    assert not any(word in text for word in words for text in kept + mails)


def test_a_sam_hands_codes_to_the_agents_it_serves(people, at):
    account_actions.issue_code(people.bob, actor=people.alice, at=at)
    people.sam.parent_id, people.sam.path = people.direction.id, f"{people.direction.path}{people.sam.id}/"
    db.session.flush()
    db.session.expire(people.sam)
    far = factories.agent(factories.unit(people.employer, "AUTRE", "Autre", "service", people.root))
    with pytest.raises(NotPermitted):
        account_actions.issue_code(far, actor=people.alice, at=at)


@pytest.mark.parametrize("actor, target", [
    ("david", "david"),  # oneself
    ("alice", "chloe"), ("alice", "ali"), ("david", "ali"), ("david", "farid"),  # who holds a function has a link
    ("chloe", "bob"), ("emma", "bob"), ("ali", "bob")])
def test_a_code_never_opens_more_than_its_issuer_is_trusted_with(people, at, actor, target):
    with pytest.raises(NotPermitted):
        account_actions.issue_code(getattr(people, target), actor=getattr(people, actor), at=at)


def test_who_stands_in_for_somebody_asks_for_a_link(people, at):
    today = clock.local_date(at)
    actions.name_stand_in(people.chloe, deputy=people.marc, actor=people.chloe, starts_on=today, ends_on=today, at=at)
    with pytest.raises(NotPermitted):
        account_actions.issue_code(people.marc, actor=people.alice, at=at)


def test_hr_helps_a_manager_who_has_no_address(people, at):
    people.chloe.email = None
    assert account_actions.issue_code(people.chloe, actor=people.david, at=at)


def test_a_requester_of_another_service_than_a_sam_hands_over_nothing(people, client_of, at):
    factories.role(people.emma, RoleName.REQUESTER, people.direction)
    db.session.commit()
    assert client_of(people.emma).get("/codes-acces").status_code == 403


@pytest.mark.parametrize("password", [
    "court", "azertyuiopqsdf", "123456789012", "motdepasse1234", "aaaaaaaaaaaaaa", "abcabcabcabcabc", "Tessier200045",
    "demo-2026-bourse", "Bienvenue2026!", "x" * 200])
def test_guessable_passwords_are_refused(app, password):
    with pytest.raises(RuleBroken):
        passwords.check(password, about=("Bob", "Tessier", "200045"))


@pytest.mark.parametrize("password", [NEW, "J7#kq9-Wz!p2mX", "le chat dort sur la photocopieuse", "пароль из слов"])
def test_ordinary_long_passwords_are_welcome(app, password):
    passwords.check(password, about=("Bob", "Tessier", "200045"))
