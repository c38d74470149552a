"""Rights are declared: every route its ability, every ability its predicate, every state its one door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from skillshare.ground import access

ROOT = Path(__file__).parents[2]
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


def test_a_route_without_ability_is_closed(app, people, client_of, monkeypatch):
    assert client_of(people.ali).get("/comment-ca-marche").status_code == 200
    monkeypatch.setitem(app.view_functions, "home.how_it_works", lambda: "open")
    assert client_of(people.ali).get("/comment-ca-marche").status_code == 403


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

