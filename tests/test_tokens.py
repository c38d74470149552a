"""Every pair of colours that carries text or a mark keeps its WCAG 2 contrast, light and dark."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[1] / "static" / "skillshare.css").read_text(encoding="utf-8")
TEXT, MARK = 4.5, 3.0
PAIRS = [
    ("ink", "paper", TEXT), ("ink", "surface", TEXT), ("ink-2", "paper", TEXT), ("ink-2", "sunken", TEXT),
    ("ink-2", "act-soft", TEXT), ("ink-2", "surface", TEXT), ("brand", "paper", TEXT),
    ("brand", "brand-soft", TEXT), ("brand-strong", "brand-soft", TEXT), ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT), ("brand", "sunken", TEXT), ("brand", "surface", TEXT),
    ("act", "act-soft", TEXT), ("act", "surface", TEXT), ("ok", "ok-soft", TEXT), ("ok", "surface", TEXT),
    ("danger", "danger-soft", TEXT), ("danger", "surface", TEXT), ("danger", "paper", TEXT),
    ("info", "info-soft", TEXT), ("ink", "info-soft", TEXT), ("ink", "sunken", TEXT),
    ("brand", "danger-soft", TEXT), ("brand", "ok-soft", TEXT), ("line-strong", "paper", MARK),
    ("line-strong", "surface", MARK), ("focus", "paper", MARK), ("focus", "surface", MARK),
    ("chart-1", "surface", MARK), ("chart-2", "surface", MARK), ("chart-0", "surface", MARK),
]


def tokens(theme):
    """The colour of each token in `theme` ("light" or "dark"), as written in the style sheet."""
    column = ("light", "dark").index(theme)
    found = {name: values.split(",")[column].strip()
             for name, values in re.findall(r"--sk-([\w-]+): light-dark\(([^)]+)\)", CSS)}
    aliases = re.findall(r"--sk-([\w-]+): var\(--sk-([\w-]+)\);", CSS)
    return found | {name: found[other] for name, other in aliases if other in found}


def luminance(colour):
    """Relative luminance of #RRGGBB (WCAG 2.2, definition)."""
    channels = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_largest_contrast():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_pair_is_readable(theme, front, back, least):
    palette = tokens(theme)
    assert contrast(palette[front], palette[back]) >= least


def test_every_token_that_is_used_exists():
    known = set(re.findall(r"--sk-([\w-]+):", CSS))
    assert set(re.findall(r"var\(--sk-([\w-]+)\)", CSS)) <= known
