"""What the clock does to rows, one at a time, each in a transaction of its own: a bad row stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from skillshare.ground.extensions import db
from skillshare.ground.typography import plural

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Some rows could not be done, the others are. `faults`: [row, what stopped it] of each."""

    def __init__(self, done: int, faults: list[list[str]]) -> None:
        super().__init__(f"{plural(done, 'fait')}, {len(faults)} en échec")
        self.done, self.faults = done, faults


class Rows:
    """The account of one passage of the clock over rows, of one kind or of several."""

    def __init__(self) -> None:
        self.done = 0
        self.faults: list[list[str]] = []

    def each(self, kind: str, ids: Iterable[int], act: Callable[[int], int | None]) -> int:
        """Run `act` and commit, for each id; `kind` names the row in French. Returns how much was done: what `act`
        returns, 1 where it returns nothing."""
        count = 0
        for row_id in ids:
            try:
                made = act(row_id)
                db.session.commit()
            except Exception as error:
                # Whatever it is, the other rows must have their turn; the words are kept and shown to the administrator.
                db.session.rollback()
                log.warning("%s %s failed", kind, row_id, exc_info=True)
                self.faults.append([f"{kind} n° {row_id}", f"{type(error).__name__} : {error}"[:200]])
            else:
                count += 1 if made is None else made
        self.done += count
        return count


@contextmanager
def one_by_one() -> Iterator[Rows]:
    """`with one_by_one() as rows:` then `rows.each(…)`; SomeFailed at the end if any row failed.

    Commits, the transaction open before included: only what the clock starts works so, never a person's act.
    """
    db.session.commit()
    rows = Rows()
    yield rows
    if rows.faults:
        raise SomeFailed(rows.done, rows.faults)
