"""Headers: an exact content policy, nothing kept by caches, strict transport in production."""

from __future__ import annotations

from skillshare.ground import security

EXACT = ("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
         "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")


def test_every_answer_carries_the_exact_policy(app, client_of):
    for path in ("/connexion", "/nowhere", "/static/skillshare.css"):
        with client_of().get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == EXACT
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_by_no_cache_and_static_files_may_be(app, people, client_of, at):
    assert client_of(people.bob).get("/compte").headers["Cache-Control"] == "no-store"
    with client_of().get("/static/skillshare.css") as file:
        assert file.headers["Cache-Control"] != "no-store"


def test_strict_transport_is_asked_in_production_only(app, client_of):
    from flask import Flask

    assert "Strict-Transport-Security" not in client_of().get("/connexion").headers
    other = Flask("other")
    other.config["ENV_NAME"] = "production"
    security.register(other)
    assert other.test_client().get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")
