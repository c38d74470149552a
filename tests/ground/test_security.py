"""What a browser is told, in the demo and in production: headers, cookies, and settings that a start refuses."""

from __future__ import annotations

import pytest

import config
from skillshare.app import create_app
from skillshare.ground import clock, security
from skillshare.ground.extensions import db
from skillshare.organisation import account_actions
from tests import factories
from tests.conftest import EMPLOYER

EXACT = ("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
         "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
PASSWORD = "trois vélos au bord du canal"
PRODUCTION = {"SKILLSHARE_ENV": "production", **EMPLOYER, "SKILLSHARE_SECRET_KEY": "k" * 40,
              "SKILLSHARE_PUBLIC_URL": "https://bourse.orvanne.example"}


@pytest.fixture
def in_production(tmp_path, at):
    """A browser on the application in production, over HTTPS, with Bob's account."""
    app = create_app(config.from_environment(PRODUCTION | {"SKILLSHARE_HOME": str(tmp_path)}) | {"WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.create_all()
        bob = factories.standing_people().bob
        account_actions.open_account(bob, at=clock.now(), password=PASSWORD)
        db.session.commit()
        login = bob.email
        db.session.remove()
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    yield client, login
    with app.app_context():
        db.engine.dispose()


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


def test_strict_transport_is_asked_in_production_only(app, client_of, in_production):
    assert "Strict-Transport-Security" not in client_of().get("/connexion").headers
    for path in ("/connexion", "/nulle-part", "/prets"):
        assert in_production[0].get(path).headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_every_cookie_of_production_is_locked(in_production):
    client, login = in_production
    answers = [client.get("/prets"), client.post("/connexion", data={"login": login, "password": PASSWORD})]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) >= 2 and answers[1].status_code == 302
    for cookie in cookies:
        flags = {part.strip() for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-") and {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= flags
        assert not any(flag.startswith("Domain") for flag in flags)


def test_production_says_nothing_of_an_error(in_production):
    client, login = in_production
    client.post("/connexion", data={"login": login, "password": PASSWORD})
    client.application.view_functions["home.index"] = _broken(client.application.view_functions["home.index"])
    answer = client.get("/")
    assert answer.status_code == 500 and "Rien n’a été enregistré" in answer.text
    assert "secret de fabrication" not in answer.text and answer.headers["Content-Security-Policy"] == EXACT


def _broken(view):
    def broken(**_arguments):
        raise RuntimeError("secret de fabrication")

    broken.declared_ability = view.declared_ability
    return broken


def test_the_demo_is_closed_in_production(in_production):
    client, login = in_production
    assert client.get("/composants").status_code == 404
    assert client.post("/connexion/demonstration", data={"login": login}).status_code == 404
    assert not client.application.debug


@pytest.mark.parametrize(("given", "named"), [
    ({"SKILLSHARE_SECRET_KEY": ""}, "SKILLSHARE_SECRET_KEY"), ({"SKILLSHARE_SECRET_KEY": "short"}, "SKILLSHARE_SECRET_KEY"),
    ({"SKILLSHARE_PUBLIC_URL": ""}, "SKILLSHARE_PUBLIC_URL"), ({"SKILLSHARE_EMPLOYER_SIRET": " "}, "SKILLSHARE_EMPLOYER_SIRET"),
    ({"SKILLSHARE_PUBLIC_URL": "http://bourse.orvanne.example"}, "SKILLSHARE_PUBLIC_URL")])
def test_production_does_not_start_with_a_weak_setting(tmp_path, given, named):
    with pytest.raises(config.BadSetting, match=named):
        config.from_environment(PRODUCTION | {"SKILLSHARE_HOME": str(tmp_path)} | given)


@pytest.mark.parametrize(("location", "kept"), [
    ("http://ailleurs.example/besoins?vue=clos", "/besoins?vue=clos"), ("//ailleurs.example/x", "/x"),
    ("http://ailleurs.example//autre.example/", "/autre.example/"), ("/besoins", "/besoins"), ("/lien#bas", "/lien#bas")])
def test_a_redirection_names_no_host(location, kept):
    assert security.local(location) == kept
