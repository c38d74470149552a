"""Passwords: Argon2id, and which ones are refused (ASVS 5.0, chapter 6)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from skillshare.ground.errors import RuleBroken

SHORTEST, LONGEST = 12, 128
DEMO_PASSWORD = "demo-2026-bourse"  # noqa: S105 (refused outside demonstration mode)
COMMON = ("motdepasse", "azerty", "qwerty", "password", "bonjour", "soleil", "bienvenue", "administrateur",
          "departement", "collectivite", "skillshare", "bourse", "competences", "changeme", "welcome", "letmein")
RUNS = "abcdefghijklmnopqrstuvwxyz 0123456789012345 azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm"
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def is_right(stored: str, password: str) -> bool:
    """Whether `password` matches; a missing hash costs the same time, so that nothing shows who has an account."""
    try:
        return _hasher.verify(stored or _decoy(), _normal(password)[:LONGEST]) and bool(stored)
    except (VerifyMismatchError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash("nobody has this password")


def check(password: str, *, about: tuple[str, ...] = (), demo: bool = False) -> None:
    """Raise RuleBroken for a password that is too short, too long or guessable; `about`: the person's own words."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise RuleBroken("password", f"Il faut au moins {SHORTEST} caractères. Une phrase courte convient très bien.")
    if len(text) > LONGEST:
        raise RuleBroken("password", f"Pas plus de {LONGEST} caractères.")
    if text == DEMO_PASSWORD and not demo:
        raise RuleBroken("password", "Ce mot de passe est public : choisissez-en un autre.")
    if _is_guessable(text, about):
        raise RuleBroken("password", "Ce mot de passe se devine : évitez les suites, les répétitions, les mots les "
                                     "plus courants, votre nom et votre matricule.")


def _is_guessable(text: str, about: tuple[str, ...]) -> bool:
    """What is left once common words, the person's own, runs and repeats are taken away is too little."""
    left = _plain(text)
    for word in sorted((*COMMON, *(_plain(word) for word in about)), key=len, reverse=True):
        left = left.replace(word, "") if len(word) > 3 else left
    left = re.sub(r"(.{1,4}?)\1{2,}", r"\1", left)
    return len(_without_runs(left)) < 6 or len(set(left)) < 5


def _without_runs(text: str) -> str:
    """`text` without stretches of four or more keys in a row, either way."""
    kept, position = "", 0
    while position < len(text):
        length = next((n for n in range(len(text) - position, 3, -1)
                       if text[position:position + n] in RUNS or text[position:position + n][::-1] in RUNS), 0)
        kept += "" if length else text[position]
        position += length or 1
    return kept


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
