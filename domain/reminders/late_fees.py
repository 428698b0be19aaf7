"""What being late has cost on an invoice, and claiming it: only then is it booked (M43).

By law it is owed without a word in business (C. com. L441-10), but nobody has to ask for it: it is
proposed by letters, and stands in the books once it is claimed.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.countries.late_payment import Tariff
from domain.ledger.entering import Standing, enter_piece
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted, document_tag
from domain.ledger.period import check_open
from domain.ledger.settlement_posting import lines_of
from domain.parties.company import Company
from domain.reminders.late_interest import LateInterest
from domain.sales.invoice import InvoiceValidated
from domain.treasury.payment import DateIsInFuture


class LineInterest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Interest claimed on the instalment at a line of the invoice's entry, in minor units."""

    line: int
    amount: int


class LateFeesClaimed(Event, frozen=True, kw_only=True):
    """Interest to `until` and perhaps the indemnity of a late invoice are claimed, outside VAT.

    Amounts are what is added to the claims before; the customer owes them from that day on.
    """

    stored_as: ClassVar[str] = "late_fees.claimed.v1"

    late_fee_id: str
    invoice_id: str
    invoice_number: str
    customer_id: str
    customer_name: str
    currency: str
    issue_date: date
    until: date
    interest: tuple[LineInterest, ...]
    indemnity: int
    law: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("late_fee", self.late_fee_id),
            document_tag("invoice", self.invoice_id),
        )

    @property
    def amount(self) -> int:
        """All that is claimed."""
        return self.indemnity + sum(each.amount for each in self.interest)

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"Pénalités de retard {self.invoice_number}"


class Claimed(Struct, frozen=True, kw_only=True):
    """What was claimed of an invoice so far: interest by line, and the indemnity."""

    interest: dict[int, int] = {}
    indemnity: int = 0


class LateFee(Struct, frozen=True, kw_only=True):
    """A claim of late fees, and the event that made it."""

    position: int
    document: LateFeesClaimed


class LateRateIsUnknown(Refused, frozen=True, kw_only=True):
    """Interest is asked for days whose rate is not published, or not loaded."""

    code = "late_rate_unknown"
    rule = "L441-10"
    text = words(
        en="The rate of late interest is known until {known} only: claim until then.",
        fr="Le taux des pénalités de retard n'est connu que jusqu'au {known} : réclamez jusque-là.",
        nl="De rente voor laattijdigheid is enkel gekend tot {known}: vorder tot dan.",
    )

    known: date


class NothingToClaim(Refused, frozen=True, kw_only=True):
    """The invoice was not late, all that it cost is claimed, or the law gives nothing."""

    code = "nothing_to_claim"
    rule = "L441-10"
    text = words(
        en="There are no late fees to claim on invoice {number}.",
        fr="Il n'y a pas de pénalités de retard à réclamer sur la facture {number}.",
        nl="Er zijn geen kosten wegens laattijdigheid te vorderen op factuur {number}.",
    )

    number: str


class LateFeeIsUnknown(Refused, frozen=True, kw_only=True):
    """No claim of late fees has that id in this book."""

    code = "late_fee_unknown"
    rule = "M43"
    text = words(
        en="There is no claim of late fees {late_fee_id}.",
        fr="Il n'y a pas de réclamation de pénalités {late_fee_id}.",
        nl="Er is geen vordering van kosten {late_fee_id}.",
    )

    late_fee_id: str


class FirstReminderIsFree(Refused, frozen=True, kw_only=True):
    """A consumer owes nothing more before a first reminder and the days it leaves."""

    code = "first_reminder_free"
    rule = "CDE-XIX.2"
    text = words(
        en="A consumer owes no costs on {number} before a first, free reminder and 14 days.",
        fr="Un consommateur ne doit pas de frais sur {number} avant un premier rappel gratuit et "
        "14 jours.",
        nl="Een consument is op {number} geen kosten verschuldigd vóór een eerste, kosteloze "
        "herinnering en 14 dagen.",
    )

    number: str


class Cost(Struct, frozen=True, kw_only=True):
    """What being late has cost on an invoice by a day: interest by line, and the indemnity."""

    interest: dict[int, LateInterest]
    indemnity: int

    def known_until(self) -> date | None:
        """The last day for which all rates are known; None where they are for every day."""
        partial = [each for each in self.interest.values() if not each.is_whole]
        return min((each.until for each in partial), default=None)


def claim(
    late_fee_id: str,
    invoice: InvoiceValidated,
    cost: Cost,
    claimed: Claimed,
    tariff: Tariff,
    *,
    until: date,
    standing: Standing,
) -> Decision:
    """Claims what being late cost and was not claimed yet, today, with its entry."""
    refused = _check_day(until, standing) or _check_rates(cost)
    if refused is not None:
        return refused
    interest = {
        line: each.amount - claimed.interest.get(line, 0) for line, each in cost.interest.items()
    }
    told = LateFeesClaimed(
        late_fee_id=late_fee_id,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.document_number,
        customer_id=invoice.customer_id,
        customer_name=invoice.customer.name,
        currency=invoice.currency,
        issue_date=standing.today,
        until=until,
        interest=tuple(
            LineInterest(line=line, amount=amount)
            for line, amount in interest.items()
            if amount > 0
        ),
        indemnity=0 if claimed.indemnity else cost.indemnity,
        law=tariff.law,
    )
    if not told.amount:
        return NothingToClaim(number=invoice.document_number)
    return [told, _enter(told, standing)]


def entry_lines(told: LateFeesClaimed, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book a claim, with the accounts the company has that day."""
    customers, penalties = company.accounts["customers"], company.accounts["penalties_received"]
    owed = (customers, told.customer_id, told.amount)
    return lines_of(told.label, (owed, (penalties, "", -told.amount)))


def evolve(claimed: Claimed, fact: Recorded) -> Claimed:
    """What was claimed of an invoice after one more event of its tag."""
    match fact.event:
        case LateFeesClaimed(interest=interest, indemnity=indemnity):
            return Claimed(
                interest=_added(claimed.interest, interest), indemnity=claimed.indemnity + indemnity
            )
    return claimed


def of_fact(before: LateFee | None, fact: Recorded) -> LateFee | None:
    """A claim after one more event of its own tag; its entry changes nothing."""
    if isinstance(fact.event, LateFeesClaimed):
        return LateFee(position=fact.position, document=fact.event)
    return before


def _added(before: dict[int, int], more: Sequence[LineInterest]) -> dict[int, int]:
    return {**before, **{each.line: before.get(each.line, 0) + each.amount for each in more}}


def _check_day(until: date, standing: Standing) -> Refused | None:
    if until > standing.today:
        return DateIsInFuture(day=until, today=standing.today, pointer="/until")
    return check_open(standing.lock, standing.today)


def _check_rates(cost: Cost) -> LateRateIsUnknown | None:
    known = cost.known_until()
    return None if known is None else LateRateIsUnknown(known=known, pointer="/until")


def _enter(told: LateFeesClaimed, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="late_fee",
        id=told.late_fee_id,
        number="",
        issue_date=told.issue_date,
        due_date=told.issue_date,
        party=told.customer_id,
        party_name=told.customer_name,
    )
    lines = entry_lines(told, standing.company)
    return enter_piece(document, lines, standing, currency=told.currency, label=told.label)
