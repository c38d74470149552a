"""Browsers in which a person has signed in before: a signed cookie, so that others' failures do not slow them."""

from __future__ import annotations

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from skillshare.organisation.models import Account, Agent

KEPT_SECONDS = 180 * 24 * 3600


def origin_of(agent: Agent | None) -> str:
    """Where this try comes from: the person's known browser, else the network address."""
    mark = _read()
    if agent is not None and mark is not None and mark[0] == agent.id:
        return f"device:{mark[1]}"
    return request.remote_addr or "unknown"


def remember(response: Response, account: Account) -> Response:
    """Give the browser its mark, once per person."""
    mark = _read()
    if mark is None or mark[0] != account.agent_id:
        value = _signer().dumps([account.agent_id, secrets.token_hex(12)])
        response.set_cookie(_name(), value, max_age=KEPT_SECONDS, httponly=True, samesite="Lax",
                            secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _read() -> tuple[int, str] | None:
    try:
        agent_id, nonce = _signer().loads(request.cookies.get(_name(), ""), max_age=KEPT_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(agent_id), str(nonce)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-browser"
