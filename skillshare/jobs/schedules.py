"""When jobs are due, in the employer's time; never between 2 and 3 h, the hour that clock changes skip or repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from skillshare.ground import clock

HOURS = "0-1,3-23"


@dataclass(frozen=True)
class Daily:
    """Once a day at that time; `working_days`: neither on week-ends nor on public holidays."""

    hour: int
    minute: int = 0
    working_days: bool = False

    @property
    def cron(self) -> dict[str, str]:
        return {"hour": str(self.hour), "minute": str(self.minute)}

    @property
    def label(self) -> str:
        return f"{self.hour} h {self.minute:02d}" + (", jours ouvrés" if self.working_days else ", chaque jour")

    def slot(self, local: datetime) -> str | None:
        """The slot that is due at this local time, or None: nothing is due yet, or not today."""
        is_closed = self.working_days and not clock.is_working_day(local.date())
        return None if is_closed or local.time() < time(self.hour, self.minute) else ""


@dataclass(frozen=True)
class Every:
    """Every so many minutes; a slot is the beginning of its period."""

    minutes: int

    @property
    def cron(self) -> dict[str, str]:
        return {"hour": HOURS, "minute": f"*/{self.minutes}"}

    @property
    def label(self) -> str:
        return "chaque minute" if self.minutes == 1 else f"toutes les {self.minutes} minutes"

    def slot(self, local: datetime) -> str | None:
        return None if local.hour == 2 else f"{local.hour:02d}:{local.minute // self.minutes * self.minutes:02d}"


Schedule = Daily | Every
