"""The pages of the room: signing in, one's account, the team, rights."""

from __future__ import annotations

from flask import Flask

from skillshare.organisation import routes_account, routes_rights, routes_sign_in, routes_team, sessions


def register(app: Flask) -> None:
    sessions.register(app)
    for module in (routes_sign_in, routes_account, routes_team, routes_rights):
        app.register_blueprint(module.bp)
