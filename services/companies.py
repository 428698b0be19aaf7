"""Use cases of the company itself: open its book, map an account, say how far the books are."""

from datetime import date

from domain.book.refusal import Refusals, Refused
from domain.ledger.chart import AccountRole
from domain.parties import company as companies
from domain.parties import describing, opening, options
from domain.parties.company import BOOKS_TAG, COMPANY_TAG, Company
from domain.parties.describing import Description
from domain.parties.opening import NewCompany
from domain.parties.optional import Option
from services.loading import load_company
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def open_company(store: Store, book_id: str, new: NewCompany, command: Command) -> Written[Company]:
    """Opens a new book with its company as the first event; a refused one leaves no book."""
    if isinstance(refused := opening.open_book(None, new), Refused):
        raise Refusals(refused)
    store.open_book(book_id)

    def decide(pen: Pen) -> None:
        pen.append(opening.open_book(find_company(pen), new))

    return store.write(book_id, command, decide, load_company, [COMPANY_TAG])


def map_account(
    store: Store, book_id: str, role: AccountRole, account: str, command: Command
) -> Written[Company]:
    """Gives a role (customers, sales…) another account from now on (M63)."""

    def decide(pen: Pen) -> None:
        pen.append(companies.map_account(find_company(pen), role, account))

    return store.write(book_id, command, decide, load_company, [COMPANY_TAG])


def describe_company(
    store: Store, book_id: str, new: Description, command: Command
) -> Written[Company]:
    """Replaces what the company says about itself; issued documents keep what they printed."""

    def decide(pen: Pen) -> None:
        pen.append(describing.describe(find_company(pen), new))

    return store.write(book_id, command, decide, load_company, [COMPANY_TAG])


def set_option(
    store: Store, book_id: str, option: Option, command: Command, *, on: bool
) -> Written[Company]:
    """Switches a part of the product, or the option for VAT on debits (M10, M46, M50)."""

    def decide(pen: Pen) -> None:
        pen.append(options.set_option(find_company(pen), option, on=on))

    return store.write(book_id, command, decide, load_company, [COMPANY_TAG])


def synchronise_books(
    store: Store, book_id: str, entries_until: date, command: Command
) -> Written[date]:
    """Keeps up to which day the accountant's miscellaneous entries are complete (C2)."""

    def decide(pen: Pen) -> None:
        pen.append(companies.synchronise(find_company(pen), entries_until))

    return store.write(book_id, command, decide, _entries_until, [COMPANY_TAG])


def find_company(reader: Reader) -> Company | None:
    """The company of the book, if one has opened it."""
    return reader.fold(companies.evolve, None, COMPANY_TAG)


def _entries_until(reader: Reader) -> date:
    last = reader.last(BOOKS_TAG)
    if last is None or not isinstance(last.event, companies.BooksSynchronised):
        raise LookupError(BOOKS_TAG)
    return last.event.entries_until
