"""Lists page in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from skillshare.ground.extensions import db


@dataclass(frozen=True)
class Page:
    """One page of a list; `page` starts at 1, `pages` is at least 1."""

    items: list[Any]
    page: int
    pages: int
    total: int
    per_page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.per_page, self.total)


def paginate(query: sa.Select[Any], page: int, per_page: int = 50) -> Page:
    """The rows of `query` on `page`; a page out of range gives the nearest one."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    empty = _nearest(page, total, per_page)
    rows = db.session.scalars(query.limit(per_page).offset((empty.page - 1) * per_page)).unique()
    return replace(empty, items=list(rows))


def page_of(rows: Sequence[Any], page: int, per_page: int = 50) -> Page:
    """The same of rows that a rule in Python has chosen: a team, whose managers fall back on heads and stand-ins."""
    found = _nearest(page, len(rows), per_page)
    return replace(found, items=list(rows[(found.page - 1) * per_page : found.page * per_page]))


def _nearest(page: int, total: int, per_page: int) -> Page:
    pages = max(1, -(-total // per_page))
    return Page([], min(max(1, page), pages), pages, total, per_page)
