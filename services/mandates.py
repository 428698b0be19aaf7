"""Use cases of direct debit mandates, and of the identifier under which the company collects."""

from datetime import UTC, date, datetime

from msgspec import convert
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from domain.parties.particulars import BankAccount
from domain.treasury import creditor, mandate, mandating
from domain.treasury.collection import mandate_tag
from domain.treasury.creditor import CREDITOR_TAG
from domain.treasury.mandate import Mandate, mandates_tag, reference_tag
from domain.treasury.mandating import MandateIsUnknown, NewMandate
from domain.values.days import legal_day
from domain.values.text import tidy
from services.identity import make
from services.loading import load_company, load_contact, today_of
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def legal_today(store: Store, book_id: str) -> date:
    """Today in the legal time zone of the company; raises Refusals when there is none."""
    company = load_company(store.past(book_id))
    return legal_day(store.clock(datetime.now(UTC)), company.time_zone)


def identify_creditor(
    store: Store, book_id: str, creditor_id: str, command: Command
) -> Written[str]:
    """Keeps the SEPA creditor identifier of the company (M42)."""

    def decide(pen: Pen) -> None:
        load_company(pen)
        pen.append(creditor.identify(find_creditor_id(pen), creditor_id))

    return store.write(book_id, command, decide, find_creditor_id, [COMPANY_TAG])


def find_creditor_id(reader: Reader) -> str:
    """The company's creditor identifier, empty before it is said."""
    return creditor.of_fact(reader.last(CREDITOR_TAG))


def sign_mandate(store: Store, book_id: str, new: NewMandate, command: Command) -> Written[Mandate]:
    """Keeps a mandate that a customer has signed, its account sealed (M42)."""

    def decide(pen: Pen, mandate_id: str) -> None:
        today = today_of(pen, load_company(pen))
        reference = tidy(new.reference) or mandate.reference_of(mandate_id)
        namesake = pen.last(reference_tag(reference))
        contact = load_contact(pen, new.contact_id)
        pen.append(mandating.sign(mandate_id, new, contact, namesake, today))

    return make(
        store,
        book_id,
        command,
        "mdt",
        tag=mandate_tag,
        decide=decide,
        find=get_mandate,
        reads=[COMPANY_TAG, contact_tag(new.contact_id)],
    )


def revoke_mandate(
    store: Store, book_id: str, mandate_id: str, reason: str, command: Command
) -> Written[Mandate]:
    """Takes a mandate back: nothing more is collected by it."""

    def decide(pen: Pen) -> None:
        pen.append(mandating.revoke(find_mandate(pen, mandate_id), mandate_id, reason))

    return store.write(
        book_id, command, decide, lambda r: get_mandate(r, mandate_id), [mandate_tag(mandate_id)]
    )


def find_mandate(reader: Reader, mandate_id: str) -> Mandate | None:
    """A mandate by its id, its account in clear where it was not erased."""
    known = reader.fold(mandate.evolve, None, mandate_tag(mandate_id))
    if known is None:
        return None
    clear = reader.reveal(known.document.contact_id, known.sealed)
    if "bank_accounts" not in clear:
        return known
    account = convert(clear["bank_accounts"], BankAccount)
    return replace(known, document=replace(known.document, account=account))


def get_mandate(reader: Reader, mandate_id: str) -> Mandate:
    """A mandate by its id; raises Refusals when there is none."""
    found = find_mandate(reader, mandate_id)
    if found is None:
        raise Refusals(MandateIsUnknown(mandate_id=mandate_id[:60]))
    return found


def mandates_of(reader: Reader, contact_id: str) -> list[Mandate]:
    """All mandates of a contact, the newest last."""
    nothing: tuple[str, ...] = ()
    signed = reader.fold(mandate.signed_by, nothing, mandates_tag(contact_id))
    return [get_mandate(reader, mandate_id) for mandate_id in signed]
