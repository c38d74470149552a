"""The market: what agents offer and what seats ask, as checked arrays, before any pair is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching import arrays
from matching.arrays import Bools, Floats, Ints
from matching.pool import Pool

GROUPS = {
    "agent": ("unit", "max_load", "working_time", "lat", "lon", "max_km", "remote", "offer_age", "days_lent"),
    "skill": ("agent", "id", "level"),
    "window": ("agent", "start", "end"),
    "seat": (
        "need", "unit", "requester", "start", "end", "load", "priority", "lat", "lon", "remote", "site",
    ),
    "demand": ("seat", "skill", "level", "required", "neighbours"),
    "unit": ("parent", "cap"),
    "site": ("agent", "id"),
    "neighbour": ("skill", "other", "weight"),
    "excluded": ("agent", "need"),
    "busy": ("agent", "start", "end", "load"),
}
OPTIONAL = ("site", "neighbour", "excluded", "busy")
FLOATS = frozenset({
    "agent_max_load", "agent_working_time", "agent_lat", "agent_lon", "agent_max_km", "agent_offer_age",
    "agent_days_lent", "seat_load", "seat_lat", "seat_lon", "unit_cap", "neighbour_weight", "busy_load",
})
BOOLS = frozenset({"agent_remote", "seat_remote", "demand_required", "demand_neighbours"})
MAY_BE_NAN = frozenset({"agent_lat", "agent_lon", "seat_lat", "seat_lon"})
SHARES = ("agent_max_load", "agent_working_time", "neighbour_weight")
IDENTIFIERS = ("skill_id", "demand_skill", "site_id", "neighbour_skill", "neighbour_other", "excluded_need")
HIGHEST_LEVEL = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Market:
    """Offers and seats of one exchange, from which `candidates` makes the pairs.

    Arrays are taken as by `Pool`; lists are accepted. A is the number of agents, S of
    seats, U of units. Agents, seats and units are positions in these arrays; needs, skills and sites are
    any integers ≥ 0. Days are integers, ends exclusive.

    Parameters
    ----------
    agent_unit : (A,) int
        Position of each agent's unit.
    agent_max_load, agent_working_time : (A,) float
        Highest load offered, and working time, in [0, 1]; an agent's simultaneous loads stay under the
        lower of the two. A highest load of 0 means no live offer.
    agent_lat, agent_lon : (A,) float
        Degrees; nan where unknown.
    agent_max_km : (A,) float
        Farthest place accepted, as the crow flies; inf = anywhere.
    agent_remote : (A,) bool
        Accepts remote work.
    agent_offer_age : (A,) float
        Days since the offer was published or confirmed, ≥ 0.
    agent_days_lent : (A,) float
        Days lent in the last 12 months, ≥ 0.
    skill_agent, skill_id, skill_level : (K,) int
        Skills offered, level 1 to 4; each (agent, skill) at most once.
    window_agent, window_start, window_end : (W,) int
        Availability windows.
    seat_need, seat_unit, seat_requester : (S,) int
        Need, requesting unit (-1 = none), agent who asked (-1 = not among the agents).
    seat_start, seat_end, seat_load, seat_priority : (S,)
        As in `Pool`.
    seat_lat, seat_lon : (S,) float
        Degrees; nan where the seat has no place.
    seat_remote : (S,) bool
        May be done remotely.
    demand_seat, demand_skill, demand_level : (D,) int
        Skills asked, level 1 to 4.
    demand_required, demand_neighbours : (D,) bool
        Required or only desired; whether a neighbouring skill may stand in.
    unit_parent, unit_cap : (U,)
        As in `Pool`.
    site_agent, site_id : (N,) int, optional
        Sites an agent accepts whatever the distance.
    seat_site : (S,) int, optional
        Site of each seat, -1 = none.
    neighbour_skill, neighbour_other, neighbour_weight : (E,), optional
        A skill asked, one that may stand in for it, and how well, in [0, 1]. Directed.
    excluded_agent, excluded_need : (X,) int, optional
        Pairs that do not come back: declined or refused.
    busy_agent, busy_start, busy_end, busy_load : (B,), optional
        Commitments, as in `Pool`.
    margin_days, distance_km, freshness_days, lent_days : float
        Scales of the terms, > 0; see `candidates`.

    Raises
    ------
    InvalidPool
        With the rule, the row and the array.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> market = small_market()
    >>> market.agents, market.seats
    (3, 1)
    """

    agent_unit: Ints
    agent_max_load: Floats
    agent_working_time: Floats
    agent_lat: Floats
    agent_lon: Floats
    agent_max_km: Floats
    agent_remote: Bools
    agent_offer_age: Floats
    agent_days_lent: Floats
    skill_agent: Ints
    skill_id: Ints
    skill_level: Ints
    window_agent: Ints
    window_start: Ints
    window_end: Ints
    seat_need: Ints
    seat_unit: Ints
    seat_requester: Ints
    seat_start: Ints
    seat_end: Ints
    seat_load: Floats
    seat_priority: Ints
    seat_lat: Floats
    seat_lon: Floats
    seat_remote: Bools
    demand_seat: Ints
    demand_skill: Ints
    demand_level: Ints
    demand_required: Bools
    demand_neighbours: Bools
    unit_parent: Ints
    unit_cap: Floats
    site_agent: Ints = None  # type: ignore[assignment]  # optional columns are empty where not given
    site_id: Ints = None  # type: ignore[assignment]
    seat_site: Ints = None  # type: ignore[assignment]  # -1 everywhere where not given
    neighbour_skill: Ints = None  # type: ignore[assignment]
    neighbour_other: Ints = None  # type: ignore[assignment]
    neighbour_weight: Floats = None  # type: ignore[assignment]
    excluded_agent: Ints = None  # type: ignore[assignment]
    excluded_need: Ints = None  # type: ignore[assignment]
    busy_agent: Ints = None  # type: ignore[assignment]
    busy_start: Ints = None  # type: ignore[assignment]
    busy_end: Ints = None  # type: ignore[assignment]
    busy_load: Floats = None  # type: ignore[assignment]
    margin_days: float = 15.0
    distance_km: float = 50.0
    freshness_days: float = 180.0
    lent_days: float = 90.0

    def __post_init__(self) -> None:
        """Convert, then check what `Pool` does not."""
        if self.seat_site is None:
            object.__setattr__(self, "seat_site", np.full(np.size(self.seat_need), -1))
        for group, names in GROUPS.items():
            for name in names:
                self._take(f"{group}_{name}", optional=group in OPTIONAL)
            arrays.same_length({f"{group}_{name}": getattr(self, f"{group}_{name}") for name in names})
        self._check_indexes()
        self._check_values()
        self.pool()

    def _take(self, name: str, *, optional: bool) -> None:
        values = getattr(self, name)
        dtype = np.float64 if name in FLOATS else np.bool_ if name in BOOLS else np.int64
        column = arrays.column(() if optional and values is None else values, dtype, name)
        object.__setattr__(self, name, column)

    def _check_indexes(self) -> None:
        for name in ("skill_agent", "window_agent", "site_agent", "excluded_agent"):
            arrays.in_range(getattr(self, name), self.agents, name)
        arrays.in_range(self.seat_requester, self.agents, "seat_requester", lowest=-1)
        arrays.in_range(self.seat_unit, self.unit_parent.size, "seat_unit", lowest=-1)
        arrays.in_range(self.demand_seat, self.seats, "demand_seat")
        for name in IDENTIFIERS:
            arrays.refuse("index", getattr(self, name) < 0, name)

    def _check_values(self) -> None:
        arrays.no_nan((name, getattr(self, name)) for name in sorted(FLOATS - MAY_BE_NAN))
        for name in SHARES:
            value = getattr(self, name)
            arrays.refuse("load" if name in SHARES[:2] else "skill", (value < 0.0) | (value > 1.0), name)
        for name in ("agent_max_km", "agent_offer_age", "agent_days_lent"):
            arrays.refuse("number", getattr(self, name) < 0.0, name)
        for name in ("skill_level", "demand_level"):
            level = getattr(self, name)
            arrays.refuse("skill", (level < 1) | (level > HIGHEST_LEVEL), name)
        arrays.valid_periods(self.window_start, self.window_end, "window_start")
        arrays.no_twice(self.skill_agent, self.skill_id, "skill_agent")
        for name in ("margin_days", "distance_km", "freshness_days", "lent_days"):
            arrays.refuse("number", np.array([not getattr(self, name) > 0.0]), name)

    def pool(
        self, agent: Ints | None = None, seat: Ints | None = None, fit: Floats | None = None
    ) -> Pool:
        """Return the pool of these pairs, by default of none.

        Examples
        --------
        >>> from matching.examples import small_market
        >>> small_market().pool().pairs
        0
        """
        return Pool(
            pair_agent=np.zeros(0, np.int64) if agent is None else agent,
            pair_seat=np.zeros(0, np.int64) if seat is None else seat,
            pair_fit=np.zeros(0) if fit is None else fit,
            seat_need=self.seat_need, seat_start=self.seat_start, seat_end=self.seat_end,
            seat_load=self.seat_load, seat_priority=self.seat_priority, agent_unit=self.agent_unit,
            agent_capacity=np.minimum(self.agent_max_load, self.agent_working_time),
            unit_parent=self.unit_parent, unit_cap=self.unit_cap, busy_agent=self.busy_agent,
            busy_start=self.busy_start, busy_end=self.busy_end, busy_load=self.busy_load,
        )

    @property
    def agents(self) -> int:
        """Number of agents, A."""
        return self.agent_unit.size

    @property
    def seats(self) -> int:
        """Number of seats, S."""
        return self.seat_need.size
