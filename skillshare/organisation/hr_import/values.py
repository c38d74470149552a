"""Numbers, dates and texts as HR systems write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
DATES = (
    ("%d/%m/%Y", re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")),
    ("%Y-%m-%d", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
)
MIDNIGHT = re.compile(r"[T ]00:00(:00)?(\.0+)?$")


def clean(text: str) -> str:
    """One line, no control character, single spaces, trimmed."""
    return " ".join(CONTROL.sub(" ", text).split())


def decimal(text: str) -> float | None:
    """A number with a comma or a point, perhaps a percent sign; None when empty; ValueError when unreadable.

    >>> decimal("80,50"), decimal("0.8"), decimal(" 100 % ")
    (80.5, 0.8, 100.0)
    """
    bare = clean(text).removesuffix("%").strip()
    if not bare:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,9}([.,][0-9]{1,12})?", bare):
        raise ValueError(text)
    return float(bare.replace(",", "."))


def day(text: str) -> date | None:
    """A date as 31/12/2026 or 2026-12-31; None when empty; ValueError when unreadable."""
    bare = MIDNIGHT.sub("", clean(text))
    if not bare:
        return None
    for shape, pattern in DATES:
        if pattern.fullmatch(bare):
            return datetime.strptime(bare, shape).date()
    raise ValueError(text)


def is_share_of_one(texts: Iterable[str]) -> bool:
    """Whether the working times of a file are written 0–1 rather than 0–100: none is above 1."""
    highest = 0.0
    for text in texts:
        try:
            highest = max(highest, decimal(text) or 0.0)
        except ValueError:
            continue
    return 0 < highest <= 1
