"""Builds the demo once: generated rows, a year of history, living cases, and today's matching run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from skillshare.approvals.models import Visa, VisaState
from skillshare.audit.checking import check_letters
from skillshare.demo import departement as generator
from skillshare.demo import history, loading, needs, offers, story, telling
from skillshare.demo.rows import Departement, Need, PastLoan
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.letters import actions as letters
from skillshare.organisation.models import Agent, Employer
from skillshare.proposals import actions as proposals
from skillshare.proposals import runs
from skillshare.proposals.models import Run

EARLY_NEEDS = 34
EARLY_DAYS = 30
SITUATIONS = {
    "bob": "Agent des routes, signe en LSF : une proposition attend sa réponse",
    "alice": "Responsable de SAM, demande un renfort en langue des signes",
    "chloe": "Responsable de Bob : visas, équipe, plafond de prêt",
    "marc": "Suppléant de Chloé",
    "farid": "Signataire par délégation : des lettres à signer",
    "david": "Ressources humaines : registre des lettres et versements",
    "mona": "Médiatrice : visas bloqués, appariements, suggestions",
    "ali": "Administration : journal, courriels, tâches",
    "aude": "Auditrice des lettres",
    "nadia": "Autre volontaire en langue des signes",
    "emma": "Étrangère au dossier : elle n’en voit rien",
}


def build(app: Flask, *, say: Callable[[str], None]) -> str:
    """Make the demo in an empty database and match it; returns the status of the last run."""
    if db.session.scalar(sa.select(Employer.id)) is not None:
        say("La base contient déjà un employeur : rien n’est ajouté.")
        last = db.session.scalars(sa.select(Run).order_by(Run.id.desc())).first()
        return last.status if last else "aucun"
    departement = generator.generate(today=clock.today())
    ids = loading.load_organisation(departement)
    say(f"Département : {len(departement.agents)} agents, {len(departement.units)} services.")
    asked, past = _asked(departement), history.history(departement)
    _give_rights(departement, ids, [*asked, *(row.need for row in past)])
    _tell_history(departement, ids, past, say)
    status = _tell_present(departement, ids, asked, say)
    _open_accounts(app, departement, ids)
    check_letters(clock.now())
    db.session.commit()
    copies = letters.write_copies()
    say(f"Lettres signées sur disque : {copies}. Versements transmis : {story.sent_count()}.")
    return status


def _asked(departement: Departement) -> list[Need]:
    """The needs, the first of them stated a month ago so that their cases have had time to live."""
    today, rows = departement.today, list(needs.needs(departement))
    far = [n for n, row in enumerate(rows) if n and row.starts_on > today + timedelta(days=14)][:EARLY_NEEDS]
    for n in far:
        rows[n] = replace(rows[n], published_on=today - timedelta(days=EARLY_DAYS + 1))
    return rows


def _give_rights(departement: Departement, ids: loading.Ids, rows: list[Need]) -> None:
    heads = {unit.head_id for unit in departement.units}
    requesters = {row.requester_id: row.unit_code for row in rows if row.requester_id not in heads}
    at = clock.at_local(departement.today - timedelta(days=400))
    loading.give_rights(departement, ids, requesters, at=at)
    db.session.commit()


def _tell_history(departement: Departement, ids: loading.Ids, past: Sequence[PastLoan],
                  say: Callable[[str], None]) -> None:
    told = [row for row in past if ids.agent(row.agent_id).active]
    for row in sorted(told, key=lambda row: row.need.published_on):
        story.tell_past_loan(row, ids, signer=_person(departement, ids, "farid"), hr=_person(departement, ids, "david"))
    say(f"Histoire : {len(told)} prêts sur douze mois.")


def _tell_present(departement: Departement, ids: loading.Ids, asked: list[Need], say: Callable[[str], None]) -> str:
    today = departement.today
    rows = offers.offers(departement)
    for offer in rows:
        loading.load_offer(offer, ids, at=clock.at_local(min(offer.published_on, today - timedelta(days=EARLY_DAYS + 2))))
    db.session.commit()
    early = today - timedelta(days=EARLY_DAYS)
    alice_need = 0
    for row in sorted(asked, key=lambda row: (row.published_on > early, row.published_on)):
        if row.published_on > early:
            continue
        telling.on(row.published_on, lambda at, row=row: telling.publish_need(row, ids, at=at), 9)
    first = telling.on(early, lambda at: runs.run_matching(at), 5)
    say(f"Offres : {len(rows)}. Premier appariement : {first.status}, {sum(first.filled)} places.")
    standing = [ids.agents[number] for number in departement.people.values()]
    story.tell_living_cases(first.id, standing, today=today, signer=_person(departement, ids, "farid"),
                            hr=_person(departement, ids, "david"))
    for row in asked:
        if row.published_on > early:
            need = telling.on(row.published_on, lambda at, row=row: telling.publish_need(row, ids, at=at), 9)
            alice_need = alice_need or need.id
    telling.on(today, proposals.lapse_due, 4)
    story.tell_filings(today)
    story.tell_suggestions({key: _person(departement, ids, key) for key in story.SUGGESTIONS}, today)
    bob, alice, chloe = (_person(departement, ids, key) for key in ("bob", "alice", "chloe"))
    story.ask_chloe(chloe, ids, today)
    last = telling.on(today, lambda at: runs.run_matching(at), 5)
    story.invite_bob(alice_need, bob, alice)
    story.answer_alice(alice, today, but=alice_need)
    say(f"Besoins : {len(asked)}. Appariement du jour : {sum(last.filled)} places sur {last.seats}, "
        f"{last.pairs} paires, {last.seconds:.1f} s.")
    return last.status


def _person(departement: Departement, ids: loading.Ids, key: str) -> Agent:
    return ids.agent(departement.people[key])


def _open_accounts(app: Flask, departement: Departement, ids: loading.Ids) -> None:
    """The standing people, and whoever holds a visa today."""
    situations = dict(SITUATIONS)
    known = set(departement.people.values())
    query = sa.select(Visa).where(Visa.state == VisaState.WAITING, Visa.holder_id.is_not(None)).order_by(Visa.id.desc())
    for visa in db.session.scalars(query):
        if visa.holder and visa.holder.staff_number not in known and visa.holder.email:
            situations[visa.holder.staff_number] = "Responsable hiérarchique : un visa attend sa décision"
            break
    loading.open_accounts(app, departement, ids, situations, at=clock.now())
    db.session.commit()

