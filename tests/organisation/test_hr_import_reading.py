"""Files to rows: encodings, separators, headers, numbers, dates, and files made to harm."""

import time
from datetime import date

import pytest

from skillshare.organisation.hr_import import columns, names, values
from skillshare.organisation.hr_import.reading import FileRefused, read_table

HEADER = "CODE_UNITE;LIBELLE;TYPE;CODE_PARENT;MATRICULE_CHEF\n"


@pytest.fixture
def read(tmp_path):
    def read(content, shape=columns.UNITS):
        path = tmp_path / "units.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, shape)

    return read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(read, encoding, separator):
    text = (HEADER + "A;Élan ’œuvre;x;;\n").replace(";", separator)
    assert read(text.encode(encoding)).rows[0].cells["label"] == "Élan ’œuvre"


def test_headers_come_in_any_order_and_language(read):
    table = read("head_id,Libellé,UNIT_CODE,Type,code parent\n7,Nom,A,x,B\n")
    assert table.rows[0].cells == {"head_id": "7", "label": "Nom", "unit_code": "A", "kind": "x", "parent_code": "B"}


def test_an_extra_column_is_ignored_with_a_note(read):
    table = read("ETP;" + HEADER + "3;A;b;c;;\n")
    assert "ETP" in table.notes[0]
    assert table.rows[0].cells["unit_code"] == "A"


def test_a_missing_column_refuses_the_file_by_name(read):
    with pytest.raises(FileRefused, match=r"units\.csv.*TYPE \(kind\)"):
        read("CODE_UNITE;LIBELLE;CODE_PARENT;MATRICULE_CHEF\nA;b;;\n")


def test_lines_are_those_of_the_file(read):
    table = read(HEADER + 'A;"sur\ntrois\r\nlignes";x;;\n\nB;"dit ""oui""";x;;\n')
    assert [(row.line, row.cells["unit_code"]) for row in table.rows] == [(2, "A"), (6, "B")]
    assert table.rows[1].cells["label"] == 'dit "oui"'


def test_a_row_of_another_width_is_a_fault(read):
    table = read(HEADER + "A;b;c;;;;\nB;b;c;;;déborde\nC;b\n")
    assert [bool(row.fault) for row in table.rows] == [False, True, True]


HOSTILE = {
    "a NUL byte": (HEADER.encode() + b"A;b\0;c;;\n", "ligne 2"),
    "UTF-16": ((HEADER + "A;b;c;;\n").encode("utf-16"), "UTF-16"),
    "UTF-16 without mark": ((HEADER + "A;b;c;;\n").encode("utf-16-le"), "octet nul"),
    "a cell of 11 MB": (HEADER.encode() + b"A;b;c;;\nB;" + b"x" * 11_000_000 + b";c;;\n", "ligne 3"),
    "a cell above the limit": (HEADER.encode() + b"A;" + b"x" * 120_000 + b";c;;\n", "ligne 2"),
    "100,000 columns": (b";".join(b"c%d" % n for n in range(100_000)) + b"\n1\n", "colonnes"),
    "a quote never closed": (HEADER.encode() + b'A;b;c;;\nB;"b;c;;\n' + b"C;b;c;;\n" * 50_000, "ligne 3"),
    "a quote never closed, short": (HEADER.encode() + b'A;"b;c;;\n', "ligne 2"),
    "a quote closed too soon": (HEADER.encode() + b'A;"b"x;c;;\n', "ligne 2"),
    "no byte": (b"", "vide"),
    "a header alone": (HEADER.encode(), "aucune ligne"),
    "bytes of no encoding": (HEADER.encode() + b"A;\x81\xff;c;;\n", "ligne 2"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "ligne 3"),
    "65 MB": (b"x" * (65 * 1024 * 1024), "64"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_quickly(read, kind):
    content, words = HOSTILE[kind]
    started = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert words in refused.value.message
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("text,number", [("100,00", 100), ("0.8", 0.8), ("80 %", 80), ("-0,58", -0.58), (" ", None)])
def test_numbers(text, number):
    assert values.decimal(text) == number


@pytest.mark.parametrize("text", ["plein", "1.2.3", "1e9", "nan", "٣"])
def test_what_is_not_a_number(text):
    with pytest.raises(ValueError):
        values.decimal(text)


@pytest.mark.parametrize("text", ["01/09/2026", "2026-09-01", "2026-09-01T00:00:00", "1/9/2026", "2026-09-01 00:00"])
def test_dates(text):
    assert values.day(text) == date(2026, 9, 1)


def test_working_time_is_a_share_when_none_is_above_one():
    assert values.is_share_of_one(["0,8", "1", ""])
    assert not values.is_share_of_one(["80", "1"])
    assert not values.is_share_of_one(["0", "0"])


@pytest.mark.parametrize(
    "received,shown",
    [
        ("  DUFOUR ", "Dufour"),
        ("SAINT-MARTIN", "Saint-Martin"),
        ("N'DIAYE", "N'Diaye"),
        ("O’KELLY", "O’Kelly"),
        ("D'ANGELO", "D'Angelo"),
        ("DE VILLIERS", "de Villiers"),
        ("LE GOFF", "Le Goff"),
        ("DU BELLAY", "du Bellay"),
        ("DE LA FONTAINE", "de La Fontaine"),
        ("VAN DER BERG", "van der Berg"),
        ("DE", "De"),
        ("le  gall", "Le Gall"),
        ("McGregor", "McGregor"),
        ("MCGREGOR", "McGregor"),
        ("DUPONT D'ISIGNY", "Dupont d'Isigny"),
        ("ÉLOÏSE", "Éloïse"),
        ("ŒUVRARD", "Œuvrard"),
        ("Da", "Da"),
        ("MARTIN\u00a0DES PRÉS", "Martin des Prés"),
        ("", ""),
    ],
)
def test_names_as_people_write_them(received, shown):
    assert names.shown(received) == shown
