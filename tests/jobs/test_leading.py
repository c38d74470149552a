import os
import socket
from datetime import timedelta

from skillshare.ground.extensions import db
from skillshare.jobs.leading import STALE, Leader
from skillshare.jobs.models import JobLeader


def test_one_of_two_processes_leads_and_keeps_the_lead(both, at):
    first, second = Leader(both), Leader(both)
    assert first.leads(at)
    assert not second.leads(at)
    assert first.leads(at + timedelta(seconds=30))
    first.resign()


def test_who_resigns_gives_the_lead_back_at_once(both, at):
    first, second = Leader(both), Leader(both)
    assert first.leads(at)
    first.resign()
    assert second.leads(at)
    second.resign()


def test_a_silent_leader_is_replaced_after_a_while(app, at):
    first, second = Leader(app), Leader(app)
    assert first.leads(at)
    assert not second.leads(at + STALE - timedelta(seconds=1))
    assert second.leads(at + STALE + timedelta(seconds=1))
    assert not first.leads(at + STALE + timedelta(seconds=2))


def test_a_leader_killed_on_this_machine_is_replaced_at_once(app, at):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    db.session.add(JobLeader(id=1, holder=f"{socket.gethostname()}:{pid}:abc", beat_at=at))
    db.session.commit()
    assert Leader(app).leads(at)
