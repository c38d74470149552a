"""The page of results: only what lies between a section's marks is written again."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_MARKS = "<!-- bench: {} -->\n{}\n<!-- end: {} -->"


def written(page: str, name: str, text: str) -> str:
    """Return the page with `text` between the marks of section `name`.

    Raises
    ------
    ValueError
        When the page has no such marks.

    Examples
    --------
    >>> written("# Cost\\n<!-- bench: dense -->\\nold\\n<!-- end: dense -->\\nWords.", "dense", "new")
    '# Cost\\n<!-- bench: dense -->\\nnew\\n<!-- end: dense -->\\nWords.'
    """
    new = _MARKS.format(name, text.strip(), name)
    found = re.subn(_MARKS.format(re.escape(name), ".*?", re.escape(name)), lambda _: new, page, count=1, flags=re.DOTALL)
    if not found[1]:
        raise ValueError(f"the page has no marks for {name}")
    return found[0]


def write(name: str, text: str) -> None:
    """Write a section of the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
