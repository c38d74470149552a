"""One application with its stage, made once for all the tests of rights; each leaves it as it found it."""

from __future__ import annotations

import shutil

import pytest

import config
from skillshare.app import create_app
from tests.access.theatre import Theatre


@pytest.fixture(scope="session")
def theatre(tmp_path_factory, empty_sqlite) -> Theatre:
    home = tmp_path_factory.mktemp("theatre") / "home"
    environ = {"SKILLSHARE_HOME": str(home), "SKILLSHARE_SECRET_KEY": "k" * 40}
    app = create_app(config.from_environment(environ) | {"TESTING": True, "WTF_CSRF_ENABLED": False})
    shutil.copyfile(empty_sqlite, home / "skillshare.sqlite3")
    return Theatre(app)
