"""The forms of a need: one per step, and the dates of a crisis. They check shape; a draft may lack anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from skillshare.ground.forms import Form
from skillshare.needs.actions import MOST_SEATS, Demand
from skillshare.needs.models import REASON_LABELS, REMOTE_LABELS, SUPPORT_LABELS, NeedSkill
from skillshare.organisation.models import Site, Unit
from skillshare.skills.models import LEVEL_LABELS

LEVELS = {1: "avec l’appui de quelqu’un", 2: "seul dans les situations courantes", 3: "à l’aise, cas difficiles compris",
          4: "fait référence, forme les autres"}
LEVEL_CHOICES = [SelectChoice(level.value, f"{level.value} – {label} : {LEVELS[level.value]}")
                 for level, label in LEVEL_LABELS.items()]
RANKS = [SelectChoice("required", "indispensable"), SelectChoice("desired", "souhaitée")]
NOT_WRITTEN = "N’écrivez rien sur la santé, la famille ou les opinions de quelqu’un : ce texte figure dans la lettre."
REASON_HINTS = {"peak": "Une période chargée, qui revient parfois chaque année.",
                "absence": "Un poste momentanément vide. N’écrivez jamais pourquoi la personne est absente.",
                "project": "Un travail daté, avec un début et une fin.",
                "rare_skill": "Personne dans votre service ne sait le faire."}


def clean(text: str | None) -> str:
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


def at_most(count: int) -> Length:
    return Length(max=count, message=f"Texte trop long : {count} caractères au plus.")


def choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(code.value, label) for code, label in labels.items()]


def number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class WholeField(IntegerField):
    """A whole number; what is not one is refused in plain words, and « 40 % » is read as 40."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = int(valuelist[0].replace("%", "").strip())
        except ValueError:
            self.data = None
            raise ValueError("Écrivez un nombre entier, en chiffres.") from None


class NewForm(Form):
    unit_id = SelectField("Pour quel service ?", coerce=int)

    def offer_units(self, units: Sequence[Unit]) -> None:
        self.unit_id.choices = [SelectChoice(unit.id, unit.label) for unit in units]


class ContextForm(Form):
    title = StringField("Ce que la personne viendra faire", [InputRequired("Donnez un titre court."), at_most(100)],
                        filters=[clean], description="Un verbe et un lieu suffisent : « Accueillir en langue des signes "
                                                     "à la Maison des solidarités ».")
    reason = RadioField("Pourquoi maintenant ?", [Optional()], choices=choices(REASON_LABELS))
    context = TextAreaField("La situation", [at_most(600)], filters=[clean],
                            description=f"Trois phrases : ce qui se passe, pour qui, ce qui bloque. {NOT_WRITTEN}")
    expected_results = TextAreaField("Ce qui sera fait à la fin", [at_most(400)], filters=[clean],
                                     description="Un résultat que l’on peut constater : « vingt journées d’accueil ».")
    mission_lead = StringField("Qui guidera la personne sur place ?", [at_most(160)], filters=[clean],
                               description="La ou le responsable de mission, dans votre service : matricule, ou prénom et "
                                           "nom. Sans réponse, c’est vous.")
    support_answer = RadioField("Un service support le fait-il déjà ?", [Optional()], choices=choices(SUPPORT_LABELS),
                                description="Informatique, imprimerie, interprétariat, formation… : un prêt ne fait pas "
                                            "double emploi avec eux.")
    support_note = StringField("Lequel, et ce qu’il a répondu", [at_most(200)], filters=[clean])

    def values(self) -> dict[str, Any]:
        names = ("title", "reason", "context", "expected_results", "support_answer", "support_note")
        return {name: self[name].data or (None if self[name].type == "RadioField" else "") for name in names}


class SkillsForm(Form):
    """Its fields per skill are added by `skills_form`."""

    add = StringField("Ajouter une compétence", [at_most(120)], filters=[clean],
                      description="Par exemple « tenir un planning » ou « réparer un vélo ». Un mot proche mène à la "
                                  "bonne compétence.")

    def demands(self, without: int | None = None) -> list[Demand]:
        ids = [int(name.removeprefix("level_")) for name in self._fields if name.startswith("level_")]
        return [Demand(id, self[f"level_{id}"].data, self[f"rank_{id}"].data == "required", self[f"near_{id}"].data)
                for id in ids if id != without]


def skills_form(rows: Sequence[NeedSkill], **given: Any) -> SkillsForm:
    """One level, one rank and one box per skill already in the need."""
    fields: dict[str, Any] = {}
    for row in rows:
        fields[f"level_{row.skill_id}"] = SelectField("Niveau", coerce=int, choices=LEVEL_CHOICES, default=row.level)
        fields[f"rank_{row.skill_id}"] = RadioField("Elle est…", choices=RANKS,
                                                    default="required" if row.required else "desired")
        fields[f"near_{row.skill_id}"] = BooleanField("Une compétence voisine du catalogue peut convenir",
                                                      default=row.neighbours_allowed)
    made: SkillsForm = type("SkillsForm", (SkillsForm,), fields)(**given)
    return made


class PeriodForm(Form):
    seats = WholeField("Combien de personnes ?", [Optional(), NumberRange(1, MOST_SEATS,
                         f"Demandez entre 1 et {MOST_SEATS} personnes.")])
    starts_on = DateField("Premier jour", [Optional()])
    ends_on = DateField("Dernier jour", [Optional()])
    load = WholeField("Part du temps, en % d’un temps plein", [Optional(), NumberRange(1, 100,
                        "Demandez entre 1 et 100 %% d’un temps plein.")],
                        description="Par personne : 20 % font un jour par semaine, 40 % deux jours.")
    rhythm = StringField("Quels jours ?", [at_most(120)], filters=[clean], description="Par exemple « mardis et jeudis ».")
    hours = StringField("À quelles heures ?", [at_most(120)], filters=[clean], description="Par exemple « 9 h – 17 h ».")
    remote = RadioField("La mission se fait", choices=choices(REMOTE_LABELS))
    site_id = SelectField("Site", [Optional()], coerce=number_or_none, description="La distance est comptée depuis ce site.")
    workplace = StringField("Lieu précis", [at_most(160)], filters=[clean], description="Bâtiment, étage, salle.")
    means = TextAreaField("Moyens fournis", [at_most(300)], filters=[clean],
                          description="Poste, accès, véhicule, tenue, formation de prise de poste.")

    def offer_sites(self, sites: Sequence[Site]) -> None:
        self.site_id.choices = [SelectChoice("", "Choisir un site"), *(SelectChoice(site.id, site.name) for site in sites)]

    def values(self) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "load", "rhythm", "hours", "remote", "site_id", "workplace", "means")
        return {name: self[name].data for name in names}


class CrisisForm(Form):
    from_on = DateField("Du", [InputRequired("Choisissez le premier jour.")])
    until_on = DateField("Au", [InputRequired("Choisissez le dernier jour.")])
