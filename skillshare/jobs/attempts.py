"""One attempt of a job, in transactions of its own: a failure is kept in words and stops nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from skillshare.ground.extensions import db
from skillshare.ground.rows import SomeFailed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """What came of it: `outcome`, or `error` in words, with `faults` when only some rows failed."""

    outcome: str = ""
    error: str = ""
    faults: list[list[str]] = field(default_factory=list)


def attempt(act: Callable[[], str]) -> Attempt:
    """Run `act` and commit; if it fails, roll back what it had not committed."""
    try:
        outcome = act()
        db.session.commit()
    except SomeFailed as error:
        db.session.rollback()
        return Attempt(error=str(error), faults=error.faults)
    except Exception as error:
        # Whatever it is, the next job must still have its turn; the error stays in the row.
        db.session.rollback()
        log.warning("a job failed", exc_info=True)
        return Attempt(error=f"{type(error).__name__} : {error}"[:300])
    return Attempt(outcome=outcome)
