"""Asking for deposits of an accepted quote: opened, changed, deleted, requested (M56–M58)."""

from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.countries.atlas import RULES
from domain.deposits.deposit import (
    REQUESTS,
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositInstalmentOpened,
    DepositRequested,
    Open,
    Settled,
)
from domain.deposits.terms import ask
from domain.ledger.numbering import assign_next, check_not_behind, name_series, refer, write_number
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.quotes.balance import QuoteIsInvoiced, check_not_invoiced
from domain.quotes.billing import Billing, Issued
from domain.quotes.quote import DepositTerms, Quote
from domain.sales.content import foreign
from domain.sales.document import add_up, printed_customer, printed_seller
from domain.values import faults
from domain.values.quantity import exact, shortest
from domain.values.text import tidy


class NewDeposit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deposit as it is asked for: a percentage of the quote or a gross amount, and its day.

    Without a day it is due today; an empty currency is that of the quote.
    """

    percent: str = ""
    amount: int | None = None
    currency: str = ""
    due_date: date | None = None


class DepositIsUnknown(Refused, frozen=True, kw_only=True):
    """No deposit has that id in this book."""

    code = "deposit_unknown"
    rule = "M56"
    text = words(
        en="There is no deposit {deposit_id}.",
        fr="Il n'y a pas d'acompte {deposit_id}.",
        nl="Er is geen voorschot {deposit_id}.",
    )

    deposit_id: str


class DepositIsSettled(Refused, frozen=True, kw_only=True):
    """The deposit is paid and invoiced: only a credit note of its invoice undoes it."""

    code = "deposit_settled"
    rule = "A2.3"
    text = words(
        en="The deposit is settled: only a credit note of {invoice_number} undoes it.",
        fr="L'acompte est réglé : seul un avoir sur {invoice_number} l'annule.",
        nl="Het voorschot is betaald: alleen een creditnota op {invoice_number} heft het op.",
    )

    invoice_number: str


class DepositIsDeleted(Refused, frozen=True, kw_only=True):
    """The deposit is no longer asked for."""

    code = "deposit_deleted"
    rule = "M56"
    text = words(
        en="Deposit {deposit_id} was deleted.",
        fr="L'acompte {deposit_id} a été supprimé.",
        nl="Voorschot {deposit_id} is verwijderd.",
    )

    deposit_id: str


def open_agreed(quote: Quote | None, deposit_id: str, today: date) -> list[Event]:
    """The deposit that a quote asks for, opened as the customer accepts it (M57)."""
    if quote is None or quote.content.deposit is None:
        return []
    terms = quote.content.deposit
    whole = add_up(quote.content.lines).gross
    gross = ask(terms, whole, Fraction(0), 0, whole)
    if isinstance(gross, Refused):
        return []
    return [
        DepositInstalmentOpened(
            deposit_id=deposit_id,
            quote_id=quote.quote_id,
            customer_id=quote.content.customer_id,
            ordinal=1,
            percent=shortest(terms.percent),
            gross=gross,
            currency=quote.content.currency,
            due_date=today + timedelta(days=terms.days),
        )
    ]


def open_deposit(billing: Billing, deposit_id: str, new: NewDeposit, today: date) -> Decision:
    """Asks for one more deposit while the quote is not invoiced (M56, M65)."""
    gross = _ask(billing, new, None)
    if isinstance(gross, Refused):
        return gross
    quote = billing.quote
    return [
        DepositInstalmentOpened(
            deposit_id=deposit_id,
            quote_id=quote.quote_id,
            customer_id=quote.content.customer_id,
            ordinal=len(billing.deposits) + 1,
            percent=shortest(new.percent),
            gross=gross,
            currency=quote.content.currency,
            due_date=new.due_date or today,
        )
    ]


def change_deposit(billing: Billing, deposit_id: str, new: NewDeposit) -> Decision:
    """Asks for another amount or on another day while the quote is not invoiced (M56)."""
    deposit = find_open(billing, deposit_id)
    if isinstance(deposit, Refused):
        return deposit
    gross = _ask(billing, new, deposit)
    if isinstance(gross, Refused):
        return gross
    return [
        DepositInstalmentChanged(
            deposit_id=deposit_id,
            quote_id=deposit.quote_id,
            percent=shortest(new.percent),
            gross=gross,
            due_date=new.due_date or deposit.due_date,
        )
    ]


def delete_deposit(billing: Billing, deposit_id: str, reason: str) -> Decision:
    """Asks for a deposit no longer, until the invoice of the quote is validated (M56, M61)."""
    reason = tidy(reason)
    deposit = find_open(billing, deposit_id)
    if isinstance(deposit, Refused):
        return deposit
    return (
        check_not_issued(billing)
        or faults.unreadable(reason)
        or [
            DepositInstalmentDeleted(
                deposit_id=deposit_id, quote_id=deposit.quote_id, reason=reason
            )
        ]
    )


def request_deposit(
    billing: Billing,
    deposit_id: str,
    *,
    company: Company,
    customer: Contact | None,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Writes a payment request today: no invoice, without VAT, in a series of its own (M58)."""
    deposit = find_open(billing, deposit_id)
    if isinstance(deposit, Refused):
        return deposit
    if customer is None:
        return ContactIsUnknown(contact_id=billing.quote.content.customer_id)
    series = series_on(company, today)
    refused = check_not_issued(billing) or check_not_behind(series, last, today)
    if refused is not None:
        return refused
    number = assign_next(last)
    return [
        DepositRequested(
            deposit_id=deposit_id,
            quote_id=deposit.quote_id,
            series=series,
            number=number,
            document_number=write_number(series, number),
            issue_date=today,
            due_date=max(deposit.due_date, today),
            quote=billing.quote.link,
            customer_id=customer.contact_id,
            seller=printed_seller(company),
            customer=printed_customer(customer.details),
            gross=deposit.gross,
            percent=deposit.percent,
            currency=deposit.opened.currency,
            payment_reference=refer(RULES[company.country].reference, series, number),
            language=billing.quote.content.language,
        )
    ]


