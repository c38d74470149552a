"""Accounts: signing in, choosing a password by a link or a printed code, suspending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from skillshare.ground import journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation import mails, passwords, queries, throttle, tokens
from skillshare.organisation.models import AccessToken, Account, Agent

WRONG = "Cet identifiant et ce mot de passe ne vont pas ensemble. Vérifiez-les, ou demandez un nouvel accès."
WRONG_CODE = "Cet identifiant et ce code ne vont pas ensemble, ou le code a déjà servi ou expiré."


def sign_in(agent: Agent | None, login: str, password: str, *, origin: str, at: datetime) -> Account:
    """The account of who knows the password; RuleBroken or TooSoon else, the same whether it exists or not."""
    account = queries.account_of(agent)
    stored = account.password_hash if account is not None and account.is_active else ""
    attempt = throttle.open_attempt(throttle.key_of(login, agent), origin, at=at)
    if not passwords.is_right(stored, password) or _is_public(password) or account is None:
        raise RuleBroken("", WRONG)
    throttle.succeed(attempt, at=at)
    if passwords.is_outdated(stored):
        account.password_hash = passwords.hash_password(password)
    account.last_seen_at = at
    return account


def sign_out(account: Account) -> None:
    """End every session of the account: a copied cookie dies too."""
    account.session_epoch += 1


def send_link(agent: Agent | None, *, at: datetime) -> None:
    """Mail a single-use link to a person who has an address; nothing at all otherwise, and nobody is told."""
    account = queries.account_of(agent)
    if agent is None or not agent.email or (account is not None and not account.is_active):
        return
    if tokens.links_lately(agent, at=at) < tokens.LINKS_PER_HOUR:
        secret, token = tokens.issue_link(agent, at=at)
        mails.access_link(agent, secret, key=token.id, until=token.expires_at, at=at)
        journal.record("organisation:access_link_sent", actor=SYSTEM, subject=agent, at=at)


def issue_code(agent: Agent, *, actor: Agent, at: datetime) -> tuple[str, datetime]:
    """A code to print and hand over, and until when it works; shown once, its hash alone is kept."""
    demand(actor, Ability.ACCESS_CODE_ISSUE, agent)
    code, token = tokens.issue_code(agent, issuer=actor, at=at)
    mails.code_handed_over(agent, actor, key=token.id, at=at)
    journal.record("organisation:access_code_issued", actor=actor, subject=agent, at=at)
    return code, token.expires_at


def redeem_link(token: AccessToken, *, password: str, at: datetime) -> Account:
    """Choose a password with a link that is still alive."""
    _check(password, token.agent)
    return _spend(token, password, at=at)


def redeem_code(agent: Agent | None, login: str, code: str, *, password: str, origin: str, at: datetime) -> Account:
    """Choose a password with a printed code; tries are slowed down as at sign-in."""
    _check(password, agent)
    attempt = throttle.open_attempt(throttle.key_of(login, agent), origin, at=at)
    token = tokens.find_code(agent, code, at=at) if agent is not None else None
    if token is None:
        raise RuleBroken("", WRONG_CODE)
    throttle.succeed(attempt, at=at)
    return _spend(token, password, at=at)


def change_password(account: Account, *, actor: Agent, current: str, password: str, origin: str, at: datetime) -> None:
    """Change one's own password, knowing the present one; every session ends."""
    demand(actor, Ability.ACCOUNT_MANAGE, account)
    _check(password, account.agent)
    stored = account.password_hash
    attempt = throttle.open_attempt(throttle.key_of("", actor), origin, at=at)
    if not passwords.is_right(stored, current):
        raise RuleBroken("current", "Ce n’est pas votre mot de passe actuel.")
    throttle.succeed(attempt, at=at)
    _set_password(account, password, actor=actor, at=at)


def open_account(agent: Agent, *, at: datetime, password: str = "") -> Account:
    """The account of `agent`, made if there is none; with a password only for the demo and the first start."""
    account = queries.account_of(agent)
    if account is None:
        account = Account(agent_id=agent.id, created_at=at, session_epoch=1)
        db.session.add(account)
        db.session.flush()
    if password:
        account.password_hash = passwords.hash_password(password)
    return account


def suspend(agent: Agent, *, actor: Agent, at: datetime) -> None:
    """Close somebody's account: their sessions end, nothing of theirs changes."""
    demand(actor, Ability.ACCOUNT_SUSPEND, agent)
    account = open_account(agent, at=at)
    if account.disabled_at is None:
        account.disabled_at = at
        account.session_epoch += 1
        journal.record("organisation:account_suspended", actor=actor, subject=agent, at=at)


def restore(agent: Agent, *, actor: Agent, at: datetime) -> None:
    demand(actor, Ability.ACCOUNT_SUSPEND, agent)
    account = open_account(agent, at=at)
    if account.disabled_at is not None:
        account.disabled_at = None
        journal.record("organisation:account_restored", actor=actor, subject=agent, at=at)


def _spend(token: AccessToken, password: str, *, at: datetime) -> Account:
    agent = token.agent
    account = open_account(agent, at=at)
    if not account.is_active:
        raise NotPermitted("Ce compte est suspendu. Adressez-vous à l’administration de la bourse.")
    if not tokens.spend(token, at=at):
        raise RuleBroken("", WRONG_CODE)
    _set_password(account, password, actor=agent, at=at)
    account.last_seen_at = at
    return account


def _set_password(account: Account, password: str, *, actor: Any, at: datetime) -> None:
    account.password_hash = passwords.hash_password(password)
    account.session_epoch += 1
    journal.record("organisation:password_set", actor=actor, subject=account.agent, at=at)
    mails.password_changed(account.agent, epoch=account.session_epoch, at=at)


def _check(password: str, agent: Agent | None) -> None:
    about = () if agent is None else (agent.first_name, agent.last_name, agent.staff_number,
                                      (agent.email or "").partition("@")[0])
    passwords.check(password, about=about, demo=current_app.config["ENV_NAME"] == "demo")


def _is_public(password: str) -> bool:
    return password == passwords.DEMO_PASSWORD and current_app.config["ENV_NAME"] != "demo"
