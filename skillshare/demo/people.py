"""The demo's standing people: the same names, numbers and places on every run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A standing person; `heads` lists the units that the person heads."""

    key: str
    employee_id: str
    title: str
    first_name: str
    last_name: str
    unit_code: str
    job: str
    heads: tuple[str, ...] = ()


PEOPLE = (
    Person("alice", "100018", "Mme", "Alice", "Ferrand", "SOL-SAM", "Responsable de SAM", ("SOL-SAM",)),
    Person("bob", "100147", "M.", "Bob", "Tessier", "INF-ROU-03", "Agent d’exploitation des routes"),
    Person("chloe", "100102", "Mme", "Chloé", "Marchand", "INF-ROU-03", "Chef de centre d’entretien routier",
           ("INF-ROU-03",)),
    Person("marc", "100119", "M.", "Marc", "Lenoir", "INF-ROU-03", "Chef d’équipe routes"),
    Person("david", "100064", "M.", "David", "Nguyen", "RES-RH-02", "Chef de service", ("RES-RH-02",)),
    Person("farid", "100001", "M.", "Farid", "Benkacem", "DGS", "Directeur général des services",
           ("ORV", "DGS")),
    Person("mona", "100032", "Mme", "Mona", "Delaunay", "DGS-INN", "Médiateur de transversalité"),
    Person("ali", "100088", "M.", "Ali", "Yıldız", "RES-SI-03", "Chef de projet numérique"),
    Person("aude", "100093", "Mme", "Aude", "Kervella", "DGS-AUD-02", "Auditeur interne"),
    Person("emma", "100155", "Mme", "Emma", "Rousselot", "CUL-PAT-01", "Médiateur culturel"),
    Person("sonia", "099641", "Mme", "Sonia", "Brunet", "INF-ROU-03", "Agent d’exploitation des routes"),
    Person("paul", "100011", "M.", "Paul", "Girard", "INF-ROU", "Directeur", ("INF-ROU",)),
    Person("nadia", "100163", "Mme", "Nadia", "Oumaziz", "CUL-LEC-01", "Assistant de bibliothèque"),
    Person("etienne", "100171", "M.", "Étienne", "Vasseur", "EDU-COL-07", "Agent d’accueil de collège"),
)
RESERVED_NAMES = frozenset((person.first_name, person.last_name) for person in PEOPLE)
