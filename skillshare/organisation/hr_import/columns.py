"""The columns of the three files, under their French and their English headers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column is known by `name` (its English header) once read."""

    name: str
    french: str
    optional: bool = False


UNITS = (
    Column("unit_code", "CODE_UNITE"),
    Column("label", "LIBELLE"),
    Column("kind", "TYPE"),
    Column("parent_code", "CODE_PARENT"),
    Column("head_id", "MATRICULE_CHEF"),
)
AGENTS = (
    Column("employee_id", "MATRICULE"),
    Column("title", "CIVILITE"),
    Column("last_name", "NOM_USUEL"),
    Column("first_name", "PRENOM"),
    Column("email", "MEL"),
    Column("category", "CATEGORIE"),
    Column("stream", "FILIERE"),
    Column("job_framework", "CADRE_EMPLOIS"),
    Column("job", "EMPLOI"),
    Column("working_time", "QUOTITE"),
    Column("unit_code", "CODE_UNITE"),
    Column("manager_id", "MATRICULE_RESPONSABLE"),
    Column("site", "SITE"),
    Column("site_code", "CODE_INSEE"),
    Column("entry_date", "DATE_ENTREE"),
    Column("exit_date", "DATE_SORTIE"),
    Column("phone", "TELEPHONE"),
    Column("status", "STATUT", optional=True),
)
SITES = (
    Column("site", "SITE"),
    Column("site_code", "CODE_INSEE"),
    Column("latitude", "LATITUDE"),
    Column("longitude", "LONGITUDE"),
)


def header_key(text: str) -> str:
    """How a header is compared: case, accents, spaces and hyphens do not count.

    >>> header_key(" Code unité ")
    'code_unite'
    """
    folded = unicodedata.normalize("NFKD", text.strip().casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return bare.replace(" ", "_").replace("-", "_")


def names_of(columns: tuple[Column, ...]) -> dict[str, str]:
    """Every header that is understood, compared as `header_key`, with the column's name."""
    return {header_key(header): column.name for column in columns for header in (column.name, column.french)}
