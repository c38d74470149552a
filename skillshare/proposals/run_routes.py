"""Matching runs as the mediator, HR and the administrator read and start them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.extensions import db
from skillshare.ground.paging import paginate
from skillshare.ground.typography import fr, number_fr, plural
from skillshare.needs.models import Need, Seat
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
    made = paginate(_made(run), request.args.get("page", 1, type=int))
    left = paginate(_left_open(run), request.args.get("open", 1, type=int))
    return render_template(
        "runs/show.html", run=run, status=status_of(run), tiers=tiers_of(run), weights=_weights(run),
        rotation=rotation_sentence(run), made=made, left=left,
        proposals=[(row.need.title, row.need.unit.label, displayed(row.fit)) for row in made.items],
        open_seats=[(f"{row.seat.need.title}, place {row.seat.number}", row.seat.need.unit.label, _why(row))
                    for row in left.items])


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


def rotation_sentence(run: Run) -> str:
    """What the rotation changed, for who set its weight."""
    told = run.rotation
    if told is None:
        return ""
    about = "" if told["proven"] else " (estimation)"
    if not told["places"]:
        return f"Rotation : sans ce terme, les mêmes personnes seraient proposées{about}."
    points = number_fr(told["points"], 1)
    return (f"Rotation : {plural(told['places'], 'place')} {'irait' if told['places'] == 1 else 'iraient'} à quelqu’un d’autre "
            f"sans ce terme. Les autres termes y laissent {points} {'points' if told['points'] >= 2 else 'point'} sur 100 par "
            f"place pourvue, en moyenne{about}.")


def _weights(run: Run) -> list[dict]:
    total = sum(run.weights.values())
    return [{"name": TERM_LABELS[name], "weight": 100 * weight / total, "points": None}
            for name, weight in run.weights.items() if name in TERM_LABELS]


def _made(run: Run) -> sa.Select[Any]:
    """The proposals made; the page tells need, service and fit of each: neither names nor answers."""
    return (sa.select(Proposal).where(Proposal.run_id == run.id, Proposal.previous_id.is_(None))
            .options(joinedload(Proposal.need).joinedload(Need.unit)).order_by(Proposal.need_id, Proposal.id))


def _left_open(run: Run) -> sa.Select[Any]:
    return (sa.select(OpenSeat).where(OpenSeat.run_id == run.id).order_by(OpenSeat.seat_id)
            .options(joinedload(OpenSeat.seat).joinedload(Seat.need).joinedload(Need.unit)))


def _why(row: OpenSeat) -> str:
    stop = shortage.what_stops(row.diagnosis)
    last = shortage.funnel_steps(shortage.counts_of(row.diagnosis), row.seat.need)[-1]
    empty = f"Plus personne après « {last['label'].removeprefix('et ')} »." if last["count"] == 0 else ""
    return stop or empty or "Des agents conviennent ; le prochain appariement les examine."
