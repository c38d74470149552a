"""The application: the only place that knows all rooms, and subscribes the later ones to events."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from skillshare.ground import access, axis, errors, extensions, ids, security, typography

ROOT = Path(__file__).resolve().parent.parent
# Rooms in the order data flows. Each may have models, access, subscriptions and routes.
ROOMS = ("organisation", "skills", "commitments", "needs", "offers", "proposals", "loans", "letters", "hr_file",
         "approvals", "feedback", "audit", "home", "admin", "jobs")


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application with `settings`, or those of the environment."""
    app = Flask("skillshare", root_path=str(ROOT), template_folder="templates", static_folder="static")
    if settings is None:
        from config import from_environment

        settings = from_environment()
    app.config.update(settings)
    if app.config.get("TRUSTED_PROXIES"):
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _furnish(app, "models")
    for part in (ids, extensions, errors, access, security, typography, axis):
        part.register(app)
    _furnish(app, "access")
    _furnish(app, "subscriptions")
    _furnish(app, "routes")
    return app


def _furnish(app: Flask, piece: str) -> None:
    """Import `piece` of every room that has it; routes modules register their blueprints."""
    for room in ROOMS:
        if not (ROOT / "skillshare" / room / f"{piece}.py").exists():
            continue
        module = import_module(f"skillshare.{room}.{piece}")
        if hasattr(module, "register"):
            module.register(app)
