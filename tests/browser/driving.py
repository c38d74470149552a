"""Serving the application in a thread, and windows of a real Chromium that watch what pages do."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask
from werkzeug.serving import make_server

from skillshare.organisation import passwords

BINARY = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
         "resultTypes": ["violations"]}
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e);
  const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
  const seen = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
  return [(e.innerText || "") + " " + label + " " + (e.getAttribute("aria-label") || ""), seen]; }"""
KIND = """() => [document.title, ...[...document.querySelectorAll("body *")].map(e => e.tagName + "." + e.className)]"""
"""What a page is made of, whatever it says."""
REFUSALS = (403, 404, 422)  # the console tells them; the tests ask for them
PICTURES = Path(__file__).parents[2] / "artefacts" / "loop"


@contextmanager
def chromium() -> Iterator[object]:
    if not BINARY.exists():
        pytest.skip("Chromium is not installed here (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(BINARY), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Site:
    """Where the site is served, and the login of each standing person."""

    address: str
    logins: dict[str, str]


class Window:
    """One person's window. `look()` runs axe on the page, once for each kind of page at each width and in each scheme:
    the same address but for numbers, the same title and elements."""

    seen: ClassVar[set[tuple[str, ...]]] = set()

    def __init__(self, page: object, address: str, name: str, scripts: bool, setting: str) -> None:
        self.page, self.address, self.name, self.scripts, self.setting = page, address, name, scripts, setting

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self._picture()
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        kind = (self.setting, re.sub(r"\d+", "", self.path), *self.page.evaluate(KIND))
        if self.scripts and kind not in self.seen:
            self._check_with_axe()
            self.seen.add(kind)

    def _check_with_axe(self) -> None:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options=RULES).response["violations"]
        told = [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]
        if told:
            self._picture()
        assert told == [], f"{self.name} on {self.page.url}: {told}"

    def _picture(self) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name} {self.setting}.png", full_page=True)

    def click(self, name: str, role: str = "button", exact: bool = False) -> None:
        """Press the first visible button (or link) of that name, then look at the page it leads to."""
        with self.page.expect_navigation():  # the load state alone may still be that of the page left
            self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.look()

    def fill(self, label: str, value: str, exact: bool = False) -> None:
        self.page.get_by_label(label, exact=exact).first.fill(value)

    def check(self, label: str) -> None:
        self.page.get_by_label(label).first.check()

    def select(self, label: str, option: str) -> None:
        self.page.get_by_label(label).first.select_option(label=option)

    def tab_to(self, name: str, at_most: int = 80) -> None:
        """Press Tab until what has the focus bears that name; the focus must be seen."""
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            text, outline = self.page.evaluate(FOCUSED)
            assert outline, f"the focus on « {text} » is not seen on {self.page.url}"
            if _plain(name) in _plain(text):
                return
        raise AssertionError(f"« {name} » is not reached by Tab on {self.page.url}")

    def press(self, name: str) -> None:
        """Reach a link or a button by keyboard and press Enter."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    @property
    def text(self) -> str:
        """What is read, with plain spaces and apostrophes."""
        return _plain(self.page.locator("body").inner_text())

    def says(self, text: str) -> None:
        assert _plain(text) in self.text, f"« {text} » is not on {self.page.url}"

    def is_refused(self, path: str) -> None:
        assert self.page.goto(self.address + path).status in (403, 404)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


@contextmanager
def windows(browser: object, site: Site) -> Iterator[Callable[..., Window]]:
    complaints: list[str] = []
    contexts = []

    def open_window(name: str, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Window:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", color_scheme=scheme,
                                      java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # a loaded machine is slow, not broken
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("request", lambda sent: complaints.append(f"left the site: {sent.url}")
                if not sent.url.startswith((site.address, "data:")) else None)
        sign_in(page, site, site.logins[name])
        return Window(page, site.address, name, scripts, f"{width} {scheme}")

    yield open_window
    for context in contexts:
        context.close()
    told = [line for line in complaints if not any(f"status of {status}" in line for status in REFUSALS)]
    assert told == [], told


def sign_in(page: object, site: Site, login: str) -> None:
    """Through the sign-in form, as anybody."""
    page.goto(f"{site.address}/connexion")
    page.locator("input[name=login]").first.fill(login)
    page.locator("input[name=password]").fill(passwords.DEMO_PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)
