"""Names as people write them: trimmed, cased when they came all in capitals, particles respected."""

from __future__ import annotations

import re
import unicodedata

from skillshare.organisation.hr_import.values import clean

# Lower case before another word; « le », « la », « el » begin with a capital: Le Goff, de La Tour, El Amrani.
PARTICLES = frozenset("de du des da das dos van von der den zu".split())  # noqa: SIM905
PIECE = re.compile(r"[^\W\d_]+")


def shown(text: str) -> str:
    """The name as shown; one that already mixes cases is only trimmed.

    >>> shown("  DE LA TOUR-D'AUVERGNE "), shown("N'DIAYE"), shown("SAINT-MARTIN"), shown("McGregor")
    ("de La Tour-D'Auvergne", "N'Diaye", 'Saint-Martin', 'McGregor')
    """
    name = clean(text)
    if not (name.isupper() or name.islower()):
        return name
    words = name.split(" ")
    return " ".join(_word(word, is_first=n == 0, is_last=n == len(words) - 1) for n, word in enumerate(words))


def _word(word: str, *, is_first: bool, is_last: bool) -> str:
    lower = word.lower()
    if lower in PARTICLES and not is_last:
        return lower
    cased = PIECE.sub(lambda piece: _piece(piece[0]), lower)
    return cased[:1].lower() + cased[1:] if re.match(r"d['’]", lower) and not is_first else cased


def _piece(piece: str) -> str:
    if piece.startswith("mc") and len(piece) > 4:
        return f"Mc{piece[2:].capitalize()}"
    return piece.capitalize()


def sort_key(last_name: str, first_name: str) -> str:
    """« Nom Prénom » in lower case without accents: É sorts as E on both databases."""
    folded = unicodedata.normalize("NFKD", f"{last_name} {first_name}".casefold())
    return clean("".join(char for char in folded if not unicodedata.combining(char)))
