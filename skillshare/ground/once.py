"""Reading rights once per page: a GET changes nothing, so what was read of them holds until its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import has_request_context, request

from skillshare.ground.extensions import SAFE_METHODS

T = TypeVar("T")


def once(key: tuple[Any, ...], read: Callable[[], T]) -> T:
    """`read()`, kept for the rest of a GET; in a POST, a job or a command, read afresh each time."""
    if not has_request_context() or request.method not in SAFE_METHODS:
        return read()
    kept: dict[tuple[Any, ...], T] = request.environ.setdefault("skillshare.once", {})
    if key not in kept:
        kept[key] = read()
    return kept[key]
