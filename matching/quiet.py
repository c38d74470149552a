"""Keeps a library's own words off the standard output, where callers may print JSON."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Iterator

_lock = threading.Lock()
_inside = 0
_kept = -1


@contextlib.contextmanager
def to_stderr() -> Iterator[None]:
    """Send what C code prints to the standard error meanwhile.

    HiGHS prints a line of its own when it mends a solution, whatever its options say. The redirection is the
    process's, counted, so that solves in several threads do not undo each other's.

    Examples
    --------
    >>> with to_stderr():
    ...     pass
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _kept
    with _lock:
        _inside += 1
        if _inside == 1:
            _flush()
            with contextlib.suppress(OSError):
                _kept = os.dup(1)
                os.dup2(2, 1)


def _leave() -> None:
    global _inside, _kept
    with _lock:
        _inside -= 1
        if _inside == 0:
            _flush()
            if _kept >= 0:
                os.dup2(_kept, 1)
                os.close(_kept)
                _kept = -1


def _flush() -> None:
    """Empty the buffers of C's own streams, where the platform lets us."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
