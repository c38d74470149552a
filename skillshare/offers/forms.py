"""The form of an offer: three questions on one page, rows added and removed by submits."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from skillshare.ground.forms import Form
from skillshare.offers.models import VISIBILITY_LABELS
from skillshare.skills.models import LEVEL_LABELS

ANYWHERE, ONLY_SITES = "anywhere", "sites"
DISTANCES = (5, 10, 20, 30, 50, 80, 150)
LONG_TEXT = "Texte trop long : %(max)d caractères au plus."
VISIBILITY_HINTS = {
    "mediator": "Un service lit « Candidat n° 1 » et rien d’autre tant que vous n’avez pas dit oui ; il ne peut "
                "pas vous inviter.",
    "matching": "Un service dont le besoin vous correspond lit un numéro, vos compétences et votre adéquation. Votre nom "
                "vient avec votre oui.",
    "everyone": "Les services dont le besoin vous correspond lisent votre nom et peuvent vous inviter.",
}


class SkillRow(PlainForm):
    """One skill offered; inside OfferForm."""

    skill_id = HiddenField()
    level = SelectField("Niveau", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [SelectChoice(level.value, f"{level.value} – {name}") for level, name in LEVEL_LABELS.items()]

    @property
    def key(self) -> int:
        text = str(self.skill_id.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class WindowRow(PlainForm):
    """Days of availability, both counted; an empty row is ignored."""

    starts_on = DateField("Du", [Optional()])
    ends_on = DateField("Au", [Optional()])

    def validate_ends_on(self, field: DateField) -> None:
        starts_on = self.starts_on.data
        if starts_on and field.data and field.data < starts_on:
            raise ValidationError(f"La fin précède le début, le {starts_on:%d/%m/%Y}. Choisissez une date après.")


class OfferForm(Form):
    skills = FieldList(FormField(SkillRow))
    add = StringField("Ajouter une compétence", [Length(max=120, message=LONG_TEXT)],
                      description="Par exemple « tableur », « langue des signes », « réparer un vélo ». Un mot proche mène à la "
                                  "bonne compétence.")
    windows = FieldList(FormField(WindowRow))
    highest_load = IntegerField("Au plus, quelle part d’un temps plein ?", [InputRequired("Écrivez une part, en %."),
                                NumberRange(1, 100, "Écrivez une part entre 1 et 100 %%.")],
                                description="Une journée par semaine fait 20 %. C’est pris sur votre temps de travail, "
                                            "jamais en plus.")
    place = SelectField("Jusqu’où ?", description="Distance à vol d’oiseau depuis votre site.")
    site_ids = SelectMultipleField("Sites acceptés en plus, quelle que soit la distance", coerce=int)
    remote = BooleanField("J’accepte aussi des missions entièrement à distance")
    visibility = RadioField("Qui voit votre offre ?", [InputRequired("Choisissez qui voit votre offre.")],
                            choices=[SelectChoice(key.value, label) for key, label in VISIBILITY_LABELS.items()])
    note = TextAreaField("Ce qu’il est utile de savoir", [Length(max=300, message=LONG_TEXT)],
                         description="Par exemple « plutôt le matin ». N’écrivez rien sur la santé, la famille, les "
                                     "opinions ou le syndicat.")

    def offer_places(self, sites: list[Any], *, known_km: int | None = None) -> None:
        """Give the distances, with the one already recorded, and the sites to choose from."""
        distances = [SelectChoice(str(km), f"{km} km") for km in sorted({*DISTANCES, known_km or DISTANCES[0]})]
        others = [SelectChoice(ANYWHERE, "Partout"), SelectChoice(ONLY_SITES, "Seulement les sites choisis ci-dessous")]
        self.place.choices = [*distances, *others]
        self.site_ids.choices = [SelectChoice(site.id, site.name) for site in sites]

    def validate_site_ids(self, field: SelectMultipleField) -> None:
        if self.place.data == ONLY_SITES and not field.data:
            raise ValidationError("Choisissez au moins un site, ou une distance.")

    def validate_windows(self, _field: FieldList) -> None:
        if any(bool(row.starts_on.data) != bool(row.ends_on.data) for row in self.windows):
            raise ValidationError("Une période a deux dates : complétez l’autre, ou videz la ligne.")

    @property
    def max_km(self) -> int | None:
        return int(self.place.data) if self.place.data.isdecimal() else None

    @property
    def chosen_sites(self) -> list[int]:
        return [] if self.place.data == ANYWHERE else list(self.site_ids.data or [])

    @property
    def chosen_skills(self) -> list[tuple[int, int]]:
        return [(row.form.key, row.form.level.data) for row in self.skills]

    @property
    def chosen_windows(self) -> list[tuple[date, date]]:
        return [(row.starts_on.data, row.ends_on.data) for row in self.windows if row.starts_on.data and row.ends_on.data]
