"""How many questions each page asks the database with fifty rows: fifteen at most, whoever reads."""

from datetime import timedelta

import pytest

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import NeedState
from skillshare.proposals import actions
from skillshare.proposals.models import ChoiceCost
from skillshare.proposals.models import ProposalState as S
from skillshare.proposals.runs import run_matching
from skillshare.skills.models import SkillState
from tests import factories

MOST = 15


@pytest.fixture
def cost(client_of, count_queries):
    """`cost(person, path)`: the page's statements to the database, transactions and settings aside."""

    def ask(person, path: str, status: int = 200) -> list[str]:
        client = client_of(person)
        db.session.commit()
        db.session.expire_all()
        with count_queries() as seen:
            page = client.get(path)
        assert page.status_code == status, page.text[:500]
        return [text for text in seen if not text.startswith(("BEGIN", "PRAGMA", "SAVEPOINT"))]

    return ask


def told(statements: list[str]) -> str:
    flat = [" ".join(text.split()) for text in statements]
    return f"{len(flat)} statements\n\n" + "\n\n".join(f"{text[:60]} … {text.partition('FROM')[2][:150]}" for text in flat)


@pytest.fixture
def crowd(people, signing, at):
    """One need with fifty proposals in every state, and fifty other needs, with Bob's offer for all."""
    need = factories.need(people, [signing], seats=12)
    factories.offer(people.bob, [signing])
    states = [S.ACCEPTED] * 10 + [S.PROPOSED] * 10 + [S.DECLINED] * 10 + [S.LAPSED] * 5 + [S.CANCELLED] * 5 + [S.WITHDRAWN] * 9
    for n, state in enumerate(states):
        agent = factories.agent(people.roads if n % 2 else people.direction)
        factories.offer(agent, [signing])
        made = factories.proposal(need, agent, state=state, accepted_at=at if state in (S.ACCEPTED, S.WITHDRAWN) else None,
                                  seat_id=need.seats[n % 10].id)
        if state == S.ACCEPTED:
            db.session.add(ChoiceCost(proposal_id=made.id, digest="x", computed_at=at,
                                      facts={"possible": True, "proven": True, "deprived": [], "moved": []}))
    factories.proposal(need, people.marc, state=S.IN_VISA, seat_id=need.seats[10].id)
    others = [factories.need(people, [signing, factories.skill()], title=f"Besoin {n}") for n in range(50)]
    for row, other in zip(db.session.query(ChoiceCost), others, strict=False):
        row.facts = row.facts | {"deprived": [other.id]}
    db.session.commit()
    return need


@pytest.mark.parametrize("name", ["alice", "hugo", "mona"])
def test_the_page_of_a_need_with_fifty_proposals(people, at, crowd, cost, name):
    seen = cost(getattr(people, name), f"/besoins/{crowd.id}")
    assert len(seen) <= MOST, told(seen)


def test_whom_one_may_invite(people, at, crowd, cost):
    seen = cost(people.alice, f"/besoins/{crowd.id}/invitations")
    assert len(seen) <= MOST, told(seen)


@pytest.mark.parametrize("name", ["alice", "hugo", "bob", "mona", "chloe"])
def test_the_lists_of_needs(people, at, crowd, cost, name):
    for path in ("/besoins", "/besoins?vue=publies", "/besoins?vue=clos", "/besoins/ouverts", "/besoins/ouverts?page=2"):
        seen = cost(getattr(people, name), path)
        assert len(seen) <= MOST, path + told(seen)


def test_an_open_need_as_a_volunteer_reads_it(people, at, crowd, cost):
    seen = cost(people.bob, f"/besoins/ouverts/{crowd.id}")
    assert len(seen) <= MOST, told(seen)


@pytest.mark.parametrize("state", [S.PROPOSED, S.ACCEPTED, S.DECLINED, S.NOT_CHOSEN, S.CANCELLED])
def test_the_page_of_a_proposal(people, at, crowd, cost, state):
    made = factories.proposal(crowd, people.bob, state=state)
    seen = cost(people.bob, f"/propositions/{made.id}")
    assert len(seen) <= MOST, told(seen)


def test_a_proposal_that_waits_for_a_visa(people, at, need, cost):
    made = factories.proposal(need, people.bob)
    actions.accept(made, actor=people.bob, at=at)
    actions.choose(made, actor=people.hugo, at=at)
    seen = cost(people.bob, f"/propositions/{made.id}")
    assert len(seen) <= MOST, told(seen)


def test_runs_with_fifty_proposals_and_seats_left_open(people, at, crowd, cost):
    run = run_matching(at)
    db.session.commit()
    for path in ("/appariements/", f"/appariements/{run.id}"):
        seen = cost(people.mona, path)
        assert len(seen) <= MOST, path + told(seen)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_the_steps_of_a_need(people, at, crowd, cost, step):
    draft = factories.need(people, [d.skill for d in crowd.demands], state=NeedState.DRAFT, published_at=None)
    with clock.travel(at + timedelta(hours=1)):
        seen = cost(people.alice, f"/besoins/{draft.id}/etape/{step}")
    assert len(seen) <= MOST, told(seen)


@pytest.mark.parametrize("path", ["/mon-offre", "/mon-offre/modifier", "/competences", "/competences?q=signes",
                                  "/competences/recherche?q=signes", "/competences/suggerer"])
def test_the_offer_and_the_catalogue(people, at, crowd, cost, path):
    cost(people.bob, path)  # the index of skills is built once per process
    seen = cost(people.bob, path)
    assert len(seen) <= MOST, told(seen)


@pytest.mark.parametrize("name", ["alice", "hugo", "bob", "chloe", "mona", "nadia"])
def test_home_and_one_s_data_amid_the_crowd(people, at, crowd, cost, name):
    for path in ("/", "/mes-donnees"):
        seen = cost(getattr(people, name), path)
        assert len(seen) <= MOST, path + told(seen)


def test_suggested_skills_by_page_and_the_decision_on_one(people, at, cost):
    for n in range(60):
        suggested = factories.skill(f"Savoir-faire {n}", state=SkillState.SUGGESTED, suggested_at=at,
                                    suggested_by_id=factories.agent(people.roads).id)
    db.session.commit()
    for path in ("/competences/suggestions", f"/competences/suggestions/{suggested.id}"):
        cost(people.mona, path)
        seen = cost(people.mona, path)
        assert len(seen) <= MOST, path + told(seen)


def test_starting_a_need_and_declaring_a_crisis(people, at, crowd, cost):
    for n in range(50):
        factories.unit(people.employer, f"U{n}", f"Unité {n}", "service", people.root, head_id=people.hugo.id)
    for person, path in ((people.hugo, "/besoins/nouveau"), (people.mona, f"/besoins/{crowd.id}/crise")):
        seen = cost(person, path)
        assert len(seen) <= MOST, path + told(seen)
