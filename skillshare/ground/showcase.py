"""Sample values for the living page of components: invented people, one of each piece."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from skillshare.ground import clock

TOKENS = ["paper", "surface", "sunken", "line", "line-strong", "ink", "ink-2", "brand", "brand-strong",
          "brand-soft", "on-brand", "act", "act-soft", "ok", "ok-soft", "danger", "danger-soft", "info",
          "info-soft", "focus", "chart-1", "chart-2", "chart-0"]
TERMS = [
    {"name": "Compétences demandées", "evidence": "Niveau 4 déclaré pour 3.", "points": 40, "weight": 40},
    {"name": "Compétences souhaitées", "evidence": "Conduite : déclarée.", "points": 8, "weight": 15},
    {"name": "Compétences voisines", "evidence": "« Médiation » est à un pas.", "points": 6, "weight": 10},
    {"name": "Marge sur la période", "evidence": "L'offre finit le 30 juin.", "points": 9, "weight": 10},
    {"name": "Distance", "evidence": "14 km depuis Saint-Aubin.", "points": 8, "weight": 10},
    {"name": "Fraîcheur de l'offre", "evidence": "Mise à jour il y a 12 jours.", "points": 5, "weight": 5},
    {"name": "Rotation", "evidence": "6 jours prêtés sur douze mois.", "points": 10, "weight": 10},
]
PRESENCE = [("S2", "11/01", 8.0), ("S3", "18/01", 8.0), ("S4", "25/01", 7.6), ("S5", "01/02", 8.0),
            ("S6", "08/02", 7.4), ("S7", "15/02", 6.2), ("S8", "22/02", 5.8), ("S9", "01/03", 7.4),
            ("S10", "08/03", 8.0), ("S11", "15/03", 8.0)]


class SampleForm(FlaskForm):
    """One field of each kind; two of them carry an error."""

    title = StringField("Intitulé de la mission", [InputRequired()], description="Un verbe, puis un objet.")
    end = DateField("Fin de la mission", validators=[InputRequired()])
    level = SelectField("Niveau", choices=[
        SelectChoice("2", "2 – en autonomie"), SelectChoice("3", "3 – à l'aise, cas difficiles")])
    needed = RadioField("Elle est…", choices=[
        SelectChoice("required", "indispensable"), SelectChoice("desired", "souhaitée")])
    days = SelectMultipleField("Jours possibles", choices=[
        SelectChoice("tue", "mardi"), SelectChoice("thu", "jeudi")])
    remote = BooleanField("Une partie peut se faire à distance")
    reason = TextAreaField("Motif", description="Jamais de motif de santé ni de fait personnel.")
    skill = StringField("Ajouter une compétence")


def sample_form() -> SampleForm:
    """The form as it comes back after two mistakes."""
    form = SampleForm(None, data={"title": "Accueillir en langue des signes", "level": "3", "days": ["tue"]})
    form.end.errors = ("La fin précède le début, le 11 janvier 2027. Choisissez une date après.",)
    form.needed.errors = ("Dites si la compétence est indispensable ou souhaitée.",)
    return form


def samples() -> dict[str, Any]:
    """Everything that components_page.html shows."""
    today = clock.today()
    return {"form": sample_form(), "tokens": TOKENS, "terms": TERMS, "today": today, "spans": _spans(),
            "weeks": [{"label": week, "date": day, "before": there, "after": there - 0.4}
                      for week, day, there in PRESENCE],
            "days": [today + timedelta(days=more) for more in (30, 3, -2)]}


def _spans() -> list[dict[str, Any]]:
    return [_span("Montage des tribunes", -45, -30, "past", "terminé"),
            _span("Sonia Brunet, 30 %", -20, 68, "lent", "prêtée"),
            _span("Bob Tessier, 40 %", 48, 115, "asked", "à décider"),
            _span("Hugo Lefort, 50 %", 7, 80, "received", "reçu")]


def _span(label: str, first: int, last: int, kind: str, note: str) -> dict[str, Any]:
    starts_on, ends_on = (clock.today() + timedelta(days=days) for days in (first, last))
    return {"label": label, "starts_on": starts_on, "ends_on": ends_on, "kind": kind, "note": note}
