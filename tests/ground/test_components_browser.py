"""The living page of components in a real browser: no axe violation, no overflow, scripts that add."""

import threading
from importlib import util
from pathlib import Path

import pytest
from werkzeug.serving import make_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]
RULES = {"runOnly": {"type": "tag", "values": [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.removeAttribute('name'); d.open = true; })"
RECOUNT = """<link rel="icon" href="/static/mark.svg">
<form method="post" data-recount-url="/count" data-recount-target="#supply"><label for="n">Niveau</label>
<input id="n" name="level"></form><div id="supply">avant</div>
<p role="status" data-recount-status></p>
<script src="/static/js/recount.js"></script>"""


def neighbour():
    spec = util.spec_from_file_location("test_components", Path(__file__).with_name("test_components.py"))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def address():
    app = neighbour().make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/competences/recherche", endpoint="search",
                     view_func=lambda: [{"label": "Médiation", "detail": "Ingéniosité"}])
    app.add_url_rule("/form", view_func=lambda: RECOUNT, endpoint="form")
    app.add_url_rule("/count", view_func=lambda: "<b>7</b><span hidden data-announce>7 agents</span>",
                     endpoint="count", methods=["POST"])

    @app.after_request
    def strict(answer):
        answer.headers["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:"
        return answer

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    complaints, pages = [], []

    def open_page(path="/composants", width=1280, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_page_has_no_violation_and_reflows(open_page, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(width=width, scheme=scheme)
    page.evaluate(OPEN_ALL)
    assert [found["id"] for found in axe.run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_focus_goes_to_the_error_summary_and_on_to_the_field(open_page):
    page = open_page()
    assert page.evaluate("document.activeElement.className") == "sk-errors"
    page.click(".sk-errors a")
    assert page.evaluate("document.activeElement.id") == "end"


def test_skill_is_chosen_with_the_keyboard(open_page):
    page = open_page()
    page.fill("#skill", "méd")
    page.wait_for_selector("[role=option]")
    page.press("#skill", "ArrowDown")
    page.press("#skill", "Enter")
    assert page.input_value("#skill") == "Médiation"


def test_registry_moves_by_arrows_and_ticks_by_space(open_page):
    page = open_page()
    page.focus("#registre tbody th a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    assert page.is_checked("input[value='415']")
    assert page.text_content("[data-chosen]") == "1\u00a0lettre choisie"


def test_count_follows_the_form(open_page):
    page = open_page("/form")
    page.fill("#n", "3")
    page.wait_for_selector("#supply b")
    assert page.text_content("[data-recount-status]") == "7 agents"


def test_appearance_is_remembered(open_page):
    page = open_page()
    for _ in range(2):
        page.click("[data-theme-switch]")
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.text_content("[data-theme-switch]") == "Apparence\u00a0: sombre"
