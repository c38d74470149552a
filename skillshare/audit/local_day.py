"""`local_day(instant)`: in SQL, the date an instant has where the employer is, on both databases.

`by_day` and `from_day` compare an instant with a date: the plain comparison first, which is enough but around midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from skillshare.ground import clock


class local_day(GenericFunction[Any]):
    type = sa.Date()
    inherit_cache = True


def by_day(instant: Any, day: Any) -> sa.ColumnElement[bool]:
    """On that local day or before."""
    return sa.or_(instant < day, local_day(instant) <= day)


def from_day(instant: Any, day: Any) -> sa.ColumnElement[bool]:
    """On that local day or after; local days begin before those of UTC."""
    return sa.or_(instant >= day, local_day(instant) >= day)


@compiles(local_day, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    instant = compiler.process(element.clauses, **more)
    return f"CAST((({instant}) AT TIME ZONE 'UTC') AT TIME ZONE '{clock.ZONE.key}' AS DATE)"


@sa.event.listens_for(sa.Engine, "connect")
def _teach_sqlite(connection: Any, _record: Any) -> None:
    if hasattr(connection, "create_function"):
        connection.create_function("local_day", 1, _local_day, deterministic=True)


def _local_day(stored: str | None) -> str | None:
    if stored is None:
        return None
    return clock.local_date(datetime.fromisoformat(stored).replace(tzinfo=UTC)).isoformat()
