"""The moves of annealing, in the part of Python that compiles: arrays, indexes and numbers."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

MOST = 4
"""Missions let go by one move at most."""

IDLE = 0.5
"""Share of the draws of a place without a seat left that are passed over: open seats matter more."""

MULTIPLIER, INCREMENT, MASK, LOW, RANGE = 25_214_903_917, 11, (1 << 48) - 1, 16, float(1 << 32)
"""The congruential generator of drand48: 48 bits kept, the highest 32 used."""


class Facts(NamedTuple):
    """What annealing never changes; a use is a column and one of the `levels` of groups that limit it.

    The columns of a place are ``order[first[place]:first[place + 1]]``, and the missions that use a group are kept in
    ``users[first_user[group]:]``. A holder is an agent and a need.
    """

    order: Any  # (k,)
    first: Any  # (places + 1,)
    place: Any  # (n,)
    holder: Any  # (n,)
    begin: Any  # (n,) days
    end: Any
    units: Any  # (n,) thousandths of full time
    groups_of: Any  # (n · levels,), -1 where there is none
    levels: int
    days: int
    first_user: Any  # (groups + 1,)
    gain: Any  # (n,) what a column is worth while annealing
    worth: Any  # (n,) what plans are compared by


class State(NamedTuple):
    """The plan, what it leaves, and the best plan met."""

    chosen: Any  # (n,) 0 or 1
    left: Any  # (groups · days,) thousandths
    seats: Any  # (places,) without an agent
    held: Any  # (holders,) the column chosen, -1 where there is none
    users: Any  # (uses,) the uses of each group
    count: Any  # (groups,) how many
    slot: Any  # (n · levels,) where a use stands among `users`
    best: Any  # (n,) 0 or 1


def draw(drawn: Any) -> float:
    """Return the next number in [0, 1) of the generator whose state is ``drawn[0]``.

    Examples
    --------
    >>> state = [7]
    >>> round(draw(state), 3), round(draw(state), 3)
    (0.001, 0.118)
    """
    state = (int(drawn[0]) * MULTIPLIER + INCREMENT) & MASK
    drawn[0] = state
    return (state >> LOW) / RANGE


def fits(column: int, state: State, facts: Facts) -> bool:
    """Say whether the limits leave room for a column on each of its days."""
    left, groups_of, levels, days = state.left, facts.groups_of, facts.levels, facts.days
    for at in range(column * levels, (column + 1) * levels):
        group = groups_of[at]
        if group >= 0:
            for day in range(group * days + facts.begin[column], group * days + facts.end[column]):
                if left[day] < facts.units[column]:
                    return False
    return True


def shift(column: int, sign: int, state: State, facts: Facts) -> None:
    """Take a column in (`sign` 1) or let it go (-1)."""
    users, count, slot = state.users, state.count, state.slot
    levels, days, units = facts.levels, facts.days, sign * facts.units[column]
    for at in range(column * levels, (column + 1) * levels):
        group = facts.groups_of[at]
        if group < 0:
            continue
        for day in range(group * days + facts.begin[column], group * days + facts.end[column]):
            state.left[day] -= units
        if sign > 0:
            slot[at] = facts.first_user[group] + count[group]
            users[slot[at]] = at
            count[group] += 1
        else:
            count[group] -= 1
            last = users[facts.first_user[group] + count[group]]
            users[slot[at]] = last
            slot[last] = slot[at]
    state.chosen[column] = 1 if sign > 0 else 0
    state.seats[facts.place[column]] -= sign
    state.held[facts.holder[column]] = column if sign > 0 else -1


def enter(state: State, facts: Facts) -> None:
    """Take in the columns marked as chosen."""
    for column in range(len(state.chosen)):
        if state.chosen[column]:
            shift(column, 1, state, facts)


def in_the_way(group: int, day: int, state: State, facts: Facts, drawn: Any) -> int:
    """Return a mission that uses a group on a day, drawn; -1 where there is none."""
    count = state.count[group]
    if count == 0:
        return -1
    at = int(draw(drawn) * count)
    for _ in range(count):
        column = state.users[facts.first_user[group] + at] // facts.levels
        if facts.begin[column] <= day < facts.end[column]:
            return column
        at = at + 1 if at + 1 < count else 0
    return -1


def make_room(column: int, gone: Any, state: State, facts: Facts, drawn: Any) -> int:
    """Let go what stands in a column's way, into `gone`; return how many, or their opposite where room lacks still."""
    place, order, number = facts.place[column], facts.order, 0
    if state.seats[place] <= 0:
        for at in range(facts.first[place], facts.first[place + 1]):
            if state.chosen[order[at]] and number == 0:
                gone[number] = order[at]
                number += 1
                shift(order[at], -1, state, facts)
    held = state.held[facts.holder[column]]
    if held >= 0:
        gone[number] = held
        number += 1
        shift(held, -1, state, facts)
    for at in range(column * facts.levels, (column + 1) * facts.levels):
        group = facts.groups_of[at]
        if group < 0:
            continue
        day = facts.begin[column]
        while day < facts.end[column]:
            if state.left[group * facts.days + day] >= facts.units[column]:
                day += 1
                continue
            other = in_the_way(group, day, state, facts, drawn) if number < MOST else -1
            if other < 0:
                return -1 - number
            gone[number] = other
            number += 1
            shift(other, -1, state, facts)
    return number


