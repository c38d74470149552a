"""The protocol of all comparisons: fresh processes, one thread, ours and the peer in turn, medians with their spread.

A module that compares has a ``measure(case, who)``, which makes the arrays, calls `started` and returns what it cost as
a dict with ``seconds`` (from arrays to a checked solution) and ``peak_mb``; it runs in a process of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import json
import os
import platform
import resource
import selectors
import statistics
import subprocess  # each measure has its own process
import sys
import time
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
EXTRAS = ("numba", "highspy", "ortools")
"""What the plain install lacks."""
PATIENCE = 60.0
"""Seconds after which a solver is stopped, counted from the arrays."""
STARTED, BUSY = "started", "BENCH_PROCESSOR"
Row = tuple[str, ...]
Run = dict[str, Any]


class Clock:
    """Seconds since it was made, of the wall and of the processor."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def seconds(self) -> float:
        """Return the seconds since: of the processor where the environment asks for it (``--processor``)."""
        if os.environ.get(BUSY):
            return time.process_time() - self._processor
        return time.perf_counter() - self._wall


def started() -> None:
    """Tell the parent that the arrays are there: a solver's patience, and its highest memory, count from now."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # what making the arrays freed goes back to the system
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    print(STARTED, flush=True)


def peak_mb() -> float:
    """Return the highest resident memory since `started`, with the interpreter and the arrays, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def child(module: str, case: str, who: str) -> None:
    """Measure in this process; ``who`` ending in "plain" is ours without what is optional."""
    if who.endswith("plain"):
        sys.modules.update(dict.fromkeys(EXTRAS))  # type: ignore[arg-type]  # None: an import that fails
    result = import_module(f"benchmarks.{module}").measure(case, who)
    print(json.dumps(result))


def fresh(module: str, case: str, who: str, *, patience: float = PATIENCE) -> Run | None:
    """Measure in a fresh process on one thread; None when it took longer than `patience` seconds.

    Raises
    ------
    RuntimeError
        When the process failed, with what it said.
    """
    command = [sys.executable, "-m", "benchmarks", "--child", module, case, who]
    with subprocess.Popen(  # noqa: S603
        command, env=os.environ | dict.fromkeys(THREADS, "1"), stdout=subprocess.PIPE, text=True,
    ) as process:
        out = process.stdout
        while (line := out.readline()) and line.strip() != STARTED:
            pass
        begin = time.perf_counter()
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            if not ready.select(patience + 1.0):
                process.kill()
                return None
        lines = out.read().splitlines()
    if process.returncode or not lines:
        raise RuntimeError(f"{who} failed on {case} after {time.perf_counter() - begin:.0f} s")
    result: Run = json.loads(lines[-1])
    return result if result["seconds"] <= patience else None


def alternate(module: str, case: str, whos: tuple[str, ...], pairs: int, *, patience: float = PATIENCE) -> list[list[Run | None]]:
    """Return `pairs` rounds of one run each, in turn; one who was out of patience is not asked again."""
    rounds: list[list[Run | None]] = []
    for _ in range(pairs):
        done: list[Run | None] = []
        for at, who in enumerate(whos):
            hopeless = bool(rounds) and rounds[-1][at] is None
            done.append(None if hopeless else fresh(module, case, who, patience=patience))
        rounds.append(done)
    return rounds


def ratios(rounds: list[list[Run | None]], peer: int, name: str = "seconds") -> list[float]:
    """Return, ascending, the first one's time over a peer's in the same round."""
    pairs = [(one[0], one[peer]) for one in rounds]
    return sorted(mine[name] / theirs[name] for mine, theirs in pairs if mine is not None and theirs is not None)


def spread(values: list[float], digits: int = 3) -> str:
    """Return the median and the range."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"**{middle:.{digits}f}** ({low:.{digits}f} to {high:.{digits}f})"


def seconds(values: list[float]) -> str:
    """Return a median with three digits that matter."""
    middle = statistics.median(values)
    return f"{middle:.{3 if middle < 1 else 2 if middle < 10 else 1}f}" if middle >= 0.1 else f"{middle:.4f}"


def table(head: Row, rows: list[Row]) -> str:
    """Return a table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def is_there(package: str) -> bool:
    """Say whether a package can be imported."""
    return importlib.util.find_spec(package) is not None


def machine() -> str:
    """Return what everything was measured on: processor, cores, system, versions."""
    names = ("numpy", "scipy", "networkx", "numba", "highspy", "ortools", "lapx", "scikit-learn")
    packages = ", ".join(f"{name} {_version(name)}" for name in names)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{_processor()}, {cores} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {packages}; one thread each."
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        named = dict(line.split(":", 1) for line in facts.read_text().splitlines() if ":" in line)
        found = {key.strip(): value.strip() for key, value in named.items()}
        return " ".join(found.get("model name", platform.processor()).split())
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
