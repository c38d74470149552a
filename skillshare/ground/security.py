"""Headers of every answer: what a browser may load, and what it may keep."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data:", "style-src 'self'", "script-src 'self'", "font-src 'self'",
    "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def register(app: Flask) -> None:
    """Add the headers to every answer; a page, unlike a static file, is kept by no cache."""
    is_production = app.config.get("ENV_NAME") == "production"

    @app.after_request
    def protected(response: Response) -> Response:
        response.headers.update(HEADERS)
        if response.location:  # an address put right by Werkzeug names the host that the request named
            response.headers["Location"] = local(response.location)
        if is_production:
            response.headers["Strict-Transport-Security"] = HSTS
        if (request.endpoint or "").split(".")[-1] != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def local(location: str) -> str:
    """A redirection of this application, which never leads elsewhere, without the host of the request."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/") if parts.netloc else parts.path
    return parts._replace(scheme="", netloc="", path=path).geturl()
