"""Rights: one vocabulary of abilities, one predicate each, and the guard every route declares."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from flask import Flask, abort, make_response, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from skillshare.ground.errors import NotFound, NotPermitted, TransitionNotAllowed
from skillshare.ground.extensions import SAFE_METHODS, db, login_manager


class Ability(StrEnum):
    """`<room>:<action>`; each has its predicate in the access.py of its room."""

    HOME_SEE = "home:see"
    ACCOUNT_MANAGE = "organisation:manage_own_account"
    UNIT_SEE_TEAM = "organisation:see_team"
    STAND_IN_NAME = "organisation:name_stand_in"
    ABSENCE_ENTER = "organisation:enter_absence"
    CAP_SET = "organisation:set_cap"
    DELEGATION_RECORD = "organisation:record_delegation"
    ROLE_GRANT = "organisation:grant_role"
    ACCESS_CODE_ISSUE = "organisation:issue_access_code"
    ACCOUNT_SUSPEND = "organisation:suspend_account"
    HR_IMPORT = "organisation:import_hr"
    SKILL_SEARCH = "skills:search"
    SKILL_SUGGEST = "skills:suggest"
    SKILL_CURATE = "skills:curate"
    NEED_LIST = "needs:list"
    NEED_CREATE = "needs:create"
    NEED_SEE = "needs:see"
    NEED_EDIT = "needs:edit"
    NEED_PUBLISH = "needs:publish"
    NEED_WITHDRAW = "needs:withdraw"
    NEED_DUPLICATE = "needs:duplicate"
    NEED_DECLARE_CRISIS = "needs:declare_crisis"
    OFFER_OWN = "offers:own"
    OFFER_PUBLISH = "offers:publish"
    RUN_START = "proposals:start_run"
    RUN_SEE = "proposals:see_run"
    PROPOSAL_SEE = "proposals:see"
    PROPOSAL_ANSWER = "proposals:answer"
    PROPOSAL_WITHDRAW = "proposals:withdraw"
    PROPOSAL_APPLY = "proposals:apply"
    PROPOSAL_INVITE = "proposals:invite"
    PROPOSAL_CHOOSE = "proposals:choose"
    CANDIDATES_SEE = "proposals:see_candidates"
    LOAN_SEE = "loans:see"
    LOAN_END_EARLY = "loans:end_early"
    LOAN_CANCEL = "loans:cancel"
    LETTER_SEE = "letters:see"
    LETTER_CANCEL = "letters:cancel"
    LETTER_REPLACE = "letters:replace"
    FILING_SEE = "hr_file:see"
    FILING_RUN = "hr_file:run"
    VISA_SEE = "approvals:see"
    VISA_GIVE = "approvals:give_visa"
    VISA_REFUSE = "approvals:refuse"
    VISA_COUNTER = "approvals:counter_propose"
    VISA_REROUTE = "approvals:reroute_visa"
    DESK_SEE = "approvals:see_signing_desk"
    LETTER_SIGN = "approvals:sign"
    FEEDBACK_GIVE = "feedback:give"
    FEEDBACK_SEE = "feedback:see"
    REGISTRY_SEE = "audit:see_registry"
    JOURNAL_SEE = "admin:see_journal"
    OUTBOX_SEE = "admin:see_outbox"
    OUTBOX_RETRY = "admin:retry_outbox"
    JOBS_SEE = "admin:see_jobs"


class _System:
    """The clock, and what follows from somebody else's act."""

    id: None = None

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM = _System()
Predicate = Callable[[Any, Any], bool]
_predicates: dict[Ability, Predicate] = {}


def allows(*abilities: Ability) -> Callable[[Predicate], Predicate]:
    """Declare the predicate `(actor, subject) -> bool` of abilities; one predicate per ability."""

    def declare(predicate: Predicate) -> Predicate:
        for ability in abilities:
            if _predicates.get(ability, predicate).__qualname__ != predicate.__qualname__:
                raise RuntimeError(f"{ability} has two predicates")
            _predicates[ability] = predicate
        return predicate

    return declare


def can(actor: Any, ability: Ability, subject: Any = None) -> bool:
    """Whether `actor` may do `ability` on `subject`; nobody and unknown abilities may nothing."""
    predicate = _predicates.get(ability)
    return actor is not None and actor is not SYSTEM and predicate is not None and predicate(actor, subject)


def demand(actor: Any, ability: Ability, subject: Any = None) -> None:
    """Raise NotPermitted unless `actor` may; the first line of an action that changes no state."""
    if not can(actor, ability, subject):
        raise NotPermitted()


def undeclared() -> list[Ability]:
    """Abilities without a predicate: a test keeps this empty."""
    return [ability for ability in Ability if ability not in _predicates]


def current_actor() -> Any:
    """The agent signed in to this request, or None."""
    return current_user.agent if current_user.is_authenticated else None


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Declare a route open to anybody."""
    return _guarded(view, ability=None, load=None)


def requires(ability: Ability, load: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Declare the ability of a route. `load(**url_arguments)` returns the subject, or None for unknown;
    the view then receives the subject in place of the URL's arguments. A subject that the person
    may not see answers 404, as an unknown one does; without subject, 403."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        return _guarded(view, ability=ability, load=load)

    return declare


def _guarded(view: Callable[..., Any], *, ability: Ability | None, load: Callable[..., Any] | None) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if ability is None:
            return view(**arguments)
        if not current_user.is_authenticated:
            return login_manager.unauthorized()
        if load is None:
            demand(current_actor(), ability)
            return view(**arguments)
        subject = load(**arguments)
        if subject is None or not can(current_actor(), ability, subject):
            raise NotFound()
        return view(subject)

    @wraps(view)
    def committed(**arguments: Any) -> Any:
        return guarded(**arguments) if request.method in SAFE_METHODS else _in_one_transaction(guarded, arguments)

    committed.declared_ability = ability or "public"  # type: ignore[attr-defined]
    return committed


def _in_one_transaction(view: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """The one commit of a POST: only an accepted form commits; a deadlock is retried twice."""
    for attempt in (1, 2, 3):
        try:
            response = make_response(view(**arguments))
            if response.status_code < 400:
                db.session.commit()
            else:
                db.session.rollback()
            return response
        except OperationalError as error:
            db.session.rollback()
            if attempt == 3 or not _is_deadlock(error):
                raise TransitionNotAllowed() from error
        except BaseException:
            db.session.rollback()
            raise
    raise AssertionError("unreachable")


def _is_deadlock(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlstate", None)
    return code in {"40P01", "40001"} or "database is locked" in str(error.orig)


def register(app: Flask) -> None:
    """Close every route that declares no ability (extensions' static files excepted)."""

    @app.before_request
    def closed_by_default() -> None:
        if request.endpoint is None or request.endpoint.split(".")[-1] == "static":
            return
        if not hasattr(app.view_functions[request.endpoint], "declared_ability"):
            abort(403)
