"""Use cases of purchases: record a supplier's bill or credit note, with its original files."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import Contact, contact_tag
from domain.purchases import bill, recording
from domain.purchases.bill import Bill, BillLine, reference_tag
from domain.purchases.crediting import BillIsUnknown
from domain.purchases.recording import NewBill
from domain.values.text import tidy
from services.identity import make
from services.loading import choose_journal, load_company, load_contact, load_standing
from services.receipts import follow_debt
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


class Original(Struct, frozen=True, kw_only=True):
    """A file that came with a document, to be kept byte for byte."""

    content: bytes
    media_type: str
    name: str = ""


def record_bill(
    store: Store,
    book_id: str,
    new: NewBill,
    command: Command,
    originals: Sequence[Original] = (),
) -> Written[Bill]:
    """Enters a supplier's document under the next piece number, its files kept with it."""

    def decide(pen: Pen, bill_id: str) -> None:
        digests = (
            pen.keep(original.content, original.media_type, original.name) for original in originals
        )
        append_bill(pen, bill_id, replace(new, files=(*new.files, *digests)))

    reads = [COMPANY_TAG, contact_tag(new.supplier_id)]
    return make(
        store,
        book_id,
        command,
        "bil",
        tag=partial(document_tag, "bill"),
        decide=decide,
        find=get_bill,
        reads=reads,
    )


def append_bill(pen: Pen, bill_id: str, new: NewBill, *, same_reference: bool = False) -> None:
    """Decides and appends a bill under a pen already held, as part of a larger command.

    `same_reference` says that a person has seen the other bill under the supplier's reference.
    """
    company = load_company(pen)
    journal = choose_journal(company, "purchase", new.journal)
    series = recording.series_on(company, journal, new.entry_day)
    standing = load_standing(pen, company, journal, new.entry_day, series)
    supplier = load_contact(pen, new.supplier_id)
    reference = reference_tag(new.supplier_id, new.kind, tidy(new.supplier_reference))
    namesake = None if same_reference else pen.last(reference)
    whole = replace(new, lines=_booked(new, supplier))
    credited = _credited(pen, new.credited_bill_id)
    recorded = recording.record(bill_id, whole, supplier, namesake, standing, credited=credited)
    pen.append(recorded)
    if credited is not None:
        debt = document_tag("bill", new.credited_bill_id)
        follow_debt(pen, company, debt, new.entry_day)


def get_bill(reader: Reader, bill_id: str) -> Bill:
    """A bill by its id; raises Refusals when there is none."""
    found = reader.fold(bill.evolve, None, document_tag("bill", bill_id))
    if found is None:
        raise Refusals(BillIsUnknown(bill_id=bill_id))
    return found


def _credited(pen: Pen, bill_id: str) -> Bill | None:
    """The bill that a credit note reduces, if it names one."""
    return pen.fold(bill.evolve, None, document_tag("bill", bill_id)) if bill_id else None


def _booked(new: NewBill, supplier: Contact | None) -> tuple[BillLine, ...]:
    """The lines, on the supplier's own account where they name none (M4)."""
    own = "" if supplier is None else supplier.details.accounting.purchase_account
    return tuple(replace(line, account=line.account or own) for line in new.lines)
