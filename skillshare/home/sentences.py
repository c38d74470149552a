"""The title of the home page, and what each term of the fit looks at."""

from __future__ import annotations

from skillshare.ground.typography import date_fr, due_state
from skillshare.home.tasks import Task
from skillshare.organisation.models import Agent

NUMBERS = ("", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
TERM_SENTENCES = {
    "level": "Les niveaux demandés sont une condition. Au-dessus, des points s’ajoutent.",
    "desired": "Une part des points par compétence souhaitée et déclarée.",
    "neighbour": "Tous les points quand les compétences indispensables sont déclarées elles-mêmes ; une part quand une "
                 "compétence voisine, acceptée par le service, en tient lieu.",
    "margin": "L’offre couvre-t-elle les dates, et largement ?",
    "distance": "Depuis la résidence administrative. À distance : tous les points.",
    "freshness": "Une offre relue récemment est plus sûre.",
    "fairness": "Qui a été le moins prêté sur douze mois passe plus tôt.",
}


def title_of(agent: Agent, tasks: list[Task]) -> str:
    """« Bonjour Chloé, trois choses vous attendent, dont une en retard »."""
    if not tasks:
        return f"Bonjour {agent.first_name}, rien ne vous attend"
    count = len(tasks)
    what = "une chose vous attend" if count == 1 else f"{_word(count)} choses vous attendent"
    return f"Bonjour {agent.first_name}, {what}{_most_pressing(tasks)}"


def _most_pressing(tasks: list[Task]) -> str:
    late = sum(due_state(task.due_on) == "late" for task in tasks)
    if late:
        return ", en retard" if len(tasks) == 1 else f", dont {_word(late)} en retard"
    first = tasks[0].due_on
    if due_state(first) != "soon":
        return ""
    return f", avant le {date_fr(first)}" if len(tasks) == 1 else f", dont une avant le {date_fr(first)}"


def _word(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)
