"""Work in transactions of its own: a failure is kept in words and stops nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial

from skillshare.ground.extensions import db

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """What was done, and what could not be."""


def attempt(act: Callable[[], str]) -> tuple[str, str]:
    """Run `act` and commit: (outcome, ""); if it fails, roll back: ("", the error in words)."""
    try:
        outcome = act()
        db.session.commit()
    except Exception as error:
        # Whatever it is, the next job or the next loan must still have its turn; the error stays in the row.
        db.session.rollback()
        log.warning("a job failed", exc_info=not isinstance(error, SomeFailed))
        return "", f"{type(error).__name__} : {error}"[:300]
    return outcome, ""


def one_by_one(ids: Iterable[int], act: Callable[[int], object]) -> int:
    """Run `act` for each id in a commit of its own; SomeFailed at the end if any did not pass."""
    done, faults = 0, []
    for row_id in ids:
        _, error = attempt(partial(_one, act, row_id))
        if error:
            faults.append(f"n° {row_id} : {error}")
        else:
            done += 1
    if faults:
        raise SomeFailed(f"{done} faits, {len(faults)} en échec. {' ; '.join(faults)}")
    return done


def _one(act: Callable[[int], object], row_id: int) -> str:
    act(row_id)
    return ""
