"""First and last names of many origins, drawn at random for the demo's invented agents."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """Names that go together."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


def _origins() -> tuple[Origin, ...]:
    data = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
    return tuple(Origin(row["weight"], *(_words(row[kind]) for kind in ("women", "men", "last")))
                 for row in data["origin"])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


ORIGINS = _origins()
FRENCH = ORIGINS[0]
_WEIGHTS = tuple(origin.weight for origin in ORIGINS)
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "’": "", "'": ""})


def draw(rng: random.Random, woman_share: float) -> tuple[str, str, str]:
    """Draw (title, last name, first name); half of the families from elsewhere chose a French first name."""
    family = rng.choices(ORIGINS, _WEIGHTS)[0]
    origin = FRENCH if rng.random() < 0.35 else family
    woman = rng.random() < woman_share
    return ("Mme" if woman else "M.", _last_name(rng, family),
            rng.choice(origin.women if woman else origin.men))


def _last_name(rng: random.Random, origin: Origin) -> str:
    name = rng.choice(origin.last)
    if rng.random() > 0.03:
        return name
    other = rng.choice(FRENCH.last)
    return name if " " in name or other == name else f"{name}-{other}"


def slug(text: str) -> str:
    """Write a name for a mail address: lower-case ASCII letters, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN)).encode("ascii", "ignore").decode()
    return "".join(char if char.isalnum() else "-" for char in folded).strip("-")
