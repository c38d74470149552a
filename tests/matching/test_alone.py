"""The engine and its tests need nothing of the application, nor of what the application needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from matching.compiled import numba_is_there

ROOT = Path(__file__).parents[2]
FOREIGN = ("skillshare", "config", "flask", "flask_sqlalchemy", "sqlalchemy", "wtforms", "typst", "playwright")


def alone(words: str) -> subprocess.CompletedProcess[str]:
    blocked = f"import sys; sys.modules.update(dict.fromkeys({FOREIGN}))\n"
    return subprocess.run([sys.executable, "-c", blocked + words], cwd=ROOT, capture_output=True, text=True)  # noqa: S603


def test_the_engine_imports_and_solves_alone():
    done = alone("import matching\nfrom matching.examples import small_pool\nprint(matching.solve(small_pool()).filled)")
    assert (done.stdout, done.returncode) == ("(1, 0)\n", 0), done.stderr


@pytest.mark.skipif(not numba_is_there(), reason="numba is not installed: nothing could load it")
def test_a_pool_with_caps_is_solved_without_the_compiler_which_would_double_its_memory():
    done = alone("import matching\nfrom benchmarks import pools\n"
                 "pool = matching.Pool(**pools.arrays(300, 2_000, (0.15, 0.1, 0.1)))\nplan = matching.solve(pool)\n"
                 "print(pool.pairs, plan.status, 'numba' in sys.modules)")
    assert (done.stdout, done.returncode) == ("6000 optimal False\n", 0), done.stderr


def test_its_tests_are_found_alone():
    done = alone("import pytest\nsys.exit(pytest.main(['tests/matching', '--confcutdir=tests/matching', '--collect-only',"
                 " '-q', '-p', 'no:cacheprovider', '-o', 'addopts=--import-mode=importlib']))")
    assert done.returncode == 0 and "test_solve.py" in done.stdout, done.stdout[-2000:] + done.stderr
