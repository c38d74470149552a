"""Promising, giving and releasing time: the only code that writes commitments, and the only locks on them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.commitments import queries
from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation.models import Agent, Unit


def lock_for(agent: Agent) -> list[Unit]:
    """Hold the agent, then the units from leaf to root, until the transaction ends; returns the units.

    Every check of capacity and caps happens after this: without it, two approvals of one agent both pass.
    """
    db.session.execute(sa.select(Agent.id).where(Agent.id == agent.id).with_for_update())
    units = []
    for unit_id in agent.unit.lineage_ids:
        units.append(db.session.execute(sa.select(Unit).where(Unit.id == unit_id).with_for_update()
                                        .execution_options(populate_existing=True)).scalar_one())
    return units


def promise(agent: Agent, *, host_unit: Unit, source: str, starts_on: date, ends_on: date, load: int,
            at: datetime) -> Commitment:
    """Promise an agent's time from `source`; RuleBroken when their working time would be exceeded."""
    lock_for(agent)
    check_capacity(agent, starts_on=starts_on, ends_on=ends_on, load=load, excluding=(source,))
    made = Commitment(agent_id=agent.id, host_unit_id=host_unit.id, source=source, kind=CommitmentKind.PROMISED,
                      starts_on=starts_on, ends_on=ends_on, load=load, created_at=at)
    db.session.add(made)
    db.session.flush()
    return made


def give(source: str, *, starts_on: date, ends_on: date, load: int, at: datetime) -> Commitment:
    """Turn a promise into given time; capacity and every cap above the agent are checked under locks."""
    row = queries.find(source)
    if row is None:
        raise RuleBroken("", "Cet accord n’est plus en cours : rien n’a été enregistré.")
    units = lock_for(row.agent)
    db.session.refresh(row)
    if row.released_at is not None:
        raise RuleBroken("", "Cet accord n’est plus en cours : rien n’a été enregistré.")
    check_capacity(row.agent, starts_on=starts_on, ends_on=ends_on, load=load, excluding=(source,),
                   kinds=queries.GIVEN)
    check_caps(units, starts_on=starts_on, ends_on=ends_on, load=load, excluding=(source,))
    row.kind, row.starts_on, row.ends_on, row.load = CommitmentKind.GIVEN, starts_on, ends_on, load
    db.session.flush()
    return row


def check_capacity(agent: Agent, *, starts_on: date, ends_on: date, load: int, excluding: tuple[str, ...] = (),
                   kinds=queries.ALL) -> None:
    """The sum of simultaneous loads never exceeds the agent's working time (DOMAIN rule)."""
    busy = queries.agent_peak(agent.id, starts_on, ends_on, kinds=kinds, excluding=excluding)
    if busy + load > agent.working_time:
        left = max(0, agent.working_time - busy)
        raise RuleBroken("load", f"{agent.full_name} n’a plus que {left} % de temps libre sur ces dates, "
                                 f"pour {load} % demandés. Réduisez la part ou changez les dates.")


def check_caps(units: list[Unit], *, starts_on: date, ends_on: date, load: int, excluding: tuple[str, ...] = ()) -> None:
    """On every day, what a unit's subtree has on loan stays within its cap."""
    for unit in units:
        if unit.cap is None:
            continue
        lent = queries.unit_peak(unit, starts_on, ends_on, excluding=excluding)
        if lent + load > unit.cap:
            raise RuleBroken("", f"Le plafond de prêt de {unit.label} est atteint : {_fte(lent)} ETP déjà prêtés sur "
                                 f"{_fte(unit.cap)}. Proposez d’autres dates ou une part plus petite.")


def _fte(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def release(source: str, *, at: datetime) -> None:
    """Free the time of `source`; harmless when nothing is held."""
    row = queries.find(source)
    if row is not None:
        row.released_at = at
        db.session.flush()


def shorten(source: str, *, ends_on: date, at: datetime) -> None:
    """Free the days after `ends_on`."""
    row = queries.find(source)
    if row is None:
        return
    if ends_on < row.starts_on:
        row.released_at = at
    else:
        row.ends_on = min(row.ends_on, ends_on)
    db.session.flush()
