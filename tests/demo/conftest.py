"""The demo's rows, generated once for the tests of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from skillshare.demo.departement import generate
from skillshare.demo.history import history
from skillshare.demo.needs import needs
from skillshare.demo.offers import offers
from skillshare.skills.catalogue import load_catalogue

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def orvanne():
    return generate(today=TODAY)


@pytest.fixture(scope="session")
def offered(orvanne):
    return offers(orvanne)


@pytest.fixture(scope="session")
def asked(orvanne):
    return needs(orvanne)


@pytest.fixture(scope="session")
def lent(orvanne, offered):
    return history(orvanne, offered)


@pytest.fixture(scope="session")
def codes():
    return {skill.code for skill in load_catalogue().skills}
