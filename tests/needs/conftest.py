"""A draft of Alice's service, a skill of the catalogue, and what events say."""

import pytest

from skillshare.ground import events
from skillshare.ground.extensions import db
from skillshare.needs.models import NeedState
from tests import factories


@pytest.fixture
def signing(people):
    made = factories.skill("Langue des signes française")
    db.session.commit()
    return made


@pytest.fixture
def published(people, signing):
    made = factories.need(people, [signing])
    db.session.commit()
    return made


@pytest.fixture
def draft(people, signing):
    """Complete, so that each test takes away what it is about."""
    made = factories.need(people, [signing], state=NeedState.DRAFT, published_at=None)
    db.session.commit()
    return made


@pytest.fixture
def told(monkeypatch):
    """The events announced, by name, instead of their effects."""
    seen = []
    monkeypatch.setattr(events, "announce", lambda event: seen.append((type(event).__name__, event.subject_id)))
    return seen
