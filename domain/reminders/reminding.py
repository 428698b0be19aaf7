"""Issuing a reminder: a letter to one customer at one level, its amounts reckoned and frozen."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused
from domain.countries.late_payment import Channel
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.parties.company import Company
from domain.reminders import words as wording
from domain.reminders.dunning import Circumstances, Instalment, check_due, earliest_next
from domain.reminders.late_cost import announced, cost_of
from domain.reminders.late_fees import Cost
from domain.reminders.policy import LEVELS
from domain.reminders.refusals import (
    CreditCoversDebt,
    InstalmentIsMisplaced,
    LevelIsOutOfOrder,
    MailAddressIsMissing,
)
from domain.reminders.reminder import REMINDERS, ReminderIssued, ReminderItem
from domain.sales.document import Line, printed_customer, printed_seller
from domain.values import faults
from domain.values.language import Language

LONGEST_SUBJECT = 200
FREE_LEVEL = 1
"""The first letter is one of courtesy: it asks for no fees."""


class Named(Struct, frozen=True):
    """An instalment by its place: the position of its entry, and its line there from 0."""

    entry: int
    line: int


class NewReminder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter as it is asked for; an empty channel is mail where the customer has an address."""

    customer_id: str
    level: int
    items: tuple[Named, ...]
    channel: Channel | str = ""


class Setting(Struct, frozen=True, kw_only=True):
    """Beside the circumstances: the template pinned, and the newest event of the series."""

    template: str
    last: Recorded | None


class Figured(Struct, frozen=True, kw_only=True):
    """The items of a letter, and whether the rates of all their days are known."""

    currency: str
    items: tuple[ReminderItem, ...]
    is_whole: bool


def issue(
    reminder_id: str,
    new: NewReminder,
    instalments: Sequence[Instalment | None],
    known: Circumstances,
    setting: Setting,
) -> Decision:
    """Issues a letter about the instalments named, today; each of them must be due (M43)."""
    found = _find(new, instalments)
    if isinstance(found, Refused):
        return found
    channel = channel_of(new.channel, known)
    refused = _check_each(found, new.level, known) or check_letter(found, channel, known)
    if refused is not None:
        return refused
    figured = figure(found, new.level, known)
    letter = _letter(
        reminder_id, found, figured, level=new.level, channel=channel, known=known, setting=setting
    )
    return [letter]


def channel_of(asked: str, known: Circumstances) -> Channel:
    """The channel of a letter: as asked, or mail to who has an address."""
    if asked == "email" or (not asked and known.customer.details.email):
        return "email"
    return "post"


def language_of(known: Circumstances) -> Language:
    """The language of a letter: the customer's, or the company's own."""
    return known.customer.details.language or known.company.profile.language


def figure(instalments: Sequence[Instalment], level: int, known: Circumstances) -> Figured:
    """What a letter at that level asks for each instalment; invoices bear one indemnity each."""
    items: list[ReminderItem] = []
    is_whole = True
    for invoice_id in dict.fromkeys(each.debt.document.invoice_id for each in instalments):
        of_invoice = [x for x in instalments if x.debt.document.invoice_id == invoice_id]
        cost = Cost(interest={}, indemnity=0)
        if level > FREE_LEVEL:
            cost = cost_of(of_invoice, known.today, known)
        is_whole = is_whole and cost.known_until() is None
        coming = announced(of_invoice, known) if level == FREE_LEVEL else 0
        first, *others = (_item(each, cost) for each in of_invoice)
        claimed = of_invoice[0].claimed.indemnity
        indemnity = 0 if claimed else cost.indemnity
        items += [replace(first, indemnity=indemnity, announced=coming), *others]
    currency = instalments[0].debt.document.currency
    return Figured(currency=currency, items=tuple(items), is_whole=is_whole)


def series_on(company: Company, today: date) -> str:
    """The series of reminders in the fiscal year of `today`."""
    return name_series(REMINDERS, today, company.fiscal_year_start_month)


