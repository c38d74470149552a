"""Finding a skill from the words people type: accents, plurals, everyday words and typing errors."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist, extract

QUERY_SHARE, LABEL_SHARE = 0.75, 0.25  # what is asked counts more than what the label says besides
PREFIX, ERROR_COST, UNKNOWN_WORD = 0.9, 0.15, 0.4
JOINED_LEAST, SCORE_LEAST = 0.84, 50.0
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
STOP_WORDS = frozenset("a au aux avec ce d dans de des du en et l la le les ou par pour que qui sa se ses son sur un une".split())


def normalise(text: str) -> str:
    """Lower case, no accents, ligatures spelt out, single spaces between letters and digits.

    >>> normalise("  L’Œuvre d’ART : été ")
    'l oeuvre d art ete'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


@dataclass(frozen=True, slots=True)
class Hit:
    """A skill found: its id, a score up to 100 and the name or synonym that matched, as written."""

    id: Hashable
    score: float
    matched: str


@dataclass(frozen=True, slots=True)
class _Label:
    id: Hashable
    name: str
    text: str
    plain: str
    stems: tuple[str, ...]

    @property
    def is_name(self) -> bool:
        return self.text == self.name


class SkillIndex:
    """An index of skill names and synonyms, searched in memory; it never changes once built."""

    def __init__(self, entries: Iterable[tuple[Hashable, str, Iterable[str]]]) -> None:
        self._labels = [_label(id, name, text) for id, name, synonyms in entries for text in (name, *synonyms)]
        self._joined = [label.plain.replace(" ", "") for label in self._labels]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, label in enumerate(self._labels):
            for stem in label.stems:
                self._holders[stem].append(number)
        self._words = sorted({word for label in self._labels for word in _words(label.plain)})
        self._weights = {stem: self._rarity(len(holders)) for stem, holders in self._holders.items()}

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return the nearest skills, best first; one hit per skill, none when nothing is near."""
        plain = normalise(text)
        if not plain:
            return []
        scores = self._by_words(plain)
        for number, score in self._by_spelling(plain):
            scores[number] = max(score, scores.get(number, 0.0))
        return self._best(scores, limit)

    def _rarity(self, holders: int) -> float:
        total = len(self._labels)
        return math.log(1 + total / holders) / math.log(1 + total)

    def _by_words(self, plain: str) -> dict[int, float]:
        """Score the labels that share words with the query: rare words weigh more than common ones."""
        asked: Counter[int] = Counter()
        told: dict[int, dict[str, float]] = defaultdict(dict)
        whole = 0.0
        for word in _words(plain):
            near = self._near(word)
            weight = max((self._weights[stem] for stem, likeness in near.items() if likeness == max(near.values())), default=UNKNOWN_WORD)
            whole += weight
            for number, (stem, likeness) in self._holders_of(near).items():
                asked[number] += weight * likeness
                told[number][stem] = max(likeness, told[number].get(stem, 0.0))
        return {number: self._score(number, share / whole, told[number]) for number, share in asked.items()}
