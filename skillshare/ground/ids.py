"""Ids as they come from outside: a number that no row can have is no id, on either database."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, ValidationError

LARGEST = 2**31 - 1  # PostgreSQL's integer; SQLite's driver refuses from 2**63 on


def row_id(text: str) -> int:
    """An id in a query or a form, for `args.get(…, type=row_id)`; ValueError where no row can have it."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10) or int(text) > LARGEST:
        raise ValueError("no row has this id")
    return int(text)


class IdConverter(IntegerConverter):
    """`<int:…>` in addresses."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)

    def to_python(self, value: str) -> int:
        try:
            return row_id(value)
        except ValueError:
            raise ValidationError() from None


def register(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
