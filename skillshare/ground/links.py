"""Addresses written in mails and QR codes, also made outside a request."""

from __future__ import annotations

from typing import Any

from flask import current_app


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint under PUBLIC_URL."""
    adapter = current_app.url_map.bind("localhost", url_scheme="http")
    return current_app.config["PUBLIC_URL"] + adapter.build(endpoint, values, force_external=False)
