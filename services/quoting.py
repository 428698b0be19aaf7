"""Use cases of quotes: draft, revise, duplicate, send; the customer's answer and its likelihood."""

from collections.abc import Callable

from domain.book.event import Decision
from domain.deposits import depositing
from domain.ledger.entry import series_tag
from domain.parties.company import COMPANY_TAG, Company
from domain.parties.contact import contact_tag
from domain.quotes import answering, quoting
from domain.quotes.quote import NewQuote, Quote, quote_tag
from services import articles
from services.identity import make, new_id
from services.loading import load_company, load_contact, today_of
from services.quote_loading import KnownQuote, find_quote, get_quote
from services.store.pen import Command, Pen
from services.store.store import Store, Written

Answer = Callable[[Pen, Quote | None, Company], Decision]


def draft_quote(store: Store, book_id: str, new: NewQuote, command: Command) -> Written[KnownQuote]:
    """Begins a quote today under the next number of its series (M14, M15)."""

    def decide(pen: Pen, quote_id: str) -> None:
        company = load_company(pen)
        today, customer = today_of(pen, company), load_contact(pen, new.customer_id)
        pen.append(
            quoting.draft(
                quote_id,
                articles.complete(pen, new, customer, "quote"),
                company=company,
                customer=customer,
                last=pen.last(series_tag(quoting.series_on(company, today))),
                today=today,
            )
        )

    return make(
        store,
        book_id,
        command,
        "qte",
        tag=quote_tag,
        decide=decide,
        find=get_quote,
        reads=[COMPANY_TAG, contact_tag(new.customer_id)],
    )


def duplicate_quote(
    store: Store, book_id: str, quote_id: str, command: Command
) -> Written[KnownQuote]:
    """Begins another quote that says the same, under its own number and date."""

    def decide(pen: Pen, copy_id: str) -> None:
        company = load_company(pen)
        today = today_of(pen, company)
        pen.append(
            quoting.duplicate(
                find_quote(pen, quote_id),
                quote_id,
                copy_id,
                company=company,
                last=pen.last(series_tag(quoting.series_on(company, today))),
                today=today,
            )
        )

    return make(
        store,
        book_id,
        command,
        "qte",
        tag=quote_tag,
        decide=decide,
        find=get_quote,
        reads=[COMPANY_TAG, quote_tag(quote_id)],
    )


def revise_quote(
    store: Store, book_id: str, quote_id: str, new: NewQuote, command: Command
) -> Written[KnownQuote]:
    """Replaces what a draft quote says, whole (M22)."""

    def decide(pen: Pen, known: Quote | None, company: Company) -> Decision:
        customer = load_contact(pen, new.customer_id)
        return quoting.revise(
            known,
            quote_id,
            articles.complete(pen, new, customer, "quote"),
            company=company,
            customer=customer,
            today=today_of(pen, company),
        )

    return _move(store, book_id, quote_id, decide, command)


def send_quote(store: Store, book_id: str, quote_id: str, command: Command) -> Written[KnownQuote]:
    """Notes that the quote has gone to the customer (M23)."""

    def decide(_: Pen, known: Quote | None, company: Company) -> Decision:
        return answering.send(known, quote_id, company)

    return _move(store, book_id, quote_id, decide, command)


def accept_quote(
    store: Store, book_id: str, quote_id: str, command: Command
) -> Written[KnownQuote]:
    """Notes the customer's agreement; the deposit that the quote asks for is opened (M23, M57)."""
    deposit_id = new_id("dep")

    def decide(pen: Pen, known: Quote | None, company: Company) -> Decision:
        today = today_of(pen, company)
        pen.append(answering.accept(known, quote_id, company, today))
        return depositing.open_agreed(known, deposit_id, today)

    return _move(store, book_id, quote_id, decide, command)


def refuse_quote(
    store: Store, book_id: str, quote_id: str, reason: str, command: Command
) -> Written[KnownQuote]:
    """Notes that the customer declines (M24)."""

    def decide(_: Pen, known: Quote | None, __: Company) -> Decision:
        return answering.refuse(known, quote_id, reason)

    return _move(store, book_id, quote_id, decide, command)


def restore_quote(
    store: Store, book_id: str, quote_id: str, command: Command
) -> Written[KnownQuote]:
    """Makes a refused quote a draft again (M24)."""

    def decide(_: Pen, known: Quote | None, company: Company) -> Decision:
        return answering.restore(known, quote_id, company)

    return _move(store, book_id, quote_id, decide, command)


def set_probability(
    store: Store, book_id: str, quote_id: str, probability: int, command: Command
) -> Written[KnownQuote]:
    """Says how likely the quote is to be accepted (M19)."""

    def decide(_: Pen, known: Quote | None, company: Company) -> Decision:
        return answering.set_probability(known, quote_id, probability, company)

    return _move(store, book_id, quote_id, decide, command)


def _move(
    store: Store, book_id: str, quote_id: str, answer: Answer, command: Command
) -> Written[KnownQuote]:
    """Runs what moves one quote from a stage to the next."""

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        pen.append(answer(pen, find_quote(pen, quote_id), company))

    reads = [quote_tag(quote_id), COMPANY_TAG]
    return store.write(book_id, command, decide, lambda r: get_quote(r, quote_id), reads)
