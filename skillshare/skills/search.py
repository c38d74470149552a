"""Finding a skill from the words people type: accents, plurals, everyday words and typing errors."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

QUERY_SHARE, LABEL_SHARE = 0.75, 0.25  # what is asked counts more than what a label says besides
START_UNLIKE, ERROR_COST, UNKNOWN_WEIGHT = 0.2, 0.15, 0.3
SPELLING_LIKENESS, NEAR_LEAST = 0.8, 0.505
WHOLE, EXACT = 99.0, 100.0
PLURALS = ("s", "x")
# How a label answers the query, best first, with the scores it may have: every word of both, every word asked, the
# beginning of words, likeness alone. A name comes before a synonym that answers as well, never before a better answer.
ALL, SAME, START, LIKE = 0, 1, 2, 3
BANDS = {(ALL, True): (95.0, WHOLE), (ALL, False): (95.0, WHOLE), (SAME, True): (88.0, 94.0), (SAME, False): (81.0, 87.0),
         (START, True): (74.0, 80.0), (START, False): (67.0, 73.0), (LIKE, True): (50.0, 66.0), (LIKE, False): (50.0, 66.0)}
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

    @property
    def is_name(self) -> bool:
        return self.text == self.name


@dataclass(slots=True)
class _Answer:
    """What one label says of the query: the worst kin of its words, how many answered, the share of the query."""

    kin: int = SAME
    words: int = 0
    asked: float = 0.0
    told: dict[str, float] = field(default_factory=dict)


class SkillIndex:
    """Skill names and synonyms searched in memory; never changes once built, safe between threads."""

    def __init__(self, entries: Iterable[tuple[Hashable, str, Iterable[str]]]) -> None:
        self._labels = [
            _Label(id, name, text, normalise(text), frozenset(_stem(word) for word in _words(text)))
            for id, name, synonyms in entries
            for text in (name, *synonyms)
        ]
        self._joined = [label.plain.replace(" ", "") for label in self._labels]
        self._families: dict[str, list[str]] = defaultdict(list)
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, label in enumerate(self._labels):
            for word in _words(label.text):
                self._holders[word].append(number)
        self._words = sorted(self._holders)
        for word in self._words:
            self._families[_stem(word)].append(word)
        self._weights = {stem: self._rarity(words) for stem, words in self._families.items()}

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return the nearest skills, best first; one hit per skill, none when nothing is near."""
        scores = self._by_words(text)
        for number, score in self._by_spelling(normalise(text)).items():
            scores[number] = max(score, scores.get(number, 0.0))
        return self._best(scores)[: max(limit, 0)]

    def _rarity(self, words: list[str]) -> float:
        """Weight a word between 0 and 1: a word of many labels (« gestion ») tells little."""
        holders = len({number for word in words for number in self._holders[word]})
        total = len(self._labels)
        return math.log(1 + total / holders) / math.log(1 + total)

    def _by_words(self, text: str) -> dict[int, float]:
        """Score the labels that share words with the query."""
        answers: dict[int, _Answer] = defaultdict(_Answer)
        asked, whole = _words(text), 0.0
        for word in asked:
            near = self._near(word)
            nearest = min(near, key=lambda known: near[known], default=None)
            weight = self._weights[_stem(nearest)] if nearest else UNKNOWN_WEIGHT
            whole += weight
            for number, (kin, unlike, known) in self._nearest_in_labels(near).items():
                answer = answers[number]
                answer.kin, answer.words = max(answer.kin, kin), answer.words + 1
                answer.asked += weight * (1 - unlike)
                answer.told[_stem(known)] = 1 - unlike
        return self._scored(answers, len(asked), whole)

    def _near(self, word: str) -> dict[str, tuple[int, float]]:
        """The known words like this one: (kin, unlikeness). « tabl » only begins « table »."""
        begins = [known for known in self._words if known.startswith(word)] if len(word) > 2 else []
        is_begun = bool(begins) and word not in self._holders
        family = self._families.get(_stem(word), [])
        found = [(known, _kin(word, known, is_begun=is_begun)) for known in {*begins, *family, *self._singular(word)}]
        for known, errors in self._misspelt(word):
            found += [(like, (LIKE, ERROR_COST * errors)) for like in self._families[_stem(known)]]
        near: dict[str, tuple[int, float]] = {}
        for known, how in found:
            near[known] = min(how, near.get(known, how))
        return near

    def _singular(self, word: str) -> list[str]:
        """The known word without the mark of the plural, which the stemmer leaves on « vélos »."""
        return [word[:-1]] if word[-1:] in PLURALS and word[:-1] in self._holders else []

    def _misspelt(self, word: str) -> list[tuple[str, int]]:
        """Return the known words at one typing error (two for long words); none for short words."""
        if len(word) < 4:
            return []
        most = 1 if len(word) < 7 else 2
        found = extract(word, self._words, scorer=OSA.distance, score_cutoff=most, limit=None)
        return [(known, int(errors)) for known, errors, _ in found if len(known) > 3]

    def _nearest_in_labels(self, near: dict[str, tuple[int, float]]) -> dict[int, tuple[int, float, str]]:
        """Keep, for each label, the word nearest to the word asked."""
        nearest: dict[int, tuple[int, float, str]] = {}
        for known, how in near.items():
            for number in self._holders[known]:
                nearest[number] = min((*how, known), nearest.get(number, (*how, known)))
        return nearest

    def _scored(self, answers: dict[int, _Answer], words: int, whole: float) -> dict[int, float]:
        """The score of each answer that is near enough, inside the band of how it answers."""
        scores: dict[int, float] = {}
        for number, answer in answers.items():
            label = self._labels[number]
            said = sum(self._weights[stem] * likeness for stem, likeness in answer.told.items())
            near = QUERY_SHARE * answer.asked / whole + LABEL_SHARE * said / sum(self._weights[stem] for stem in label.stems)
            kin = answer.kin if answer.words == words else LIKE
            if kin == SAME and label.stems == set(answer.told):
                kin = ALL
            if near >= NEAR_LEAST:
                scores[number] = _in_band(near, kin, label.is_name)
        return scores

    def _by_spelling(self, plain: str) -> dict[int, float]:
        """Score the labels spelt like the whole query, words joined or cut (« power point »)."""
        joined = plain.replace(" ", "")
        if not joined:
            return {}
        scorer = OSA.normalized_similarity
        found = extract(joined, self._joined, scorer=scorer, score_cutoff=SPELLING_LIKENESS, limit=None)
        return {number: self._spelt(plain, likeness, number) for _, likeness, number in found
                if likeness == 1 or len(joined) > 3}

    def _spelt(self, plain: str, likeness: float, number: int) -> float:
        label = self._labels[number]
        if plain == label.plain:
            return EXACT
        return _in_band(likeness, ALL if likeness == 1 else LIKE, label.is_name)

    def _best(self, scores: dict[int, float]) -> list[Hit]:
        """Keep the best label of each skill."""
        near = {number: round(score, 3) for number, score in scores.items()}
        hits: dict[Hashable, Hit] = {}
        for number in sorted(near, key=lambda number: (-near[number], self._rank(number))):
            label = self._labels[number]
            hits.setdefault(label.id, Hit(label.id, near[number], label.text))
        return list(hits.values())

    def _rank(self, number: int) -> tuple[bool, str, str, str]:
        """Break ties whatever the order of the entries: names before synonyms, then by alphabet."""
        label = self._labels[number]
        return not label.is_name, normalise(label.name), label.plain, str(label.id)


def _kin(word: str, known: str, *, is_begun: bool) -> tuple[int, float]:
    """How a known word answers: the same but for its number, begun by what is typed, or of the same stem, which is
    the same word unless what is typed (`is_begun`) is no word yet."""
    if known in (word, word + "s", word + "x", word[:-1] if word[-1] in PLURALS else word):
        return SAME, 0.0
    if known.startswith(word):
        return START, START_UNLIKE
    return (LIKE, ERROR_COST) if is_begun else (SAME, 0.0)


def _in_band(near: float, kin: int, is_name: bool) -> float:
    low, high = BANDS[kin, is_name]
    return low + (high - low) * max(0.0, near - NEAR_LEAST) / (1 - NEAR_LEAST)


def _words(text: str) -> list[str]:
    """Return the words that mean something, or all of them when none does."""
    words = normalise(ELISION.sub(" ", text)).split()
    return [word for word in dict.fromkeys(words) if word not in STOP_WORDS] or words


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    # A stemmer keeps the word it works on: one shared by two threads would mix them up.
    return str(snowballstemmer.stemmer("french").stemWord(FEMININE.sub("teur", word)))
