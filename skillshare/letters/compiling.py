"""A letter's data in, an archivable PDF out (Typst: PDF/A-3a and PDF/UA-1)."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import segno
import typst

from skillshare.letters.content import LetterData

TEMPLATE = Path(__file__).with_name("template.typ")
LONGEST_PAGES = 2
TOO_LONG = "La lettre dépasse deux pages : raccourcissez le contexte ou les résultats attendus."


class LetterRefused(ValueError):
    """The data cannot become a letter; the message, in French, says what to shorten or complete."""


class LetterTooLong(LetterRefused):
    """Each text is within its bound, but together they need a third page."""


def to_json(data: dict[str, Any]) -> str:
    """The canonical text of a letter's data: what is attached to the PDF."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compile_letter(data: LetterData | dict[str, Any]) -> bytes:
    """The PDF of `data`, two pages at most: same data, same bytes.

    Raises LetterRefused when the data is refused by `LetterData.validate` or by the template, and LetterTooLong.
    """
    plain = data.to_dict() if isinstance(data, LetterData) else data
    _validate(plain)
    inputs = {"letter": to_json(plain)}
    if plain.get("verify"):
        inputs["qr"] = _qr_code(plain["verify"]["url"])
    pdf = _typeset(inputs)
    with pikepdf.open(io.BytesIO(pdf)) as read:
        if len(read.pages) > LONGEST_PAGES:
            raise LetterTooLong(TOO_LONG)
    return pdf


def _validate(plain: dict[str, Any]) -> None:
    try:
        LetterData.from_json(plain).validate()
    except ValueError as error:
        raise LetterRefused(str(error)) from error


def _typeset(inputs: dict[str, str]) -> bytes:
    """Data goes in as values, never into the source: no text of a person is ever markup."""
    try:
        pdf: bytes = typst.compile(str(TEMPLATE), sys_inputs=inputs, ignore_system_fonts=True,
                                   pdf_standards=["a-3a", "ua-1"])
    except typst.TypstError as error:
        raise LetterRefused(f"La lettre ne peut pas être composée : {_first_line(error)}") from error
    return pdf


def _qr_code(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def _first_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error).splitlines()[0])[:200]
