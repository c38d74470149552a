"""Frozen dataclasses to and from JSON, and the faults of their texts; knows nothing of letters but what fonts draw."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")

# What Libertinus Serif draws under PDF/UA, and the invisible signs that template.typ drops; its clean() says the same.
UNDRAWABLE = re.compile(
    "[^\n\x20-\x7e\u00a0-\u024f\u0300-\u0304\u0306-\u030c\u0327\u0328\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u1e00-\u1eff\u2010-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u2070\u2074-\u2079\u2080-\u2089"
    "\u20ac\u2116\u2122\u2153-\u215e\u2190-\u2193\u2212\u2260\u2264\u2265"
    "\r\t\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def undrawable(text: str) -> str:
    """The characters of `text` that a letter cannot print, each once, in order."""
    return "".join(dict.fromkeys(UNDRAWABLE.findall(text)))


def from_json(cls: type[T], data: Any) -> T:
    """The dataclass `cls` from plain JSON. Raises ValueError, in French, on any other shape."""
    if not isinstance(data, dict):
        raise ValueError(f"Un bloc de la lettre est mal formé : {cls.__name__}.")
    known = {f.name: f for f in fields(typing.cast(Any, cls))}
    required = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    wrong = sorted(data.keys() - known.keys()) + sorted(required - data.keys())
    if wrong:
        raise ValueError(f"La lettre a des champs inconnus ou manquants ({cls.__name__}) : {', '.join(wrong)}.")
    hints = typing.get_type_hints(cls)
    return cls(**{name: _value(hints[name], value, name) for name, value in data.items()})


def _value(hint: Any, value: Any, name: str) -> Any:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if value is None and type(None) in options:
        return None
    kind = options[0]
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"Une liste est attendue : {name}.")
        return tuple(_value(typing.get_args(kind)[0], item, name) for item in value)
    if is_dataclass(kind):
        return from_json(typing.cast(type, kind), value)
    return _scalar(kind, value, name)


def _scalar(kind: type, value: Any, name: str) -> Any:
    if kind in (date, datetime) and isinstance(value, str):
        try:
            return kind.fromisoformat(value)
        except ValueError:
            raise ValueError(f"La date « {value[:30]} » est mal écrite : {name}.") from None
    allowed = {float: (int, float), bool: (bool,), int: (int,), str: (str,)}.get(kind, ())
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"La valeur est mal écrite : {name}.")
    return value


def to_json(value: Any) -> Any:
    """Plain JSON of a dataclass; instants without seconds, as the letter prints them."""
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else value


def text_faults(value: Any) -> Iterator[str]:
    """One French sentence for each text too long, each list too long, each text that cannot be printed."""
    for f in fields(value):
        content, longest = getattr(value, f.name), f.metadata.get("longest")
        items = content if isinstance(content, tuple) else (content,)
        if len(items) > f.metadata.get("most", len(items)):
            yield f"{f.metadata['label']} : {f.metadata['most']} lignes au plus."
        for item in items:
            if is_dataclass(item):
                yield from text_faults(item)
            elif isinstance(item, str) and longest is not None:
                yield from _faults(item, f.metadata["label"], longest)


def _faults(text: str, label: str, longest: int) -> Iterator[str]:
    if len(text) > longest:
        yield f"{label} est trop long : {len(text)} caractères pour {longest} au plus."
    if found := undrawable(text):
        shown = " ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in found[:5])
        yield f"{label} contient des signes que la lettre ne peut pas imprimer : {shown}"
