"""The demo's offers, needs and past loans: counts, references, dates and capacities."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from skillshare.demo import chart
from skillshare.demo.departement import generate
from skillshare.demo.history import RECURRENT
from skillshare.demo.needs import needs, texts
from skillshare.demo.offers import offers
from skillshare.demo.rows import REASONS, REMOTE, SUPPORT_ANSWERS, VISIBILITIES
from skillshare.needs.models import NeedReason, Remote, SupportAnswer
from skillshare.offers.models import Visibility

TODAY = date(2026, 11, 22)


# ---- offers


def test_offers_are_the_number_asked_one_per_agent_and_repeatable(orvanne, offered):
    assert len(offered) == len({offer.agent_id for offer in offered}) == 1500
    assert offers(orvanne) == offered
    assert offers(orvanne, count=40)[0] == offered[0]


def test_every_code_used_is_in_the_catalogue(offered, codes):
    trade_codes = {code for trade in chart.trades() for code in trade.skills}
    text_codes = {ask.code for text in texts() for ask in text.skills}
    offered_codes = {skill.code for offer in offered for skill in offer.skills}
    assert trade_codes | text_codes | offered_codes <= codes
    assert len(offered_codes) > 200


def test_offers_stay_within_working_time_the_coming_year_and_the_contract(orvanne, offered):
    for offer in offered:
        agent = orvanne.agent(offer.agent_id)
        assert 20 <= offer.highest_load <= agent.working_time
        assert 1 <= len(offer.windows) <= 3
        for before, after in zip(offer.windows, offer.windows[1:], strict=False):
            assert before.ends_on < after.starts_on
        for window in offer.windows:
            assert TODAY <= window.starts_on <= window.ends_on <= TODAY + timedelta(365)
            assert agent.exit_date is None or window.ends_on <= agent.exit_date
        assert offer.published_on < TODAY


def test_offered_skills_are_distinct_with_levels_from_one_to_four(orvanne, offered):
    sites = {site.code for site in orvanne.sites}
    for offer in offered:
        assert len({skill.code for skill in offer.skills}) == len(offer.skills) >= 2
        assert all(1 <= skill.level <= 4 for skill in offer.skills)
        assert set(offer.site_codes) <= sites
        assert offer.visibility in VISIBILITIES


def test_the_values_are_those_of_the_rooms():
    assert set(VISIBILITIES) == {item.value for item in Visibility}
    assert set(REASONS) == {item.value for item in NeedReason}
    assert set(REMOTE) == {item.value for item in Remote}
    assert set(SUPPORT_ANSWERS) == {item.value for item in SupportAnswer}


def test_sign_language_is_rare_and_bob_signs(orvanne, offered):
    signing = {offer.agent_id: skill.level for offer in offered for skill in offer.skills
               if skill.code == "langue-des-signes"}
    assert signing[orvanne.people["bob"]] == 4
    assert sum(level >= 3 for level in signing.values()) == 3
    assert not {orvanne.people[key] for key in ("emma", "alice", "chloe")} & {o.agent_id for o in offered}


# ---- needs


def test_the_library_holds_at_least_seventy_different_texts(orvanne):
    assert len(texts()) >= 70
    for field in ("key", "title", "context", "results"):
        assert len({getattr(text, field) for text in texts()}) == len(texts())
    for text in texts():
        assert text.reason in REASONS
        assert text.remote in REMOTE
        assert text.support in SUPPORT_ANSWERS
        assert len(text.title) <= 100
        assert len(text.context) <= 600
        assert len(text.results) <= 400
        assert len(text.support_note) <= 200
        assert any(ask.required for ask in text.skills)
        assert len({ask.code for ask in text.skills}) == len(text.skills)
        for prefix in text.units:
            assert any(unit.code.startswith(prefix) for unit in orvanne.units), (text.key, prefix)


def test_the_texts_keep_french_typography():
    for text in texts():
        for words in (text.title, text.context, text.results, text.support_note):
            assert "'" not in words
            assert not re.search(r" [:;!?»%]|« ", words), words


def test_all_four_reasons_and_places_are_met(asked):
    assert {need.reason for need in asked} == set(REASONS)
    assert {need.remote for need in asked} == set(REMOTE)


@pytest.mark.parametrize("day", [TODAY, date(2027, 3, 2), date(2027, 7, 14), date(2028, 2, 29)])
def test_needs_are_a_hundred_and_twenty_for_two_hundred_places_on_any_day(day):
    asked = needs(generate(today=day))
    assert len(asked) == 120
    assert sum(need.seats for need in asked) == 200
    assert len({need.text_key for need in asked}) >= 70
    assert len({(need.text_key, need.unit_code) for need in asked}) == 120


def test_needs_are_dated_around_today_and_stated_by_their_unit(orvanne, asked):
    for need in asked:
        assert need.published_on <= TODAY < need.starts_on <= need.ends_on
        assert need.starts_on.weekday() == 0
        assert need.ends_on.weekday() == 4
        unit = orvanne.unit(need.unit_code)
        for number in (need.requester_id, need.mission_lead_id):
            assert orvanne.agent(number).unit_code == need.unit_code or unit.head_id == number
        assert (need.site_code == "") == (need.remote == "fully")
        assert 20 <= need.load <= 80
        assert 1 <= need.seats <= 6


def test_alices_need_comes_first_and_bob_fits_it(orvanne, offered, asked):
    first, bobs = asked[0], offered[0]
    assert first.requester_id == orvanne.people["alice"]
    assert bobs.agent_id == orvanne.people["bob"]
    levels = {skill.code: skill.level for skill in bobs.skills}
    assert all(levels[ask.code] >= ask.level for ask in first.skills if ask.required)
    assert bobs.windows[0].starts_on <= first.starts_on <= first.ends_on <= bobs.windows[0].ends_on
    assert first.load <= bobs.highest_load


def test_most_places_have_a_volunteer_and_a_few_have_none(offered, asked):
    fillable = sum(min(need.seats, len(_fitting(need, offered))) for need in asked)
    assert 170 <= fillable < 200


def _fitting(need, offered):
    return [offer for offer in offered if offer.highest_load >= need.load
            and _has_skills(offer, need) and _is_free(offer, need)]


def _has_skills(offer, need):
    levels = {skill.code: skill.level for skill in offer.skills}
    return all(levels.get(ask.code, 0) >= ask.level for ask in need.skills if ask.required)


def _is_free(offer, need):
    return any(window.starts_on <= need.starts_on and need.ends_on <= window.ends_on
               for window in offer.windows)


# ---- past loans


def test_sixty_loans_ran_over_the_past_year(lent):
    assert len(lent) == 60
    assert len({loan.starts_on.strftime('%Y-%m') for loan in lent}) >= 11
    assert {loan.state for loan in lent} == {"ended", "ended_early", "running"}
    for loan in lent:
        assert TODAY - timedelta(365) <= loan.starts_on < TODAY
        assert (loan.state == "running") == (loan.ends_on >= TODAY)
        assert (loan.state == "ended_early") == (loan.ends_on < loan.need.ends_on)
        assert loan.offer.published_on < loan.need.published_on < loan.signed_on < loan.starts_on
        assert loan.signed_on.weekday() < 5


def test_lent_agents_had_the_skills_and_came_from_elsewhere(orvanne, lent):
    assert len({loan.agent_id for loan in lent}) == 60
    for loan in lent:
        agent = orvanne.agent(loan.agent_id)
        assert agent.unit_code != loan.need.unit_code
        assert loan.agent_id not in (loan.need.requester_id, loan.need.mission_lead_id)
        assert agent.entry_date < loan.offer.published_on or loan.agent_id in orvanne.people.values()
        assert _has_skills(loan.offer, loan.need)
        assert _is_free(loan.offer, loan.need)
        assert loan.load == loan.need.load <= loan.offer.highest_load <= agent.working_time


def test_no_cap_was_passed_on_any_day_even_before_early_ends(orvanne, lent):
    used = Counter()
    for loan in lent:
        for rank in range((loan.need.ends_on - loan.starts_on).days + 1):
            for code in orvanne.ancestors(orvanne.agent(loan.agent_id).unit_code):
                used[code, loan.starts_on + timedelta(rank)] += loan.load
    caps = {unit.code: unit.cap for unit in orvanne.units if unit.cap is not None}
    assert all(total <= caps[code] for (code, _), total in used.items() if code in caps)


def test_one_service_asked_four_times_and_two_standing_people_were_lent(orvanne, lent):
    assert sum((loan.need.text_key, loan.need.unit_code) == RECURRENT for loan in lent) >= 4
    states = {loan.agent_id: loan.state for loan in lent}
    assert states[orvanne.people["bob"]] == "ended"
    assert states[orvanne.people["sonia"]] == "running"
