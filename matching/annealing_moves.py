"""The moves of annealing, in the part of Python that compiles: arrays, indexes and numbers."""

from __future__ import annotations

import math
from typing import Any

MOST = 4
"""Missions let go by one move at most."""

IDLE = 0.5
"""Share of the draws of a place without a seat left that are passed over: open seats matter more."""

MULTIPLIER, INCREMENT, MASK, LOW, RANGE = 25_214_903_917, 11, (1 << 48) - 1, 16, float(1 << 32)
"""The congruential generator of drand48: 48 bits kept, the highest 32 used."""


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


def fits(column: int, state: Any, facts: Any) -> bool:
    """Say whether the limits leave room for a column on each of its days."""
    left, (begin, end, units, groups_of, levels, days) = state[1], facts[4:10]
    for at in range(column * levels, (column + 1) * levels):
        group = groups_of[at]
        if group >= 0:
            for day in range(group * days + begin[column], group * days + end[column]):
                if left[day] < units[column]:
                    return False
    return True


def shift(column: int, sign: int, state: Any, facts: Any) -> None:
    """Take a column in (`sign` 1) or let it go (-1)."""
    chosen, left, seats, holder, users, count, slot = state[:7]
    place, holders, begin, end, units, groups_of, levels, days, first_user = facts[2:11]
    for at in range(column * levels, (column + 1) * levels):
        group = groups_of[at]
        if group < 0:
            continue
        for day in range(group * days + begin[column], group * days + end[column]):
            left[day] -= sign * units[column]
        if sign > 0:
            slot[at] = first_user[group] + count[group]
            users[slot[at]] = at
            count[group] += 1
        else:
            count[group] -= 1
            last = users[first_user[group] + count[group]]
            users[slot[at]] = last
            slot[last] = slot[at]
    chosen[column] = 1 if sign > 0 else 0
    seats[place[column]] -= sign
    holder[holders[column]] = column if sign > 0 else -1


def enter(state: Any, facts: Any) -> None:
    """Take in the columns marked as chosen."""
    for column in range(len(state[0])):
        if state[0][column]:
            shift(column, 1, state, facts)


def in_the_way(group: int, day: int, state: Any, facts: Any, drawn: Any) -> int:
    """Return a mission that uses a group on a day, drawn; -1 where there is none."""
    users, count = state[4], state[5]
    begin, end, _, _, levels, _, first_user = facts[4:11]
    if count[group] == 0:
        return -1
    at = int(draw(drawn) * count[group])
    for _ in range(count[group]):
        column = users[first_user[group] + at] // levels
        if begin[column] <= day < end[column]:
            return column
        at = at + 1 if at + 1 < count[group] else 0
    return -1


def make_room(column: int, gone: Any, state: Any, facts: Any, drawn: Any) -> int:
    """Let go what stands in a column's way, into `gone`; return how many, or their opposite where room lacks still."""
    chosen, left, seats, holder = state[:4]
    order, first, place, holders, begin, end, units, groups_of, levels, days = facts[:10]
    number = 0
    if seats[place[column]] <= 0:
        for at in range(first[place[column]], first[place[column] + 1]):
            if chosen[order[at]] and number == 0:
                gone[number] = order[at]
                number += 1
                shift(order[at], -1, state, facts)
    if holder[holders[column]] >= 0:
        gone[number] = holder[holders[column]]
        number += 1
        shift(gone[number - 1], -1, state, facts)
    for at in range(column * levels, (column + 1) * levels):
        group = groups_of[at]
        if group < 0:
            continue
        day = begin[column]
        while day < end[column]:
            if left[group * days + day] >= units[column]:
                day += 1
                continue
            other = in_the_way(group, day, state, facts, drawn) if number < MOST else -1
            if other < 0:
                return -1 - number
            gone[number] = other
            number += 1
            shift(other, -1, state, facts)
    return number


def settle_elsewhere(column: int, state: Any, facts: Any, drawn: Any) -> int:
    """Take in another column of a column's place that has room, from a drawn one on; return it, -1 for none."""
    chosen, seats, holder = state[0], state[2], state[3]
    order, first, place, holders = facts[:4]
    begin, end = first[place[column]], first[place[column] + 1]
    if seats[place[column]] <= 0 or begin == end:
        return -1
    at = begin + int(draw(drawn) * (end - begin))
    for _ in range(begin, end):
        other = order[at]
        if not chosen[other] and holder[holders[other]] < 0 and fits(other, state, facts):
            shift(other, 1, state, facts)
            return other
        at = at + 1 if at + 1 < end else begin
    return -1


def anneal(state: Any, facts: Any, sums: Any, drawn: Any, gone: Any, come: Any, heat: float, moves: int) -> None:
    """Try `moves` moves at one temperature; ``state[7]`` becomes the best plan met.

    Parameters
    ----------
    state : tuple of arrays
        chosen (n,), left (groups · days,), seats (places,), holder (agents and needs,), users (uses,), count
        (groups,), slot (n · levels,), best (n,).
    facts : tuple of arrays and numbers
        order (k,), first (places + 1,), place, holders, begin, end, units (n,), groups_of (n · levels,), levels,
        days, first_user (groups + 1,), gain, worth (n,).
    sums : (2,) float
        Worth of the plan, and of the best one.
    drawn : (1,) int
        State of the generator.
    gone, come : (MOST + 2,) int
        Room to work in.
    heat : float
        Temperature, positive.
    """
    chosen, seats, best = state[0], state[2], state[7]
    order, first, gain, worth = facts[0], facts[1], facts[11], facts[12]
    for _ in range(moves):
        where = int(draw(drawn) * len(seats))
        if first[where] == first[where + 1] or (seats[where] <= 0 and draw(drawn) < IDLE):
            continue
        column = order[first[where] + int(draw(drawn) * (first[where + 1] - first[where]))]
        if chosen[column]:
            continue
        least = heat * math.log(1.0 - draw(drawn))
        number = make_room(column, gone, state, facts, drawn)
        left_out, arrived = (number, 1) if number >= 0 else (-1 - number, 0)
        change, more = -1.0, 0.0
        if arrived:
            shift(column, 1, state, facts)
            come[0], change, more = column, gain[column], worth[column]
            for at in range(left_out):
                change -= gain[gone[at]]
                more -= worth[gone[at]]
            for at in range(left_out):
                other = settle_elsewhere(gone[at], state, facts, drawn)
                if other >= 0:
                    come[arrived] = other
                    arrived += 1
                    change += gain[other]
                    more += worth[other]
        if arrived and change >= least:
            sums[0] += more
            if sums[0] > sums[1] + 1e-9:
                sums[1] = sums[0]
                best[:] = chosen
            continue
        for at in range(arrived - 1, -1, -1):
            shift(come[at], -1, state, facts)
        for at in range(left_out - 1, -1, -1):
            shift(gone[at], 1, state, facts)
