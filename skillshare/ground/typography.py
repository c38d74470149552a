"""French words for dates and numbers: pure functions, and their Jinja filters with that of text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

from skillshare.ground import clock
from skillshare.ground.french import MONTHS, NBSP, THIN, fr

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin",
                "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def _local(instant: datetime) -> datetime:
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(clock.ZONE)


def _day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _ordinal(day: int) -> str:
    return "1er" if day == 1 else str(day)


def date_fr(value: date | datetime | None, year: bool | None = None, weekday: bool = True) -> str:
    """« mardi 1er décembre »; the year is written where it differs from today's, or as `year` says."""
    if value is None:
        return ""
    day = _day(value)
    words = [_ordinal(day.day), MONTHS[day.month - 1]]
    if year or (year is None and day.year != clock.today().year):
        words.append(str(day.year))
    text = NBSP.join(words[:2]) + "".join(f" {word}" for word in words[2:])
    return f"{DAYS[day.weekday()]} {text}" if weekday else text


def short_date(value: date | datetime | None, year: bool = True) -> str:
    """« 11/01/2027 », or « 11/01 » without the year."""
    return "" if value is None else _day(value).strftime("%d/%m/%Y" if year else "%d/%m")


def month_fr(value: date, year: bool | None = None, short: bool = False) -> str:
    """« janvier 2027 », the year as in date_fr; « janv. » if short."""
    name = (SHORT_MONTHS if short else MONTHS)[value.month - 1]
    return f"{name} {value.year}" if year or (year is None and value.year != clock.today().year) else name


def date_range(start: date, end: date, year: bool | None = None) -> str:
    """« du 11 janvier au 19 mars 2027 »; both ends are included."""
    if start == end:
        return f"le {date_fr(start, year, weekday=False)}"
    if start.year != end.year:
        return f"du {date_fr(start, True, weekday=False)} au {date_fr(end, True, weekday=False)}"
    last = date_fr(end, year, weekday=False)
    first = _ordinal(start.day) if start.month == end.month else date_fr(start, False, weekday=False)
    return f"du {first} au {last}"


def time_fr(value: datetime) -> str:
    """« 10 h 42 », local time."""
    moment = _local(value)
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02d}"


def datetime_fr(value: datetime | None, year: bool | None = None, weekday: bool = False) -> str:
    """« 28 septembre, 18 h 40 », local time."""
    return "" if value is None else f"{date_fr(value, year, weekday)}, {time_fr(value)}"


def number_fr(value: float | Decimal | None, decimals: int | None = None) -> str:
    """« 1 312 », « 0,7 »; without `decimals`, at most two and no trailing zero."""
    if value is None:
        return ""
    places = 2 if decimals is None else decimals
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, rest = f"{abs(number):,f}".partition(".")
    rest = rest.rstrip("0") if decimals is None else rest
    sign = "−" if number < 0 else ""
    return sign + whole.replace(",", THIN) + (f",{rest}" if rest else "")


def km_fr(km: float) -> str:
    """« 14 km », « moins de 1 km ».

    >>> km_fr(0.2)
    'moins de 1\\xa0km'
    """
    return f"moins de 1{NBSP}km" if km < 0.5 else f"{number_fr(km, 0)}{NBSP}km"


def percent_fr(hundredths: float | None) -> str:
    """40 hundredths of full time: « 40 % »."""
    return "" if hundredths is None else f"{number_fr(hundredths)}{NBSP}%"


def fte_fr(hundredths: float | None) -> str:
    """70 hundredths of full time: « 0,7 ETP »."""
    return "" if hundredths is None else f"{number_fr(Decimal(str(hundredths)) / 100)}{NBSP}ETP"


def hours_fr(hours: float | Decimal | None) -> str:
    """14.5 hours: « 14 h 30 »."""
    if hours is None:
        return ""
    whole, minutes = divmod(round(Decimal(str(hours)) * 60), 60)
    return f"{whole}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")


def plural(count: float, singular: str, many: str | None = None, number: bool = True) -> str:
    """« 3 agents »; by default every word takes an s. French keeps the singular under 2."""
    words = singular if abs(count) < 2 else many or " ".join(map(_with_s, singular.split(" ")))
    return f"{number_fr(count)}{NBSP}{words}" if number else words


def _with_s(word: str) -> str:
    return word if word.endswith(("s", "x", "z")) else f"{word}s"


def days_fr(days: float, working: bool = False) -> str:
    """« 5 jours », « 5 jours ouvrés » where they bind."""
    return plural(days, "jour ouvré" if working else "jour")


def age_fr(since: date | datetime | None, ago: bool = False) -> str:
    """« depuis 3 jours », « depuis hier »; « il y a 3 jours », « hier » with `ago`."""
    if since is None:
        return ""
    days = (clock.today() - _day(since)).days
    if days < 2:
        word = "hier" if days == 1 else "aujourd’hui"
        return word if ago else f"depuis {word}"
    return f"{'il y a' if ago else 'depuis'} {_duration(days)}"


def _duration(days: int) -> str:
    if days < 21:
        return days_fr(days)
    return plural(days // 7, "semaine") if days < 61 else plural(days // 30, "mois")


def due_fr(on: date | datetime | None) -> str:
    """« Avant le mardi 1er décembre », « Avant demain soir », « En retard de 2 jours »."""
    if on is None:
        return ""
    left = (_day(on) - clock.today()) // timedelta(days=1)
    if left < 0:
        return f"En retard de {days_fr(-left)}"
    return {0: "Avant ce soir", 1: "Avant demain soir"}.get(left, f"Avant le {date_fr(on)}")


def due_state(on: date | datetime | None) -> str:
    """« late » once past, « soon » at 5 working days or less, else nothing: the class of a deadline chip."""
    if on is None:
        return ""
    day, today = _day(on), clock.today()
    if day < today:
        return "late"
    return "soon" if day <= clock.add_working_days(today, 5) else ""


def initials(name: str) -> str:
    """« Bob Tessier »: BT, for the round beside a name."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


FILTERS: tuple[Callable[..., str], ...] = (
    fr, date_fr, short_date, month_fr, date_range, time_fr, datetime_fr, number_fr, percent_fr, fte_fr,
    hours_fr, days_fr, plural, age_fr, due_fr, due_state, initials,
)


def register(app: Flask) -> None:
    """Add every function of this page as a filter of the same name."""
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
