"""The terms of a fit as shown: French names, shares that add up, and the sentence that founds each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from skillshare.ground.typography import date_fr, days_fr, km_fr, number_fr

TERM_LABELS = {
    "level": "Niveau au-delà du niveau demandé",
    "desired": "Compétences souhaitées",
    "neighbour": "Compétences indispensables, en propre ou par une voisine",
    "margin": "Marge autour de la période",
    "distance": "Distance",
    "freshness": "Fraîcheur de l’offre",
    "fairness": "Rotation",
}
BANDS = ((10, "moins de 10 km"), (25, "de 10 à 25 km"), (50, "de 25 à 50 km"))
PRIVATE_TERMS = ("margin", "freshness", "fairness")  # their evidence could name somebody before they say yes


def add_up(values: Sequence[float], total: int) -> list[int]:
    """Round non-negative `values` to integers whose sum is `total` (largest remainder, ties by position)."""
    shares = [int(value + 1e-9) for value in values]
    order = sorted(range(len(values)), key=lambda n: (shares[n] - values[n], n))
    for n in order[: total - sum(shares)]:
        shares[n] += 1
    return shares


def displayed(fit: float) -> int:
    """The fit on 100 as every page shows it."""
    return int(100 * fit + 0.5 + 1e-9)


def terms_of(names: Sequence[str], weights: Sequence[float], values: Sequence[float], fit: float) -> list[dict[str, Any]]:
    """Rows {name, weight, value, share} of one pair: `weight` and `share` on 100, shares adding up to the fit."""
    total = sum(weights)
    parts = [100 * weight * value / total for weight, value in zip(weights, values, strict=True)]
    shares = add_up(parts, displayed(fit))
    return [{"name": name, "weight": round(100 * float(weight) / total, 2), "value": round(float(value), 6), "share": share}
            for name, weight, value, share in zip(names, weights, values, shares, strict=True)]


def rows(terms: Sequence[Mapping[str, Any]], evidence: Mapping[str, Any], *, named: bool = True) -> list[dict[str, Any]]:
    """What `sk.terms` draws; before the agent's yes, no evidence that could name them."""
    return [{"key": term["name"], "name": TERM_LABELS[term["name"]], "weight": term["weight"], "points": term["share"],
             "evidence": sentence(term["name"], evidence, named=named)} for term in terms]


def sentence(name: str, evidence: Mapping[str, Any], *, named: bool = True) -> str:
    """The facts behind one term, in French."""
    if not named and name in PRIVATE_TERMS:
        return "Détail montré après l’accord de la personne."
    return {"level": _level, "desired": _desired, "neighbour": _neighbour, "margin": _margin,
            "distance": _distance if named else _band, "freshness": _freshness, "fairness": _fairness}[name](evidence)


def _level(evidence: Mapping[str, Any]) -> str:
    asked = [skill for skill in evidence["skills"] if skill["required"]]
    if not asked:
        return "Le besoin ne demande aucune compétence indispensable."
    return " ".join(f"{skill['name']} : {_offered(skill)}, demandé {skill['asked']}." for skill in asked)


def _offered(skill: Mapping[str, Any]) -> str:
    if skill["offered"]:
        return f"niveau {skill['offered']} déclaré"
    return "non déclarée" if not skill["through"] else "par une voisine"


def _desired(evidence: Mapping[str, Any]) -> str:
    wished = [skill for skill in evidence["skills"] if not skill["required"]]
    if not wished:
        return "Le besoin n’en souhaite aucune en plus : le terme est plein pour tous."
    return " ".join(f"{skill['name']} : {_offered(skill)}, souhaité {skill['asked']}." for skill in wished)


def _neighbour(evidence: Mapping[str, Any]) -> str:
    held = [skill for skill in evidence["skills"] if skill["required"] and skill["through"]]
    if not held:
        return "Chaque compétence indispensable est déclarée elle-même."
    return " ".join(f"« {skill['through']} » est voisine de « {skill['name']} » dans le catalogue." for skill in held)


def _margin(evidence: Mapping[str, Any]) -> str:
    start, end = (date.fromisoformat(day) for day in evidence["window"])
    before, after = evidence["margins"]
    return (f"Libre du {date_fr(start, weekday=False)} au {date_fr(end, weekday=False)} : {days_fr(before)} avant "
            f"la mission, {days_fr(after)} après.")


def _distance(evidence: Mapping[str, Any]) -> str:
    if evidence["km"] is None:
        return _band(evidence)
    return f"{km_fr(evidence['km']).capitalize()} depuis {evidence['home_site']}, résidence administrative."


def _band(evidence: Mapping[str, Any]) -> str:
    return {"remote": "À distance : le trajet ne compte pas.", "no_place": "Le besoin n’a pas de lieu fixe.",
            "unknown": "Distance inconnue : l’un des deux lieux n’est pas situé.",
            "km": f"{band(evidence['km']).capitalize()}."}[evidence["place"]]


def band(km: float | None) -> str:
    """The distance, coarse enough to name nobody."""
    if km is None:
        return "distance sans objet"
    return next((label for limit, label in BANDS if km < limit), "plus de 50 km")


def _freshness(evidence: Mapping[str, Any]) -> str:
    age = evidence["offer_age"]
    return "Offre mise à jour aujourd’hui." if age == 0 else f"Offre mise à jour il y a {days_fr(age)}."


def _fairness(evidence: Mapping[str, Any]) -> str:
    lent = evidence["days_lent"]
    if lent == 0:
        return "Aucun jour prêté sur douze mois."
    return f"{number_fr(lent, 0 if lent >= 1 else 1)} {'jours prêtés' if lent >= 2 else 'jour prêté'} sur douze mois."
