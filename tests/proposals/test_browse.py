"""Open needs by page: every need stands on one page, whether the engine has looked at all of them or not."""

import pytest

from skillshare.ground.extensions import db
from skillshare.proposals import browse
from tests import factories


@pytest.mark.parametrize("offering", [True, False])
def test_no_need_is_skipped_between_two_pages(people, at, signing, monkeypatch, offering):
    monkeypatch.setattr(browse, "PER_PAGE", 2)
    made = {factories.need(people, [signing]).id for _ in range(5)}
    if offering:
        factories.offer(people.bob, [signing])
    db.session.commit()
    seen = []
    for number in (1, 2, 3):
        page, found, _ = browse.open_needs(people.bob, at=at, page=number, offering=browse.has_offer(people.bob))
        assert (page.page, page.pages, page.total) == (number, 3, 5)
        seen += [one.need.id for one in found]
    assert len(seen) == 5 and set(seen) == made
