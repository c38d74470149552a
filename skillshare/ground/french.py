"""French typography of a text: no-break spaces, apostrophes and quotation marks."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup

NBSP = "\u00a0"
THIN = "\u202f"
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin",
          "juillet", "août", "septembre", "octobre", "novembre", "décembre")
UNITS = (r"%|€|km|h|min|ETP|points?|jours?|journées?|demi-journées?|semaines?|mois|ans?|heures?|minutes?"
         r"|agents?|personnes?|places?|volontaires?|Ko|Mo|Go")
RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=[^\W\d_])'"), "’"),
    (re.compile(r'"([^"]+)"'), f"«{NBSP}\\1{NBSP}»"),
    (re.compile(r"«[ \u00a0\u202f]*"), f"«{NBSP}"),
    (re.compile(r"[ \u00a0\u202f]*»"), f"{NBSP}»"),
    (re.compile(r"[ \u00a0]+(?=[;!?])"), THIN),
    (re.compile(r"(?<=[\w)’»])(?=[;!?]+(?:\s|$))"), THIN),
    (re.compile(r" +(?=:(?:\s|$))"), NBSP),
    (re.compile(r"(?<=\w)(?=:\s)"), NBSP),
    (re.compile(r"(?<![\d-])\d{1,3}(?: \d{3})+(?!\d)"), lambda found: found[0].replace(" ", THIN)),
    (re.compile(rf"(?<=\d) (?=(?:{UNITS})(?!\w))"), NBSP),
    (re.compile(r"(?<=\dh) (?=\d)|(?<=\d\u00a0h) (?=\d)"), NBSP),
    (re.compile(r"(?<=\d)%"), f"{NBSP}%"),
    (re.compile(rf"(?<=\d) (?=(?:{'|'.join(MONTHS)})(?!\w))"), NBSP),
    (re.compile(rf"(?<=1er) (?=(?:{'|'.join(MONTHS)})(?!\w))"), NBSP),
    (re.compile(r"(?<=n°) (?=\w)"), NBSP),
)
OUTSIDE_TEXT = re.compile(r"(<[^>]*>|&[#\w]+;)")


def fr(text: object) -> str:
    """Return the text with French apostrophes, quotes and no-break spaces.

    Markup stays Markup: its tags and character references are left as they are.
    """
    if text is None:
        return ""
    if isinstance(text, Markup):
        pieces = OUTSIDE_TEXT.split(str(text).replace("&#39;", "'").replace("&#x27;", "'"))
        # No new text enters: what was safe stays so.
        return Markup("".join(_typeset_outside_tags(pieces)))  # noqa: S704
    return _typeset(str(text))


def _typeset_outside_tags(pieces: list[str]) -> Iterator[str]:
    for index, piece in enumerate(pieces):
        yield piece if index % 2 else _typeset(piece)


def _typeset(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
