"""Hostile strings, one per free text: each says where it was written, and tries every way out at once."""

from __future__ import annotations

from html.parser import HTMLParser

PAYLOAD = '<zz-{}>"onzz="1\'onzz=\'1{{{{71*83}}}}#panic()'


def needle(where: str) -> str:
    """A formula for a spreadsheet, a tag and attributes for a browser, an expression for Jinja, a call for Typst."""
    return "=1+" + PAYLOAD.format(where)


def mark(where: str) -> str:
    """The part of a needle by which it is recognised in a page, escaped."""
    return f"&lt;zz-{where}&gt;"


class Escape(HTMLParser):
    """What of a needle became something else than text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag.startswith("zz"):
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            if name.startswith("onzz") or name.startswith("on"):
                self.found.append(f"{name}= on <{tag}>")
            if name in ("href", "src", "action", "formaction") and (value or "").lower().startswith(("javascript:", "data:")):
                self.found.append(f"{name}={value} on <{tag}>")


def escapes_of(page: str) -> list[str]:
    """Ways in which this page lets a needle out; empty is good."""
    reader = Escape()
    reader.feed(page)
    return reader.found + (["an expression was evaluated"] if "5893" in page else [])
