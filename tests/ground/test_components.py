"""Every component macro is drawn once on the living page, as sound HTML without inline style or script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from skillshare.ground import axis, showcase, typography

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "templates" / "components_page.html").read_text(encoding="utf-8")
ALL = (ROOT / "templates" / "components" / "all.html").read_text(encoding="utf-8")
USED_BY_OTHERS = {"mark", "supply", "csrf", "errors_summary"}
VOID = {"br", "hr", "img", "input", "link", "meta"}


class Reader(HTMLParser):
    """Collects attributes and ids, and refuses tags that do not match."""

    def __init__(self):
        super().__init__()
        self.open, self.attributes, self.ids, self.text, self.referred = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.handle_attributes(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.handle_attributes(tag, attrs)

    def handle_attributes(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        for name, value in attrs:
            if name in ("for", "aria-labelledby", "aria-describedby", "list"):
                self.referred += value.split()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "code"):
            self.text.append(data)


def components():
    return render_template("components_page.html", **showcase.samples())


def make_app():
    app = Flask(__name__, root_path=str(ROOT))
    app.config.update(SECRET_KEY="for tests only", BOOTSTRAP_SERVE_LOCAL=True)
    Bootstrap5(app)
    CSRFProtect(app)
    typography.register(app)
    axis.register(app)
    app.add_url_rule("/composants", view_func=components)
    return app


@pytest.fixture(scope="module")
def html():
    answer = make_app().test_client().get("/composants")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def reader(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("macro", sorted(set(re.findall(r"set (\w+) =", ALL)) - USED_BY_OTHERS))
def test_macro_is_on_the_living_page(macro):
    assert f"sk.{macro}(" in PAGE


def test_every_tag_is_closed(reader):
    assert reader.open == []


def test_nothing_is_inline(html, reader):
    assert [found for found in reader.attributes if found[1] == "style" or found[1].startswith("on")] == []
    scripts = [name for tag, name, _ in reader.attributes if tag == "script"]
    assert scripts.count("src") == html.count("<script")


def test_ids_are_unique(reader):
    assert len(reader.ids) == len(set(reader.ids))


def test_labels_and_descriptions_point_to_something(reader):
    assert set(reader.referred) <= set(reader.ids)


def test_no_plain_space_stands_before_a_double_sign(reader):
    assert [text for text in reader.text if re.search(r"[^\s] [;!?:%»](?:\s|$)|« |\w'\w", text)] == []


def test_errors_are_summed_up_and_linked_to_their_field():
    app = make_app()
    with app.test_request_context("/"):
        form = showcase.sample_form()
        page = app.jinja_env.from_string(
            "{% import 'components/all.html' as sk %}{{ sk.errors_summary(form) }}{{ sk.date(form.end) }}")
        text = page.render(form=form)
    assert 'href="#end"' in text and 'href="#needed-0"' in text
    assert 'aria-describedby="end-error"' in text and 'aria-invalid="true"' in text


def test_error_page_says_what_to_do_next():
    app = make_app()
    with app.test_request_context("/"):
        text = render_template("error.html", title="Cette page n'existe pas", message="Vérifiez l'adresse.",
                               next_url="/", next_label="Revenir à l'accueil")
    assert "Cette page n’existe pas" in text and "Revenir à l’accueil" in text
