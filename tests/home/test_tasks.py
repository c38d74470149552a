from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from skillshare.approvals.access import may_decide
from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.feedback import actions as feedback
from skillshare.ground.extensions import db
from skillshare.home import queries
from skillshare.home.sentences import title_of
from skillshare.home.tasks import Task, tasks_of
from skillshare.loans.models import LoanState
from skillshare.organisation.models import StandIn
from skillshare.proposals.models import ProposalState
from skillshare.skills.models import SkillState
from tests import factories

TODAY = date(2026, 11, 23)


def tasks(agent) -> list[Task]:
    with current_app.test_request_context():
        return tasks_of(agent, queries.overview(agent, TODAY), TODAY)


def titles(agent) -> list[str]:
    return [task.title for task in tasks(agent)]


def counted(agent) -> int:
    return queries.overview(agent, TODAY).total


def test_an_agent_answers_a_proposal_and_nobody_else_sees_it(people, case):
    case(ProposalState.PROPOSED)
    assert titles(people.bob) == ["Accueil en langue des signes"]
    assert all(not titles(person) for name, person in people.everybody().items() if name != "bob")


def test_the_requester_and_the_head_of_the_unit_choose(people, case):
    case(ProposalState.ACCEPTED)
    assert titles(people.alice) == titles(people.hugo) == ["Choisir pour « Accueil en langue des signes »"]
    assert titles(people.chloe) == []


def test_the_manager_decides_and_so_does_who_stands_in(people, case):
    case(ProposalState.IN_VISA)
    assert titles(people.chloe) == ["Décider : prêter Bob Tessier"]
    assert titles(people.marc) == []
    db.session.add(StandIn(agent_id=people.chloe.id, deputy_id=people.marc.id, starts_on=TODAY,
                           ends_on=TODAY + timedelta(days=3), named_by_id=people.chloe.id))
    db.session.commit()
    assert "À la place de Chloé Marchand" in tasks(people.marc)[0].summary


@pytest.mark.parametrize("kind", list(VisaKind))
@pytest.mark.parametrize("helper", [None, "emma"])
def test_whoever_may_decide_has_the_task_and_only_they(people, case, kind, helper):
    """The query of the home page and the predicate of the decision say the same of everybody."""
    case(ProposalState.IN_VISA)
    visa = db.session.scalars(sa.select(Visa)).one()
    visa.kind, visa.helper_id = kind, getattr(people, helper).id if helper else None
    db.session.commit()
    for person in people.everybody().values():
        has_task = queries.overview(person, TODAY).counts["visas"] == 1
        assert has_task == may_decide(person, visa), person.full_name


def test_the_signatory_signs_what_the_delegation_covers_but_not_their_own(people, loan):
    made = loan(LoanState.TO_SIGN)
    assert titles(people.farid) == ["Signer la lettre de mission de Bob Tessier"]
    made.agent_id = people.farid.id
    db.session.commit()
    assert titles(people.farid) == []


def test_a_delegation_elsewhere_or_over_gives_no_task(people, loan):
    loan(LoanState.TO_SIGN)
    factories.delegation(people.emma, people.sam, people.david)
    factories.delegation(people.marc, people.roads, people.david, ends_on=TODAY - timedelta(days=1))
    db.session.commit()
    assert titles(people.emma) == titles(people.marc) == []


def test_feedback_to_give_is_a_task_of_each_side(people, loan, at):
    feedback.ask(loan(LoanState.ENDED), at=at)
    db.session.commit()
    assert titles(people.bob) == ["Dire comment s’est passée votre mission"]
    assert titles(people.chloe) == ["Dire comment s’est passée la mission de Bob Tessier"]


def test_the_mediator_unblocks_what_every_delay_has_passed(people, case):
    case(ProposalState.IN_VISA)
    assert titles(people.mona) == []
    db.session.scalars(sa.select(Visa)).one().stage = Stage.MEDIATOR
    db.session.commit()
    assert titles(people.mona) == ["Débloquer le visa pour Bob Tessier"]


def test_many_suggestions_are_one_task_for_those_who_curate(people):
    for _ in range(3):
        factories.skill(state=SkillState.SUGGESTED)
    db.session.commit()
    assert titles(people.mona) == titles(people.david) == ["Examiner 3\u00a0compétences suggérées"]
    assert counted(people.mona) == 1
    assert titles(people.alice) == []


def test_a_decided_visa_is_nobodys_task(people, case):
    case(ProposalState.IN_VISA)
    db.session.scalars(sa.select(Visa)).one().state = VisaState.VOID
    db.session.commit()
    assert titles(people.chloe) == []


def test_the_most_pressing_comes_first_and_the_title_counts(people, at):
    late, soon, free = (Task(word, "", "", due_on=due) for word, due in (
        ("tard", TODAY - timedelta(days=1)), ("bientôt", TODAY + timedelta(days=2)), ("un jour", None)))
    assert sorted([free, soon, late], key=lambda task: task.order) == [late, soon, free]
    assert title_of(people.bob, []) == "Bonjour Bob, rien ne vous attend"
    assert title_of(people.bob, [late]) == "Bonjour Bob, une chose vous attend, en retard"
    assert title_of(people.bob, [late, soon, free]) == "Bonjour Bob, trois choses vous attendent, dont une en retard"
    assert title_of(people.bob, [soon, free]).startswith("Bonjour Bob, deux choses vous attendent, dont une avant le mercredi")


def test_both_databases_count_the_same(both):
    people = factories.standing_people()
    need = factories.need(people, [factories.skill()])
    factories.proposal(need, people.bob, state=ProposalState.ACCEPTED)
    factories.skill(state=SkillState.SUGGESTED)
    db.session.commit()
    found = {name: queries.overview(person, TODAY) for name, person in people.everybody().items()}
    assert {name for name, seen in found.items() if seen.total} == {"alice", "hugo", "mona", "david"}
    assert {name for name, seen in found.items() if "manager" in seen.marks} == {"chloe", "hugo", "farid", "nadia"}
    assert queries.cases_of(people.bob) and queries.awaited_answers(people.alice, TODAY) == []
    assert queries.loans_around(people.chloe, TODAY) == []
