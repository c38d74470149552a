"""What the home page tells earlier rooms: why a visa was refused."""

from __future__ import annotations

from flask import Flask

from skillshare.home.answers import refusals
from skillshare.proposals.endings import refusals_told_by


def register(app: Flask) -> None:
    refusals_told_by(refusals)
