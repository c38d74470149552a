"""The import as a command: read, compare, report, and apply when asked; the exit code is its result."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import OperationalError

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.typography import fr
from skillshare.organisation.hr_import import applying, columns, snapshot
from skillshare.organisation.hr_import.diffing import Plan, compare
from skillshare.organisation.hr_import.reading import FileRefused, Table, read_table
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.models import Employer

DONE, WRONG_USE, REFUSED = 0, 2, 3
HIGHEST_SHARE_LEFT = 0.05
TRIES = 3


class WrongUse(Exception):
    """The command was called with something it cannot work with."""


def run(
    units: Path,
    agents: Path,
    *,
    sites: Path | None = None,
    apply: bool = False,
    report: Path | None = None,
    employer_siret: str | None = None,
    force: bool = False,
) -> int:
    """Import the files, or simulate it without `apply`; the whole transaction is made here.

    0 done (rows may be refused), 2 wrong use, 3 a file refused whole or too many agents leaving.
    """
    try:
        if report is not None:
            report.open("a").close()
        tables = (
            read_table(units, columns.UNITS),
            read_table(agents, columns.AGENTS),
            read_table(sites, columns.SITES) if sites else None,
        )
        done = _in_one_transaction(tables, apply=apply, siret=employer_siret, force=force)
    except FileRefused as error:
        done = Report(refused=error.message)
    except (WrongUse, OSError) as error:
        print(fr(str(error)), flush=True)
        return WRONG_USE
    finally:
        db.session.rollback()
    if report is not None:
        done.write(report)
    print("\n".join(done.lines()), flush=True)
    return REFUSED if done.refused else DONE


def _in_one_transaction(
    tables: tuple[Table, Table, Table | None], *, apply: bool, siret: str | None, force: bool
) -> Report:
    """One try, then two more if another transaction was in the way."""
    for attempt in range(1, TRIES + 1):
        try:
            return _once(tables, apply=apply, siret=siret, force=force)
        except OperationalError:
            db.session.rollback()
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _once(tables: tuple[Table, Table, Table | None], *, apply: bool, siret: str | None, force: bool) -> Report:
    report, at = Report(), clock.now()
    employer = _employer(siret)
    if employer is not None and apply:
        db.session.execute(sa.select(Employer.id).where(Employer.id == employer.id).with_for_update())
    plan = compare(snapshot.read(employer), *tables, today=clock.local_date(at), report=report)
    report.refused = "" if force else _too_many_left(plan)
    if apply and not report.refused:
        applying.write(plan, employer or _made_from_settings(), report, at=at)
        db.session.commit()
        report.applied = True
    return report


def _employer(siret: str | None) -> Employer | None:
    """The employer to import into; None when the settings' one is still to make."""
    known = {employer.siret: employer for employer in db.session.scalars(sa.select(Employer))}
    wanted = siret or current_app.config["EMPLOYER_SIRET"]
    if wanted in known:
        return known[wanted]
    if siret is None and len(known) == 1:
        return next(iter(known.values()))
    if known or wanted != current_app.config["EMPLOYER_SIRET"]:
        raise WrongUse(f"Aucun employeur n’a le SIRET {wanted} : voyez --employer ou SKILLSHARE_EMPLOYER_SIRET.")
    return None


def _made_from_settings() -> Employer:
    made = Employer(siret=current_app.config["EMPLOYER_SIRET"], name=current_app.config["EMPLOYER_NAME"])
    db.session.add(made)
    db.session.flush()
    return made


def _too_many_left(plan: Plan) -> str:
    """Why the files are refused when more than one active agent in twenty would leave, "" otherwise."""
    active = sum(agent.active for agent in plan.before.agents.values())
    if len(plan.left) <= active * HIGHEST_SHARE_LEFT:
        return ""
    return fr(
        f"Refusé : {len(plan.left)} agents sur {active} seraient désactivés, plus de 5 %. Le fichier est-il "
        "entier ? Si oui, ajoutez --force."
    )
