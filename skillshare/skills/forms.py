"""Forms of the catalogue: suggesting a skill, deciding on a suggestion."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from skillshare.ground.forms import Form
from skillshare.skills.models import FAMILY_LABELS

FAMILIES = [SelectChoice(family.value, label) for family, label in FAMILY_LABELS.items()]
DECISIONS = [
    SelectChoice("accept", "L’ajouter au catalogue"),
    SelectChoice("merge", "La réunir à une compétence existante"),
    SelectChoice("reject", "Ne pas la retenir"),
]


class SuggestForm(Form):
    name = StringField(
        "Nom de la compétence",
        [InputRequired("Donnez un nom."), Length(max=120)],
        description="Ce que l’on sait faire, en quelques mots : ni diplôme, ni grade, ni loisir.",
    )
    family = RadioField("Famille", [InputRequired("Choisissez une famille.")], choices=FAMILIES)
    definition = TextAreaField(
        "En quoi elle sert à un service",
        [InputRequired("Expliquez-la en une phrase."), Length(max=400)],
        description="Une phrase. N’écrivez rien sur la santé, les opinions ou la vie privée.",
    )


class CurateForm(Form):
    decision = RadioField("Votre décision", [InputRequired("Choisissez une décision.")], choices=DECISIONS)
    domain = SelectField("Domaine", [Optional()], description="Pour l’ajouter au catalogue.")
    definition = TextAreaField(
        "Définition", [Optional(), Length(max=400)], description="Une phrase, relue par vous."
    )
    regulated_by = StringField(
        "Titre exigé par la réglementation",
        [Optional(), Length(max=120)],
        description="Permis, habilitation… ; laissez vide si aucun.",
    )
    into = StringField(
        "Compétence existante", [Optional(), Length(max=120)], description="Pour la réunir : son nom exact."
    )
    note = TextAreaField(
        "Votre réponse à la personne",
        [Optional(), Length(max=300)],
        description="Envoyée par courriel à qui l’a suggérée. Obligatoire si elle n’est pas retenue.",
    )

    def offer_domains(self, domains: list[str]) -> None:
        self.domain.choices = [SelectChoice("", "Choisir…"), *(SelectChoice(name, name) for name in domains)]
