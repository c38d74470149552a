"""What the jobs do to the rooms: one thing per commit, a failure told and stopping nothing else."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.feedback.models import Feedback
from skillshare.ground import journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.ground.rows import SomeFailed
from skillshare.jobs import registry, runner
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan, LoanState
from skillshare.proposals.models import ProposalState
from tests import factories

TODAY = date(2026, 11, 23)


@pytest.fixture
def loan(people):
    """`loan(agent, state, starts_on, ends_on)`: a row, as approvals would have made it."""

    def make(agent, state, starts_on, ends_on) -> int:
        need = factories.need(people, [factories.skill()], starts_on=starts_on, ends_on=ends_on)
        proposal = factories.proposal(need, agent, state=ProposalState.APPROVED)
        made = Loan(proposal_id=proposal.id, need_id=need.id, agent_id=agent.id, home_unit_id=people.roads.id, state=state,
                    host_unit_id=people.sam.id, home_manager_id=people.chloe.id, mission_lead_id=people.alice.id,
                    starts_on=starts_on, ends_on=ends_on, planned_ends_on=ends_on, load=40, created_at=factories.LONG_AGO)
        db.session.add(made)
        db.session.commit()
        return made.id

    return make


def state_of(loan_id: int) -> LoanState:
    db.session.expire_all()
    return db.session.get_one(Loan, loan_id).state


def test_missions_of_the_day_begin_and_those_of_tomorrow_wait(people, loan, at):
    today = loan(people.bob, LoanState.SCHEDULED, TODAY, TODAY + timedelta(days=30))
    tomorrow = loan(people.marc, LoanState.SCHEDULED, TODAY + timedelta(days=1), TODAY + timedelta(days=30))
    assert registry.start_loans(at) == "1\u00a0mission commencée"
    assert (state_of(today), state_of(tomorrow)) == (LoanState.RUNNING, LoanState.SCHEDULED)


def test_a_mission_ends_after_its_last_day_and_its_three_sides_are_asked(people, loan, at):
    over = loan(people.bob, LoanState.RUNNING, TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    last_day = loan(people.marc, LoanState.RUNNING, TODAY - timedelta(days=30), TODAY)
    registry.end_loans(at)
    assert (state_of(over), state_of(last_day)) == (LoanState.ENDED, LoanState.RUNNING)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Feedback)) == 3


def test_a_loan_that_cannot_end_blocks_no_other_and_is_told(people, loan, at, monkeypatch):
    poisoned = loan(people.bob, LoanState.RUNNING, TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    sound = loan(people.marc, LoanState.RUNNING, TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    end = loans.end

    def end_or_fail(row, *, at):
        end(row, at=at)
        if row.id == poisoned:
            raise ValueError("poivre")

    monkeypatch.setattr(loans, "end", end_or_fail)
    with pytest.raises(SomeFailed, match="1\u00a0fait, 1 en échec"):
        registry.end_loans(at)
    assert (state_of(poisoned), state_of(sound)) == (LoanState.RUNNING, LoanState.ENDED)


def test_the_head_of_the_journal_leaves_the_database_each_day(app, people, at):
    journal.record("needs:publish", actor=SYSTEM, at=at)
    db.session.commit()
    registry.export_journal_head(at)
    seq, digest, _ = (app.config["HOME"] / "journal-heads" / "2026-11-23.txt").read_text().split()
    verdict = journal.verify()
    assert (int(seq), digest) == (verdict.rows, verdict.head)


def test_without_a_mail_server_mails_wait_to_be_read(people, at):
    from skillshare.ground import outbox

    outbox.post("essai", to=people.bob.id, key="1", subject="a", text="b", at=at)
    db.session.commit()
    assert registry.send_mails(at) == ""
    assert db.session.scalars(sa.select(Message)).one().attempts == 0


def test_answers_of_the_hr_system_are_archived_once_committed(app, people, at):
    path = app.config["HOME"] / "hr" / "in" / "retour.csv"
    path.write_text("PIECE;STATUT;MESSAGE\nBC-INCONNUE;accepte;\n")
    assert "BC-INCONNUE" in registry.exchange_with_hr(at)
    assert not path.exists()
    assert registry.exchange_with_hr(at) == ""


def test_every_job_runs_on_an_empty_employer_without_error(app, people, at):
    app.config["MATCH_TIME_LIMIT"] = 5.0
    runs = runner.run_due(app, at)
    assert [run.error for run in runs if run.error] == []
    assert {"matching", "visa_clocks", "start_loans"} <= {run.job for run in runs}
    assert runner.run_due(app, at) == []
