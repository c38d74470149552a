"""The whole loop by hand: Alice asks, Bob offers, the run proposes, consent, choice, visas, signature, filing, feedback."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from flask import current_app

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.jobs import registry
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIGNS = "Langue des signes française"


@pytest.fixture
def mission() -> tuple[date, date]:
    """Two months that begin on a Monday, far enough for every answer to come."""
    first = clock.today() + timedelta(days=42)
    first -= timedelta(days=first.weekday())
    return first, first + timedelta(days=53)


def test_home_opens_for_each_person(person, site):
    for name in ("alice", "bob", "chloe", "farid", "david", "mona", "ali", "aude", "emma"):
        person(name).go("/")


def test_home_opens_on_a_phone_in_the_dark(person):
    person("chloe", width=360, scheme="dark").go("/")


def test_the_loop_from_the_need_to_the_feedback(person, mission):
    alice, bob = person("alice"), person("bob")
    need = ask(alice, mission)
    offer(bob, mission)
    match(person("mona"))
    case = accept(bob)
    choose(alice, need)
    visa(person("hugo"), home=False)
    visa(person("chloe"), home=True)
    letter = sign(person("farid"))
    file_and_verify(person("david"), letter)
    emma_sees_nothing(person("emma"), need, case, letter)
    bob.go("/")
    bob.says("Accueillir en langue des signes")
    tell_how_it_went(mission, {"bob": bob, "alice": alice, "chloe": person("chloe", width=360)})


def test_the_agent_and_her_manager_do_their_part_on_a_phone(person, mission):
    """Those who have no desk: offer, consent and visa at 360 px, in the dark."""
    alice = person("alice")
    need = ask(alice, mission)
    bob = person("bob", width=360, scheme="dark")
    offer(bob, mission)
    match(person("mona"))
    accept(bob)
    choose(alice, need)
    visa(person("hugo", width=360), home=False)
    visa(person("chloe", width=360, scheme="dark"), home=True)
    sign(person("farid", width=360))


def test_consent_and_visa_by_keyboard_alone(person, mission):
    alice, bob = person("alice"), person("bob")
    need = ask(alice, mission)
    offer(bob, mission)
    match(person("mona"))
    bob.go("/")
    bob.press("Lire et répondre")
    bob.press("Donner mon accord")
    bob.says("Votre accord est enregistré")
    choose(alice, need)
    visa(person("hugo"), home=False)
    chloe = person("chloe")
    chloe.go("/")
    chloe.press("Décider")
    for question in ("la continuité", "la charge des autres", "les compétences qui restent", "les dates"):
        chloe.tab_to(question)
        chloe.page.keyboard.press("Space")
    chloe.tab_to("Mesures de continuité")  # the heading of that answer bears the button's words
    chloe.press("Donner mon visa")
    chloe.says("Votre visa est donné")


def test_need_offer_consent_and_visa_without_scripts(person, mission):
    alice, bob = person("alice", scripts=False), person("bob", scripts=False)
    need = ask(alice, mission)
    offer(bob, mission)
    match(person("mona", scripts=False))
    accept(bob)
    choose(alice, need)
    visa(person("hugo", scripts=False), home=False)
    visa(person("chloe", scripts=False), home=True)
    sign(person("farid", scripts=False))


def ask(alice, mission) -> str:
    """The guided form, in four steps; returns the address of the need."""
    alice.go("/besoins/nouveau")
    alice.click("Décrire le renfort")
    alice.click("Continuer vers les compétences")
    alice.says("Donnez un titre court")
    alice.fill("Ce que la personne viendra faire", "Accueillir en langue des signes à la Maison des solidarités")
    alice.check("Une compétence rare")
    alice.fill("La situation", "La maison ouvre, et personne n’y signe.")
    alice.fill("Ce qui sera fait à la fin", "Vingt journées d’accueil tenues.")
    alice.check("Aucun service support")
    alice.click("Continuer vers les compétences")
    alice.fill("Ajouter une compétence", "langue des signes")
    alice.click("Ajouter", exact=True)
    alice.says(SIGNS)
    alice.click("Continuer vers les dates")
    alice.fill("Combien de personnes", "1")
    alice.fill("Premier jour", mission[0].isoformat())
    alice.fill("Dernier jour", mission[1].isoformat())
    alice.fill("Part du temps", "40 %")
    alice.fill("Quels jours", "mardis et jeudis")
    alice.select("Site", "Bellerive")
    alice.click("Continuer vers la relecture")
    alice.click("Publier ce besoin")
    alice.says("Votre besoin est publié")
    return alice.path


def offer(bob, mission) -> None:
    bob.go("/mon-offre")
    bob.click("Écrire mon offre", "link")
    bob.fill("Ajouter une compétence", "langue des signes")
    bob.click("Ajouter cette compétence")
    bob.select("Niveau", "3 – maîtrise")
    bob.fill("Du", (mission[0] - timedelta(days=7)).isoformat())
    bob.fill("Au", (mission[1] + timedelta(days=7)).isoformat(), exact=True)
    bob.fill("Au plus, quelle part", "50")
    bob.click("Publier mon offre")
    bob.says("Votre offre est publiée")


def match(mona) -> None:
    mona.go("/appariements/")
    mona.click("Lancer un appariement maintenant")
    mona.says("Accueillir en langue des signes")


def accept(bob) -> str:
    """From home to consent; returns the address of the proposal."""
    bob.go("/")
    bob.click("Accueillir en langue des signes", "link")
    bob.says("voici exactement ce que le service verra")
    bob.click("Donner mon accord")
    bob.says("Votre accord")
    return bob.path


def choose(alice, need: str) -> None:
    alice.go("/")
    alice.says("Un agent volontaire a dit oui")
    alice.go(need)
    alice.says("1 volontaire a donné son accord")
    alice.click("Choisir")


def visa(manager, home: bool) -> None:
    manager.go("/visas")
    manager.click("Bob Tessier", "link")
    if home:
        manager.click("Donner mon visa", exact=True)
        manager.says("Répondez : oui, avec une mesure, ou non")
        for question in ("continuity", "workload", "skills_left", "dates"):
            manager.page.locator(f"#{question}-0").check()
    manager.click("Donner mon visa", exact=True)
    manager.says("Votre visa est donné")


def sign(farid) -> str:
    """From the desk to the seal; returns the number."""
    farid.go("/signatures")
    farid.click("Bob Tessier", "link")
    farid.click("Signer la lettre")
    letter = db.session.query(Letter).one()
    number = letter.number
    db.session.remove()
    farid.says(f"N° {number}")
    return number


def file_and_verify(david, number: str) -> None:
    david.go("/registre")
    david.click(number, "link")
    david.click("Vérifier le sceau", "link")
    david.says("Sceau intact")
    code = david.page.locator("dd a").filter(has_text="-").first.inner_text()
    david.go(f"/verification/{code}")
    david.says("Cette lettre est valable")
    david.go("/versements")
    david.click("Transmettre")
    david.says("1 pièce déposée pour le SIRH")


def emma_sees_nothing(emma, need: str, case: str, number: str) -> None:
    loan, letter = db.session.query(Loan.id).scalar(), db.session.query(Letter.id).scalar()
    db.session.remove()
    for path in (need, case, f"/prets/{loan}", f"/lettres/{letter}", f"/lettres/{letter}/pdf", f"/signatures/{letter}",
                 "/registre", "/versements", "/appariements/"):
        emma.is_refused(path)
    emma.go("/")
    assert "Bob Tessier" not in emma.text and number not in emma.text


def as_the_jobs_do(job: Callable[[datetime], str], day: date) -> None:
    """In a thread of its own: the browser's event loop lives in the test's, and the seal needs one."""
    app = current_app._get_current_object()

    def run() -> None:
        with app.app_context():
            job(clock.at_local(day))
            db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(1) as apart:
        apart.submit(run).result()


def tell_how_it_went(mission, sides) -> None:
    """The days pass, then each side answers."""
    as_the_jobs_do(registry.start_loans, mission[0])
    sides["bob"].go("/prets")
    sides["bob"].says("En cours")
    as_the_jobs_do(registry.end_loans, mission[1] + timedelta(days=1))
    for window in sides.values():
        window.go("/")
        window.click("retour", "link")
        for group in window.page.get_by_role("group").all():
            group.get_by_role("radio").first.check()
        for each in window.page.locator("select").all():
            each.select_option("3")
        window.click("Donner mon retour")
        window.says("Votre retour est enregistré")
