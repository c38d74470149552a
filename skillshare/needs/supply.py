"""Who could answer a need as it is written: counted by a later room, which gives its counter here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from skillshare.ground.extensions import db
from skillshare.needs.models import Need

Counter = Callable[..., dict[str, Any]]
_counters: list[Counter] = []


def provide(counter: Counter) -> None:
    """Have `counter(need, at=…)` give {steps, announce, at}; called at start by the room of the matcher."""
    _counters[:] = [counter]


def count(need: Need, *, at: datetime) -> dict[str, Any] | None:
    """The funnel of `need` as it stands in memory, stored or not; None where nothing counts."""
    with db.session.no_autoflush:
        return _counters[0](need, at=at) if _counters else None
