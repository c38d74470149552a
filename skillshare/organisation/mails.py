"""What people receive about their access, their stand-ins and their delegations."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr, date_range, datetime_fr, fr
from skillshare.organisation.models import Agent, SigningDelegation, StandIn


def access_link(agent: Agent, secret: str, *, key: int, until: datetime, at: datetime) -> None:
    _post("access_link", agent, key=str(key), at=at, subject="Votre lien d'accès à la bourse de compétences", lines=[
        "Vous avez demandé à choisir un mot de passe pour la bourse de compétences.",
        f"Ouvrez ce lien avant le {datetime_fr(until)} : {absolute('sign_in.redeem', token=secret)}",
        "Il ne sert qu'une fois. Si vous n'avez rien demandé, ne faites rien : votre mot de passe ne change pas.",
    ])


def password_changed(agent: Agent, *, epoch: int, at: datetime) -> None:
    _post("password_changed", agent, key=str(epoch), at=at, subject="Votre mot de passe a été changé", lines=[
        f"Le mot de passe de votre compte à la bourse de compétences a été changé le {datetime_fr(at)}.",
        "Toutes vos autres connexions ont été fermées.",
        f"Si ce n'est pas vous, choisissez-en un nouveau sans attendre : {absolute('sign_in.forgotten')}",
    ])


def code_handed_over(agent: Agent, issuer: Agent, *, key: int, at: datetime) -> None:
    _post("code_handed_over", agent, key=str(key), at=at, subject="Un code d'accès a été imprimé pour vous", lines=[
        f"{issuer.full_name} ({issuer.unit.label}) a imprimé le {datetime_fr(at)} un code d'accès à votre nom.",
        "Il permet de choisir un mot de passe. Si vous ne l'avez pas demandé, prévenez les ressources humaines.",
    ])


def stand_in_named(stand_in: StandIn, by: Agent, *, at: datetime) -> None:
    period = date_range(stand_in.starts_on, stand_in.ends_on)
    link = absolute("home.index")
    _post("stand_in", stand_in.deputy, key=str(stand_in.id), at=at,
          subject=f"Vous remplacez {stand_in.agent.full_name} {period}", lines=[
              f"{by.full_name} vous a choisi comme suppléant de {stand_in.agent.full_name} "
              f"({stand_in.agent.unit.label}), {period}.",
              "Pendant ces jours, vous donnez les visas à sa place. Ce n'est pas une délégation de signature.",
              f"Ce qui vous attend est sur votre accueil : {link}"])
    if by.id != stand_in.agent_id:
        _post("stand_in", stand_in.agent, key=str(stand_in.id), at=at,
              subject=f"{stand_in.deputy.full_name} vous remplace {period}", lines=[
                  f"{by.full_name} a choisi {stand_in.deputy.full_name} comme votre suppléant, {period}.",
                  f"Vous pouvez y mettre fin : {absolute('team.stand_ins')}"])


def delegation_recorded(delegation: SigningDelegation, *, at: datetime) -> None:
    _post("delegation", delegation.holder, key=str(delegation.id), at=at,
          subject="Votre délégation de signature est enregistrée", lines=[
              f"Acte {delegation.reference} du {date_fr(delegation.published_on, True)} : "
              f"{delegation.subject}, pour {delegation.unit.label}.",
              f"Elle vaut à partir du {date_fr(delegation.starts_on, True)}"
              + (f", jusqu'au {date_fr(delegation.ends_on, True)}." if delegation.ends_on else "."),
              f"Les lettres à signer sont sur votre accueil : {absolute('home.index')}"])


def _post(kind: str, agent: Agent, *, key: str, subject: str, lines: list[str], at: datetime) -> None:
    if agent.email:
        text = "\n\n".join((f"Bonjour {agent.first_name},", *map(fr, lines), "La bourse de compétences"))
        outbox.post(kind, to=agent.id, key=key, subject=fr(subject), text=text, at=at)
