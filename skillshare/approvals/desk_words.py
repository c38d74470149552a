"""What the desk says of an act to sign: a first letter, one that replaces a wrong one, or an early end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from skillshare.ground import clock
from skillshare.ground.typography import date_fr
from skillshare.letters.models import Letter, LetterKind
from skillshare.loans.models import LoanState

FROZEN = "La signature donne son numéro à l’acte et le scelle : il ne change plus. Le versement au dossier est mis en file."
NO_START = ("Aucune mission ne commence avant la signature de sa lettre. Sans signature ce jour-là, le prêt est annulé et chacun "
            "prévenu.")


@dataclass(frozen=True)
class Words:
    """`name`: the act in a sentence; `effect`: what its signature changes; `unsigned`: what holds until then;
    `until`: the day by which it should be signed."""

    name: str
    effect: str
    unsigned: str
    until: date | None

    @property
    def title(self) -> str:
        return f"{self.name[:1].upper()}{self.name[1:]}"


def words_of(letter: Letter) -> Words:
    loan, who = letter.loan, letter.loan.agent.full_name
    if letter.kind == LetterKind.EARLY_END:
        ends = f"La mission se termine le {date_fr(loan.ends_on)}, au lieu du {date_fr(loan.planned_ends_on)}."
        return Words(f"la fin anticipée de la mission de {who}", ends,
                     f"{ends} Le retour au service d’origine est de droit : il n’attend pas la signature de cette lettre.",
                     loan.ends_on)
    name, wrong, again = f"la lettre de mission de {who}", "", ""
    if letter.replaces is not None:
        name, again = f"{name}, qui remplace la n° {letter.replaces.number}", " de nouveau, aux mêmes dates"
        wrong = f"Cette lettre remplace la lettre n° {letter.replaces.number}, qui comportait une erreur. "
    if loan.state == LoanState.TO_SIGN:
        return Words(name, f"La mission est prévue{again}.", wrong + NO_START, loan.starts_on)
    return Words(name, "Les dates de la mission ne changent pas.",
                 f"{wrong}La mission n’est pas interrompue : elle garde ses dates.", None)


def steps_in(letter: Letter) -> list[dict[str, Any]]:
    """Agreement, visas or request as the act prints them, instants with their zone."""
    return [step | {"at": datetime.fromisoformat(step["at"]).replace(tzinfo=clock.ZONE) if step.get("at") else None}
            for step in letter.data.get("steps", [])]
