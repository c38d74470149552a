"""One pool: agents, seats, candidate pairs, units and commitments, as checked arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from matching import arrays
from matching.arrays import Floats, Ints
from matching.sound import sound_pairs, sound_rest
from matching.units import depths

TOLERANCE = 1e-6
"""Sums hold up to this, in the solver and in the check alike (0.1 + 0.2 fits 0.3)."""

PAIRS = ("pair_agent", "pair_seat", "pair_fit")
SEATS = ("seat_need", "seat_start", "seat_end", "seat_load", "seat_priority")
AGENTS = ("agent_unit", "agent_capacity")
UNITS = ("unit_parent", "unit_cap")
BUSY = ("busy_agent", "busy_start", "busy_end", "busy_load")
FLOATS = frozenset({"pair_fit", "pair_load", "seat_load", "agent_capacity", "unit_cap", "busy_load"})

NOBODY = {name: arrays.column([], np.float64 if name in FLOATS else np.int64, name) for name in BUSY}
"""No commitments."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """The statement of one problem: who may fill what, and under which limits.

    Arrays are copied, converted, checked and frozen; one that owns its memory and is read-only already is taken
    as it is. Lists are accepted.

    Parameters
    ----------
    pair_agent, pair_seat : (P,) int
        Candidate pairs, positions of agents and seats; each (agent, seat) at most once.
    pair_fit : (P,) float
        Fit of each pair, in [0, 1].
    seat_need : (S,) int
        Number of each seat's need, ≥ 0; an agent takes at most one seat of a need.
    seat_start, seat_end : (S,) int
        Days [start, end), end exclusive.
    seat_load : (S,) float
        Share of full time, in ]0, 1].
    seat_priority : (S,) int
        Class of each seat, 0 the most urgent; numbers may be missing.
    agent_unit, agent_capacity : (A,) int, (A,) float
        Position of each agent's unit; share of full time, ≥ 0.
    unit_parent, unit_cap : (U,) int, (U,) float
        Position of each unit's parent, -1 at a root; full-time equivalents of its subtree that may be
        on loan on one day, ≥ 0, inf = no cap.
    pair_load : (P,) float, optional
        Load of each pair; by default its seat's.
    busy_agent, busy_start, busy_end, busy_load : (B,), optional
        Commitments: time promised or given, which uses the agent's capacity and every cap above.

    Raises
    ------
    InvalidPool
        With the rule, the row and the array: index out of range, different lengths, nan, fit outside
        [0, 1], load outside ]0, 1], negative capacity or cap, start ≥ end, the same (agent, seat)
        twice, a cycle of units, a negative priority.

    Examples
    --------
    One agent at full time, two seats on the same days, of which only one fits:

    >>> pool = Pool(pair_agent=[0, 0], pair_seat=[0, 1], pair_fit=[0.4, 0.9],
    ...             seat_need=[0, 1], seat_start=[0, 0], seat_end=[5, 5],
    ...             seat_load=[0.6, 0.6], seat_priority=[0, 0],
    ...             agent_unit=[0], agent_capacity=[1.0], unit_parent=[-1], unit_cap=[float("inf")])
    >>> pool.classes
    1
    >>> pool.pair_load
    array([0.6, 0.6])
    """

    pair_agent: Ints
    pair_seat: Ints
    pair_fit: Floats
    seat_need: Ints
    seat_start: Ints
    seat_end: Ints
    seat_load: Floats
    seat_priority: Ints
    agent_unit: Ints
    agent_capacity: Floats
    unit_parent: Ints
    unit_cap: Floats
    pair_load: Floats = None  # type: ignore[assignment]  # filled with each seat's load
    busy_agent: Ints = None  # type: ignore[assignment]  # empty where not given
    busy_start: Ints = None  # type: ignore[assignment]
    busy_end: Ints = None  # type: ignore[assignment]
    busy_load: Floats = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        """Convert, then check every rule, cheapest first."""
        for name in (*PAIRS, *SEATS, *AGENTS, *UNITS, *BUSY):
            self._take(name, NOBODY[name] if getattr(self, name) is None and name in BUSY else getattr(self, name))
        for group in (PAIRS, SEATS, AGENTS, UNITS, BUSY):
            arrays.same_length({name: getattr(self, name) for name in group})
        # beside a search, as caps mostly mean, checking takes no time, and the compiler would double the memory
        has_caps = bool(np.isfinite(self.unit_cap).any())
        pairs = not has_caps and sound_pairs(self.pair_agent, self.pair_seat, self.pair_fit, self.agents, self.seats)
        sound = pairs and not self.busy_agent.size and sound_rest(*(getattr(self, name) for name in (*SEATS, *AGENTS, *UNITS)))
        if not sound:
            self._check_indexes(pairs)
        sound = sound and self.pair_load is None
        if self.pair_load is None:
            object.__setattr__(self, "pair_load", self._seat_loads())
        else:
            self._take("pair_load", self.pair_load)
        arrays.same_length({"pair_agent": self.pair_agent, "pair_load": self.pair_load})
        if not sound and not self._holds_at_a_glance(pairs):
            self._check_values()
        if not pairs:
            arrays.no_twice(self.pair_agent, self.pair_seat, "pair_agent")
        depths(self.unit_parent)

    def _take(self, name: str, values: ArrayLike) -> None:
        dtype = np.float64 if name in FLOATS else np.int64
        object.__setattr__(self, name, arrays.column(values, dtype, name))

    def _seat_loads(self) -> Floats:
        """Return each pair's load, its seat's; one number stands for all where all are the same."""
        load = self.seat_load
        if load.size and load.min() == load.max():
            return arrays.one_for_all(load[:1], self.pairs)
        taken = load[self.pair_seat]
        taken.setflags(write=False)
        return taken

    def _holds_at_a_glance(self, pairs: bool) -> bool:
        """Say whether no value can be refused, without looking for the row at fault; fits are known to hold if `pairs`."""
        return (
            (pairs or arrays.within_one(self.pair_fit))
            and all(arrays.within_one(load) and load.all() for load in self._loads())
            and all(limit.size == 0 or float(limit.min()) >= 0.0 for limit in (self.agent_capacity, self.unit_cap))
            and bool((self.seat_start < self.seat_end).all() and (self.busy_start < self.busy_end).all())
            and (self.seat_priority.size == 0 or int(self.seat_priority.min()) >= 0)
        )

    def _loads(self) -> tuple[Floats, ...]:
        pair = self.pair_load[:1] if self.pair_load.strides == (0,) else self.pair_load
        return (self.seat_load, pair, self.busy_load)

    def _check_indexes(self, pairs: bool) -> None:
        if not pairs:
            arrays.in_range(self.pair_agent, self.agents, "pair_agent")
            arrays.in_range(self.pair_seat, self.seats, "pair_seat")
        arrays.in_range(self.agent_unit, self.units, "agent_unit")
        arrays.in_range(self.unit_parent, self.units, "unit_parent", lowest=-1)
        arrays.in_range(self.busy_agent, self.agents, "busy_agent")
        arrays.refuse("index", self.seat_need < 0, "seat_need")

    def _check_values(self) -> None:
        arrays.no_nan((name, getattr(self, name)) for name in sorted(FLOATS))
        arrays.refuse("fit", (self.pair_fit < 0.0) | (self.pair_fit > 1.0), "pair_fit")
        for name in ("seat_load", "pair_load", "busy_load"):
            arrays.valid_loads(getattr(self, name), name)
        arrays.refuse("capacity", self.agent_capacity < 0.0, "agent_capacity")
        arrays.refuse("cap", self.unit_cap < 0.0, "unit_cap")
        arrays.valid_periods(self.seat_start, self.seat_end, "seat_start")
        arrays.valid_periods(self.busy_start, self.busy_end, "busy_start")
        arrays.refuse("priority", self.seat_priority < 0, "seat_priority")

    def committed(self, rows: Ints) -> Pool:
        """Return the pool where the missions of `rows` are commitments.

        Examples
        --------
        >>> from matching.examples import small_pool
        >>> small_pool().committed(np.array([1])).busy_load
        array([0.5])
        """
        seat = self.pair_seat[rows]
        return replace(
            self, busy_agent=np.append(self.busy_agent, self.pair_agent[rows]),
            busy_start=np.append(self.busy_start, self.seat_start[seat]),
            busy_end=np.append(self.busy_end, self.seat_end[seat]),
            busy_load=np.append(self.busy_load, self.pair_load[rows]),
        )

    def part(self, rows: Ints) -> Pool:
        """Return the pool with only the pairs of `rows`, in their order.

        Examples
        --------
        >>> from matching.examples import small_pool
        >>> small_pool().part(np.array([2])).pair_agent
        array([1])
        """
        columns = ("pair_agent", "pair_seat", "pair_fit", "pair_load")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})

    @property
    def pairs(self) -> int:
        """Number of candidate pairs, P."""
        return self.pair_agent.size

    @property
    def seats(self) -> int:
        """Number of seats, S."""
        return self.seat_need.size

    @property
    def agents(self) -> int:
        """Number of agents, A."""
        return self.agent_unit.size

    @property
    def units(self) -> int:
        """Number of units, U."""
        return self.unit_parent.size

    @property
    def classes(self) -> int:
        """Number of classes: the highest priority number + 1, 0 without seats."""
        return int(self.seat_priority.max()) + 1 if self.seats else 0
