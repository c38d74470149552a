"""``make bench``: every comparison of the engine with its peers, written into docs/performance.md.

``python -m benchmarks`` runs all sections and writes each into the page when it is done. ``--case`` runs some cases
only, all whose name begins so (a whole section by its own name is written too), and ``--case country`` the
candidates of a country, minutes that are not in the rest; ``--pairs`` is how many times ours and a peer alternate;
``--quick`` runs everything once and writes nothing, to see that it works.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess  # the other benchmarks print their own sections
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import assignment, candidates, growth, pools, protocol, report

SECTIONS: dict[str, tuple[tuple[str, ...], Callable[[list[str], int], str]]] = {
    "assignments": (tuple(assignment.CASES), assignment.section),
    "pools": (tuple(pools.CASES), pools.section),
    "candidates": (tuple(candidates.CASES), candidates.section),
    "growth": (tuple(growth.CASES), growth.section),
    "country": (("country",), candidates.country),
}
"""Sections that compare under the protocol: their cases, and what makes their text."""

ASKED_FOR = ("country",)
"""Sections that take so long that they run only where they are named."""

PRINTED: dict[str, Callable[[int], tuple[str, ...]]] = {
    "nights": lambda pairs: ("benchmarks.nights", "--rounds", str(pairs)),
    "explain": lambda pairs: ("benchmarks.explain", "s1000", "200", "20"),
}
"""Sections that are what a module prints: its arguments."""


def printed(arguments: tuple[str, ...]) -> str:
    """Return what a module prints on one thread: Markdown as it is, a line of JSON as a table.

    Raises
    ------
    RuntimeError
        When it failed, with what it said last.
    """
    command = [sys.executable, "-m", *arguments]
    alone = os.environ | dict.fromkeys(protocol.THREADS, "1")
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError((done.stderr.splitlines() or ["it failed without a word"])[-1])
    text = done.stdout.strip()
    if text.startswith("|"):
        return text
    facts = json.loads(text.splitlines()[-1])
    return protocol.table(("what", "value"), [(name.replace("_", " "), _words(value)) for name, value in facts.items()])


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return str(value)


def sections(chosen: list[str], pairs: int) -> list[tuple[str, bool, Callable[[], str]]]:
    """Return name, whether it is whole, and maker of each section to run."""
    some: list[tuple[str, bool, Callable[[], str]]] = []
    for name, (cases, make) in SECTIONS.items():
        every = name in chosen if chosen else name not in ASKED_FOR
        named = [one for one in chosen if one not in SECTIONS]
        wanted = [case for case in cases if every or any(case.startswith(one) for one in named)]
        if wanted:
            some.append((name, len(wanted) == len(cases), lambda make=make, wanted=wanted: make(wanted, pairs)))
    for name, arguments in PRINTED.items():
        if not chosen or name in chosen:
            some.append((name, True, lambda arguments=arguments: printed(arguments(pairs))))
    return some


def main(arguments: list[str] | None = None) -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [*SECTIONS, *PRINTED, *(case for cases, _ in SECTIONS.values() for case in cases)]
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="; ".join(names))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="once each, and nothing written")
    parser.add_argument("--processor", action="store_true", help="count the processor's time: on a busy machine")
    parser.add_argument("--child", nargs=3, metavar=("MODULE", "CASE", "WHO"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        protocol.child(*given.child)
        return
    if given.processor:
        os.environ[protocol.BUSY] = "1"
    pairs, begin = 1 if given.quick else given.pairs, time.perf_counter()
    clock = " Processor's seconds." if given.processor else ""
    for name, whole, make in sections(given.case, pairs):
        since = time.perf_counter()
        try:
            text = make()
        except RuntimeError as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        took = f"{name}: {time.perf_counter() - since:.0f} s"
        print(f"\n## {name}\n\n{text}\n\n{took}\n", flush=True)
        if whole and not given.quick:
            command = f"`make bench BENCH='--case {name} --pairs {pairs}'`" if given.case or pairs != 5 else "`make bench`"
            report.write(name, f"{text}\n\n{command}, {time.strftime('%Y-%m-%d')}. {protocol.machine()}{clock}")
    print(f"all: {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
