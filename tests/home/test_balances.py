"""Every unit a person heads, with its cap and what was lent and received, whatever their number."""

from datetime import date

from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground.extensions import db
from skillshare.home.team import balances
from tests import factories

TODAY = date(2026, 11, 23)


def give(agent, host, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 29), load=50, source="loan:1"):
    db.session.add(Commitment(agent_id=agent.id, host_unit_id=host.id, source=source, kind=CommitmentKind.GIVEN,
                              starts_on=starts_on, ends_on=ends_on, load=load, created_at=factories.LONG_AGO))
    db.session.flush()


def test_each_headed_unit_counts_its_own_subtree(people, at):
    people.sam.head_id = people.nadia.id
    give(people.bob, people.sam)
    found = {one.unit.code: one for one in balances(people.nadia, TODAY)}
    assert set(found) == {"DIR-INF", "SAM-SOL"}
    assert (found["DIR-INF"].lent_now, found["SAM-SOL"].lent_now) == (50, 0)
    days = 22 * 5 / 7 / 2  # from 2 to 23 November, half time
    assert abs(found["DIR-INF"].lent_days - days) < 1e-9 and found["DIR-INF"].received_days == 0
    assert abs(found["SAM-SOL"].received_days - days) < 1e-9
    assert balances(people.bob, TODAY) == []


def test_the_home_of_who_heads_many_units_names_them_all_in_few_queries(people, at, client_of, count_queries):
    names = [f"Unité territoriale {n}" for n in range(12)]
    for n, name in enumerate(names):
        unit = factories.unit(people.employer, f"UT{n}", name, "service", people.direction, head_id=people.nadia.id, cap=100)
        give(factories.agent(unit), people.sam, source=f"loan:{n}")
    db.session.commit()
    client = client_of(people.nadia)
    db.session.expire_all()
    with count_queries() as seen:
        page = client.get("/").text
    assert all(name in page for name in names)
    statements = [text for text in seen if not text.startswith(("BEGIN", "PRAGMA"))]
    assert len(statements) <= 15, "\n\n".join(statements)
