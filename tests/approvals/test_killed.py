"""A process killed with -9 in the middle of the last visa leaves nothing of it, and the visa is given again."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from config import ROOT
from skillshare.ground.extensions import db

NOTHING = {"loans": 0, "letters": 0, "visa": "waiting", "proposal": "in_visa", "commitments": ["promised"], "told": 0,
           "journal": True}
ALL = {"loans": 1, "letters": 1, "visa": "given", "proposal": "approved", "commitments": ["given"], "told": 1,
       "journal": True}


@pytest.fixture
def process(case_on_both, both, tmp_path):
    """`process("read")`: the command's process, on the same database and data folder; killed if still there."""
    case_on_both.choose()
    url = both.config["SQLALCHEMY_DATABASE_URI"]
    command = [str(both.config["HOME"]), url if isinstance(url, str) else url.render_as_string(hide_password=False),
               str(case_on_both.waiting().id), str(tmp_path / "mark")]
    db.session.remove()
    db.engine.dispose()
    started: list[subprocess.Popen] = []

    def start(verb: str) -> subprocess.Popen:
        started.append(subprocess.Popen([sys.executable, "-m", "tests.approvals.last_visa", verb, *command], cwd=ROOT,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for child in started:
        child.kill()
        child.communicate()  # closes its pipes


def answer(child: subprocess.Popen) -> dict:
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def test_a_process_killed_in_the_middle_of_the_last_visa_leaves_nothing(process, tmp_path):
    dying, mark = process("stop"), tmp_path / "mark"
    for _ in range(1200):
        if mark.exists() or dying.poll() is not None:
            break
        time.sleep(0.1)
    assert mark.exists(), dying.stderr.read()
    os.kill(dying.pid, signal.SIGKILL)
    assert dying.wait(timeout=30) == -signal.SIGKILL
    assert answer(process("read")) == NOTHING
    assert answer(process("give")) == ALL | {"statuses": [302, 409]}
