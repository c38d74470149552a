"""`make screenshots`: every page of the demo as the person concerned, at desk and phone width, into artefacts/screenshots."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask

from skillshare.app import create_app
from skillshare.approvals import queries
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.demo import builder
from skillshare.feedback.models import Feedback
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import Need, NeedState
from skillshare.organisation.models import Agent, SigningDelegation
from skillshare.proposals.models import Proposal, ProposalState, Run
from skillshare.skills.models import Skill, SkillState
from tests.browser import driving

OUT = Path(__file__).parents[2] / "artefacts" / "screenshots"
WIDTHS = (1280, 375)
NOT_PAGES = {"static", "bootstrap.static", "skills.search", "registry.export", "home.export", "letters.pdf", "desk.preview",
             "sign_in.redeem"}  # files, answers to scripts, and a secret link
NOBODY = ""
PAGES = {  # who looks at which pages, by path and name
    NOBODY: [("/connexion", "connexion"), ("/acces", "acces-oublie"), ("/acces/code", "acces-code"),
             ("/verification/", "verification")],
    "emma": [("/comment-ca-marche", "comment-ca-marche"), ("/accessibilite", "accessibilite"), ("/mes-donnees", "mes-donnees"),
             ("/competences", "competences"), ("/competences/suggerer", "suggerer"), ("/besoins/ouverts", "besoins-ouverts"),
             ("/compte", "compte"), ("/composants", "composants"), ("/retours", "retours")],
    "alice": [("/besoins", "besoins"), ("/besoins/nouveau", "besoin-nouveau"), ("/prets", "prets")],
    "bob": [("/mon-offre", "mon-offre"), ("/mon-offre/modifier", "mon-offre-modifier")],
    "chloe": [("/equipe", "equipe"), ("/equipe/suppleants", "suppleants"), ("/equipe/absences", "absences"),
              ("/equipe/plafond", "plafond"), ("/visas", "visas")],
    "mona": [("/appariements/", "appariements"), ("/competences/suggestions", "suggestions"), ("/visas", "visas-mediation")],
    "farid": [("/signatures", "signatures")],
    "david": [("/registre", "registre"), ("/versements", "versements"), ("/delegations", "delegations"),
              ("/codes-acces", "codes-acces")],
    "ali": [("/administration/journal", "journal"), ("/administration/journal/verification", "journal-verifie"),
            ("/administration/courriels", "courriels"), ("/administration/taches", "taches"), ("/roles", "roles")],
}
Shots = list[tuple[str, str, str]]  # login, path, name


def login_of(key: str) -> str:
    from skillshare.demo.people import PEOPLE

    number = next(person.employee_id for person in PEOPLE if person.key == key)
    return db.session.scalars(sa.select(Agent.email).where(Agent.staff_number == number)).one()


def one(query: sa.Select) -> Any:
    """The first row; the demo must have one, or a page would go without its picture."""
    return db.session.scalars(query.limit(1)).one()


def shots() -> Shots:
    """Who looks at which page of the demo as it stands."""
    people = {key: login_of(key) for key in ("alice", "bob", "chloe", "farid", "david", "mona", "ali", "aude", "emma")}
    pages = [(people[key], "/", f"accueil-{key}") for key in people]
    pages += [(people.get(key, NOBODY), path, name) for key, rows in PAGES.items() for path, name in rows]
    return pages + _asked(people) + _answered(people) + _signed(people)


def _asked(people: dict[str, str]) -> Shots:
    need = one(sa.select(Need).join(Agent, Agent.id == Need.requester_id).where(
        Agent.email == people["alice"], Need.state == NeedState.PUBLISHED))
    run = one(sa.select(Run).order_by(Run.id.desc()))
    suggestion = one(sa.select(Skill).where(Skill.state == SkillState.SUGGESTED))
    pages = [(people["alice"], f"/besoins/{need.id}/etape/{n}", f"besoin-etape-{n}") for n in (1, 2, 3, 4)]
    return [*pages, (people["alice"], f"/besoins/{need.id}", "besoin"),
            (people["alice"], f"/besoins/{need.id}/invitations", "besoin-invitations"),
            (people["emma"], f"/besoins/ouverts/{need.id}", "besoin-ouvert"),
            (people["mona"], f"/besoins/{need.id}/crise", "besoin-crise"),
            (people["mona"], f"/appariements/{run.id}", "appariement"),
            (people["mona"], f"/competences/suggestions/{suggestion.id}", "suggestion")]


def _answered(people: dict[str, str]) -> Shots:
    proposal = one(sa.select(Proposal).join(Agent, Agent.id == Proposal.agent_id).where(
        Agent.email == people["bob"], Proposal.state == ProposalState.PROPOSED))
    accepted = one(sa.select(Proposal).where(Proposal.state == ProposalState.ACCEPTED))
    waiting = sa.select(Visa).where(Visa.state == VisaState.WAITING, Visa.holder_id.is_not(None))
    visa = one(waiting.where(Visa.kind == VisaKind.HOME_MANAGER))
    stuck = one(queries.stuck())
    return [(people["bob"], f"/propositions/{proposal.id}", "proposition"),
            (accepted.need.requester.email, f"/besoins/{accepted.need_id}", "besoin-candidats"),
            (visa.holder.email, f"/visas/{visa.id}", "decision"),
            (people["mona"], f"/visas/{stuck.id}/confier", "visa-confier")]


def _signed(people: dict[str, str]) -> Shots:
    to_sign = one(sa.select(Letter).where(Letter.state == LetterState.TO_SIGN))
    signed = one(sa.select(Letter).where(Letter.state == LetterState.SIGNED).order_by(Letter.id.desc()))
    loan = one(sa.select(Loan).where(Loan.state == LoanState.RUNNING))
    asked, given = (one(sa.select(Feedback).where(Feedback.given_at.is_(None) == awaited)) for awaited in (True, False))
    delegation, message = one(sa.select(SigningDelegation)), one(sa.select(Message))
    return [(people["farid"], f"/signatures/{to_sign.id}", "a-signer"), (people["david"], f"/lettres/{signed.id}", "lettre"),
            (NOBODY, f"/verification/{signed.verify_code}", "verification-lettre"),
            (loan.agent.email, f"/prets/{loan.id}", "pret"), (asked.author.email, f"/retours/{asked.id}", "retour"),
            (given.author.email, f"/retours/mission/{given.loan_id}", "retours-de-mission"),
            (people["david"], f"/delegations/{delegation.id}/fin", "delegation-fin"),
            (people["ali"], f"/administration/courriels/{message.id}", "courriel")]


def not_pictured(app: Flask, pages: Shots) -> list[str]:
    """Pages of the product that no shot shows."""
    adapter = app.url_map.bind("localhost")
    shown = {adapter.match(path)[0] for _, path, _ in pages}
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - shown - NOT_PAGES)


def open_accounts(logins: set[str]) -> None:
    """Give an account to whoever the pages need, in the demo only."""
    from skillshare.ground import clock
    from skillshare.organisation import passwords
    from skillshare.organisation.models import Account

    password_hash = passwords.hash_password(passwords.DEMO_PASSWORD)
    for login in sorted(logins):
        agent = db.session.scalars(sa.select(Agent).where(Agent.email == login)).one()
        account = db.session.scalars(sa.select(Account).where(Account.agent_id == agent.id)).first()
        if account is None:
            db.session.add(Account(agent_id=agent.id, password_hash=password_hash, created_at=clock.now()))
    db.session.commit()


def take(pages: Shots, address: str) -> int:
    failures = 0
    with driving.chromium() as browser:
        for width in WIDTHS:
            for login in dict.fromkeys(login for login, _, _ in pages):
                context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
                page = context.new_page()
                if login:
                    driving.sign_in(page, driving.Site(address, {}), login)
                for _, path, name in (shot for shot in pages if shot[0] == login):
                    answer = page.goto(address + path)
                    page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
                    if answer.status != 200 or urlsplit(page.url).path != path:
                        failures += 1
                        print(f"{answer.status} {path} led to {page.url} ({name}, {login})", flush=True)
                context.close()
    return failures


def main() -> None:
    import flask_migrate

    from config import ROOT
    from skillshare.skills.actions import load_catalogue

    OUT.mkdir(parents=True, exist_ok=True)
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        load_catalogue()
        db.session.commit()
        builder.build(app, say=print)
        pages = shots()
        open_accounts({login for login, _, _ in pages if login})
        db.session.remove()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with driving.served(app) as address:
        failures = take(pages, address)
    for endpoint in not_pictured(app, pages):
        failures += 1
        print(f"no picture of {endpoint}", flush=True)
    print(f"{len(pages)} pages × {len(WIDTHS)} widths in {OUT.relative_to(ROOT)}, {failures} not shown.", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
