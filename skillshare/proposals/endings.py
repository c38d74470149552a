"""Why a proposal ended, in words for each side: everybody gets an answer, with its reason (R21)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.proposals.mails import CAUSES, for_host
from skillshare.proposals.models import Proposal
from skillshare.proposals.models import ProposalState as S

TO_AGENT = {S.NOT_CHOSEN: "Toutes les places sont attribuées à d’autres volontaires : c’est la seule raison.",
            S.LAPSED: "La date de réponse est passée. Rien n’est à votre dossier."}
TO_HOST = {S.NOT_CHOSEN: "Toutes les places étaient attribuées.",
           S.WITHDRAWN: "La personne a retiré son accord, comme chacun le peut jusqu’à la signature."}

_tellers: list[Callable[[list[int]], Mapping[int, str]]] = []


def refusals_told_by(teller: Callable[[list[int]], Mapping[int, str]]) -> None:
    """Have the room that refuses say why: proposal id → sentence. Called at start-up, harmless when repeated."""
    if teller not in _tellers:
        _tellers.append(teller)


def why(proposals: Iterable[Proposal], *, to_agent: bool) -> dict[int, str]:
    """Proposal id → the reason as the agent, or the requesting side, reads it; two queries at most."""
    ended = list(proposals)
    told = TO_AGENT if to_agent else TO_HOST
    found = {one.id: told[one.state] for one in ended if one.state in told}
    refused = [one.id for one in ended if one.state == S.REFUSED]
    for teller in _tellers if refused else ():
        found |= teller(refused)
    causes = _causes([one.id for one in ended if one.state == S.CANCELLED])
    return found | {one: _sentence(CAUSES[cause] if to_agent else for_host(cause)) for one, cause in causes.items()}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _causes(ids: list[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = sa.select(JournalEntry).where(JournalEntry.subject_kind == Proposal.__tablename__,
                                          JournalEntry.subject_id.in_(ids), JournalEntry.event == "proposals:cancel")
    return {entry.subject_id or 0: cause for entry in db.session.scalars(query)
            if (cause := entry.facts.get("cause")) in CAUSES}
