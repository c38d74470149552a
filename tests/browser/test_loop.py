"""The whole loop by hand: Alice asks, Bob offers, the run proposes, consent, choice, visa, signature, filing, feedback."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_home_opens_for_each_person(person, site):
    for name in ("alice", "bob", "chloe", "farid", "david", "mona", "ali", "aude", "emma"):
        person(name).go("/")


def test_home_opens_on_a_phone_in_the_dark(person):
    person("chloe", width=360, scheme="dark").go("/")
