"""The shape of what is answered on the pages of visas, of the signing desk and of loans."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from skillshare.approvals.models import VisaKind
from skillshare.approvals.reasons import (
    CANCEL_REASONS,
    COUNTER_REASONS,
    END_REASONS,
    HOME_REASONS,
    HOST_REASONS,
    HR_REASONS,
    SUITABILITY,
    SUITABILITY_ANSWERS,
)
from skillshare.approvals.variants import Variant
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import Form
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal

OTHER = "other"
NEVER_WRITE = "Jamais de motif de santé, de famille ou d’opinion, ni de fait personnel."


def _choices(labels: dict[str, str], first: str = "") -> list[SelectChoice]:
    empty = [SelectChoice("", first)] if first else []
    return [*empty, *(SelectChoice(value, label) for value, label in labels.items())]


def _answer(question: str) -> RadioField:
    return RadioField(question, [InputRequired("Répondez : oui, avec une mesure, ou non.")], validate_choice=True,
                      choices=_choices(SUITABILITY_ANSWERS))


class GiveForm(Form):
    """A visa that asks nothing but its button: the host's and HR's."""

    sign_too = BooleanField("Signer aussi la lettre, dans le même acte")


class HomeGiveForm(GiveForm):
    """The home side's: four questions of suitability, and what is done about them."""

    continuity = _answer(SUITABILITY["continuity"])
    workload = _answer(SUITABILITY["workload"])
    skills_left = _answer(SUITABILITY["skills_left"])
    dates = _answer(SUITABILITY["dates"])
    measures = TextAreaField("Mesures de continuité", [Length(max=400, message="400 caractères au plus.")], description=(
        "Ce qui est suspendu, qui assure. Repris dans la lettre, rubrique 16. " + NEVER_WRITE))

    @property
    def suitability(self) -> dict[str, str]:
        return {name: self[name].data for name in SUITABILITY if self[name].data}

    def validate_measures(self, field: TextAreaField) -> None:
        if "with_measure" in self.suitability.values() and not (field.data or "").strip():
            raise ValidationError("Vous avez répondu « avec une mesure » : dites laquelle, en une phrase.")


class CounterForm(Form):
    """Other dates or another load: one of the computed variants, or one's own."""

    variant = RadioField("Votre contre-proposition", [InputRequired("Choisissez une des propositions.")])
    starts_on = DateField("Premier jour", [Optional()])
    ends_on = DateField("Dernier jour", [Optional()])
    load = IntegerField("Part du temps plein, en %", [Optional()], render_kw={"inputmode": "numeric", "min": 1, "max": 100})
    counter_reason = SelectField("Motif, lu par l’agent et le service demandeur", choices=_choices(COUNTER_REASONS))

    def offer(self, variants: list[Variant]) -> None:
        """Fill the list; the first computed variant is chosen in advance (the only thing that is)."""
        names = {variant.name: variant.title for variant in variants} | {OTHER: "D’autres dates, que je choisis"}
        self.variant.choices = _choices(names)
        if self.variant.data is None:
            self.variant.data = next(iter(names))

    def chosen(self, variants: list[Variant], proposal: Proposal) -> dict[str, Any]:
        """Dates and load of the variant chosen, or as typed; what is left empty stays as asked, a date excepted."""
        for variant in variants:
            if variant.name == self.variant.data:
                return {"starts_on": variant.starts_on, "ends_on": variant.ends_on, "load": variant.load}
        for field in (self.starts_on, self.ends_on):
            if field.data is None:
                raise RuleBroken(field.name, "Donnez une date, au format jour, mois, année.")
        return {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data,
                "load": proposal.load if self.load.data is None else self.load.data}


class RefuseForm(Form):
    reason_code = SelectField("Motif, lu par l’agent et le service demandeur",
                              [DataRequired("Choisissez un motif : chacun a droit à une raison.")],
                              choices=[])
    reason_text = TextAreaField("Précision", [Length(max=400, message="400 caractères au plus.")], description=(
        NEVER_WRITE + " Un refus n’est pas versé au dossier de l’agent."))

    def offer(self, kind: VisaKind) -> None:
        """The reasons of the side that decides."""
        reasons = {VisaKind.HOST_HEAD: HOST_REASONS, VisaKind.HR: HR_REASONS}.get(kind, HOME_REASONS)
        self.reason_code.choices = _choices(reasons, "Choisir un motif")


class RerouteForm(Form):
    to = RadioField("Confier ce visa à", [InputRequired("Choisissez une personne.")], coerce=int)

    def offer(self, people: list[Agent]) -> None:
        self.to.choices = [SelectChoice(person.id, person.full_name) for person in people]


class SignForm(Form):
    """A button that posts, and the rules it may break."""


class CancelForm(Form):
    reason = SelectField("Motif de l’annulation, lu par les trois parties",
                         [DataRequired("Choisissez un motif.")],
                         choices=_choices({key: label for key, label in CANCEL_REASONS.items() if key != "too_late"},
                                          "Choisir un motif"))


class EndEarlyForm(Form):
    ends_on = DateField("Dernier jour de la mission", [InputRequired("Donnez une date, au format jour, mois, année.")])
    reason = SelectField("Motif, lu par les trois parties", [DataRequired("Choisissez un motif.")],
                         choices=_choices(END_REASONS, "Choisir un motif"))
