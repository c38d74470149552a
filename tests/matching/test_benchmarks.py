"""The page of results is written section by section, and no word around the marks is touched."""

import importlib
import re
from pathlib import Path

import pytest

import matching

ROOT = Path(__file__).parents[2]


@pytest.fixture
def benchmarks(monkeypatch):
    """Return what imports a module of the benchmarks, which are no part of the install."""
    monkeypatch.syspath_prepend(ROOT)
    return lambda name: importlib.import_module(f"benchmarks.{name}")


def test_a_section_is_written_between_its_marks_alone(benchmarks):
    page = "Before.\n<!-- bench: a -->\nold\nolder\n<!-- end: a -->\nBetween.\n<!-- bench: b -->\n<!-- end: b -->\nAfter.\n"
    written = benchmarks("report").written
    assert written(page, "a", "new\\1") == page.replace("old\nolder", "new\\1")
    with pytest.raises(ValueError, match="no marks for c"):
        written(page, "c", "new")


def test_the_page_has_the_marks_of_every_section(benchmarks):
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    main = benchmarks("__main__")
    names = [*main.SECTIONS, *main.PRINTED]
    assert sorted(re.findall("<!-- bench: (.*) -->", page)) == sorted(re.findall("<!-- end: (.*) -->", page)) == sorted(names)


@pytest.mark.parametrize(("asked", "sections"), [
    (["pools"], [("pools", True)]), (["dense"], [("assignments", False), ("growth", False)]),
    (["country"], [("country", True)]), (["nights"], [("nights", True)]), (["nothing"], []),
])
def test_cases_are_asked_for_by_the_beginning_of_their_name_and_sections_by_theirs(benchmarks, asked, sections):
    assert [(name, whole) for name, whole, _ in benchmarks("__main__").sections(asked, 1)] == sections


def test_a_solver_out_of_patience_has_no_ratio(benchmarks):
    quick, slow = {"seconds": 1.0}, {"seconds": 4.0}
    assert benchmarks("protocol").ratios([[quick, slow], [slow, slow], [quick, None]], 1) == [0.25, 1.0]


@pytest.mark.parametrize("case", ["dense", "sparse"])
def test_every_peer_finds_what_we_find(benchmarks, case):
    families, peers = benchmarks("families"), benchmarks("peers")
    arrays = families.dense(30, 40) if case == "dense" else families.sparse(30, 200, degree=8)
    plan = matching.solve(matching.Pool(**arrays))
    for who in peers.PEERS:
        if peers.is_there(who) and (case == "dense" or who not in ("lapx lapjvs", "scipy dense")):
            theirs = peers.run(who, arrays)
            assert tuple(theirs["filled"]) == plan.filled and theirs["fit"] == pytest.approx(plan.fit, abs=1e-4), who