def settle_elsewhere(column: int, state: State, facts: Facts, drawn: Any) -> int:
    """Take in another column of a column's place that has room, from a drawn one on; return it, -1 for none."""
    place = facts.place[column]
    begin, end = facts.first[place], facts.first[place + 1]
    if state.seats[place] <= 0 or begin == end:
        return -1
    at = begin + int(draw(drawn) * (end - begin))
    for _ in range(begin, end):
        other = facts.order[at]
        if not state.chosen[other] and state.held[facts.holder[other]] < 0 and fits(other, state, facts):
            shift(other, 1, state, facts)
            return other
        at = at + 1 if at + 1 < end else begin
    return -1


def bring_in(column: int, gone: Any, come: Any, state: State, facts: Facts, drawn: Any) -> tuple[int, int]:
    """Take a column in, and settle elsewhere what stands in its way; return how many went, into `gone`, and came, into `come`.

    None came where room lacks still.
    """
    number = make_room(column, gone, state, facts, drawn)
    if number < 0:
        return -1 - number, 0
    shift(column, 1, state, facts)
    come[0], arrived = column, 1
    for at in range(number):
        other = settle_elsewhere(gone[at], state, facts, drawn)
        if other >= 0:
            come[arrived] = other
            arrived += 1
    return number, arrived


def take_back(gone: Any, left: int, come: Any, arrived: int, state: State, facts: Facts) -> None:
    """Undo what `bring_in` did."""
    for at in range(arrived - 1, -1, -1):
        shift(come[at], -1, state, facts)
    for at in range(left - 1, -1, -1):
        shift(gone[at], 1, state, facts)


def change_of(value: Any, gone: Any, left: int, come: Any, arrived: int) -> float:
    """Return what a move adds to the values of the chosen columns."""
    change = value[come[0]]
    for at in range(left):
        change -= value[gone[at]]
    for at in range(1, arrived):
        change += value[come[at]]
    return change


def anneal(state: State, facts: Facts, sums: Any, drawn: Any, gone: Any, come: Any, heat: float, moves: int) -> None:
    """Try `moves` moves at one temperature; ``state.best`` becomes the best plan met.

    Parameters
    ----------
    state : State
    facts : Facts
    sums : (2,) float
        Worth of the plan, and of the best one.
    drawn : (1,) int
        State of the generator.
    gone, come : (MOST + 2,) int
        Room to work in.
    heat : float
        Temperature, positive.
    """
    first = facts.first
    for _ in range(moves):
        where = int(draw(drawn) * len(state.seats))
        if first[where] == first[where + 1] or (state.seats[where] <= 0 and draw(drawn) < IDLE):
            continue
        column = facts.order[first[where] + int(draw(drawn) * (first[where + 1] - first[where]))]
        if state.chosen[column]:
            continue
        least = heat * math.log(1.0 - draw(drawn))
        left, arrived = bring_in(column, gone, come, state, facts, drawn)
        if not arrived or change_of(facts.gain, gone, left, come, arrived) < least:
            take_back(gone, left, come, arrived, state, facts)
            continue
        sums[0] += change_of(facts.worth, gone, left, come, arrived)
        if sums[0] > sums[1] + 1e-9:
            sums[1] = sums[0]
            state.best[:] = state.chosen
