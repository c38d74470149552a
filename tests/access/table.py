"""Who may do what: every route, every state of its subject that matters, and the people to whom it opens.

Written from the requirements (R-numbers) and the design, not from the predicates. Whoever is not named is refused:
404 on somebody's thing, as if it did not exist, 403 on a page without subject; who is not signed in is sent to sign in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.access.cast import AGENTS, ANONYMOUS
from tests.access.stage import Ids

Form = dict[str, Any] | Callable[[Ids, str], dict[str, Any]]

EVERYONE = " ".join(AGENTS)
HEADS = "chloe nadia hugo farid"        # who lead people, and head a unit
HOST = "alice hugo"                     # who ask for the host unit: its requesters and its head
PARTIES = f"bob chloe lea {HOST}"       # the three sides of a loan
LOAN_READERS = f"{PARTIES} david mona aude"
LETTER_READERS = f"{PARTIES} david aude"
SIGNED_READERS = f"{LETTER_READERS} farid"  # and who signed it
NOBODY = ""


@dataclass(frozen=True, eq=False)
class Row:
    """One route on one subject. `granted`: the answer to those of `who`; `but`: other answers, by person."""

    method: str
    endpoint: str
    subject: str | None
    who: frozenset[str]
    granted: int
    form: Form = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    but: dict[str, int] = field(default_factory=dict)
    refused: int = 404
    is_public: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.subject or ''} {self.values or ''}".strip()

    def expected(self, person: str) -> int:
        if person in self.but:
            return self.but[person]
        if self.is_public:
            return self.granted
        if person in ANONYMOUS:
            return 302
        return self.granted if person in self.who else self.refused

    def posted(self, ids: Ids, person: str) -> dict[str, Any]:
        """The form a person sends: valid, so that only rights can refuse it. « @name » stands for an id."""
        form = self.form(ids, person) if callable(self.form) else self.form
        return {key: ids[value[1:]] if str(value).startswith("@") else value for key, value in form.items()}


def get(endpoint: str, subject: str | None, who: str, *, granted: int = 200, **more: Any) -> Row:
    return _row("GET", endpoint, subject, who, granted, **more)


def post(endpoint: str, subject: str | None, who: str, form: Form | None = None, *, granted: int = 302, **more: Any) -> Row:
    return _row("POST", endpoint, subject, who, granted, form=form or {}, **more)


def _row(method: str, endpoint: str, subject: str | None, who: str, granted: int, *, but: dict[str, int] | None = None,
         **more: Any) -> Row:
    spread = {name: status for names, status in (but or {}).items() for name in names.split()}
    return Row(method, endpoint, subject, frozenset(who.split()), granted, but=spread,
               **({"refused": 404 if subject else 403} | more))


def open_to_all(method: str, endpoint: str, subject: str | None = None, granted: int = 200, **more: Any) -> Row:
    return _row(method, endpoint, subject, NOBODY, granted, is_public=True, **more)


def _own_stand_in(ids: Ids, person: str) -> dict[str, Any]:
    return {"agent": ids.get(f"agent_{person}", 1), "deputy": ids["number_emma"], "starts_on": "2028-12-01",
            "ends_on": "2028-12-05"}


def _absence(ids: Ids, person: str) -> dict[str, Any]:
    of_team = {"nadia": "agent_chloe", "hugo": "agent_lea", "farid": "agent_david"}.get(person, "agent_bob")
    return {"agent": ids[of_team], "starts_on": "2026-12-01", "ends_on": "2026-12-05"}


def _own_unit(ids: Ids, person: str) -> dict[str, Any]:
    own = {"chloe": "unit_home", "nadia": "unit_above", "rita": "unit_of_rita", "farid": "unit_of_farid"}
    return {"unit_id": ids[own.get(person, "unit_host")]}


def _limits(unit: str) -> Form:
    return lambda ids, _person: {f"u{ids[unit]}-cap": "1", f"u{ids[unit]}-presence_threshold": "2"}


SUITABLE = {"continuity": "yes", "workload": "yes", "skills_left": "yes", "dates": "yes"}
LATER = {"variant": "other", "starts_on": "2027-02-01", "ends_on": "2027-03-05", "load": "2", "counter_reason": "team"}
CONTINUITY = {"reason_code": "continuity", "reason_text": "…"}
CONTEXT = {"title": "Tenir l’accueil", "context": "…", "reason": "peak", "do": "next"}
PERIOD = {"load": "30", "remote": "fully", "seats": "1", "do": "next"}
OFFER = {"skills-0-skill_id": "@skill", "skills-0-level": "3", "windows-0-starts_on": "2027-01-01",
         "windows-0-ends_on": "2027-06-30", "highest_load": "50", "place": "anywhere", "visibility": "matching", "note": "…"}
ACT = {"holder": "@number_emma", "unit": "@unit_home", "subject": "Lettres", "reference": "ARR-1", "quality": "Directrice",
       "on_behalf": "Pour le président", "published_on": "2026-11-01", "starts_on": "2026-12-01", "ends_on": ""}
PASSWORD = {"password": "trois vélos au bord du canal", "again": "trois vélos au bord du canal"}
WELL = {"as_agreed": "yes", "again": "yes"}

TABLE: tuple[Row, ...] = (
    # Signing in is open to all, and says nothing of anybody; a link or a code is its own right.
    open_to_all("GET", "sign_in.sign_in", but={EVERYONE: 302}),
    open_to_all("POST", "sign_in.sign_in", granted=422, form={"login": "@number_bob", "password": "faux"}, but={EVERYONE: 302}),
    open_to_all("POST", "sign_in.demo", granted=404, form={"login": "@number_bob"}),
    open_to_all("GET", "sign_in.forgotten"),
    open_to_all("POST", "sign_in.forgotten", granted=302, form={"login": "@number_bob"}),
    open_to_all("GET", "sign_in.code"),
    open_to_all("POST", "sign_in.code", granted=422, form={"login": "@number_bob", "code": "AAAA-BBBB-CCCC", **PASSWORD}),
    open_to_all("GET", "sign_in.redeem", "token"),
    open_to_all("POST", "sign_in.redeem", "token", granted=302, form=PASSWORD),
    post("sign_in.sign_out", None, EVERYONE),

    # Open to all: how it works (§5), the declaration of accessibility, whether a letter is true.
    open_to_all("GET", "home.how_it_works"),
    open_to_all("GET", "home.accessibility"),
    open_to_all("GET", "home.components"),
    open_to_all("GET", "verification.index"),
    *(open_to_all("GET", "verification.show", code) for code in ("code", "code_of_early_end_signed", "code_of_attestation")),

    # R21: every person always sees where their own things stand.
    get("home.index", None, EVERYONE),
    get("home.my_data", None, EVERYONE),
    get("home.export", None, EVERYONE),
    get("account.index", None, EVERYONE),
    post("account.change_password", None, EVERYONE, {"current": "faux", **PASSWORD}, granted=422),
    get("loans.index", None, EVERYONE),
    get("visas.index", None, EVERYONE),
    get("feedback.index", None, EVERYONE),

    # The catalogue is everybody's; the mediator and HR curate it.
    get("skills.index", None, EVERYONE),
    get("skills.search", None, EVERYONE),
    get("skills.suggest", None, EVERYONE),
    post("skills.suggest", None, EVERYONE, {"name": "Tailler un rosier", "family": "ingenuity", "definition": "…"}),
    get("skills.curation", None, "mona david"),
    get("skills.decide", "suggestion", "mona david"),
    get("skills.decide", "suggestion_rejected", "mona david"),
    post("skills.decide", "suggestion", "mona david", {"decision": "reject", "note": "Trop vague."}),
    post("skills.decide", "suggestion_rejected", "mona david", {"decision": "reject", "note": "Trop vague."}, granted=409),

    # R1, §3: requesters and heads state the needs of their own unit; nobody else's hand is on a draft.
    get("needs.index", None, EVERYONE),
    get("needs.new", None, f"{HEADS} alice rita"),
    post("needs.new", None, f"{HEADS} alice rita", _own_unit),
    *(get("needs.step", "need_draft", HOST, values={"step": step}) for step in (1, 2, 3, 4)),
    get("needs.step", "need_open", HOST, values={"step": 3}),
    get("needs.step", "need_closed", HOST, values={"step": 4}),
    get("needs.step", "need_closed", HOST, values={"step": 1}, granted=302),
    post("needs.save_step", "need_draft", HOST, CONTEXT, values={"step": 1}),
    post("needs.save_step", "need_draft", HOST, {"do": "next"}, values={"step": 2}),
    post("needs.save_step", "need_draft", HOST, PERIOD, values={"step": 3}),
    post("needs.save_step", "need_closed", HOST, CONTEXT, values={"step": 1}, granted=422),
    post("needs.publish", "need_draft", HOST),
    post("needs.publish", "need_open", HOST, granted=409),
    post("needs.withdraw", "need_open", HOST),
    post("needs.withdraw", "need_closed", HOST, granted=409),
    post("needs.duplicate", "need_closed", HOST),
    post("needs_page.supply", "need_draft", HOST, {"step": "3", "load": "20"}, granted=200),
    post("needs_page.change", "need_starving", HOST, {"change": "@change"}),
    get("needs.crisis", "need_open", "mona david"),
    post("needs.crisis", "need_open", "mona david", {"from_on": "2026-11-23", "until_on": "2026-12-01"}),
    get("needs.crisis", "need_draft", NOBODY),
    get("needs.crisis", "need_closed", NOBODY),

    # R4, R5: candidates are read by the asking unit and the mediator; chosen and invited by the unit alone.
    *(get("needs_page.show", need, f"{HOST} mona") for need in ("need_open", "need_closed", "need_starving", "need_proposed",
                                                               "need_accepted", "need_case_visa_home", "need_case_loan_running")),
    get("needs_page.show", "need_draft", NOBODY),
    post("needs_page.choose", "need_accepted", HOST, {"choose": "@accepted"}),
    post("needs_page.choose", "need_proposed", HOST, {"choose": "@proposed"}, granted=409),
    post("needs_page.choose", "need_proposed", NOBODY, {"choose": "@accepted"}),  # a proposal of another need
    get("needs_page.inviting", "need_open", HOST),
    get("needs_page.inviting", "need_closed", NOBODY),
    post("needs_page.invite", "need_open", HOST, {"invite": "@invitation"}),
    post("needs_page.invite", "need_closed", NOBODY, {"invite": "@invitation"}),

    # Open needs are read by every agent, who volunteers for themselves.
    get("needs_page.browse", None, EVERYONE),
    get("needs_page.mission", "need_open", EVERYONE),
    get("needs_page.mission", "need_draft", NOBODY),
    get("needs_page.mission", "need_closed", NOBODY),
    post("needs_page.apply", "need_open", EVERYONE, granted=422, but={"bob carl": 302}),  # the others have no fitting offer
    post("needs_page.apply", "need_closed", NOBODY),

    # R5: an offer and the answer to a proposal are the agent's alone.
    get("offers.mine", None, EVERYONE),
    get("offers.edit", None, EVERYONE),
    post("offers.edit", None, EVERYONE, OFFER),
    # Bob and Carl have a published offer, Chloé a draft that lacks everything.
    post("offers.publish", None, "chloe", refused=404, but={"bob carl": 409}),
    post("offers.pause", None, "bob carl", refused=404, but={"chloe": 409}),
    post("offers.resume", None, "chloe", refused=404, but={"bob carl": 409}),
    post("offers.withdraw", None, "bob carl chloe", refused=404),
    *(get("proposals.show", state, "bob", but={f"{HOST} mona": 302}) for state in ("proposed", "accepted", "withdrawn",
                                                                                  "case_visa_home", "case_loan_scheduled")),
    get("proposals.show", "of_carl", "carl", but={f"{HOST} mona": 302}),
    get("proposals.show", "declined", NOBODY, but={f"{HOST} mona": 302}),  # they are led to the need, which says nothing of it
    post("proposals.accept", "proposed", "bob"),
    post("proposals.accept", "accepted", "bob", granted=409),
    post("proposals.accept", "of_carl", "carl"),
    post("proposals.decline", "proposed", "bob"),
    post("proposals.decline", "of_carl", "carl"),
    post("proposals.withdraw", "accepted", "bob"),
    post("proposals.withdraw", "case_visa_home", "bob"),
    post("proposals.withdraw", "case_loan_to_sign", "bob"),
    post("proposals.withdraw", "case_loan_scheduled", "bob", granted=409),  # signed: the loan is ended instead
    post("proposals.withdraw", "accepted_of_carl", "carl"),
    get("runs.index", None, "mona david ali"),
    get("runs.show", "run", "mona david ali"),
    post("runs.start", None, "mona david ali"),

    # Visas: the holder, and the stand-in of the day; never on one's own loan nor for a seat one asked for.
    get("visas.show", "visa_home", "chloe marc"),
    get("visas.show", "visa_host", "hugo"),
    get("visas.show", "visa_hr", "david"),
    get("visas.show", "visa_given", "chloe marc"),
    get("visas.show", "visa_refused", "chloe marc"),
    *(get("visas.show", visa, NOBODY) for visa in ("visa_pending", "visa_void", "visa_stuck")),
    *(get("visas.show", visa, "nadia") for visa in ("visa_on_chloe", "visa_asked_by_chloe")),
    post("visas.give", "visa_home", "chloe marc", SUITABLE),
    post("visas.give", "visa_host", "hugo"),
    post("visas.give", "visa_hr", "david"),
    post("visas.give", "visa_given", "chloe marc", SUITABLE, granted=409),
    post("visas.give", "visa_void", "chloe marc", SUITABLE, granted=409),
    *(post("visas.give", visa, NOBODY, SUITABLE) for visa in ("visa_pending", "visa_stuck")),
    *(post("visas.give", visa, "nadia", SUITABLE) for visa in ("visa_on_chloe", "visa_asked_by_chloe")),
    post("visas.refuse", "visa_home", "chloe marc", CONTINUITY),
    post("visas.refuse", "visa_host", "hugo", {"reason_code": "need_gone"}),
    post("visas.refuse", "visa_hr", "david", {"reason_code": "employment_rules"}),
    post("visas.refuse", "visa_given", "chloe marc", CONTINUITY, granted=409),
    *(post("visas.refuse", visa, "nadia", CONTINUITY) for visa in ("visa_on_chloe", "visa_asked_by_chloe")),
    post("visas.counter", "visa_home", "chloe marc", LATER),
    *(post("visas.counter", visa, NOBODY, LATER) for visa in ("visa_host", "visa_hr", "visa_stuck")),
    get("visas.reroute", "visa_stuck", "mona"),  # R4: the mediator hands over, and never decides
    get("visas.reroute", "visa_home", NOBODY),
    get("visas.reroute", "visa_hr", NOBODY),
    post("visas.hand_over", "visa_stuck", "mona", {"to": "@agent_nadia"}),
    post("visas.hand_over", "visa_home", NOBODY, {"to": "@agent_nadia"}),

    # §5: a visa is not a signature. A registered delegation, in force, on somebody else's letter.
    get("desk.index", None, "farid"),
    *(get(f"desk.{page}", letter, "farid") for page in ("show", "preview") for letter in ("letter_to_sign", "letter")),
    post("desk.sign", "letter_to_sign", "farid"),
    post("desk.sign", "letter", "farid", granted=409),
    get("desk.show", "letter_of_farid", NOBODY),
    get("desk.preview", "letter_of_farid", NOBODY),
    post("desk.sign", "letter_of_farid", NOBODY),
    # The short letter of an early end is signed as the letter was; nobody signs an attestation.
    *(get(f"desk.{page}", act, "farid") for page in ("show", "preview") for act in ("early_end", "early_end_signed")),
    post("desk.sign", "early_end", "farid"),
    post("desk.sign", "early_end_signed", "farid", granted=409),
    *(get(f"desk.{page}", "attestation", NOBODY) for page in ("show", "preview")),
    post("desk.sign", "attestation", NOBODY),

    # The three sides of a loan; HR, the mediator and the auditor read it.
    *(get("loans.show", loan, LOAN_READERS) for loan in ("loan_to_sign", "loan_scheduled", "loan_running", "loan_announced",
                                                         "loan_over", "loan_cancelled")),
    get("loans.show", "loan_of_carl", "carl chloe lea alice hugo david mona aude"),
    post("loans.cancel", "loan_to_sign", f"{PARTIES} david", {"reason": "need_gone"}),
    post("loans.cancel", "loan_scheduled", f"{PARTIES} david", {"reason": "need_gone"}),
    post("loans.cancel", "loan_running", f"{PARTIES} david", {"reason": "need_gone"}, granted=409),
    post("loans.end_early", "loan_running", PARTIES, {"reason": "need_over", "ends_on": "2026-12-11"}),
    *(post("loans.end_early", loan, NOBODY, {"reason": "need_over", "ends_on": "2026-12-11"})
      for loan in ("loan_to_sign", "loan_announced", "loan_over")),

    # A letter: the three sides, who signed it, HR and the auditor. HR alone replaces a wrong one.
    *(get(f"letters.{page}", "letter_to_sign", LETTER_READERS) for page in ("show", "pdf")),
    *(get("letters.show", letter, SIGNED_READERS) for letter in ("letter", "letter_running", "letter_wrong", "letter_over",
                                                                 "letter_cancelled")),
    get("letters.pdf", "letter", SIGNED_READERS),
    *(get(f"letters.{page}", act, readers) for page in ("show", "pdf")
      for act, readers in (("early_end", LETTER_READERS), ("early_end_signed", SIGNED_READERS), ("attestation", LETTER_READERS))),
    post("letters.cancel", "letter_to_sign", f"{PARTIES} david", {"cancel_reason": "error"}),
    post("letters.cancel", "letter", f"{PARTIES} david", {"cancel_reason": "error"}),
    post("letters.cancel", "letter_over", f"{PARTIES} david", {"cancel_reason": "error"}, granted=409),
    post("letters.replace", "letter", "david", {"reason": "Le nom est faux."}),
    post("letters.replace", "letter_to_sign", "david", {"reason": "Le nom est faux."}, granted=409),
    # A wrong mission letter alone is replaced, and cancelled with the loan to come: the acts that follow it are neither.
    *(post("letters.cancel", act, f"{PARTIES} david", {"cancel_reason": "error"}, granted=409)
      for act in ("early_end", "early_end_signed", "attestation")),
    *(post("letters.replace", act, "david", {"reason": "Le nom est faux."}, granted=409)
      for act in ("early_end", "early_end_signed", "attestation")),
    get("registry.index", None, "david aude"),
    get("registry.export", None, "david aude"),

    # HR files; the auditor reads.
    get("filings.index", None, "david aude"),
    post("filings.export", None, "david"),
    post("filings.read_answers", None, "david"),
    post("filings.requeue", "filing_rejected", "david"),
    post("filings.requeue", "filing", "david", granted=409),

    # R9: the person who was asked; read by the three sides and the mediator, never HR.
    get("feedback.give", "feedback_agent", "bob"),
    get("feedback.give", "feedback_home", "chloe"),
    get("feedback.give", "feedback_host", "lea"),
    get("feedback.give", "feedback_given", "bob", granted=302),
    post("feedback.give", "feedback_agent", "bob", WELL | {"means": "yes"}),
    post("feedback.give", "feedback_home", "chloe", WELL | {"continuity": "yes"}),
    post("feedback.give", "feedback_host", "lea", lambda ids, _: WELL | {"results": "yes", f"skill_{ids['skill']}": "3"}),
    post("feedback.give", "feedback_given", "bob", WELL | {"means": "yes"}, granted=409),
    get("feedback.show", "loan_over", f"{PARTIES} mona"),
    get("feedback.show", "loan_announced", f"{PARTIES} mona"),

    # A manager's team; stand-ins are named by the person or their N+1; a cap belongs to the head of that very unit.
    get("team.index", None, HEADS),
    get("team.absences", None, HEADS),
    post("team.absences", None, HEADS, _absence),
    post("team.remove_absence", "absence", "chloe"),
    get("team.stand_ins", None, f"{HEADS} david mona"),
    post("team.stand_ins", None, f"{HEADS} david mona", _own_stand_in),
    post("team.end_stand_in", "stand_in", "chloe nadia"),
    get("team.cap", None, HEADS),
    post("team.set_cap", "unit_home", "chloe", _limits("unit_home")),
    post("team.set_cap", "unit_above", "nadia", _limits("unit_above")),

    # §5: delegations are recorded by HR, never for oneself; roles and accounts by the administrator, never one's own.
    get("organisation.delegations", None, "david"),
    post("organisation.delegations", None, "david", ACT),
    get("organisation.end_delegation", "delegation", "david"),
    post("organisation.end_delegation", "delegation", "david", {"ends_on": "2026-12-31"}),
    get("organisation.end_delegation", "delegation_of_david", NOBODY),
    post("organisation.end_delegation", "delegation_of_david", NOBODY, {"ends_on": "2026-12-31"}),
    get("organisation.roles", None, "ali"),
    post("organisation.roles", None, "ali", {"person": "@number_emma", "name": "auditor", "unit": "0"}),
    post("organisation.remove_role", "role_of_alice", "ali"),
    post("organisation.remove_role", "role_of_ali", NOBODY),
    post("organisation.suspend", None, "ali", {"s-person": "@number_emma"}),
    post("organisation.restore", "agent_disabled", "ali"),
    post("organisation.restore", "agent_ali", NOBODY),
    get("organisation.access_codes", None, f"{HOST} david"),  # HR, or a SAM for the agents it serves
    post("organisation.access_codes", None, f"{HOST} david", {"person": "@number_emma"}, granted=200),

    # The application's own affairs: the administrator; the auditor reads the journal.
    get("admin.journal", None, "ali aude"),
    get("admin.verify_journal", None, "ali aude"),
    get("admin.outbox", None, "ali"),
    get("admin.message", "message", "ali"),
    post("admin.retry", "message", "ali"),
    get("admin.jobs", None, "ali"),
)
