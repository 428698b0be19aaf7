"""What use cases load before they decide: by tags, at a cost that does not grow with the book."""

from datetime import date

from domain.book.refusal import Refusals
from domain.ledger import closing, period
from domain.ledger.chart import JournalKind
from domain.ledger.closing import CLOSING_TAG
from domain.ledger.entering import Standing, entry_series
from domain.ledger.entry import series_tag
from domain.ledger.period import PERIOD_TAG
from domain.parties import company as companies
from domain.parties import contact as contacts
from domain.parties.company import COMPANY_TAG, BookIsNotOpen, Company, JournalIsUnknown
from domain.parties.contact import Contact, contact_tag
from domain.values.days import legal_day
from services.store.pen import Pen, Reader


def load_company(reader: Reader) -> Company:
    """The company of the book; raises Refusals when none has opened it."""
    company = reader.fold(companies.evolve, None, COMPANY_TAG)
    if company is None:
        raise Refusals(BookIsNotOpen())
    return company


def load_contact(reader: Reader, contact_id: str) -> Contact | None:
    """A contact by its id: its newest event says all there is."""
    return contacts.of_fact(reader.last(contact_tag(contact_id)))


def today_of(pen: Pen, company: Company) -> date:
    """Today in the company's legal time zone."""
    return legal_day(pen.now, company.time_zone)


def choose_journal(company: Company, kind: JournalKind, code: str = "") -> str:
    """The code of the journal to write in; raises Refusals when there is none."""
    journal = companies.find_journal(company, kind, code)
    if isinstance(journal, JournalIsUnknown):
        raise Refusals(journal)
    return journal.code


def standing_tags(company: Company, journal: str, day: date, series: str = "") -> list[str]:
    """The tags that `load_standing` looks up."""
    numbered = [entry_series(company, journal, day), *([series] if series else [])]
    return [PERIOD_TAG, CLOSING_TAG, *map(series_tag, numbered)]


def load_standing(
    pen: Pen, company: Company, journal: str, day: date, series: str = ""
) -> Standing:
    """How the book stands for a document dated `day`, numbered in `series` where it has one."""
    pen.look_up(standing_tags(company, journal, day, series))
    last_closing = closing.of_fact(pen.last(CLOSING_TAG))
    return Standing(
        company=company,
        journal=journal,
        lock=period.of_fact(pen.last(PERIOD_TAG)),
        today=today_of(pen, company),
        last_entry=pen.last(series_tag(entry_series(company, journal, day))),
        last_document=pen.last(series_tag(series)) if series else None,
        closed=last_closing.closed if last_closing is not None else None,
    )
