"""A complete mission letter to start from, and what differs in the other kinds and states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from skillshare.letters.blocks import (
    ActReference,
    AgentBlock,
    Change,
    Clauses,
    Employer,
    Home,
    Host,
    Load,
    Notices,
    PastAct,
    Period,
    Purpose,
    Signature,
    SkillLine,
    Step,
    Verify,
    Workplace,
)
from skillshare.letters.content import LetterData

SIGNED_AT = datetime(2027, 2, 18, 14, 32)
SIGNED = {"state": "signed", "number": "2027-0042", "verify": Verify(
    url="https://competences.rivage.example/verification/7K4M-9QXD-2R8T",
    page="competences.rivage.example/verification", code="7K4M-9QXD-2R8T")}

CLAUSES = Clauses(
    pay="Rémunération maintenue ; les éléments liés à l'exercice des fonctions (NBI, astreintes) suivent les textes, "
        "avis RH.",
    means="Poste de travail et prise en main par le service d'accueil. Droits retirés au plus tard le 28 mai 2027.",
    travel="Le lieu d'accueil est dans la résidence administrative.",
    safety="Les consignes du site sont présentées le premier jour.",
    duties="Discrétion, secret professionnel, neutralité.",
    continuity="Suspendu : le guide des achats. Assuré par M. Colombel : les consultations de moins de 40 000 €.",
    follow_up="Point à mi-parcours le 15 avril 2027.",
    end="Au terme, l'agent retrouve de plein droit son poste.")

STEPS = (Step(label="Accord de l'agent", name="Mme Maëlle Kervadec", decision="Accord", at=datetime(2027, 2, 9, 17, 5)),
         Step(label="Visa du service d'accueil", name="Mme Inès Benhaddou", quality="cheffe adjointe", decision="Visa",
              at=datetime(2027, 2, 10, 8, 52), stands_in_for="M. Paul Ferrand"),
         Step(label="Visa du responsable hiérarchique", name="M. Étienne Laborde", since=date(2027, 2, 10)))


def example_letter(**changes: Any) -> LetterData:
    """A draft letter; `SIGNED` holds the changes of a signed one."""
    return replace(_LETTER, **changes)


def example_early_end(**changes: Any) -> LetterData:
    return example_letter(**{"kind": "early_end", "amends": _ORIGIN, "effective_on": date(2027, 4, 30),
                             "initiative": "Le service d'origine", "reason": "La tâche suspendue reprend plus tôt.",
                             "clauses": Clauses(), "load": None, "workplace": None, "skills": (), **changes})


def example_attestation(**changes: Any) -> LetterData:
    return example_letter(**{"kind": "attestation", "steps": (), "recipients": (), "load": None, "workplace": None,
                             "letters": ("lettre de mission n° 2027-0042 du 18 février 2027",),
                             "amends": _ORIGIN, **changes})


def example_amendment(**changes: Any) -> LetterData:
    change = Change(rubric=8, label="Quotité", before="40 %", after="30 %")
    return example_letter(**{
        "kind": "amendment", "amends": _ORIGIN, "rank": 1, "effective_on": date(2027, 4, 1), "load_before": _LETTER.load,
        "load": Load(share=30, weekly_hours=10.5, home_share=60), "changes": (change,),
        "history": (PastAct(label="Lettre de mission n° 2027-0042", dated=date(2027, 2, 18), object="Origine"),),
        "reason": "Le pic est passé.", "unchanged": "Toutes les autres rubriques.", **changes})


EVERY_ACT = {"draft": example_letter, "to sign": lambda: example_letter(state="to_sign"),
             "signed": lambda: example_letter(**SIGNED), "early end": lambda: example_early_end(**SIGNED),
             "attestation": lambda: example_attestation(**SIGNED | {"state": "issued"}),
             "amendment": lambda: example_amendment(**SIGNED)}

_ORIGIN = ActReference(number="2027-0042", dated=date(2027, 2, 18))
_LETTER = LetterData(
    dated=date(2027, 2, 18), place="Port-Rivage",
    employer=Employer(name="Département du Rivage", issuer="Direction des ressources humaines",
                      scheme="Bourse de compétences", authority="L'autorité territoriale"),
    agent=AgentBlock(name="Mme Maëlle Kervadec", staff_number="204117", grade="rédactrice principale de 1re classe",
                     job_framework="rédacteurs territoriaux", category="B", job="gestionnaire de marchés",
                     working_time=90, weekly_hours=31.5),
    home=Home(unit="Service de la commande publique", path="Direction des routes", manager="M. Étienne Laborde",
              manager_quality="chef de service"),
    host=Host(unit="Service d'administration et des moyens (SAM) de la solidarité", path="Direction de l'autonomie",
              lead="Mme Inès Benhaddou", lead_quality="cheffe adjointe", contact="05 00 00 52 37"),
    purpose=Purpose(title="Appui à l'instruction des demandes d'aide", context="Le printemps est un temps fort.",
                    results=("320 dossiers contrôlés", "un tableau de suivi")),
    skills=(SkillLine(label="Contrôler la complétude d'un dossier", level="confirmé", family="professional"),
            SkillLine(label="Langue des signes", level="expert", family="exotic")),
    period=Period(starts_on=date(2027, 3, 2), ends_on=date(2027, 5, 27), rhythm="les mardis et jeudis", days=25,
                  hours=175),
    load=Load(share=40, weekly_hours=14, home_share=50),
    workplace=Workplace(site="Maison de l'autonomie, 12 quai des Goélands", hours="9 h à 17 h", remote="non"),
    clauses=CLAUSES, legal_references=("le code général de la fonction publique",), steps=STEPS,
    notices=Notices(data="Données traitées pour organiser les prêts.", filing="Versée au dossier individuel."),
    signature=Signature(on_behalf="Pour le président et par délégation", name="Mme Hélène Marchand",
                        quality="directrice des ressources humaines", delegation="arrêté n° 2026-431", at=SIGNED_AT),
    recipients=("l'agent", "le service d'origine", "le service d'accueil"))
