"""One seal key and one sealed letter for all tests that only read them."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from skillshare.letters.compiling import compile_letter
from skillshare.letters.keys import ensure_seal_key
from skillshare.letters.seal import seal
from tests.letters.examples import SIGNED, example_letter

SEALED_AT = datetime(2027, 2, 18, 13, 32, tzinfo=UTC)


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    return ensure_seal_key(tmp_path_factory.mktemp("keys"), "Département du Rivage")


@pytest.fixture(scope="session")
def foreign_key(tmp_path_factory):
    """A key that somebody else made under the same name."""
    return ensure_seal_key(tmp_path_factory.mktemp("foreign"), "Département du Rivage")


@pytest.fixture(scope="session")
def composed():
    return compile_letter(example_letter(**SIGNED))


@pytest.fixture(scope="session")
def sealed(composed, key):
    return seal(composed, key=key, reason="Lettre de mission n° 2027-0042", name="Département du Rivage", at=SEALED_AT)


@pytest.fixture
def run(tmp_path):
    """Run an independent program on a PDF; skips with the reason where it is not installed."""
    def on(pdf: bytes, program: str, *options: str, expect: int = 0) -> str:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
        path = tmp_path / "letter.pdf"
        path.write_bytes(pdf)
        output = "-" if program == "pdftotext" else None
        done = subprocess.run([program, *options, str(path), *filter(None, [output])], capture_output=True, text=True,
                              check=False)
        assert done.returncode == expect, done.stderr
        return done.stdout
    return on