def find_open(billing: Billing, deposit_id: str) -> Open | Refused:
    """A deposit of the quote that is neither settled nor deleted."""
    deposit = billing.deposits.get(deposit_id)
    match deposit:
        case Open():
            return deposit
        case Settled(settlement=settlement, position=position):
            return DepositIsSettled(invoice_number=settlement.invoice_number, position=position)
        case None:
            return DepositIsUnknown(deposit_id=deposit_id)
    return DepositIsDeleted(deposit_id=deposit_id, position=deposit.position)


def check_not_issued(billing: Billing) -> Refused | None:
    """Refuses to touch the deposits of a quote whose invoice is validated (M56)."""
    bill = billing.whole
    if not isinstance(bill, Issued):
        return None
    return QuoteIsInvoiced(
        number=billing.quote.number, invoice_id=bill.invoice_id, position=bill.position
    )


def series_on(company: Company, day: date) -> str:
    """The series that a payment request of that day takes its number in."""
    return name_series(REQUESTS, day, company.fiscal_year_start_month)


def _ask(billing: Billing, new: NewDeposit, instead_of: Open | None) -> int | Refused:
    """The gross of a deposit, within what neither invoices nor other deposits have taken."""
    own = billing.quote.content.currency
    refused = (
        check_not_invoiced(billing)
        or foreign(new.currency, own, "/amount")
        or faults.out_of_years(new.due_date, "/due_date")
    )
    if refused is not None:
        return refused
    replaced = instead_of.deposit_id if instead_of is not None else ""
    others = [
        deposit
        for deposit in (*billing.open_deposits, *(one for one, _ in billing.settled_deposits))
        if deposit.deposit_id != replaced
    ]
    waiting = sum(deposit.gross for deposit in others if isinstance(deposit, Open))
    shares = [deposit for deposit in others if deposit.percent]
    return ask(
        DepositTerms(percent=new.percent, amount=new.amount),
        add_up(billing.quote.content.lines).gross,
        sum((exact(deposit.percent) for deposit in shares), Fraction(0)),
        sum(deposit.gross for deposit in shares),
        sum(amount.gross for amount in billing.left.values()) - waiting,
    )
