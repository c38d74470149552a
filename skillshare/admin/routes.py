"""The administration pages: journal, outbox, jobs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for

from skillshare.admin import actions, queries
from skillshare.admin.queries import STATE_LABELS, MessageState
from skillshare.ground import clock
from skillshare.ground import journal as audit_log
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.ids import row_id
from skillshare.ground.outbox import Message
from skillshare.ground.paging import paginate

bp = Blueprint("admin", __name__, url_prefix="/administration")


def register(app: Flask) -> None:
    app.register_blueprint(bp)


def _page() -> int:
    return request.args.get("page", 1, type=int)


def _words(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()


@bp.get("/journal")
@requires(Ability.JOURNAL_SEE)
def journal() -> str:
    wanted: dict[str, Any] = {"event": _words("event"), "kind": _words("kind"),
              "number": request.args.get("number", type=row_id)}
    page = paginate(queries.facts(**wanted), _page())
    lines = queries.shown(page.items)
    names = queries.names_of({line.actor_id for line in lines if line.actor_id})
    kinds = [(kind, kind) for kind in queries.kinds_of_facts()]
    return render_template("admin/journal.html", page=page, lines=lines, names=names, kinds=kinds, wanted=wanted,
                           is_admin=can(current_actor(), Ability.OUTBOX_SEE))


@bp.get("/journal/verification")
@requires(Ability.JOURNAL_SEE)
def verify_journal() -> str:
    """Recompute the whole chain: some seconds for a million lines."""
    return render_template("admin/verdict.html", verdict=audit_log.verify())


@bp.get("/courriels")
@requires(Ability.OUTBOX_SEE)
def outbox() -> str:
    state = next((s for s in MessageState if s == request.args.get("etat")), MessageState.ALL)
    page = paginate(queries.messages(state), _page(), per_page=25)
    counts = queries.message_counts()
    views = [{"label": label, "url": url_for("admin.outbox", etat=each), "total": counts[each], "current": each == state}
             for each, label in STATE_LABELS.items()]
    return render_template("admin/outbox.html", page=page, views=views, state=state, has_smtp=bool(current_app.config["SMTP"]),
                           subject_of=queries.subject_of,
                           names=queries.names_of({message.recipient_id for message in page.items}))


@bp.get("/courriels/<int:message_id>")
@requires(Ability.OUTBOX_SEE, load=queries.message)
def message(message: Message) -> str:
    names = queries.names_of({message.recipient_id})
    has_smtp, is_demo = bool(current_app.config["SMTP"]), current_app.config["ENV_NAME"] == "demo"
    return render_template("admin/message.html", message=message, recipient=names.get(message.recipient_id, "Personne inconnue"),
                           subject=queries.subject_of(message), has_smtp=has_smtp,
                           is_readable=queries.is_readable(message, has_smtp=has_smtp, is_demo=is_demo))


@bp.post("/courriels/<int:message_id>/reprise")
@requires(Ability.OUTBOX_RETRY, load=queries.message)
def retry(message: Message) -> Any:
    actions.retry_message(message, actor=current_actor(), at=clock.now())
    flash("Le courriel partira au prochain passage des tâches.", "ok")
    return redirect(url_for("admin.outbox", etat=MessageState.WAITING))
