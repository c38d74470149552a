"""`make screenshots`: every page of the demo as the person concerned, at desk and phone width, into artefacts/screenshots."""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa

from skillshare.app import create_app
from skillshare.approvals.models import Visa, VisaState
from skillshare.demo import builder
from skillshare.feedback.models import Feedback
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import Need, NeedState
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal, ProposalState, Run
from tests.browser import driving

OUT = Path(__file__).parents[2] / "artefacts" / "screenshots"
WIDTHS = (1280, 375)
Shots = list[tuple[str, str, str]]  # login, path, name


def login_of(key: str) -> str:
    from skillshare.demo.people import PEOPLE

    number = next(person.employee_id for person in PEOPLE if person.key == key)
    return db.session.scalars(sa.select(Agent.email).where(Agent.staff_number == number)).one()


def first(query: sa.Select) -> object:
    return db.session.scalars(query).first()


def shots() -> Shots:
    """Who looks at which page of the demo as it stands."""
    people = {key: login_of(key) for key in ("alice", "bob", "chloe", "farid", "david", "mona", "ali", "aude", "emma")}
    pages = [(people[key], "/", f"accueil-{key}") for key in people]
    pages += [(people["emma"], path, name) for path, name in (
        ("/comment-ca-marche", "comment-ca-marche"), ("/accessibilite", "accessibilite"), ("/mes-donnees", "mes-donnees"),
        ("/competences", "competences"), ("/competences/suggerer", "suggerer"), ("/besoins/ouverts", "besoins-ouverts"),
        ("/compte", "compte"), ("/verification/", "verification"))]
    pages += [(people["alice"], "/besoins", "besoins"), (people["alice"], "/besoins/nouveau", "besoin-nouveau"),
              (people["bob"], "/mon-offre", "mon-offre"), (people["chloe"], "/equipe", "equipe"),
              (people["chloe"], "/equipe/suppleants", "suppleants"), (people["chloe"], "/equipe/absences", "absences"),
              (people["chloe"], "/equipe/plafond", "plafond"), (people["mona"], "/appariements/", "appariements"),
              (people["mona"], "/competences/suggestions", "suggestions"), (people["farid"], "/signatures", "signatures"),
              (people["david"], "/registre", "registre"), (people["david"], "/versements", "versements"),
              (people["david"], "/delegations", "delegations"), (people["david"], "/codes-acces", "codes-acces"),
              (people["ali"], "/administration/journal", "journal"), (people["ali"], "/administration/courriels", "courriels"),
              (people["ali"], "/administration/taches", "taches"), (people["ali"], "/roles", "roles")]
    return pages + _cases(people)


def _cases(people: dict[str, str]) -> Shots:
    pages: Shots = []
    run = first(sa.select(Run).order_by(Run.id.desc()))
    need = first(sa.select(Need).where(Need.state == NeedState.PUBLISHED, Need.title.contains("langue des signes")))
    proposal = first(sa.select(Proposal).join(Agent, Agent.id == Proposal.agent_id).where(
        Agent.email == people["bob"], Proposal.state == ProposalState.PROPOSED))
    accepted = first(sa.select(Proposal).where(Proposal.state == ProposalState.ACCEPTED))
    visa = first(sa.select(Visa).where(Visa.state == VisaState.WAITING, Visa.holder_id.is_not(None), Visa.kind == "home_manager"))
    to_sign = first(sa.select(Letter).where(Letter.state == LetterState.TO_SIGN))
    signed = first(sa.select(Letter).where(Letter.state == LetterState.SIGNED).order_by(Letter.id.desc()))
    loan = first(sa.select(Loan).where(Loan.state == LoanState.RUNNING))
    feedback = first(sa.select(Feedback).where(Feedback.given_at.is_(None)))
    if run:
        pages.append((people["mona"], f"/appariements/{run.id}", "appariement"))
    if need:
        pages.append((people["alice"], f"/besoins/{need.id}", "besoin"))
        pages += [(people["alice"], f"/besoins/{need.id}/etape/{n}", f"besoin-etape-{n}") for n in (1, 2, 3, 4)]
    if proposal:
        pages.append((people["bob"], f"/propositions/{proposal.id}", "proposition"))
    if accepted:
        pages.append((accepted.need.requester.email, f"/besoins/{accepted.need_id}", "besoin-candidats"))
    if visa:
        pages.append((visa.holder.email, f"/visas/{visa.id}", "decision"))
    if to_sign:
        pages.append((people["farid"], f"/signatures/{to_sign.id}", "a-signer"))
    if signed:
        pages.append((people["david"], f"/lettres/{signed.id}", "lettre"))
        pages.append((people["emma"], f"/verification/{signed.verify_code}", "verification-lettre"))
    if loan:
        pages.append((loan.agent.email, f"/prets/{loan.id}", "pret"))
    if feedback:
        pages.append((feedback.author.email, f"/retours/{feedback.id}", "retour"))
    return pages


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
                driving.sign_in(page, driving.Site(address, {}), login)
                for _, path, name in (shot for shot in pages if shot[0] == login):
                    answer = page.goto(address + path)
                    page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
                    if answer.status != 200:
                        failures += 1
                        print(f"{answer.status} {path} ({name}, {login})", flush=True)
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
    with driving.served(app) as address:
        failures = take([page for page in pages if page[0]], address)
    print(f"{len(pages)} pages × {len(WIDTHS)} widths in {OUT.relative_to(ROOT)}, {failures} not shown.", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
