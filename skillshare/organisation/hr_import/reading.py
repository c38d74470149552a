"""From a file of unknown encoding, separator and language to rows; a hostile one is refused with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skillshare.ground.errors import SkillshareError
from skillshare.ground.typography import fr
from skillshare.organisation.hr_import.columns import Column, header_key, names_of

MOST_BYTES = 64 * 1024 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 100_000
SEPARATORS = (";", ",", "\t")
CSV_ERRORS = (
    (
        "field larger",
        "une cellule est démesurée : un guillemet ouvert plus haut n’est sans doute jamais fermé",
    ),
    ("unexpected end", "un guillemet ouvert ici n’est jamais fermé"),
    ("expected after", "un guillemet est mal placé"),
)


class FileRefused(SkillshareError):
    """A file that is not read at all; nothing is written."""

    title = "Fichier refusé"

    def __init__(self, file: str, reason: str, line: int = 0) -> None:
        place = f"{file}, ligne {line}" if line else file
        super().__init__(fr(f"{place} : {reason}."))
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: `line` is where it starts in the file (header = 1); `fault` says why it cannot be trusted."""

    line: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """A file as read: its known columns, its rows, and what is worth a note."""

    file: str
    columns: frozenset[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def read_table(path: Path, columns: tuple[Column, ...]) -> Table:
    """Read a file with these columns, in any order; FileRefused when it cannot be understood whole."""
    text = _decode(path.name, _bytes_of(path))
    separator, header = _header(path.name, text, columns)
    names, notes = _match(path.name, header, columns)
    records = _records(path.name, text, separator)
    next(records)
    rows = [_row(line, cells, names) for line, cells in records]
    if not rows:
        raise FileRefused(path.name, "le fichier n’a aucune ligne de données")
    return Table(path.name, frozenset(filter(None, names)), rows, notes)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileRefused(path.name, f"le fichier dépasse {MOST_BYTES // 1024 // 1024} Mo")
    if not data.strip():
        raise FileRefused(path.name, "le fichier est vide")
    return data


def _decode(file: str, data: bytes) -> str:
    """UTF-8 (with or without its mark), else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(file, "il est en UTF-16 : enregistrez-le en UTF-8 ou en Windows-1252", 1)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise FileRefused(file, "il contient un octet nul : ce n’est pas un texte CSV en UTF-8 ou Windows-1252", line)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_windows(file, data)


def _decode_windows(file: str, data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(file, "un caractère n’est ni de l’UTF-8 ni du Windows-1252", line) from None


def _records(file: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line where it starts: a quoted cell may hold several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(file, _in_french(error), line) from None
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise FileRefused(file, CSV_ERRORS[0][1], line)
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells


def _in_french(error: csv.Error) -> str:
    return next((words for part, words in CSV_ERRORS if part in str(error)), "la ligne n’est pas du CSV")


def _header(file: str, text: str, columns: tuple[Column, ...]) -> tuple[str, list[str]]:
    """The separator under which the header has the most known columns, and that header."""
    known = names_of(columns)
    found: list[tuple[int, str, list[str]]] = []
    refusal: FileRefused | None = None
    for separator in SEPARATORS:
        try:
            _line, cells = next(_records(file, text, separator))
        except FileRefused as error:
            refusal = error
            continue
        found.append((sum(header_key(cell[:200]) in known for cell in cells), separator, cells))
    best = max(found, key=lambda candidate: candidate[0], default=None)
    if best is None:
        raise refusal or FileRefused(file, "le fichier est vide")
    return best[1], best[2]


def _match(file: str, header: list[str], columns: tuple[Column, ...]) -> tuple[list[str], list[str]]:
    """The column's name of each cell of the header, "" for those to ignore, and the notes about these."""
    if len(header) > MOST_COLUMNS:
        raise FileRefused(file, f"{len(header)} colonnes, {MOST_COLUMNS} au plus sont lues", 1)
    known = names_of(columns)
    names = [known.get(header_key(cell), "") for cell in header]
    for column in columns:
        if names.count(column.name) > 1:
            raise FileRefused(file, f"la colonne {column.french} ({column.name}) est donnée deux fois", 1)
    missing = [f"{c.french} ({c.name})" for c in columns if not c.optional and c.name not in names]
    if missing:
        raise FileRefused(file, f"colonne obligatoire absente : {', '.join(missing)}", 1)
    extra = [cell.strip()[:40] for cell, name in zip(header, names, strict=True) if not name and cell.strip()]
    return names, [fr(f"{file} : colonne ignorée : {', '.join(extra)}.")] if extra else []


def _row(line: int, cells: list[str], names: list[str]) -> Row:
    """The cells by column; a row of another width has a fault, for its columns may have shifted."""
    while len(cells) > len(names) and not cells[-1].strip():
        cells.pop()
    fault = "" if len(cells) == len(names) else f"{len(cells)} cellules au lieu de {len(names)}"
    return Row(line, {name: cell for name, cell in zip(names, cells, strict=False) if name}, fault)
