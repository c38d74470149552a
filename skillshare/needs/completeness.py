"""What a need must hold to be published, and to stay so."""

from __future__ import annotations

from datetime import date

from skillshare.ground.errors import RuleBroken
from skillshare.needs.models import Need, Remote


def lacking(need: Need, *, on: date) -> list[tuple[int, str, str]]:
    """What a need still lacks to be published: (step of the form, field, what to do)."""
    rules = [
        (1, "title", bool(need.title.strip()), "Donnez un titre court : ce que la personne viendra faire."),
        (1, "reason", need.reason is not None, "Dites pourquoi maintenant."),
        (1, "context", bool(need.context.strip()), "Décrivez la situation en quelques phrases."),
        (1, "expected_results", bool(need.expected_results.strip()), "Dites ce qui sera fait à la fin."),
        (1, "support_answer", need.support_answer is not None, "Dites si un service support le fait déjà."),
        (2, "add", any(d.required for d in need.demands), "Ajoutez au moins une compétence indispensable."),
        (3, "starts_on", need.starts_on is not None and need.starts_on > on, "Choisissez un début à venir."),
        (3, "ends_on", bool(need.starts_on and need.ends_on and need.ends_on >= need.starts_on),
         "Choisissez une fin après le début."),
        (3, "load", need.load is not None, "Dites quelle part du temps est demandée."),
        (3, "site_id", need.site_id is not None or need.remote == Remote.FULLY,
         "Choisissez un site, ou le travail à distance."),
    ]
    return [(step, field, message) for step, field, holds, message in rules if not holds]


def check_complete(need: Need, *, on: date) -> None:
    """Refuse with the first thing that lacks."""
    for _step, field, message in lacking(need, on=on):
        raise RuleBroken(field, message)
