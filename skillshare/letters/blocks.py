"""The blocks of a mission letter as frozen values, each text with its French name and its bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

# Bounds of texts, in characters; forms import them so that a letter never refuses what a form took.
MAX_TITLE, MAX_CONTEXT, MAX_RESULT, MAX_RESULTS = 120, 600, 400, 8
MAX_NAME, MAX_LINE, MAX_PLACE, MAX_CLAUSE, MAX_NOTICE = 190, 200, 300, 800, 900
MAX_ITEMS = 12


def text(label: str, longest: int = MAX_LINE, **more: Any) -> Any:
    """A text printed on the letter: its French name in messages, and its bound."""
    return field(metadata={"label": label, "longest": longest}, **more)


def texts(label: str, longest: int = MAX_LINE, most: int = MAX_ITEMS, **more: Any) -> Any:
    return field(metadata={"label": label, "longest": longest, "most": most}, **more)


@dataclass(frozen=True, kw_only=True)
class Employer:
    name: str = text("Le nom de l’employeur")
    issuer: str = text("Le service qui établit la lettre")
    scheme: str = text("Le nom du dispositif")
    authority: str = text("L’autorité")
    color: str = "#16324f"
    logo_alt: str = text("La description de l’emblème", default="Emblème de l’employeur")


@dataclass(frozen=True, kw_only=True)
class AgentBlock:
    """`working_time` in percent of a full time."""

    name: str = text("Le nom de l’agent", MAX_NAME)
    staff_number: str = text("Le matricule", 30)
    grade: str = text("Le grade")
    job_framework: str = text("Le cadre d’emplois")
    category: str = text("La catégorie", 10)
    job: str = text("Le métier")
    working_time: float
    weekly_hours: float


@dataclass(frozen=True, kw_only=True)
class Home:
    unit: str = text("Le service d’origine")
    path: str = text("La direction d’origine")
    manager: str = text("Le nom du responsable hiérarchique", MAX_NAME)
    manager_quality: str = text("La qualité du responsable hiérarchique")
    contact: str = text("Le contact du service d’origine", default="")


@dataclass(frozen=True, kw_only=True)
class Host:
    unit: str = text("Le service d’accueil")
    path: str = text("La direction d’accueil")
    lead: str = text("Le nom du responsable de mission", MAX_NAME)
    lead_quality: str = text("La qualité du responsable de mission")
    contact: str = text("Le contact du service d’accueil", default="")


@dataclass(frozen=True, kw_only=True)
class Purpose:
    title: str = text("L’intitulé de la mission", MAX_TITLE)
    context: str = text("Le contexte", MAX_CONTEXT, default="")
    results: tuple[str, ...] = texts("Un résultat attendu", MAX_RESULT, MAX_RESULTS, default=())


@dataclass(frozen=True, kw_only=True)
class SkillLine:
    label: str = text("Le nom d’une compétence")
    level: str = text("Le niveau d’une compétence", 40)
    family: str = text("La famille d’une compétence", 20)


@dataclass(frozen=True, kw_only=True)
class Period:
    starts_on: date
    ends_on: date
    days: float
    hours: float
    rhythm: str = text("Le rythme", default="")


@dataclass(frozen=True, kw_only=True)
class Load:
    """Shares in percent of a full time; `home_share` is what stays at the home service."""

    share: float
    weekly_hours: float
    home_share: float
    other_share: float = 0


@dataclass(frozen=True, kw_only=True)
class Workplace:
    site: str = text("Le lieu", MAX_PLACE)
    hours: str = text("Les horaires")
    remote: str = text("Le télétravail")


@dataclass(frozen=True, kw_only=True)
class Clauses:
    """Rubrics 11 to 18; those a kind of letter does not print stay empty."""

    pay: str = text("La rubrique 11", MAX_CLAUSE, default="")
    means: str = text("La rubrique 12", MAX_CLAUSE, default="")
    travel: str = text("La rubrique 13", MAX_CLAUSE, default="")
    safety: str = text("La rubrique 14", MAX_CLAUSE, default="")
    duties: str = text("La rubrique 15", MAX_CLAUSE, default="")
    continuity: str = text("La rubrique 16", MAX_CLAUSE, default="")
    follow_up: str = text("La rubrique 17", MAX_CLAUSE, default="")
    end: str = text("La rubrique 18", MAX_CLAUSE, default="")


@dataclass(frozen=True, kw_only=True)
class Notices:
    data: str = text("La mention sur les données personnelles", MAX_NOTICE)
    filing: str = text("La mention de versement", MAX_NOTICE, default="")
    algorithm: str | None = text("La mention sur l’algorithme", MAX_NOTICE, default=None)
    nature: str = text("La mention de nature", MAX_NOTICE, default="")


@dataclass(frozen=True, kw_only=True)
class Step:
    """An agreement or a visa; `stands_in_for` names whom a « suppléant » replaced; `at` is local wall-clock time."""

    label: str = text("Le nom d’une étape")
    name: str = text("Le nom d’une personne du circuit", MAX_NAME)
    quality: str | None = text("La qualité d’une personne du circuit", default=None)
    decision: str | None = text("Une décision du circuit", default=None)
    at: datetime | None = None
    since: date | None = None
    stands_in_for: str | None = text("Le nom d’une personne suppléée", MAX_NAME, default=None)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """« Signé électroniquement » is printed only where `electronic`: a conforming process is configured."""

    on_behalf: str = text("La formule de délégation")
    name: str = text("Le nom du signataire", MAX_NAME)
    quality: str = text("La qualité du signataire")
    delegation: str = text("La référence de la délégation")
    at: datetime | None = None
    electronic: bool = False
    process: str | None = text("Le procédé de signature", default=None)


@dataclass(frozen=True, kw_only=True)
class Verify:
    url: str
    page: str = text("La page de vérification")
    code: str = text("Le code de vérification", 30)


@dataclass(frozen=True, kw_only=True)
class ActReference:
    number: str = text("Le numéro de l’acte modifié", 30)
    dated: date


@dataclass(frozen=True, kw_only=True)
class Change:
    rubric: int
    label: str = text("Le nom d’une rubrique modifiée")
    before: str = text("Une rubrique avant l’avenant", MAX_CLAUSE)
    after: str = text("Une rubrique après l’avenant", MAX_CLAUSE)


@dataclass(frozen=True, kw_only=True)
class PastAct:
    label: str = text("Le nom d’un acte")
    dated: date
    object: str = text("L’objet d’un acte")
