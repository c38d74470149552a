"""Generates the loans of the past year, within the skills, capacities and caps of that time."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from skillshare.demo.needs import FIRST, make_need, monday, people_of, texts, units_of
from skillshare.demo.offers import offers as generate_offers
from skillshare.demo.people import PEOPLE
from skillshare.demo.rows import Departement, Need, NeedText, Offer, PastLoan, Window

RECURRENT = ("archives-versement", "CUL-ARC-01")   # asked four times in the year: the recurrence HR must see
_EARLY = 0.06
_PASSES = 30      # over the library of texts before giving up


def history(departement: Departement, offers: Iterable[Offer] | None = None,
            count: int = 60) -> tuple[PastLoan, ...]:
    """Generate `count` loans ended or running on `departement.today`, by rising start."""
    return _History(departement, tuple(offers or generate_offers(departement))).run(count)


class _Ledger:
    """What each agent and each unit's subtree has on loan, day by day, in hundredths."""

    def __init__(self, departement: Departement) -> None:
        self.departement = departement
        self.agents: defaultdict[tuple[str, date], int] = defaultdict(int)
        self.units: defaultdict[tuple[str, date], int] = defaultdict(int)

    def fits(self, agent_id: str, days: list[date], load: int) -> bool:
        agent = self.departement.agent(agent_id)
        if any(self.agents[agent_id, day] + load > agent.working_time for day in days):
            return False
        units = (self.departement.unit(code) for code in self.departement.ancestors(agent.unit_code))
        return all(unit.cap is None or self.units[unit.code, day] + load <= unit.cap
                   for unit in units for day in days)

    def write(self, agent_id: str, days: list[date], load: int) -> None:
        for day in days:
            self.agents[agent_id, day] += load
            for code in self.departement.ancestors(self.departement.agent(agent_id).unit_code):
                self.units[code, day] += load


class _History:
    def __init__(self, departement: Departement, offers: tuple[Offer, ...]) -> None:
        self.departement, self.offers, self.today = departement, offers, departement.today
        self.rng = random.Random(departement.seed * 31 + 3)
        self.ledger = _Ledger(departement)
        self.texts = {text.key: text for text in texts()}
        self.levels = {offer.agent_id: {skill.code: skill.level for skill in offer.skills}
                       for offer in offers}
        self.lent = {person.employee_id for person in PEOPLE}
        self.found: list[PastLoan] = []

    def run(self, count: int) -> tuple[PastLoan, ...]:
        self._standing()
        for text, unit_code, starts_on in self._asked():
            if len(self.found) >= count:
                break
            self._lend(text, unit_code, starts_on)
        if len(self.found) < count:
            raise ValueError(f"only {len(self.found)} past loans fit these agents and offers")
        return tuple(sorted(self.found, key=lambda loan: (loan.starts_on, loan.agent_id)))

    def _standing(self) -> None:
        """Bob built stands in October; Sonia welcomes newcomers until the end of January."""
        people = self.departement.people
        stands = self.texts["tribunes-fete-sport"]
        self._record(stands, "EDU-JEU-01", monday(self.today - timedelta(49)), people["bob"])
        welcome = replace(self.texts["accueil-nouveaux"], load=30, weeks=13)
        self._record(welcome, "RES-RH-03", monday(self.today - timedelta(21)), people["sonia"])

    def _asked(self) -> Iterator[tuple[NeedText, str, date]]:
        key, unit_code = RECURRENT
        for days in (350, 260, 180, 95):
            yield self.texts[key], unit_code, monday(self.today - timedelta(days))
        library = [text for text in self.texts.values() if text.key not in (FIRST, key)]
        for _ in range(_PASSES):
            for text in self.rng.sample(library, len(library)):
                mondays = _mondays(text, self.today)
                if mondays:
                    yield text, units_of(self.rng, self.departement, text)[0], self.rng.choice(mondays)

    def _lend(self, text: NeedText, unit_code: str, starts_on: date) -> None:
        """Record one loan by a fitting volunteer who has not lent yet; none when nobody fits."""
        days = _days(starts_on, _planned_end(text, starts_on))
        able = [offer.agent_id for offer in self.offers if self._suits(offer, text, unit_code, starts_on)
                and self.ledger.fits(offer.agent_id, days, text.load)]
        if able:
            self._record(text, unit_code, starts_on, self.rng.choice(able))

    def _suits(self, offer: Offer, text: NeedText, unit_code: str, starts_on: date) -> bool:
        levels = self.levels[offer.agent_id]
        if not all(levels.get(ask.code, 0) >= ask.level for ask in text.skills if ask.required):
            return False
        agent = self.departement.agent(offer.agent_id)
        here = agent.entry_date < starts_on - timedelta(60)
        stays = agent.exit_date is None or agent.exit_date > _planned_end(text, starts_on)
        free = agent.employee_id not in self.lent and text.load <= offer.highest_load
        return here and stays and free and agent.unit_code != unit_code

    def _record(self, text: NeedText, unit_code: str, starts_on: date, agent_id: str) -> None:
        need = self._need(text, unit_code, starts_on)
        ends_on, state = self._end(need)
        # the planned end, so that caps also held while an early end was not yet known
        self.ledger.write(agent_id, _days(starts_on, need.ends_on), text.load)
        self.lent.add(agent_id)
        signed_on = starts_on - timedelta(self.rng.choice((4, 5, 6, 7, 10, 11, 12)))
        offer = self._offer(agent_id, need)
        self.found.append(PastLoan(agent_id, need, offer, signed_on, starts_on, ends_on, text.load,
                                   state))

    def _need(self, text: NeedText, unit_code: str, starts_on: date) -> Need:
        requester, lead = people_of(self.rng, self.departement, unit_code)
        published_on = starts_on - timedelta(self.rng.randrange(28, 50))
        key = f"passe-{len(self.found) + 1:03}"
        made = make_need(self.departement, text, unit_code, key, requester, lead, starts_on, published_on)
        return replace(made, seats=1)

    def _offer(self, agent_id: str, need: Need) -> Offer:
        """The agent's offer of that time: free from its publication to a month after the need."""
        offer = next(offer for offer in self.offers if offer.agent_id == agent_id)
        window = Window(need.published_on - timedelta(10), need.ends_on + timedelta(30))
        return replace(offer, windows=(window,), published_on=window.starts_on,
                       highest_load=max(offer.highest_load, need.load))

    def _end(self, need: Need) -> tuple[date, str]:
        if need.ends_on >= self.today:
            return need.ends_on, "running"
        weeks = (need.ends_on - need.starts_on).days // 7
        if weeks >= 4 and need.unit_code != RECURRENT[1] and self.rng.random() < _EARLY:
            return need.ends_on - timedelta(7 * self.rng.randint(1, weeks // 2)), "ended_early"
        return need.ends_on, "ended"


def _planned_end(text: NeedText, starts_on: date) -> date:
    return starts_on + timedelta(7 * text.weeks - 3)


def _days(starts_on: date, ends_on: date) -> list[date]:
    return [starts_on + timedelta(rank) for rank in range((ends_on - starts_on).days + 1)]


def _mondays(text: NeedText, today: date) -> list[date]:
    """Mondays of the past year in the text's season."""
    first = monday(today - timedelta(364))
    weeks = (first + timedelta(7 * rank) for rank in range(51))
    past = (day for day in weeks if day < today - timedelta(3))
    return [day for day in past if not text.months or day.month in text.months]
