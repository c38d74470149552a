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

TEMPLATE = Path(__file__).with_name("template.typ")
LONGEST_PAGES = 2


class LetterRefused(ValueError):
    """The data cannot become a letter; the message, in French, says what to shorten or complete."""


def to_json(data: dict[str, Any]) -> str:
    """The canonical text of a letter's data: what is attached to the PDF."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compile_letter(data: dict[str, Any]) -> bytes:
    """The PDF of `data` (see `data.letter_data`): same data, same bytes.

    Raises LetterRefused when the template refuses the data or the text needs a third page.
    """
    inputs = {"letter": to_json(data)}
    if data.get("verify"):
        inputs["qr"] = _qr_code(data["verify"]["url"])
    try:
        pdf = typst.compile(str(TEMPLATE), sys_inputs=inputs, ignore_system_fonts=True,
                            pdf_standards=["a-3a", "ua-1"])
    except typst.TypstError as error:
        raise LetterRefused(f"La lettre ne peut pas être composée : {_first_line(error)}") from error
    with pikepdf.open(io.BytesIO(pdf)) as read:
        if len(read.pages) > LONGEST_PAGES:
            raise LetterRefused("La lettre dépasse deux pages : raccourcissez le contexte ou les résultats attendus.")
    return pdf


def _qr_code(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def _first_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error).splitlines()[0])[:200]
