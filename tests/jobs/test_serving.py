"""`skillshare run`: a clear refusal, a demo begun again, children that stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
import sqlalchemy as sa

from config import ROOT
from skillshare import serving
from skillshare.ground.extensions import db
from skillshare.organisation.models import Employer


def test_a_busy_port_is_said_in_one_line_with_what_to_type(monkeypatch):
    said = []
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        monkeypatch.setenv("PORT", str(busy.getsockname()[1]))
        with pytest.raises(SystemExit) as stopped:
            serving.serve(said.append)
    assert stopped.value.code == 2
    assert len(said) == 1 and "est déjà occupé" in said[0] and "PORT=" in said[0]


@pytest.mark.parametrize("port", ["abc", "0", "70000", ""])
def test_a_wrong_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit) as stopped:
        serving.serve(lambda _line: None)
    assert stopped.value.code == 2


def test_an_interrupted_demo_is_forgotten_whole(app, people):
    letter = app.config["HOME"] / "letters" / "2026" / "x.pdf"
    letter.parent.mkdir()
    letter.write_bytes(b"x")
    serving._forget(app)
    assert not letter.exists()
    assert sa.inspect(db.engine).get_table_names() == []
    db.create_all()
    assert db.session.scalar(sa.select(Employer.id)) is None


@pytest.mark.slow
def test_web_and_jobs_start_together_and_stop_together(tmp_path):
    """A real start on a database that already has its employer, as a second run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {"SKILLSHARE_HOME": str(tmp_path), "PORT": str(port)}
    prepare = ("from skillshare.app import create_app; from skillshare.ground.extensions import db; import flask_migrate\n"
               "from skillshare.organisation.models import Employer\nfrom config import ROOT\n"
               "app = create_app()\nwith app.app_context():\n"
               "    flask_migrate.upgrade(directory=str(ROOT / 'migrations'))\n"
               "    db.session.add(Employer(siret='1', name='Essai')); db.session.commit()\n")
    subprocess.run([sys.executable, "-c", prepare], env=environ, cwd=ROOT, check=True, capture_output=True)
    web = subprocess.Popen([sys.executable, "-m", "skillshare", "run"], env=environ, cwd=ROOT, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in web.stdout:
        lines.append(line)
        if line.startswith("Prêt"):
            break
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/comment-ca-marche", timeout=30).read().decode()
    children = subprocess.run(["pgrep", "-P", str(web.pid)], capture_output=True, text=True).stdout.split()
    time.sleep(1)
    web.send_signal(signal.SIGTERM)
    assert web.wait(30) == 0, "".join(lines)
    web.stdout.close()
    assert "Comment un besoin rencontre une personne" in page
    assert len(children) == 1 and not os.path.exists(f"/proc/{children[0]}")
