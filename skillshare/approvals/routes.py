"""The pages where visas are decided: the list, one decision, and the mediator's bounded act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from skillshare.approvals import actions, desk_routes, queries
from skillshare.approvals.circuit import takers
from skillshare.approvals.forms import CounterForm, GiveForm, HomeGiveForm, RefuseForm, RerouteForm
from skillshare.approvals.models import VISA_LABELS, Visa
from skillshare.approvals.reasons import SUITABILITY, SUITABILITY_ANSWERS
from skillshare.approvals.sheet import crumb_of, due_of, sheet_of, title_of
from skillshare.approvals.workflow import VISA
from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.forms import Form, given_back
from skillshare.ground.paging import paginate
from skillshare.ground.typography import date_fr
from skillshare.letters.models import Letter
from skillshare.needs.models import Need, NeedSkill
from skillshare.organisation.models import Agent, RoleName
from skillshare.proposals.models import Proposal

bp = Blueprint("visas", __name__, url_prefix="/visas")


def register(app: Flask) -> None:
    for blueprint in (bp, desk_routes.bp):
        app.register_blueprint(blueprint)


def load(visa_id: int) -> Visa | None:
    """The visa with all that its page reads, in one query."""
    case = joinedload(Visa.proposal)
    need, agent = case.joinedload(Proposal.need), case.joinedload(Proposal.agent)
    return db.session.get(Visa, visa_id, options=[
        need.joinedload(Need.unit), need.joinedload(Need.requester), need.joinedload(Need.site),
        need.joinedload(Need.demands).joinedload(NeedSkill.skill), agent.joinedload(Agent.unit),
        joinedload(Visa.holder), joinedload(Visa.decided_by)])


@bp.get("")
@requires(Ability.VISA_SEE, load=None)
def index() -> Any:
    actor, today = current_actor(), clock.today()
    waiting = paginate(queries.to_decide(actor, today), request.args.get("page", 1, type=int))
    decided = paginate(queries.decided_by(actor), request.args.get("decided", 1, type=int), per_page=20)
    stuck = paginate(queries.stuck(), 1) if actor.has_role(RoleName.MEDIATOR) else None
    return render_template("approvals/visas.html", waiting=waiting, decided=decided, stuck=stuck, labels=VISA_LABELS,
                           due_of=due_of, title_of=title_of, state_of=VISA.state_of)


@bp.get("/<int:visa_id>")
@requires(Ability.VISA_SEE, load=load)
def show(visa: Visa) -> Any:
    return _page(visa)


@bp.post("/<int:visa_id>/donner")
@requires(Ability.VISA_GIVE, load=load)
def give(visa: Visa) -> Any:
    sheet = sheet_of(visa, current_actor())
    form = HomeGiveForm() if sheet.is_home else GiveForm()
    if not form.validate_on_submit():
        return _page(visa, form), 422
    answers = {"suitability": form.suitability, "measures": form.measures.data or ""} if sheet.is_home else {}
    try:
        letter = actions.give_visa(visa, actor=current_actor(), at=clock.now(),
                                   sign_too=form.sign_too.data, **answers)
    except RuleBroken as error:
        return _given_back(visa, form, error)
    flash(_told(letter), "ok")
    return redirect(url_for("visas.show", visa_id=visa.id))


def _told(letter: Letter | None) -> str:
    if letter is None:
        return "Votre visa est donné. Le dossier passe à l’étape suivante ; l’agent et les services sont prévenus."
    if letter.number:
        return f"Votre visa est donné et la lettre n° {letter.number} est signée. Chacun est prévenu."
    return "Votre visa est donné : c’était le dernier. La lettre de mission attend sa signature ; chacun est prévenu."


@bp.post("/<int:visa_id>/autres-dates")
@requires(Ability.VISA_COUNTER, load=load)
def counter(visa: Visa) -> Any:
    sheet = sheet_of(visa, current_actor())
    if not sheet.is_open:
        raise TransitionNotAllowed()
    form = CounterForm()
    form.offer(sheet.variants)
    if not form.validate_on_submit():
        return _page(visa, form), 422
    try:
        made = actions.counter_propose(visa, actor=current_actor(), at=clock.now(),
                                       reason_code=form.counter_reason.data, **form.chosen(sheet.variants, visa.proposal))
    except RuleBroken as error:
        return _given_back(visa, form, error)
    flash(f"Vos dates sont proposées. {made.agent.first_name}, puis le service demandeur, répondent avant le "
          f"{date_fr(made.answer_by)} ; s’ils acceptent, votre visa est acquis.", "ok")
    return redirect(url_for("visas.show", visa_id=visa.id))


@bp.post("/<int:visa_id>/refuser")
@requires(Ability.VISA_REFUSE, load=load)
def refuse(visa: Visa) -> Any:
    form = RefuseForm()
    form.offer(visa.kind)
    if not form.validate_on_submit():
        return _page(visa, form), 422
    try:
        actions.refuse(visa, actor=current_actor(), at=clock.now(), reason_code=form.reason_code.data,
                       reason_text=form.reason_text.data or "")
    except RuleBroken as error:
        return _given_back(visa, form, error)
    flash("Le refus et son motif sont envoyés. La place est de nouveau ouverte.", "ok")
    return redirect(url_for("visas.show", visa_id=visa.id))


@bp.get("/<int:visa_id>/confier")
@requires(Ability.VISA_REROUTE, load=load)
def reroute(visa: Visa) -> Any:
    return _reroute_page(visa, RerouteForm())


@bp.post("/<int:visa_id>/confier")
@requires(Ability.VISA_REROUTE, load=load)
def hand_over(visa: Visa) -> Any:
    form = RerouteForm()
    people = _takers(visa)
    form.offer(people)
    if not form.validate_on_submit():
        return _reroute_page(visa, form), 422
    taker = next(person for person in people if person.id == form.to.data)
    actions.reroute(visa, actor=current_actor(), to=taker, at=clock.now())
    flash(f"Le visa est entre les mains de {taker.full_name}, prévenu par courriel. La décision lui appartient.", "ok")
    return redirect(url_for("visas.index"))


def _takers(visa: Visa) -> list[Agent]:
    return [person for person in takers(visa) if person.id != current_actor().id]


def _reroute_page(visa: Visa, form: RerouteForm) -> str:
    people = _takers(visa)
    form.offer(people)
    hints = {person.id: f"{person.job}, {person.unit.label}" for person in people}
    return render_template("approvals/reroute.html", visa=visa, form=form, people=people, hints=hints,
                           label=VISA_LABELS[visa.kind], crumb=crumb_of(visa.proposal))


def _given_back(visa: Visa, form: Form, error: RuleBroken) -> Any:
    """The page again with the broken rule; nothing of what was tried remains."""
    field = "counter_reason" if error.field == "reason_code" and isinstance(form, CounterForm) else error.field
    return _page(given_back(visa, form, RuleBroken(field, error.message)), form), error.status


def _page(visa: Visa, sent: Form | None = None) -> str:
    """The decision, with the form that was sent and given back among its three panels."""
    sheet = sheet_of(visa, current_actor())
    given = HomeGiveForm if sheet.is_home else GiveForm
    give = sent if isinstance(sent, GiveForm) else given(formdata=None)
    counter = sent if isinstance(sent, CounterForm) else CounterForm(formdata=None)
    refusal = sent if isinstance(sent, RefuseForm) else RefuseForm(formdata=None)
    counter.offer(sheet.variants)
    refusal.offer(visa.kind)
    opened = {CounterForm: "counter", RefuseForm: "refuse"}.get(type(sent), "give") if sent else (
        "counter" if sheet.has_problem and sheet.variants else "give")
    return render_template("approvals/visa.html", sheet=sheet, visa=visa, give=give, counter=counter, refusal=refusal,
                           sent=sent, opened=opened, crumb=crumb_of(visa.proposal), questions=SUITABILITY,
                           answers=list(SUITABILITY_ANSWERS.items()))
