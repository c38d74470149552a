"""What the tests of rights look at: one case in every state that matters, and things of other people."""

from __future__ import annotations

from datetime import date, datetime

from skillshare.approvals import signing
from skillshare.approvals.circuit import steps_of
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.approvals.trace import trace_of
from skillshare.commitments import actions as commitments
from skillshare.feedback.models import Feedback, Side
from skillshare.ground import outbox
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.hr_file.models import Filing, FilingAction, FilingState
from skillshare.letters import actions as letters
from skillshare.letters.content import LetterData
from skillshare.letters.derived import attestation_of, early_end_of
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import CloseReason, Need, NeedState
from skillshare.offers.models import Offer, OfferState, Visibility
from skillshare.organisation import tokens
from skillshare.organisation.models import Absence, Role, SigningDelegation, StandIn
from skillshare.proposals.contents import asked_hash
from skillshare.proposals.models import OpenSeat, Proposal, ProposalState, Run
from skillshare.skills.models import Skill, SkillState
from tests import factories
from tests.access import cast
from tests.access.hostile import needle

Ids = dict[str, int | str]


class Stage:
    """Makes the rows, all free texts hostile; `ids` says by which name the table calls them."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.people = factories.standing_people()
        self.cast = cast.make(self.people)
        self.skill = factories.skill(needle("skill-name"))
        self.skill.definition = needle("skill-definition")
        self.ids: Ids = {"skill": self.skill.id}
        self._organisation()
        self._needs_and_offers()
        self._proposals()
        self._visas()
        self._loans()
        self._filings_and_feedback()
        self._administration()
        db.session.commit()

    def keep(self, name: str, row: db.Model) -> int:
        db.session.add(row)
        db.session.flush()
        self.ids[name] = row.id
        return row.id

    # -- people and units ------------------------------------------------------------------------------------------
    def _organisation(self) -> None:
        people, who = self.people, self.cast
        for unit in (people.sam, people.roads, people.direction):
            unit.label = needle(f"unit-{unit.code.lower()}")
        people.sites[0].name = needle("site")
        for name, agent in who.items():
            agent.job, agent.phone = needle("job"), "=05"
            self.ids[f"agent_{name}"] = agent.id
        self.ids |= {"unit_of_rita": who["rita"].unit_id, "unit_of_farid": who["farid"].unit_id}
        self.ids |= {"unit_home": people.roads.id, "unit_host": people.sam.id, "unit_above": people.direction.id}
        self.keep("absence", Absence(agent_id=who["bob"].id, starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 5),
                                     entered_by_id=who["chloe"].id))
        self.ids["stand_in"] = db.session.query(StandIn).filter_by(deputy_id=who["marc"].id).one().id
        self.ids["role_of_alice"] = db.session.query(Role).filter_by(agent_id=who["alice"].id).one().id
        self.ids["role_of_ali"] = db.session.query(Role).filter_by(agent_id=who["ali"].id).one().id
        held = db.session.query(SigningDelegation)
        self.ids["delegation"] = held.filter_by(holder_id=who["farid"].id).one().id
        own = factories.delegation(who["david"], people.roads, who["farid"], ends_on=cast.YESTERDAY,
                                   subject=needle("delegation-subject"), reference=needle("delegation-reference"),
                                   quality=needle("delegation-quality"), on_behalf=needle("delegation-behalf"))
        self.ids["delegation_of_david"] = own.id
        self.ids |= {f"number_{name}": who[name].staff_number for name in ("emma", "bob", "ali", "david")}
        self.ids["token"] = tokens.issue_link(who["emma"], at=self.at)[0]

    # -- the market ------------------------------------------------------------------------------------------------
    def need(self, name: str, **more) -> Need:
        values = {"title": needle("need-title"), "context": needle("need-context"), "means": needle("need-means"),
                  "expected_results": needle("need-results"), "support_note": needle("need-support"),
                  "rhythm": needle("need-rhythm"), "hours": needle("need-hours"), "workplace": needle("need-workplace"),
                  "load": 2, "mission_lead_id": self.cast["lea"].id} | more
        made = factories.need(self.people, [self.skill], **values)
        self.ids[name] = made.id
        return made

    def _needs_and_offers(self) -> None:
        self.need("need_draft", state=NeedState.DRAFT, published_at=None, title=needle("draft-title"))
        self.need("need_open")
        self.need("need_closed", state=NeedState.CLOSED, close_reason=CloseReason.WITHDRAWN, closed_at=self.at)
        starving = self.need("need_starving", load=60)
        offer = factories.offer(self.cast["bob"], [self.skill], note=needle("offer-note"))
        self.ids["offer"] = offer.id
        factories.offer(self.cast["carl"], [self.skill], note=needle("carl-note"))
        factories.offer(self.cast["denis"], [self.skill], visibility=Visibility.MATCHING)
        draft = Offer(agent_id=self.cast["chloe"].id, state=OfferState.DRAFT, note=needle("offer-draft-note"),
                      created_at=self.at, refreshed_at=self.at)
        db.session.add(draft)
        run = Run(started_at=self.at, digest="0" * 64, version="0", weights={"level": 25}, status="optimal", filled=[1],
                  bound=[1.0, 1.0], fit=1.0, seconds=0.1, agents=3, seats=4, pairs=3, complete=True)
        self.keep("run", run)
        change = {"kind": "load", "to": 40, "eligible": 12}
        funnel = dict.fromkeys(("offers", "skills", "dates"), 12) | dict.fromkeys(("load", "place", "commitments", "caps"), 0)
        told = {"funnel": funnel, "changes": [change], "asked": asked_hash(starving)}
        db.session.add(OpenSeat(run_id=run.id, seat_id=starving.seats[0].id, diagnosis=told))
        self.ids["change"] = f"{starving.seats[0].id}-0"

    def proposal(self, name: str, agent: str, state: ProposalState, **more) -> Proposal:
        period = {key: more.pop(key) for key in ("starts_on", "ends_on") if key in more}
        need = self.need(f"need_{name}", **period)
        made = factories.proposal(need, self.cast[agent], state=state, **more)
        if made.is_live and state != ProposalState.PROPOSED:
            commitments.promise(made.agent, host_unit=need.unit, source=f"proposal:{made.id}", starts_on=made.starts_on,
                                ends_on=made.ends_on, load=made.load, at=self.at)
        self.ids[name] = made.id
        return made

    def _proposals(self) -> None:
        for state in ("proposed", "accepted", "withdrawn"):
            self.proposal(state, "bob", ProposalState(state))
        self.proposal("of_carl", "carl", ProposalState.PROPOSED)
        self.proposal("accepted_of_carl", "carl", ProposalState.ACCEPTED)
        need = db.session.get_one(Need, self.ids["need_proposed"])
        for name, state in (("declined", ProposalState.DECLINED), ("lapsed", ProposalState.LAPSED)):
            made = factories.proposal(need, self.cast["denis"], state=state, ended_at=self.at, accepted_at=None,
                                      answer_by=date(2026, 11, 20))
            self.ids[name] = made.id
        self.ids["choice"] = self.ids["accepted"]

    # -- visas -----------------------------------------------------------------------------------------------------
    def visa(self, name: str, kind: VisaKind, holder: str | None, agent: str = "bob", **more) -> Visa:
        is_over = more.get("state") == VisaState.REFUSED
        state, ended_at = (ProposalState.REFUSED, self.at) if is_over else (ProposalState.IN_VISA, None)
        case = self.proposal(f"case_{name}", agent, state, chosen_by_id=self.cast["alice"].id, ended_at=ended_at)
        dates = {"remind_on": date(2026, 11, 26), "stand_in_on": date(2026, 11, 30), "above_on": date(2026, 12, 3),
                 "mediator_on": date(2026, 12, 7)}
        values = {"state": VisaState.WAITING, "since": self.at, "rank": 1} | dates | more
        made = Visa(proposal_id=case.id, kind=kind, holder_id=self.cast[holder].id if holder else None, **values)
        self.keep(name, made)
        return made

    def _visas(self) -> None:
        home = VisaKind.HOME_MANAGER
        self.visa("visa_home", home, "chloe")
        self.visa("visa_host", VisaKind.HOST_HEAD, "hugo")
        self.visa("visa_hr", VisaKind.HR, None)
        self.visa("visa_stuck", home, None)
        self.visa("visa_pending", home, None, state=VisaState.PENDING, since=None)
        self.visa("visa_void", home, "chloe", state=VisaState.VOID)
        decided = {"decided_at": self.at, "decided_by_id": self.cast["chloe"].id}
        self.visa("visa_given", home, "chloe", state=VisaState.GIVEN, **decided,
                  suitability={"measures": needle("visa-measures")})
        self.visa("visa_refused", home, "chloe", state=VisaState.REFUSED, reason_code="continuity",
                  reason_text=needle("visa-reason"), **decided)
        helped = {"helper_id": self.cast["chloe"].id}
        self.visa("visa_on_chloe", home, "nadia", agent="chloe", **helped)
        asked = self.visa("visa_asked_by_chloe", home, "nadia", **helped)
        asked.proposal.chosen_by_id = self.cast["chloe"].id

    # -- loans and letters -----------------------------------------------------------------------------------------
    def loan(self, name: str, state: LoanState, agent: str = "bob", **more) -> Loan:
        period = {key: more.pop(key) for key in ("starts_on", "ends_on") if key in more}
        case = self.proposal(f"case_{name}", agent, ProposalState.APPROVED, chosen_by_id=self.cast["hugo"].id, **period)
        for rank, kind, holder in ((1, VisaKind.HOST_HEAD, "hugo"), (2, VisaKind.HOME_MANAGER, "chloe")):
            db.session.add(Visa(proposal_id=case.id, rank=rank, kind=kind, state=VisaState.GIVEN, since=self.at,
                                holder_id=self.cast[holder].id, decided_at=self.at, decided_by_id=self.cast[holder].id))
        made = Loan(proposal_id=case.id, need_id=case.need_id, agent_id=case.agent_id, home_unit_id=self.people.roads.id,
                    host_unit_id=self.people.sam.id, home_manager_id=self.cast["chloe"].id, state=state, load=case.load,
                    mission_lead_id=self.cast["lea"].id, created_at=self.at, starts_on=case.starts_on,
                    **({"ends_on": case.ends_on, "planned_ends_on": case.ends_on} | more))
        self.keep(name, made)
        return made

    def letter(self, name: str, loan: Loan, state: LetterState, mark: int, **more) -> Letter:
        """Written straight, with the data of a real one and no real file."""
        signed = {"signed_at": self.at, "year": 2025, "sequence": mark, "number": f"2025-{mark:04d}",
                  "verify_code": f"AAAA-BBBB-{mark:04d}", "sha256": f"{mark:064d}", "pdf": b"%PDF-1.7",
                  "signed_by_id": self.cast["farid"].id, "delegation_id": self.ids["delegation"]}
        columns = signed | more
        period = {"starts_on": loan.starts_on.isoformat(), "ends_on": loan.ends_on.isoformat()}
        data = self.data | {"period": self.data["period"] | period, "number": columns["number"]}
        made = Letter(loan_id=loan.id, loan=loan, employer_id=self.people.employer.id, created_at=self.at, state=state,
                      data=data, **columns)
        self.keep(name, made)
        return made

    def _loans(self) -> None:
        def opened(name: str, loan: Loan) -> Letter:
            made = letters.open_letter(loan, trace=trace_of(steps_of(loan.proposal)), at=self.at)
            self.ids[name] = made.id
            return made

        opened("letter_to_sign", self.loan("loan_to_sign", LoanState.TO_SIGN))
        opened("letter_of_farid", self.loan("loan_of_farid", LoanState.TO_SIGN, agent="farid"))
        signed = opened("letter", self.loan("loan_scheduled", LoanState.TO_SIGN))
        signing.sign(signed, actor=self.cast["farid"], at=self.at)
        self.ids["code"], self.data = signed.verify_code, signed.data
        past = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 12, 18)}
        running = self.loan("loan_running", LoanState.RUNNING, **past)
        self.letter("letter_running", running, LetterState.SIGNED, 1)
        over = self.loan("loan_over", LoanState.ENDED, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 20))
        self.letter("letter_wrong", over, LetterState.SUPERSEDED, 2, cancelled_at=self.at, cancel_reason=needle("letter-wrong"))
        replaced = self.letter("letter_over", over, LetterState.SIGNED, 3, replaces_id=self.ids["letter_wrong"])
        alice = self.cast["alice"].id
        announced = self.loan("loan_announced", LoanState.RUNNING, **past, end_reason="need_over", ended_by_id=alice)
        self._acts_that_follow(announced, replaced)
        gone = self.loan("loan_cancelled", LoanState.CANCELLED, end_reason="need_gone", ended_by_id=alice)
        self.letter("letter_cancelled", gone, LetterState.CANCELLED, 4, cancelled_at=self.at,
                    cancel_reason=needle("letter-cancelled"))
        self.loan("loan_of_carl", LoanState.SCHEDULED, agent="carl")

    def _acts_that_follow(self, announced: Loan, over: Letter) -> None:
        """A short letter to sign, one that Farid signed, and an attestation, which nobody signed."""
        origin = self.letter("letter_announced", announced, LetterState.SIGNED, 5)
        self.ids["early_end"] = letters.open_act(announced, self.early_end(origin, date(2026, 12, 4)), at=self.at).id
        announced.ends_on = date(2026, 12, 4)
        ended = self.loan("loan_ended_early", LoanState.ENDED_EARLY, starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))
        origin = self.letter("letter_ended", ended, LetterState.SIGNED, 6)
        self.act("early_end_signed", ended, self.early_end(origin, date(2026, 11, 13)), 7, state=LetterState.SIGNED, suffix="FIN")
        ended.ends_on = date(2026, 11, 13)
        told = attestation_of(LetterData.from_json(over.data), ended_on=over.loan.ends_on, days=10, hours=70,
                              dated=date(2026, 11, 21))
        self.act("attestation", over.loan, told, 8, state=LetterState.ISSUED, suffix="ATT", signed_by_id=None, delegation_id=None)

    def early_end(self, letter: Letter, on: date) -> LetterData:
        said = LetterData.from_json(letter.data)
        return early_end_of(said, effective_on=on, initiative="l’agent", reason="…", dated=said.dated, steps=said.steps)

    def act(self, name: str, loan: Loan, data: LetterData, mark: int, *, state: LetterState, suffix: str, **more) -> None:
        number = f"{data.amends.number}-{suffix}"
        made = self.letter(name, loan, state, mark, kind=LetterKind(data.kind), year=None, sequence=None, number=number, **more)
        made.data = data.to_dict() | {"state": state, "number": number}
        self.ids[f"code_of_{name}"] = made.verify_code

    def _filings_and_feedback(self) -> None:
        self.ids["filing"] = db.session.query(Filing).filter_by(letter_id=self.ids["letter"]).one().id
        self.keep("filing_rejected", Filing(
            letter_id=self.ids["letter_running"], action=FilingAction.FILE, state=FilingState.REJECTED, piece="BC-2025-0001",
            queued_at=self.at, sent_at=self.at, answered_at=self.at, answer=needle("filing-answer"), tries=1))
        loan, due_on = self.ids["loan_over"], date(2026, 12, 8)
        for name, side, author in (("feedback_agent", Side.AGENT, "bob"), ("feedback_home", Side.HOME, "chloe"),
                                   ("feedback_host", Side.HOST, "lea")):
            self.keep(name, Feedback(loan_id=loan, side=side, author_id=self.cast[author].id, asked_at=self.at, due_on=due_on,
                                     answers={}))
        self.keep("feedback_given", Feedback(
            loan_id=self.ids["loan_announced"], side=Side.AGENT, author_id=self.cast["bob"].id, asked_at=self.at, due_on=due_on,
            given_at=self.at, answers={"as_agreed": "yes", "means": "yes", "again": "no", "note": needle("feedback-note")}))

    def _administration(self) -> None:
        outbox.post("proposals.proposed", to=self.cast["bob"].id, key="dead", subject=needle("mail-subject"),
                    text=needle("mail-text"), at=self.at)
        db.session.flush()
        message = db.session.query(Message).filter(Message.key.contains("dead")).one()
        message.dead_at, message.error, message.attempts = self.at, needle("mail-error"), 8
        self.ids["message"] = message.id
        suggested = {"suggested_by_id": self.cast["emma"].id, "suggested_at": self.at}
        self.keep("suggestion", Skill(code="zz", name=needle("suggestion"), key="zz", family="professional", domain="",
                                      definition=needle("suggestion-definition"), state=SkillState.SUGGESTED, **suggested))
        self.keep("suggestion_rejected", Skill(code="zzz", name=needle("rejected"), key="zzz", family="exotic", domain="",
                                               definition="…", state=SkillState.REJECTED, curation_note=needle("curation-note"),
                                               **suggested))
