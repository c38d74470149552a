"""The few errors of the application, and the page each one becomes."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from werkzeug.exceptions import HTTPException


class SkillshareError(Exception):
    """Anything the application refuses, with a message in French for the person."""

    status = 400
    title = "Cette action n’a pas pu être faite"

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotPermitted(SkillshareError):
    status = 403
    title = "Cette page ne vous est pas ouverte"


class TransitionNotAllowed(SkillshareError):
    status = 409
    title = "Action déjà effectuée"


class RuleBroken(SkillshareError):
    """A business rule refuses; `field` names the form field concerned, or "" for the whole form."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotFound(SkillshareError):
    status = 404
    title = "Cette page n’existe pas ou ne vous concerne pas"


HTTP_PAGES = {
    400: ("Cette demande est incomplète", "Revenez à la page précédente et recommencez."),
    403: (NotPermitted.title, "Votre compte n’a pas ce droit. Si c’est une erreur, écrivez à l’administration."),
    404: (NotFound.title, "L’adresse est peut-être ancienne. Votre accueil montre tout ce qui vous concerne."),
    405: ("Cette adresse ne s’ouvre pas ainsi", "Passez par les boutons de la page d’accueil."),
    409: (TransitionNotAllowed.title, "Quelqu’un, ou vous-même, l’a déjà faite. Rien n’a été changé une seconde fois."),
    413: ("Ce fichier est trop lourd", "Choisissez un fichier plus petit."),
    429: ("Trop d’essais", "Patientez quelques minutes avant de recommencer."),
    500: ("Une erreur est survenue", "Rien n’a été enregistré. Recommencez ; si cela continue, prévenez l’administration."),
}


def error_page(status: int, title: str, message: str) -> tuple[str, int]:
    page = render_template("error.html", title=title, message=message, next_url=url_for("home.index"),
                           next_label="Aller à l’accueil")
    return page, status


def register(app: Flask) -> None:
    """Turn each error into a status and a page that says what to do next."""
    from skillshare.ground.extensions import db

    @app.errorhandler(SkillshareError)
    def refused(error: SkillshareError) -> tuple[str, int]:
        db.session.rollback()
        fallback = HTTP_PAGES.get(error.status, HTTP_PAGES[400])[1]
        return error_page(error.status, error.title, error.message or fallback)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException):
        db.session.rollback()
        status = error.code or 500
        if status < 400:
            return error
        title, message = HTTP_PAGES.get(status, HTTP_PAGES[400 if status < 500 else 500])
        return error_page(status, title, message)