def _find(new: NewReminder, instalments: Sequence[Instalment | None]) -> list[Instalment] | Refused:
    """The instalments named: all the customer's, in one currency, at a level there is."""
    if not 1 <= new.level <= LEVELS:
        return LevelIsOutOfOrder(level=new.level, number="", expected=1, pointer="/level")
    if not new.items:
        return faults.FieldIsMissing(pointer="/items")
    first = instalments[0]
    currency = first.debt.document.currency if first is not None else ""
    found: list[Instalment] = []
    for nth, (each, named) in enumerate(zip(instalments, new.items, strict=True)):
        theirs = each is not None and each.posted.party == new.customer_id
        if each is None or not theirs or each.debt.document.currency != currency:
            return InstalmentIsMisplaced(
                entry=named.entry, line=named.line, currency=currency, pointer=f"/items/{nth}"
            )
        found.append(each)
    return found


def _check_each(
    instalments: Sequence[Instalment], level: int, known: Circumstances
) -> Refused | None:
    refusals = (check_due(each, level, known) for each in instalments)
    return next((refused for refused in refusals if refused is not None), None)


def check_letter(
    instalments: Sequence[Instalment], channel: Channel, known: Circumstances
) -> Refused | None:
    """Refuses a letter about what open credits cover, and a mail to nobody."""
    name, owed = known.customer.details.name, sum(each.open for each in instalments)
    if known.credits >= owed:
        return CreditCoversDebt(customer=name, credits=known.credits, owed=owed)
    if channel == "email" and not known.customer.details.email:
        return MailAddressIsMissing(customer=name, pointer="/channel")
    return None


def _item(instalment: Instalment, cost: Cost) -> ReminderItem:
    invoice = instalment.debt.document
    interest = cost.interest.get(instalment.line)
    claimed = instalment.claimed.interest.get(instalment.line, 0)
    amount = 0 if interest is None else max(interest.amount - claimed, 0)
    return ReminderItem(
        entry=instalment.entry,
        line=instalment.line,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.document_number,
        issue_date=invoice.issue_date,
        due_date=instalment.due_date,
        subject=_subject(invoice.lines),
        amount=instalment.posted.debit,
        open=instalment.open,
        interest=amount,
        interest_until=interest.until if interest is not None and amount else None,
    )


def _subject(lines: Sequence[Line]) -> str:
    """What was supplied, in the words of the invoice's lines, as far as they fit."""
    said = (line.description.replace("\n", " ") for line in lines if line.kind == "item")
    text = "; ".join(filter(None, said))
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _letter(
    reminder_id: str,
    instalments: Sequence[Instalment],
    figured: Figured,
    *,
    level: int,
    channel: Channel,
    known: Circumstances,
    setting: Setting,
) -> ReminderIssued:
    today, language = known.today, language_of(known)
    series, number = series_on(known.company, today), assign_next(setting.last)
    invoices = {each.debt.document.invoice_id: each.debt.document for each in instalments}
    references = {each.payment_reference for each in invoices.values()}
    return ReminderIssued(
        reminder_id=reminder_id,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=today,
        customer_id=known.customer.contact_id,
        seller=printed_seller(known.company),
        customer=printed_customer(known.customer.details),
        nature=known.customer.details.nature,
        level=level,
        channel=channel,
        language=language,
        template=setting.template,
        currency=figured.currency,
        items=figured.items,
        credits=known.credits,
        earliest_next=earliest_next(level, channel, today, known),
        # One invoice is paid under its own reference, several under the letter's number.
        payment_reference=references.pop() if len(invoices) == 1 else "",
        text=wording.text_of(level, language),
        mentions=tuple(_mentions(figured, level, channel, language, known)),
    )


def _mentions(
    figured: Figured, level: int, channel: Channel, language: Language, known: Circumstances
) -> list[str]:
    consumer, said = known.tariff.consumer, list[str]()
    in_force = consumer is not None and known.today >= consumer.valid_from
    if consumer is not None and in_force and level == FREE_LEVEL:
        coming = sum(item.announced for item in figured.items)
        said += wording.consumer_mentions(
            printed_seller(known.company),
            consumer,
            channel,
            language,
            principal=_in_words(sum(item.open for item in figured.items), figured, language),
            indemnity=_in_words(coming, figured, language) if coming else "",
        )
    until = max((x.interest_until for x in figured.items if x.interest_until), default=None)
    said += wording.interest_mentions(until, language, is_whole=figured.is_whole)
    return said


def _in_words(amount: int, figured: Figured, language: Language) -> str:
    return wording.amount_in_words(amount, figured.currency, language)
