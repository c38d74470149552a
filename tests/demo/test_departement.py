"""The demo's employer: its figures, its references and its standing people."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from skillshare.demo import chart
from skillshare.demo.departement import generate

TODAY = date(2026, 11, 22)


def luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def test_the_same_seed_gives_the_same_employer(orvanne):
    again = generate(today=TODAY)
    assert (again.agents, again.units) == (orvanne.agents, orvanne.units)
    assert generate(seed=7, today=TODAY).agents != orvanne.agents


def test_the_siret_is_well_formed_and_the_name_is_invented(orvanne):
    assert orvanne.employer.name == "Département de l’Orvanne"
    assert len(orvanne.employer.siret) == 14
    assert luhn(orvanne.employer.siret)


def test_the_figures_are_those_of_a_departement(orvanne):
    assert len(orvanne.agents) == 6500
    assert len(orvanne.sites) == 19
    assert 155 <= len(orvanne.units) <= 170
    assert len({agent.job for agent in orvanne.agents}) == 185
    assert set(chart.trades()) and {trade.name for trade in chart.trades()} <= {a.job for a in orvanne.agents}


@pytest.mark.parametrize("size", [700, 1500, 6501, 12_000])
def test_another_size_is_exactly_that_size(size):
    assert len(generate(agents=size, today=TODAY).agents) == size


def test_too_few_agents_for_the_chart_are_refused():
    with pytest.raises(ValueError, match="at least"):
        generate(agents=100)


def test_staff_numbers_and_mails_are_unique_and_a_few_have_no_mail(orvanne):
    assert len({agent.employee_id for agent in orvanne.agents}) == 6500
    mails = [agent.email for agent in orvanne.agents if agent.email]
    assert len(set(mails)) == len(mails) == 6500 - 13
    assert all(re.fullmatch(r"[a-z-]+\.[a-z-]+\d*@orvanne\.example", mail) for mail in mails)


def test_phones_are_unique_and_in_ranges_kept_for_fiction(orvanne):
    phones = [agent.phone for agent in orvanne.agents if agent.phone]
    assert len(set(phones)) == len(phones) > 6400
    assert all(re.fullmatch(r"(02 61 91|01 99 00|03 53 01|04 65 71|05 36 49) \d\d \d\d", p) for p in phones)


def test_every_unit_hangs_on_a_parent_listed_before_it_and_has_a_head(orvanne):
    seen = {None}
    numbers = {agent.employee_id for agent in orvanne.agents}
    for unit in orvanne.units:
        assert unit.parent_code in seen
        assert unit.head_id in numbers
        seen.add(unit.code)
    assert len(seen) == len(orvanne.units) + 1
    assert {unit.kind for unit in orvanne.units} == {
        "collectivité", "direction générale adjointe", "direction", "SAM", "service"}


def test_managers_exist_are_somebody_else_and_lead_to_the_top(orvanne):
    top = orvanne.person("farid")
    for agent in orvanne.agents:
        line = [agent]
        while line[-1].manager_id:
            line.append(orvanne.agent(line[-1].manager_id))
            assert len(line) < 10
        assert line[-1] == top


def test_agents_belong_to_known_units_sites_and_values(orvanne):
    units = {unit.code for unit in orvanne.units}
    sites = {(site.name, site.code) for site in orvanne.sites}
    for agent in orvanne.agents:
        assert agent.unit_code in units
        assert (agent.site, agent.site_code) in sites
        assert agent.category in "ABC"
        assert agent.status in ("titulaire", "stagiaire", "CDI", "CDD")
        assert 50 <= agent.working_time <= 100
        assert agent.entry_date < TODAY
        assert agent.exit_date is None or agent.exit_date > TODAY
        assert (agent.status == "CDD") <= (agent.exit_date is not None)


def test_caps_are_between_five_and_fifteen_percent_of_the_subtree(orvanne):
    capped = [unit for unit in orvanne.units if unit.cap is not None]
    assert {"direction", "service"} == {unit.kind for unit in capped}
    assert len(capped) > 50
    for unit in capped:
        time_below = sum(agent.working_time for code in orvanne.subtree(unit.code)
                         for agent in orvanne.members(code))
        assert unit.cap <= max(100, 0.15 * time_below + 10)
        assert unit.cap >= min(50, 0.05 * time_below)


def test_the_standing_people_stand_where_the_story_needs_them(orvanne):
    bob, chloe, alice = (orvanne.person(key) for key in ("bob", "chloe", "alice"))
    assert bob.manager_id == chloe.employee_id
    assert orvanne.unit(bob.unit_code).head_id == chloe.employee_id
    assert orvanne.person("marc").unit_code == chloe.unit_code
    assert chloe.manager_id == orvanne.person("paul").employee_id
    assert orvanne.unit("SOL-SAM").head_id == alice.employee_id
    assert orvanne.unit("SOL-SAM").label == "SAM Solidarités"
    assert orvanne.ancestors(bob.unit_code)[-2] != orvanne.ancestors(alice.unit_code)[-2]
    assert orvanne.unit("ORV").head_id == orvanne.person("farid").employee_id
    assert alice.email == "alice.ferrand@orvanne.example"
    assert len(orvanne.members(bob.unit_code)) == 11


def test_nobody_else_bears_the_name_of_a_standing_person(orvanne):
    names = Counter(agent.full_name for agent in orvanne.agents)
    assert all(names[orvanne.person(key).full_name] == 1 for key in orvanne.people)
    assert set(orvanne.people) >= {"alice", "bob", "chloe", "marc", "david", "farid", "mona", "ali", "aude",
                                   "emma"}
