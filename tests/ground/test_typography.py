"""French text, dates and numbers say what a French reader expects."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from skillshare.ground import clock, typography
from skillshare.ground.typography import (
    age_fr,
    date_fr,
    date_range,
    datetime_fr,
    days_fr,
    due_fr,
    due_state,
    fr,
    fte_fr,
    hours_fr,
    initials,
    number_fr,
    percent_fr,
    plural,
    short_date,
)


def plain(text):
    return text.replace("\u00a0", "_").replace("\u202f", "~")


@pytest.fixture(autouse=True)
def tuesday_24_november_2026():
    with clock.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(("written", "shown"), [
    ("L'agent d'accueil", "L’agent d’accueil"),
    ("Qui la voit ?", "Qui la voit~?"),
    ("Qui la voit?", "Qui la voit~?"),
    ("Sans réponse : rappel ; puis N+2 !", "Sans réponse_: rappel~; puis N+2~!"),
    ("Source: SIRH", "Source_: SIRH"),
    ('Besoin "Renfort" publié', "Besoin «_Renfort_» publié"),
    ("« Renfort »", "«_Renfort_»"),
    ("40 % ou 40%", "40_% ou 40_%"),
    ("le 11 janvier ou le 1er mars", "le 11_janvier ou le 1er_mars"),
    ("1 846 offres, 1 000 000 agents", "1~846 offres, 1~000~000_agents"),
    ("9 h 30, 14 km, 5 jours ouvrés", "9_h_30, 14_km, 5_jours ouvrés"),
    ("https://exemple.fr/a?b=1;c", "https://exemple.fr/a?b=1;c"),
    ("à 10:42", "à 10:42"),
    ("besoin 2026-147 100 % tenu", "besoin 2026-147 100_% tenu"),
])
def test_text_gets_french_spaces_and_apostrophes(written, shown):
    assert plain(fr(written)) == shown


@pytest.mark.parametrize("text", ["L'agent : oui !", "« 1 846 » ; 40 %", "Qui?"])
def test_text_already_set_stays_the_same(text):
    assert fr(fr(text)) == fr(text)


def test_plain_text_stays_to_be_escaped():
    assert not isinstance(fr("<b>a ?</b>"), Markup)


def test_tags_and_character_references_of_markup_are_left_alone():
    text = fr(Markup('<a href="/x?a=1" title="a : b">A &amp; B : l&#39;un ?</a>'))
    assert isinstance(text, Markup)
    assert plain(text) == '<a href="/x?a=1" title="a : b">A &amp; B_: l’un~?</a>'


def test_nothing_is_an_empty_text():
    assert [fr(None), date_fr(None), number_fr(None), due_fr(None), initials("")] == [""] * 5


def test_dates_say_the_year_only_when_it_differs():
    assert plain(date_fr(date(2026, 12, 1))) == "mardi 1er_décembre"
    assert plain(date_fr(date(2027, 1, 11))) == "lundi 11_janvier 2027"
    assert plain(date_fr(date(2026, 12, 2), year=True, weekday=False)) == "2_décembre 2026"


def test_short_dates_keep_two_figures():
    assert short_date(date(2027, 1, 5)) == "05/01/2027"
    assert short_date(date(2027, 1, 5), year=False) == "05/01"


@pytest.mark.parametrize(("start", "end", "shown"), [
    (date(2027, 1, 11), date(2027, 3, 19), "du 11_janvier au 19_mars 2027"),
    (date(2026, 11, 2), date(2027, 1, 29), "du 2_novembre 2026 au 29_janvier 2027"),
    (date(2026, 10, 7), date(2026, 10, 23), "du 7 au 23_octobre"),
    (date(2026, 12, 1), date(2026, 12, 1), "le 1er_décembre"),
])
def test_ranges_repeat_nothing(start, end, shown):
    assert plain(date_range(start, end)) == shown


def test_instants_are_shown_at_local_time():
    assert plain(datetime_fr(datetime(2026, 9, 28, 16, 40, tzinfo=UTC))) == "28_septembre, 18_h_40"
    assert plain(datetime_fr(datetime(2026, 12, 31, 23, 30))) == "1er_janvier 2027, 0_h_30"


@pytest.mark.parametrize(("value", "decimals", "shown"), [
    (1312, None, "1~312"), (0.7, None, "0,7"), (1.0, 1, "1,0"),
    (-2.5, None, "−2,5"), (1234567.891, None, "1~234~567,89"),
])
def test_numbers_use_a_comma_and_narrow_spaces(value, decimals, shown):
    assert plain(number_fr(value, decimals)) == shown


def test_loads_come_from_hundredths():
    assert [plain(text) for text in (percent_fr(40), fte_fr(70), hours_fr(14.5), hours_fr(14))] == [
        "40_%", "0,7_ETP", "14_h_30", "14_h"]


def test_plural_starts_at_two():
    assert [plain(plural(n, "agent volontaire")) for n in (0, 1, 1.5, 2)] == [
        "0_agent volontaire", "1_agent volontaire", "1,5_agent volontaire", "2_agents volontaires"]
    assert plural(3, "mois", number=False) == "mois"
    assert plain(days_fr(5, working=True)) == "5_jours ouvrés"


@pytest.mark.parametrize(("day", "shown"), [
    (date(2026, 11, 24), "depuis aujourd’hui"), (date(2026, 11, 23), "depuis hier"),
    (date(2026, 11, 21), "depuis 3_jours"), (date(2026, 11, 1), "depuis 3_semaines"),
    (date(2026, 8, 1), "depuis 3_mois"),
])
def test_age_grows_from_days_to_months(day, shown):
    assert plain(age_fr(day)) == shown


def test_age_can_look_back():
    assert plain(age_fr(date(2026, 11, 18), ago=True)) == "il y a 6_jours"


@pytest.mark.parametrize(("on", "shown", "state"), [
    (date(2026, 11, 22), "En retard de 2_jours", "late"), (date(2026, 11, 24), "Avant ce soir", "soon"),
    (date(2026, 11, 25), "Avant demain soir", "soon"),
    (date(2026, 12, 1), "Avant le mardi 1er_décembre", "soon"),
    (date(2026, 12, 2), "Avant le mercredi 2_décembre", ""),
])
def test_deadlines_are_soon_at_five_working_days(on, shown, state):
    assert (plain(due_fr(on)), due_state(on)) == (shown, state)


def test_initials_are_those_of_the_first_and_last_words():
    assert [initials(name) for name in ("Bob Tessier", "étienne Vasseur", "Anne Le Goff", "Mona")] == [
        "BT", "ÉV", "AG", "M"]


def test_filters_leave_escaping_to_the_template():
    app = Flask(__name__)
    typography.register(app)
    with app.app_context():
        assert "&lt;b&gt;" in render_template_string("{{ text|fr }}", text="<b>l'agent ?</b>")
