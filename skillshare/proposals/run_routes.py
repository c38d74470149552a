"""Matching runs as the mediator, HR and the administrator read and start them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.extensions import db
from skillshare.ground.paging import paginate
from skillshare.ground.typography import fr, plural
from skillshare.needs.models import Seat
from skillshare.proposals import declines, runs, shortage
from skillshare.proposals.forms import Act
from skillshare.proposals.models import OpenSeat, Proposal, Run
from skillshare.proposals.terms import TERM_LABELS, displayed

bp = Blueprint("runs", __name__, url_prefix="/appariements")
CLASSES = ("Places en crise déclarée", "Places qui commencent sous 15 jours", "Autres places")


def load(run_id: int) -> Run | None:
    return db.session.get(Run, run_id)


@bp.get("/")
@requires(Ability.RUN_SEE)
def index():
    page = paginate(sa.select(Run).order_by(Run.id.desc()), request.args.get("page", 1, type=int))
    return render_template("runs/index.html", page=page, form=Act(), status_of=status_of,
                           declined=declines.told(clock.today()))


@bp.get("/<int:run_id>")
@requires(Ability.RUN_SEE, load=load)
def show(run: Run):
    return render_template("runs/show.html", run=run, status=status_of(run), tiers=tiers_of(run), made=_made(run),
                           weights=_weights(run), open_seats=_open(run))


@bp.post("/")
@requires(Ability.RUN_START)
def start():
    if not Act().validate_on_submit():
        return redirect(url_for("runs.index"))
    run = runs.run_matching(clock.now(), actor=current_actor())
    flash(fr(f"Appariement terminé : {plural(sum(run.filled) - run.skipped, 'proposition')} pour {plural(run.seats, 'place')}, "
             f"{status_of(run)}."), "ok")
    return redirect(url_for("runs.show", run_id=run.id))


def status_of(run: Run) -> str:
    """« optimum prouvé » only for a complete market solved to the optimum."""
    return "optimum prouvé" if run.is_proven else "meilleur plan trouvé"


def tiers_of(run: Run) -> list[tuple[str, str, str]]:
    """(tier, reached, proven bound) of each class present, then of the sum of fits."""
    rows = [(CLASSES[n] if n < len(CLASSES) else f"Classe {n}", str(filled), f"{run.bound[n]:.0f}")
            for n, filled in enumerate(run.filled)]
    reached, bound = (f"{value:.4f}".replace(".", ",") for value in (run.fit, run.bound[-1] if run.bound else run.fit))
    return [*rows, ("Somme des adéquations", reached, bound)]


def _weights(run: Run) -> list[dict]:
    total = sum(run.weights.values())
    return [{"name": TERM_LABELS[name], "weight": 100 * weight / total, "points": None}
            for name, weight in run.weights.items() if name in TERM_LABELS]


def _made(run: Run) -> list[tuple[str, str, int]]:
    """Need, service and fit of each proposal made: neither names nor answers."""
    query = sa.select(Proposal).where(Proposal.run_id == run.id, Proposal.previous_id.is_(None))
    query = query.options(joinedload(Proposal.need)).order_by(Proposal.need_id, Proposal.id)
    return [(p.need.title, p.need.unit.label, displayed(p.fit)) for p in db.session.scalars(query)]


def _open(run: Run) -> list[tuple[str, str, str]]:
    query = (sa.select(OpenSeat).where(OpenSeat.run_id == run.id).order_by(OpenSeat.seat_id)
             .options(joinedload(OpenSeat.seat).joinedload(Seat.need)))
    return [(f"{row.seat.need.title}, place {row.seat.number}", row.seat.need.unit.label, _why(row))
            for row in db.session.scalars(query)]


def _why(row: OpenSeat) -> str:
    stop = shortage.what_stops(row.diagnosis)
    last = shortage.funnel_steps(row.diagnosis["funnel"], row.seat.need)[-1]
    empty = f"Plus personne après « {last['label'].removeprefix('et ')} »." if last["count"] == 0 else ""
    return stop or empty or "Des agents conviennent ; le prochain appariement les examine."
