"""State machines: one table per room, one door through which every state changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from skillshare.ground import journal
from skillshare.ground.access import SYSTEM, Ability, can
from skillshare.ground.errors import NotPermitted, TransitionNotAllowed
from skillshare.ground.extensions import db


@dataclass(frozen=True)
class State:
    """How a state is shown: French word, Bootstrap icon, tone (act, info, ok, danger, quiet)."""

    label: str
    icon: str = "circle"
    tone: str = "quiet"


@dataclass(frozen=True)
class Transition:
    """One legal change. `ability` None: nobody presses it, it follows from the clock or another act."""

    name: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    ability: Ability | None
    verb: str
    by_clock: bool = False


class Workflow:
    """The life of one kind of thing: its states as shown, and its transitions by name."""

    def __init__(self, kind: str, states: dict[Any, State], transitions: list[Transition]) -> None:
        self.kind = kind
        self.states = states
        self.transitions = {transition.name: transition for transition in transitions}

    def state_of(self, subject: Any) -> State:
        return self.states[subject.state]

    def open_to(self, actor: Any, subject: Any) -> list[Transition]:
        """The transitions `actor` may do now: buttons are drawn from these."""
        return [t for t in self.transitions.values()
                if subject.state in t.sources and t.ability is not None and can(actor, t.ability, subject)]


def move(workflow: Workflow, subject: Any, name: str, *, actor: Any, at: datetime, **detail: Any) -> None:
    """Change the state of `subject` by the transition `name`: the only code that writes a state.

    Locks the row, refuses a missing ability (NotPermitted), then a wrong state (TransitionNotAllowed),
    writes the state and the journal. `detail`: codes and internal ids only.
    """
    transition = workflow.transitions[name]
    lock(subject)
    if actor is SYSTEM:
        permitted = transition.by_clock
    else:
        permitted = transition.ability is not None and can(actor, transition.ability, subject)
    if not permitted:
        raise NotPermitted()
    if subject.state not in transition.sources:
        raise TransitionNotAllowed()
    journal.record(f"{workflow.kind}:{name}", actor=actor, subject=subject, at=at,
                   source=str(subject.state), target=str(transition.target), **detail)
    subject.state = transition.target


def lock(subject: Any) -> None:
    """Hold the row of `subject` until the end of the transaction and read its state afresh."""
    db.session.flush()
    db.session.refresh(subject, attribute_names=["state"], with_for_update=True)
