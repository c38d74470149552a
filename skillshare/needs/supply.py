"""What needs ask of the later room that knows proposals: who could answer, which needs are served, where each stands."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from skillshare.ground.extensions import db
from skillshare.needs.models import Need


@dataclass(frozen=True)
class Answers:
    """`count(need, at=…)`: {steps, announce, at} of its funnel; `served(ids)`: those whose every place has its agent;
    `standing(needs, on=…)`: need id → {text, due, due_state}."""

    count: Callable[..., dict[str, Any]]
    served: Callable[[Collection[int]], set[int]]
    standing: Callable[..., dict[int, dict[str, Any]]]


_given: list[Answers] = []


def provide(answers: Answers) -> None:
    """Called at start by the room of proposals."""
    _given[:] = [answers]


def count(need: Need, *, at: datetime) -> dict[str, Any] | None:
    """The funnel of `need` as it stands in memory, stored or not; None where nothing counts."""
    with db.session.no_autoflush:
        return _given[0].count(need, at=at) if _given else None


def served(need_ids: Collection[int]) -> set[int]:
    return _given[0].served(need_ids) if _given and need_ids else set()


def standing(needs: Collection[Need], *, on: date) -> dict[int, dict[str, Any]]:
    """Who must act on each of these needs, since when, until when; empty where nobody knows."""
    return _given[0].standing(needs, on=on) if _given else {}
