"""Compiling, opening, signing, cancelling and copying letters; a signed file is never written again."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.links import absolute
from skillshare.ground.workflow import lock, move
from skillshare.letters import numbers, queries, verifying
from skillshare.letters.compiling import LetterRefused, compile_letter
from skillshare.letters.content import LetterData
from skillshare.letters.data import letter_data, sign_data, verify_block
from skillshare.letters.keys import SealKey, ensure_seal_key
from skillshare.letters.models import Letter, LetterKind, LetterState, LetterView
from skillshare.letters.seal import seal
from skillshare.letters.workflow import LETTER
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent, SigningDelegation
from skillshare.proposals.models import Proposal

current_of, of_loan_of = queries.current_of, queries.of_loan_of
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def seal_key() -> SealKey:
    return ensure_seal_key(current_app.config["HOME"] / "keys", current_app.config["EMPLOYER_NAME"])


def compile_draft(proposal: Proposal, *, at: datetime, trace: list[dict[str, Any]]) -> bytes:
    """The letter as « PROJET »; RuleBroken when its text cannot become a letter."""
    return _compiled(letter_data(proposal, trace=trace, at=at))


def _compiled(data: dict[str, Any]) -> bytes:
    try:
        return compile_letter(data)
    except LetterRefused as error:
        raise RuleBroken("", str(error)) from error


def open_letter(loan: Loan, *, trace: list[dict[str, Any]], at: datetime, replaces: Letter | None = None) -> Letter:
    """The letter of a loan, « à signer », with the trace of agreement and visas."""
    data = letter_data(loan.proposal, trace=trace, at=at, manager=loan.home_manager, state="to_sign")
    letter = Letter(loan_id=loan.id, loan=loan, employer_id=loan.agent.employer_id, data=data, created_at=at,
                    replaces_id=replaces.id if replaces else None)
    db.session.add(letter)
    db.session.flush()
    return letter


def preview(letter: Letter) -> bytes:
    """The PDF to show: the sealed bytes of a signed letter, else what would be signed, as « PROJET »."""
    return letter.pdf if letter.pdf is not None else _compiled(letter.data | {"state": "draft"})


def sign(letter: Letter, *, actor: Agent, delegation: SigningDelegation, at: datetime) -> None:
    """Give the letter its number, seal and date, and freeze it. Part of the caller's transaction."""
    lock(letter)
    if letter.state != LetterState.TO_SIGN:
        raise TransitionNotAllowed()
    number, code = numbers.take(letter, clock.local_date(at).year), _new_code()
    data = sign_data(letter.data, number=number, code=code, url=absolute("verification.show", code=code),
                     signer=actor, delegation=delegation, at=at)
    _freeze(letter, data, code, at=at)
    letter.signed_by_id, letter.delegation_id = actor.id, delegation.id
    move(LETTER, letter, "sign", actor=actor, at=at, delegation=delegation.id)  # last: a signed row is complete
    _note_seal(letter, actor=actor, at=at)


def open_act(loan: Loan, act: LetterData, *, at: datetime) -> Letter:
    """An act that follows the signed letter of a loan: to sign, or to issue."""
    made = Letter(loan_id=loan.id, loan=loan, employer_id=loan.agent.employer_id, kind=LetterKind(act.kind),
                  data=act.to_dict(), created_at=at)
    db.session.add(made)
    db.session.flush()
    return made


def issue(letter: Letter, *, at: datetime) -> None:
    """Number and seal an attestation; nobody signs it, the clock issues it."""
    number, code = numbers.take(letter, clock.local_date(at).year), _new_code()
    data = letter.data | {"state": "issued", "number": number,
                          "verify": verify_block(absolute("verification.show", code=code), code)}
    _freeze(letter, data, code, at=at)
    move(LETTER, letter, "issue", actor=SYSTEM, at=at)  # last: an issued row is complete
    _note_seal(letter, actor=SYSTEM, at=at)


def _freeze(letter: Letter, data: dict[str, Any], code: str, *, at: datetime) -> None:
    sealed = seal(_compiled(data), key=seal_key(), reason=letter.title, name=current_app.config["EMPLOYER_NAME"], at=at)
    letter.data, letter.pdf, letter.sha256 = data, sealed, hashlib.sha256(sealed).hexdigest()
    letter.verify_code, letter.signed_at = code, at


def _note_seal(letter: Letter, *, actor: Any, at: datetime) -> None:
    journal.record("letters:seal", actor=actor, at=at, subject=letter, number=letter.number, sha256=letter.sha256)
    db.session.flush()


def _new_code() -> str:
    return "-".join("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(3))


def cancel(letter: Letter, *, actor: Any, reason: str, at: datetime) -> None:
    """Cancel a letter; its number and its file are kept."""
    move(LETTER, letter, "cancel", actor=actor, at=at)
    letter.cancelled_at, letter.cancel_reason = at, reason


def verify_bytes(pdf: bytes) -> verifying.Verdict:
    """Whether `pdf` is a letter sealed here, unchanged, and known to the register."""
    verdict = verifying.verify(pdf, certificate_der=seal_key().certificate_der())
    if not verdict.valid:
        return verdict
    letter = queries.by_sha256(verdict.sha256)
    if letter is None:
        return verifying.Verdict(False, "Le cachet est valide mais ce fichier n’est pas celui du registre.",
                                 verdict.sha256, verdict.number)
    suffix = f" État : {LETTER.state_of(letter).label.lower()}."
    return verifying.Verdict(True, verdict.reason_fr + suffix, verdict.sha256, verdict.number)


def write_copies() -> int:
    """Write the missing copies of signed letters on disk, each whole or not at all; repeatable. Returns how many."""
    written = 0
    for letter in queries.signed_without_copy():
        path = queries.path_on_disk(letter)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_bytes(letter.pdf or b"")
        os.replace(partial, path)
        written += 1
    return written


def note_view(letter: Letter, *, actor: Agent, at: datetime) -> None:
    """Trace who opened a letter, on a connection of its own: a GET's transaction writes nothing."""
    with db.engine.connect() as connection:
        connection.execute(sa.insert(LetterView).values(letter_id=letter.id, agent_id=actor.id, at=at))
        connection.commit()
