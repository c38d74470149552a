"""The columns of the matrix: one person per way of being, or not being, concerned by the case."""

from __future__ import annotations

from datetime import date, timedelta

from skillshare.ground.extensions import db
from skillshare.organisation.models import Account, Agent, RoleName, StandIn
from tests import factories
from tests.access.hostile import needle

COLUMNS = {
    "anonymous": "nobody is signed in",
    "emma": "an agent without any function, stranger to the case",
    "carl": "another agent of Bob's team, with proposals of his own",
    "rita": "the requester of another unit",
    "david": "HR",
    "mona": "the mediator",
    "ali": "the administrator",
    "aude": "the auditor",
    "alice": "the need's requester",
    "bob": "the candidate, later on loan",
    "chloe": "Bob's line manager, head of his unit",
    "marc": "Chloé's stand-in, today",
    "yvon": "Chloé's stand-in, until yesterday",
    "nadia": "the head of the direction above",
    "hugo": "the head of the host unit",
    "lea": "the mission lead",
    "farid": "the signatory, who also heads the HR unit",
    "gaston": "a signatory whose delegation ended yesterday",
    "disabled": "an account suspended though it holds every function",
    "revoked": "a session of an earlier epoch, of an account that holds every function",
    "left": "an agent who has left though they hold every function",
}
SHUT_OUT = ("disabled", "revoked", "left")
ANONYMOUS = ("anonymous", *SHUT_OUT)
AGENTS = tuple(name for name in COLUMNS if name not in ANONYMOUS)
YESTERDAY = date(2026, 11, 22)


def make(people: factories.People) -> dict[str, Agent]:
    """Everybody of COLUMNS, and `denis` who declined; names are needles."""
    home, host = people.roads, people.sam
    schools = factories.unit(people.employer, "COL", "Collèges", "service", people.root)
    made = {name: agent for name, agent in people.everybody().items() if name in COLUMNS}
    for name, unit, manager in (("carl", home, people.chloe), ("denis", home, people.chloe), ("yvon", home, people.chloe),
                                ("rita", schools, people.nadia), ("lea", host, people.hugo), ("gaston", schools, people.nadia),
                                *((name, schools, people.nadia) for name in SHUT_OUT)):
        made[name] = factories.agent(unit, manager_id=manager.id, site_id=people.sites[0].id)
        factories.account(made[name])
    factories.role(made["rita"], RoleName.REQUESTER, schools)
    _stand_in(people.chloe, people.marc, YESTERDAY + timedelta(days=10))
    _stand_in(people.chloe, made["yvon"], YESTERDAY)
    factories.delegation(made["gaston"], people.root, people.david, ends_on=YESTERDAY)
    for name in SHUT_OUT:
        _every_function(made[name], people)
    for name, agent in made.items():
        agent.first_name, agent.last_name = needle(f"first-{name}"), needle(f"last-{name}")
    made["left"].active = False
    account = db.session.query(Account).filter_by(agent_id=made["disabled"].id).one()
    account.disabled_at = factories.LONG_AGO
    return made


def _stand_in(agent: Agent, deputy: Agent, ends_on: date) -> None:
    db.session.add(StandIn(agent_id=agent.id, deputy_id=deputy.id, starts_on=date(2026, 11, 1), ends_on=ends_on,
                           named_by_id=agent.id))


def _every_function(agent: Agent, people: factories.People) -> None:
    for role in RoleName:
        factories.role(agent, role, people.sam if role == RoleName.REQUESTER else None)
    factories.delegation(agent, people.root, people.david)
    _stand_in(people.chloe, agent, date(2027, 12, 31))
