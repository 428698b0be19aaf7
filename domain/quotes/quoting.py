"""Writing a quote: drafted, duplicated, revised; number and date come by themselves (M15)."""

from datetime import date

from msgspec import structs

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, words
from domain.deposits.terms import check_terms
from domain.ledger.numbering import assign_next, check_not_behind, name_series, write_number
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.parties.options import check_on
from domain.quotes.quote import (
    QUOTES,
    Draft,
    NewQuote,
    Quote,
    QuoteContent,
    QuoteDrafted,
    QuoteRevised,
)
from domain.sales.content import DocumentLink, settle_content
from domain.sales.document import add_up
from domain.sales.instalments import check_days, check_instalments
from domain.values import faults
from domain.values.text import tidy


class QuoteIsUnknown(Refused, frozen=True, kw_only=True):
    """No quote has that id in this book."""

    code = "quote_unknown"
    rule = "M12"
    text = words(
        en="There is no quote {quote_id}.",
        fr="Il n'y a pas de devis {quote_id}.",
        nl="Er is geen offerte {quote_id}.",
    )

    quote_id: str


class QuoteIsNotADraft(Refused, frozen=True, kw_only=True):
    """Only a draft quote is revised or sent."""

    code = "quote_not_a_draft"
    rule = "M23"
    text = words(
        en="Quote {number} is no longer a draft.",
        fr="Le devis {number} n'est plus un brouillon.",
        nl="Offerte {number} is geen ontwerp meer.",
    )

    number: str


class QuoteDateIsNotToday(Refused, frozen=True, kw_only=True):
    """A document is dated on the day on which it is made, neither before nor after."""

    code = "quote_date_not_today"
    rule = "M16"
    text = words(
        en="A quote is dated today, {today}, not {day}.",
        fr="Un devis est daté de ce jour, le {today}, et non du {day}.",
        nl="Een offerte draagt de datum van vandaag, {today}, niet {day}.",
    )

    day: date
    today: date


class ValidityIsPast(Refused, frozen=True, kw_only=True):
    """A quote is valid at least on the day on which it is written."""

    code = "validity_past"
    rule = "M15"
    text = words(
        en="{valid_until} is past: a quote is valid today at least.",
        fr="Le {valid_until} est passé : un devis est valable au moins ce jour.",
        nl="{valid_until} is voorbij: een offerte is minstens vandaag geldig.",
    )

    valid_until: date


def draft(
    quote_id: str,
    new: NewQuote,
    *,
    company: Company,
    customer: Contact | None,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Begins a quote under its number, dated today; `last` is the newest of its series (M15)."""
    content = _settle(new, company, customer, today)
    if isinstance(content, Refused):
        return content
    return _begin(quote_id, content, company, last, today)


def duplicate(
    quote: Quote | None,
    source_id: str,
    quote_id: str,
    *,
    company: Company,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Begins another quote that says what an old one says, under its own number and date."""
    if quote is None:
        return QuoteIsUnknown(quote_id=source_id)
    refused = check_on(company, "quotes")
    if refused is not None:
        return refused
    until = quote.content.valid_until
    dated = any(part.due_date is not None for part in quote.content.instalments)
    content = structs.replace(
        quote.content,
        valid_until=until if until is not None and until >= today else None,
        instalments=() if dated else quote.content.instalments,
        external_id="",
    )
    return _begin(quote_id, content, company, last, today, links=(quote.link,))


def revise(
    quote: Quote | None,
    quote_id: str,
    new: NewQuote,
    *,
    company: Company,
    customer: Contact | None,
    today: date,
) -> Decision:
    """Replaces what a draft quote says, whole; its number and its date stay (M22)."""
    if not isinstance(quote, Draft):
        return not_a_draft(quote, quote_id)
    if new.issue_date == quote.document.issue_date:
        new = structs.replace(new, issue_date=None)
    content = _settle(new, company, customer, today)
    if isinstance(content, Refused):
        return content
    return [QuoteRevised(quote_id=quote_id, content=content)]


def series_on(company: Company, day: date) -> str:
    """The series that a quote of that day takes its number in; it is no series of invoices."""
    return name_series(QUOTES, day, company.fiscal_year_start_month)


def _begin(
    quote_id: str,
    content: QuoteContent,
    company: Company,
    last: Recorded | None,
    today: date,
    *,
    links: tuple[DocumentLink, ...] = (),
) -> Decision:
    series = series_on(company, today)
    refused = check_not_behind(series, last, today)
    if refused is not None:
        return refused
    number = assign_next(last)
    return [
        QuoteDrafted(
            quote_id=quote_id,
            series=series,
            number=number,
            document_number=write_number(series, number),
            issue_date=today,
            content=content,
            links=links,
        )
    ]


def _settle(
    new: NewQuote, company: Company, customer: Contact | None, today: date
) -> QuoteContent | Refused:
    new = tidy(new)
    if customer is None:
        return ContactIsUnknown(contact_id=new.customer_id[:60], pointer="/customer_id")
    refused = check_on(company, "quotes") or _check_days(new, today)
    if refused is not None:
        return refused
    settled = settle_content(new, company)
    if isinstance(settled, Refused):
        return settled
    content = QuoteContent(
        **structs.asdict(settled),
        valid_until=new.valid_until,
        deposit=new.deposit,
        instalments=new.instalments,
    )
    return check_terms(content) or _check_instalments(content, today) or content


def _check_instalments(content: QuoteContent, today: date) -> Refused | None:
    """Refuses instalments that do not add up to the quote, or are due before it is written."""
    return check_instalments(content.instalments, add_up(content.lines).gross) or check_days(
        content.instalments, today
    )


def _check_days(new: NewQuote, today: date) -> Refused | None:
    if new.issue_date is not None and new.issue_date != today:
        return QuoteDateIsNotToday(day=new.issue_date, today=today, pointer="/issue_date")
    if new.valid_until is not None and new.valid_until < today:
        return ValidityIsPast(valid_until=new.valid_until, pointer="/valid_until")
    return faults.out_of_years(new.valid_until, "/valid_until")


def not_a_draft(quote: Quote | None, quote_id: str) -> Refused:
    """Why what only a draft allows is refused: unknown, or past that stage."""
    if quote is None:
        return QuoteIsUnknown(quote_id=quote_id)
    return QuoteIsNotADraft(number=quote.number, position=quote.position)
