"""Settings, all from the environment; a wrong one stops the start with its name and the fix."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent

# Weights of the terms of the fit, published on « Comment ça marche » and stored with each run.
WEIGHTS = {"level": 25, "desired": 20, "neighbour": 15, "margin": 10, "distance": 10, "freshness": 5, "fairness": 15}

DEMO_EMPLOYER = {"EMPLOYER_NAME": "Département de l’Orvanne", "EMPLOYER_SIRET": "22990000000015",
                 "EMPLOYER_PLACE": "Bellerive"}


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and says what to write instead."""


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The application's configuration; makes the data folder and the secrets that are not set."""
    env = environ.get("SKILLSHARE_ENV", "demo")
    if env not in ("demo", "production"):
        raise BadSetting(f"SKILLSHARE_ENV vaut « {env} » : écrivez demo ou production.")
    home = Path(environ.get("SKILLSHARE_HOME", ROOT / "instance")).resolve()
    make_folder(home)
    production = env == "production"
    url = environ.get("SKILLSHARE_DATABASE_URL") or f"sqlite:///{home / 'skillshare.sqlite3'}"
    return {
        "ENV_NAME": env,
        "HOME": home,
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": _secret_key(environ, home, production),
        "PUBLIC_URL": _public_url(environ, production),
        "TRUSTED_PROXIES": _integer(environ, "SKILLSHARE_TRUSTED_PROXIES", 0),
        "SMTP": _smtp(environ),
        **_employer(environ, production),
        "DEPLOYMENT": _one_of(environ, "SKILLSHARE_DEPLOYMENT", ("sam", "community", "all"), "community"),
        "VISA_CIRCUIT": _circuit(environ),
        "HR_VISA_ABOVE_LOAD": _integer(environ, "SKILLSHARE_HR_VISA_ABOVE_LOAD", 50),
        "HR_VISA_ABOVE_DAYS": _integer(environ, "SKILLSHARE_HR_VISA_ABOVE_DAYS", 92),
        "ANSWER_DAYS": _integer(environ, "SKILLSHARE_ANSWER_DAYS", 14),
        "VISA_DAYS": (3, 5, 8, 10),  # reminder, stand-in, N+2, mediator: working days
        "WEEKLY_HOURS": 35.0,
        "WEIGHTS": WEIGHTS,
        "MATCH_TIME_LIMIT": float(_integer(environ, "SKILLSHARE_MATCH_TIME_LIMIT", 60)),
        "LEGAL_REFERENCES": ["le code général de la fonction publique", "le règlement intérieur de l’employeur"],
        "SESSION_COOKIE_NAME": "__Host-skillshare" if production else "skillshare",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_IDLE_MINUTES": 60,
        "SESSION_HOURS": 12,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "SQLALCHEMY_ENGINE_OPTIONS": {} if url.startswith("sqlite") else {"pool_pre_ping": True},
    }


def make_folder(home: Path) -> None:
    """Make the data folder and those inside it; keys are their owner's alone."""
    try:
        for folder in ("keys", "letters", "hr/out", "hr/in"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (home / "keys").chmod(0o700)
    except OSError as error:
        raise BadSetting(f"SKILLSHARE_HOME : le dossier {home} ne peut pas être créé ({error.strerror}).") from error


def _secret_key(environ: Mapping[str, str], home: Path, production: bool) -> str:
    given = environ.get("SKILLSHARE_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise BadSetting("SKILLSHARE_SECRET_KEY est trop courte : donnez au moins 32 caractères tirés au hasard.")
        return given
    if production:
        raise BadSetting("SKILLSHARE_SECRET_KEY manque : en production, donnez au moins 32 caractères tirés au hasard.")
    path = home / "keys" / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _public_url(environ: Mapping[str, str], production: bool) -> str:
    url = environ.get("SKILLSHARE_PUBLIC_URL", "").rstrip("/")
    if production and not url.startswith("https://"):
        raise BadSetting("SKILLSHARE_PUBLIC_URL : en production, donnez l’adresse publique en https://.")
    return url or f"http://127.0.0.1:{environ.get('PORT', '8000')}"


def _employer(environ: Mapping[str, str], production: bool) -> dict[str, str]:
    """Who issues the letters: the demo's employer by default, never in production."""
    given = {}
    for name, example in DEMO_EMPLOYER.items():
        given[name] = environ.get(f"SKILLSHARE_{name}", "" if production else example).strip()
        if not given[name]:
            raise BadSetting(f"SKILLSHARE_{name} manque : en production, dites de quel employeur viennent les lettres.")
    return given


def _smtp(environ: Mapping[str, str]) -> dict[str, Any] | None:
    host = environ.get("SKILLSHARE_SMTP_HOST", "")
    if not host:
        return None
    return {"host": host, "port": _integer(environ, "SKILLSHARE_SMTP_PORT", 25),
            "sender": environ.get("SKILLSHARE_SMTP_SENDER", "bourse-de-competences@localhost"),
            "username": environ.get("SKILLSHARE_SMTP_USERNAME", ""),
            "password": environ.get("SKILLSHARE_SMTP_PASSWORD", ""),
            "starttls": environ.get("SKILLSHARE_SMTP_STARTTLS", "") == "1"}


def _circuit(environ: Mapping[str, str]) -> list[str]:
    known = ("home_manager", "home_head", "hr")
    steps = environ.get("SKILLSHARE_VISA_CIRCUIT", "home_manager").split(",")
    if not 1 <= len(steps) <= 6 or any(step not in known for step in steps):
        raise BadSetting(f"SKILLSHARE_VISA_CIRCUIT : de un à six noms parmi {', '.join(known)}, séparés par des virgules.")
    return steps


def _integer(environ: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(environ.get(name, default))
    except ValueError:
        raise BadSetting(f"{name} vaut « {environ[name]} » : écrivez un nombre entier.") from None


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environ.get(name, default)
    if value not in allowed:
        raise BadSetting(f"{name} vaut « {value} » : écrivez {' ou '.join(allowed)}.")
    return value
