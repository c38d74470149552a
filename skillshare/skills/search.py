"""Finding a skill from the words people type: accents, plurals, everyday words and typing errors."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

QUERY_SHARE, LABEL_SHARE = 0.75, 0.25  # what is asked counts more than what a label says besides
PREFIX_LIKENESS, ERROR_COST, UNKNOWN_WEIGHT = 0.8, 0.15, 0.3
SPELLING_LIKENESS, SCORE_LEAST = 0.8, 50.0
EXACT, ALMOST = 100.0, 99.0
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)[’']", re.IGNORECASE)
FEMININE = re.compile(r"trices?$")
STOP_WORDS = frozenset(
    "a au aux avec bien ce ces dans de des du en est et faire je la le les ma mes mon ou par pour que qui "  # noqa: SIM905
    "sa sais savoir se ses son suis sur un une utiliser".split()
)


def normalise(text: str) -> str:
    """Lower case, no accents, ligatures spelt out, one space between runs of letters and digits.

    >>> normalise("  L’Œuvre d’ART : été ")
    'l oeuvre d art ete'
    """
    lower = unicodedata.normalize("NFKC", text).casefold().translate(LIGATURES)
    folded = unicodedata.normalize("NFKD", lower)
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


@dataclass(frozen=True, slots=True)
class Hit:
    """A skill found: its id, a score up to 100, and the name or synonym that matched, as written."""

    id: Hashable
    score: float
    matched: str


@dataclass(frozen=True, slots=True)
class _Label:
    id: Hashable
    name: str
    text: str
    plain: str
    stems: frozenset[str]


class SkillIndex:
    """Skill names and synonyms searched in memory; never changes once built, safe between threads."""

    def __init__(self, entries: Iterable[tuple[Hashable, str, Iterable[str]]]) -> None:
        self._labels = [
            _Label(id, name, text, normalise(text), frozenset(_stem(word) for word in _words(text)))
            for id, name, synonyms in entries
            for text in (name, *synonyms)
        ]
        self._joined = [label.plain.replace(" ", "") for label in self._labels]
        self._words = sorted({word for label in self._labels for word in _words(label.text)})
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, label in enumerate(self._labels):
            for stem in label.stems:
                self._holders[stem].append(number)
        self._weights = {stem: self._rarity(len(holders)) for stem, holders in self._holders.items()}

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return the nearest skills, best first; one hit per skill, none when nothing is near."""
        plain = normalise(text)
        scores = self._by_words(text)
        for number, score in self._by_spelling(plain).items():
            scores[number] = max(score, scores.get(number, 0.0))
        return self._best(scores)[: max(limit, 0)]

    def _rarity(self, holders: int) -> float:
        """Weight a word between 0 and 1: a word of many labels (« gestion ») tells little."""
        total = len(self._labels)
        return math.log(1 + total / holders) / math.log(1 + total)

    def _by_words(self, text: str) -> dict[int, float]:
        """Score the labels that share words with the query."""
        asked: dict[int, float] = defaultdict(float)
        told: dict[int, dict[str, float]] = defaultdict(dict)
        whole = 0.0
        for word in _words(text):
            near = self._near_stems(word)
            weight = self._weights[max(near, key=lambda stem: near[stem])] if near else UNKNOWN_WEIGHT
            whole += weight
            for number, (likeness, stem) in self._nearest_in_labels(near).items():
                asked[number] += weight * likeness
                told[number][stem] = likeness
        return {number: self._score(number, share / whole, told[number]) for number, share in asked.items()}

    def _near_stems(self, word: str) -> dict[str, float]:
        """Return the known stems like this word, with a likeness up to 1."""
        stem = _stem(word)
        near = {stem: 1.0} if stem in self._holders else {}
        for known, errors in self._misspelt(word):
            near[_stem(known)] = max(near.get(_stem(known), 0.0), 1 - ERROR_COST * errors)
        if len(word) > 2:
            for known in self._words:
                if known.startswith(word):
                    near[_stem(known)] = max(near.get(_stem(known), 0.0), PREFIX_LIKENESS)
        return near

    def _misspelt(self, word: str) -> list[tuple[str, int]]:
        """Return the known words at one typing error (two for long words); none for short words."""
        if len(word) < 4:
            return []
        most = 1 if len(word) < 7 else 2
        found = extract(word, self._words, scorer=OSA.distance, score_cutoff=most, limit=None)
        return [(known, int(errors)) for known, errors, _ in found if len(known) > 3]

    def _nearest_in_labels(self, near: dict[str, float]) -> dict[int, tuple[float, str]]:
        """Keep, for each label, the stem nearest to the word asked."""
        nearest: dict[int, tuple[float, str]] = {}
        for stem, likeness in near.items():
            for number in self._holders[stem]:
                nearest[number] = max(nearest.get(number, (0.0, "")), (likeness, stem))
        return nearest

    def _score(self, number: int, asked: float, told: dict[str, float]) -> float:
        said = sum(self._weights[stem] * likeness for stem, likeness in told.items())
        whole = sum(self._weights[stem] for stem in self._labels[number].stems)
        return ALMOST * (QUERY_SHARE * asked + LABEL_SHARE * said / whole)

    def _by_spelling(self, plain: str) -> dict[int, float]:
        """Score the labels spelt like the whole query, words joined or cut (« power point »)."""
        joined = plain.replace(" ", "")
        if not joined:
            return {}
        scorer = OSA.normalized_similarity
        found = extract(joined, self._joined, scorer=scorer, score_cutoff=SPELLING_LIKENESS, limit=None)
        return {
            number: EXACT if plain == self._labels[number].plain else ALMOST * likeness
            for _, likeness, number in found
            if likeness == 1 or len(joined) > 3
        }

    def _best(self, scores: dict[int, float]) -> list[Hit]:
        """Keep the best label of each skill."""
        near = {number: round(score, 3) for number, score in scores.items() if score >= SCORE_LEAST}
        hits: dict[Hashable, Hit] = {}
        for number in sorted(near, key=lambda number: (-near[number], self._rank(number))):
            label = self._labels[number]
            hits.setdefault(label.id, Hit(label.id, near[number], label.text))
        return list(hits.values())

    def _rank(self, number: int) -> tuple[bool, str, str, str]:
        """Break ties whatever the order of the entries: names before synonyms, then by alphabet."""
        label = self._labels[number]
        return label.text != label.name, normalise(label.name), label.plain, str(label.id)


def _words(text: str) -> list[str]:
    """Return the words that mean something, or all of them when none does."""
    words = normalise(ELISION.sub(" ", text)).split()
    return [word for word in dict.fromkeys(words) if word not in STOP_WORDS] or words


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    # A stemmer keeps the word it works on: one shared by two threads would mix them up.
    return str(snowballstemmer.stemmer("french").stemWord(FEMININE.sub("teur", word)))
