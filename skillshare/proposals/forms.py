"""The forms of proposals: buttons, whose value names what is chosen."""

from __future__ import annotations

from skillshare.ground.forms import Form


class Act(Form):
    """A button that posts: only its CSRF token, and the rules it may break."""
