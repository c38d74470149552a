"""Rights as a table: every route declared, every ability with a predicate, strangers and anonymous people refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from skillshare.ground import access
from tests import factories

ROOT = Path(__file__).parents[1]
PUBLIC = {
    "home.how_it_works", "home.accessibility", "sign_in.sign_in", "sign_in.demo", "sign_in.forgotten", "sign_in.code",
    "sign_in.redeem", "verification.index", "verification.show", "home.components",
}


def own_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[-1] != "static"]


def test_every_route_declares_its_ability(app):
    missing = [rule.endpoint for rule in own_rules(app)
               if not hasattr(app.view_functions[rule.endpoint], "declared_ability")]
    assert missing == []


def test_the_routes_open_to_anybody_are_exactly_these(app):
    opened = {rule.endpoint for rule in own_rules(app)
              if app.view_functions[rule.endpoint].declared_ability == "public"}
    assert opened - PUBLIC == set(), "decide whether these may be public, then add them to PUBLIC"


def test_every_ability_has_a_predicate(app):
    assert access.undeclared() == []


def test_a_route_without_ability_is_closed(app, people, client_of):
    app._got_first_request = False
    app.add_url_rule("/oubliee", endpoint="forgotten_route", view_func=lambda: "open")
    assert client_of(people.ali).get("/oubliee").status_code == 403


def addresses(app):
    """Each route once, with id 1 for its arguments: rows exist or not, a stranger must not learn which."""
    for rule in own_rules(app):
        values = {name: ("AAAA-BBBB-CCCC" if rule._converters[name].__class__.__name__ == "UnicodeConverter" else 1)
                  for name in rule.arguments}
        with app.test_request_context():
            address = rule.build(values)[1]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


def test_anonymous_people_reach_only_public_routes(app, people, client_of):
    client = client_of()
    unexpected = []
    for endpoint, method, address in addresses(app):
        if app.view_functions[endpoint].declared_ability == "public":
            continue
        response = client.open(address, method=method)
        is_sent_away = response.status_code == 302 and "/connexion" in response.location
        if not is_sent_away:
            unexpected.append((endpoint, method, response.status_code))
    assert unexpected == []


# What a plain agent without any function may reach: their own things, and what is open to every agent.
OPEN_TO_EVERY_AGENT = {
    "home.index", "home.my_data", "home.export", "home.export_my_data", "account.index", "account.change_password",
    "skills.index", "skills.search", "skills.suggest", "needs.index", "needs_page.browse", "offers.mine", "offers.edit",
    "offers.publish", "offers.pause", "offers.resume", "offers.withdraw", "offers.start", "sign_in.sign_out", "loans.index",
    "feedback.index", "visas.index",
}


def test_a_plain_agent_reaches_only_what_is_open_to_every_agent(app, people, client_of):
    unexpected = []
    for endpoint, method, address in addresses(app):
        if app.view_functions[endpoint].declared_ability == "public" or endpoint in OPEN_TO_EVERY_AGENT:
            continue
        response = client_of(people.emma).open(address, method=method)
        if response.status_code not in (403, 404):
            unexpected.append((endpoint, method, response.status_code))
    assert unexpected == []


def test_an_agent_who_left_is_signed_out_at_the_next_request(app, people, client_of):
    client = client_of(people.bob)
    assert client.get("/").status_code == 200
    people.bob.active = False
    factories.db.session.commit()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", sorted(str(p.relative_to(ROOT)) for p in (ROOT / "skillshare").rglob("*.py")))
def test_only_move_writes_a_state(path):
    """`x.state = …` stands in ground/workflow.py alone."""
    if path in ("skillshare/ground/workflow.py", "skillshare/skills/loading.py"):
        return  # the door itself, and the shipped catalogue, whose skills are active whatever was suggested before
    tree = ast.parse((ROOT / path).read_text())
    written = [node.lineno for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
               for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
               for part in ast.walk(target) if isinstance(part, ast.Attribute) and part.attr == "state"
               and isinstance(part.ctx, ast.Store)]
    assert written == []

