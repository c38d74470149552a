"""The shape of what is typed about accounts, teams and rights."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import DateField, Field, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import TextInput

from skillshare.ground.forms import Form
from skillshare.organisation.models import ROLE_LABELS, Agent, RoleName, Unit
from skillshare.organisation.passwords import SHORTEST

PERSON_HINT = "Prénom et nom, adresse électronique ou matricule."
PASSWORD_HINT = f"Au moins {SHORTEST} caractères ; une phrase courte convient. Ni votre nom, ni une suite de touches."


class FteField(Field):
    """Full-time equivalents typed « 1,5 »; `data` in hundredths, None when left empty."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / 100:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "".join(str(valuelist[0]).split()).replace(",", ".") if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = int(Decimal(text).quantize(Decimal("0.01")) * 100)
            except (InvalidOperation, ValueError, OverflowError):
                message = "Écrivez un nombre, par exemple 2 ou 1,5. Laissez vide pour aucune limite."
                raise ValidationError(message) from None


class LoginForm(Form):
    login = StringField("Adresse électronique ou matricule", [
        DataRequired("Écrivez votre adresse électronique professionnelle ou votre matricule."), Length(max=160)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})


class SignInForm(LoginForm):
    password = PasswordField("Mot de passe", [InputRequired("Écrivez votre mot de passe."), Length(max=500)],
                             render_kw={"autocomplete": "current-password"})


class NewPasswordForm(Form):
    password = PasswordField("Nouveau mot de passe", [InputRequired("Choisissez un mot de passe."), Length(max=500)],
                             description=PASSWORD_HINT, render_kw={"autocomplete": "new-password"})
    again = PasswordField("Le même, une seconde fois", [
        EqualTo("password", "Les deux mots de passe ne sont pas les mêmes. Écrivez-les de nouveau.")],
        render_kw={"autocomplete": "new-password"})


class CodeForm(LoginForm, NewPasswordForm):
    code = StringField("Code imprimé", [DataRequired("Recopiez le code de votre papier."), Length(max=40)],
                       description="Douze lettres et chiffres, avec ou sans tirets.",
                       render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters",
                                  "spellcheck": "false"})


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField("Mot de passe actuel", [
        InputRequired("Écrivez votre mot de passe actuel."), Length(max=500)],
        render_kw={"autocomplete": "current-password"})


class PersonForm(Form):
    person = StringField("Personne", [DataRequired("Dites de qui il s’agit."), Length(max=160)],
                         description=PERSON_HINT)


class RoleForm(PersonForm):
    name = SelectField("Fonction", choices=[SelectChoice(name.value, label) for name, label in ROLE_LABELS.items()])
    unit = SelectField("Service dont elle ou il exprime les besoins", coerce=int, default=0,
                       description="Pour un service demandeur seulement.")

    def offer_units(self, units: list[Unit]) -> None:
        self.unit.choices = [SelectChoice(0, "Aucun"), *_choices(units)]

    @property
    def role_name(self) -> RoleName:
        return RoleName(self.name.data)


class PeriodForm(Form):
    starts_on = DateField("Du", [InputRequired("Choisissez le premier jour.")])
    ends_on = DateField("Au, compris", [InputRequired("Choisissez le dernier jour.")])


class StandInForm(PeriodForm):
    agent = SelectField("Qui sera remplacé", coerce=int)
    deputy = StringField("Par qui", [DataRequired("Dites qui remplacera."), Length(max=160)], description=PERSON_HINT)

    def offer_people(self, people: list[Agent]) -> None:
        self.agent.choices = [SelectChoice(person.id, person.full_name) for person in people]


class AbsenceForm(PeriodForm):
    agent = SelectField("Qui sera absent", coerce=int)

    def offer_people(self, people: list[Agent]) -> None:
        self.agent.choices = [SelectChoice(person.id, person.full_name) for person in people]


class LimitsForm(Form):
    cap = FteField("Plafond de prêt, en équivalents temps plein",
                   description="Ce qui peut être prêté un même jour. Vide : aucune limite ; 0 : aucun prêt.")
    presence_threshold = FteField("Seuil de présence, en équivalents temps plein",
                                  description="En dessous, la page de décision vous prévient. Vide : aucun seuil.")


class DelegationForm(Form):
    holder = StringField("Qui signera", [DataRequired("Dites à qui la signature est déléguée."), Length(max=160)],
                         description=PERSON_HINT)
    unit = SelectField("Pour les agents de", coerce=int, description="Le service choisi et tous ceux qui en dépendent.")
    subject = StringField("Objet", [DataRequired("Recopiez l’objet de l’acte."), Length(max=200)],
                          default="Lettres de mission internes")
    reference = StringField("Référence de l’acte", [DataRequired("Recopiez la référence de l’acte."), Length(max=80)],
                            description="Par exemple : ARR-2026-118.")
    quality = StringField("Qualité de la ou du signataire", [
        DataRequired("Écrivez la qualité telle qu’elle paraîtra sur la lettre."), Length(max=120)],
        description="Par exemple : Directrice des ressources humaines.")
    on_behalf = StringField("Formule de signature", [
        DataRequired("Écrivez la formule telle qu’elle paraîtra sur la lettre."), Length(max=120)],
        default="Pour le président du conseil départemental et par délégation")
    published_on = DateField("Acte publié le", [InputRequired("Choisissez la date de publication de l’acte.")])
    starts_on = DateField("À partir du", [InputRequired("Choisissez le premier jour.")])
    ends_on = DateField("Jusqu’au", [Optional()])

    def offer_units(self, units: list[Unit]) -> None:
        self.unit.choices = _choices(units)


class LastDayForm(Form):
    ends_on = DateField("Dernier jour", [InputRequired("Choisissez le dernier jour.")])


def _choices(units: list[Unit]) -> list[SelectChoice]:
    return [SelectChoice(unit.id, f"{unit.label} ({unit.code})") for unit in units]
