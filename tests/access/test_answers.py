"""Every answer of the application, whatever it is: what a browser may do with it, and where it may lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from skillshare.ground.security import HEADERS
from tests.access.table import TABLE

EXACT = ("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
         "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
ELSEWHERE = "attaquant.example"


def test_every_answer_carries_the_headers_and_is_kept_by_no_cache(theatre):
    bare = {(str(row), person) for row, person, answer in theatre.pages()
            if any(answer.headers.get(name) != value for name, value in HEADERS.items())
            or answer.headers["Content-Security-Policy"] != EXACT or answer.headers["Cache-Control"] != "no-store"}
    assert bare == set()


def test_refused_methods_and_unknown_addresses_carry_them_too(theatre):
    for method, path, status in (("GET", "/nulle-part", 404), ("PUT", "/prets", 405), ("DELETE", "/connexion", 405),
                                 ("TRACE", "/", 405), ("GET", "/deconnexion", 405), ("POST", "/nulle-part", 404)):
        found = theatre.ask("bob", method, path)
        assert found.status == status and found.headers["Content-Security-Policy"] == EXACT
        assert found.is_page and "traceback" not in found.text.lower()


def test_no_page_holds_what_the_policy_forbids(theatre):
    """No inline script nor style, nothing from elsewhere: the exact policy breaks no page."""
    for _row, _person, answer in theatre.pages():
        if answer.is_page:
            assert "<style" not in answer.text and " style=" not in answer.text
            assert re.findall(r'<script(?! (?:defer )?src="/)[^>]*>', answer.text) == []


def test_a_redirection_stays_here(theatre):
    assert {answer.location for _, _, answer in theatre.pages()
            if answer.location and (urlsplit(answer.location).netloc or not answer.location.startswith("/"))} == set()


@pytest.mark.parametrize("target", [
    f"https://{ELSEWHERE}", f"//{ELSEWHERE}", f"/\\{ELSEWHERE}", f"\\/{ELSEWHERE}", f"/\t/{ELSEWHERE}", f"/%09/{ELSEWHERE}",
    f"https:{ELSEWHERE}", f"javascript:location='{ELSEWHERE}'", f"/\r\nLocation: https://{ELSEWHERE}", f"///{ELSEWHERE}",
    f"http:///{ELSEWHERE}", f"@{ELSEWHERE}", f" https://{ELSEWHERE}"])
def test_no_next_leads_elsewhere(theatre, target):
    """Of a person already signed in, of one who signs in, of the demo's buttons."""
    found = theatre.ask("bob", "GET", "/connexion", query_string={"next": target})
    assert found.status == 302 and not urlsplit(found.location).netloc and found.location.startswith("/")
    assert not found.location.startswith(("//", "/\\")) and ELSEWHERE not in urlsplit(found.location).netloc
    page = theatre.ask("anonymous", "GET", "/connexion", query_string={"next": target})
    assert page.status == 200 and f'href="{target}"' not in page.text


@pytest.mark.parametrize("path", [f"//{ELSEWHERE}/prets", "/verification", "//besoins", "/besoins//ouverts", "/appariements"])
def test_an_address_put_right_stays_here(theatre, path):
    """Werkzeug redirects doubled and missing slashes to the host that the request named."""
    found = theatre.ask("bob", "GET", path, headers={"Host": ELSEWHERE})
    assert urlsplit(found.location).netloc == "" and not found.location.startswith("//")


def test_the_host_header_is_written_nowhere(theatre):
    """Neither on a page, nor in a redirection, nor in the link of a mail."""
    headers = {"Host": ELSEWHERE, "X-Forwarded-Host": ELSEWHERE, "X-Forwarded-Proto": "https", "Forwarded": f"host={ELSEWHERE}"}
    for row in {row.endpoint: row for row in reversed(TABLE) if row.method == "GET"}.values():
        person = min(row.who, default="anonymous")
        found = theatre.ask(person, "GET", theatre.address(row), headers=headers)
        assert found.status < 400 and ELSEWHERE not in found.text and ELSEWHERE not in found.location, row
    with theatre.changes():
        theatre.ask("anonymous", "POST", "/acces", data={"login": theatre.ids["number_bob"]}, headers=headers)
        mail = theatre.ask("ali", "GET", "/administration/courriels", query_string={"etat": "a-envoyer"}).text
        assert "access_link" in mail or "accès" in mail
        with theatre.app.app_context():
            from skillshare.ground.extensions import db
            from skillshare.ground.outbox import Message

            sent = db.session.query(Message).order_by(Message.id.desc()).first()
            assert theatre.app.config["PUBLIC_URL"] in sent.text and ELSEWHERE not in sent.text


@pytest.mark.parametrize("path", [
    "/static/../config.py", "/static/..%2fconfig.py", "/static/%2e%2e/config.py", "/static/..\\config.py", "/static//etc/passwd",
    "/static/js/../../config.py", "/bootstrap/static/../../../config.py", "/bootstrap/static/%2e%2e%2f%2e%2e%2fsetup.cfg",
    "/verification/..%2f..%2fconfig.py", "/acces/..%2f..%2fconfig.py", "/lettres/..%2f1/pdf", "/lettres/1/pdf/../../../config.py",
    "/static/..%c0%afconfig.py", "/static/%00", "/verification/%00", "/acces/%00"])
def test_no_path_leads_out_of_its_folder(theatre, path):
    found = theatre.ask("ali", "GET", path)
    if found.status == 308:  # two slashes are one
        found = theatre.ask("ali", "GET", found.location)
    assert found.status in (302, 404) and "SECRET_KEY" not in found.text and "root:" not in found.text
