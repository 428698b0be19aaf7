"""The instalments register (M37, M40, M45): what of each invoice and bill falls due when, and how
it was settled.

Every line of a document on its third party's account is an instalment. A lettering settles it by
what stands on the other side: money by its means, a credit note, a loss.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened
from domain.sales.invoice import InvoiceValidated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.payment import PaymentRecorded
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.third_parties import Sides, sides_after, sides_of, third_party_lines

OWED = ("invoice", "bill")
"""The documents that are paid in instalments."""
USUAL = "transfer"
"""How money moves where nothing else was said: the only means that no row is kept of."""


class Instalment(Row, frozen=True):
    """The `nth` (from 1) of the `parts` that a document is paid in.

    Amounts are positive for what is owed; `lost` is what of it was written off.
    """

    table = "instalment"
    key = ("entry", "line")

    entry: int
    line: int
    nth: int
    parts: int
    side: str
    account: str
    party: str
    party_name: str
    journal: str
    document_kind: str
    document_id: str
    document_number: str
    kind: str
    issue_date: date
    due_date: date
    currency: str
    amount: int
    open: int
    lost: int
    date: date


class InstalmentSettled(Row, frozen=True):
    """What a lettering that holds settles of an instalment, and how: `means` add up to `amount`."""

    table = "instalment_settled"
    key = ("entry", "line", "lettering")

    entry: int
    line: int
    lettering: str
    amount: int
    means: dict[str, int]
    date: date


class SettlingEntry(Row, frozen=True):
    """By what an entry settles: the means of its payment, or the kind of its document."""

    table = "settling_entry"
    key = ("entry",)

    entry: int
    means: str


class SettlingPayment(Row, frozen=True):
    """By what a payment was made, where that is not usual."""

    table = "settling_payment"
    key = ("payment",)

    payment: str
    means: str


class InstalmentDocument(Row, frozen=True):
    """An invoice of a kind of its own: a deposit, a situation, a balance."""

    table = "instalment_document"
    key = ("document",)

    document: str
    kind: str


class InstalmentBook(Row, frozen=True):
    """What holds for the whole book: sides of accounts, and where its days are."""

    table = "instalment_book"
    key = ()

    sides: Sides
    time_zone: str


class Instalments(Register):
    """Every instalment with what is open on it and what settled the rest."""

    name = "instalments"
    version = 1
    rows = (
        Instalment,
        InstalmentSettled,
        SettlingEntry,
        SettlingPayment,
        InstalmentDocument,
        InstalmentBook,
    )
    events = (
        CompanyOpened,
        AccountMapped,
        InvoiceValidated,
        PaymentRecorded,
        EntryPosted,
        EntriesLettered,
        EntriesUnlettered,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted(document=document):
                yield InstalmentBook, ()
                if document.kind == "payment":
                    yield SettlingPayment, document.id
                elif document.kind == "invoice":
                    yield InstalmentDocument, document.id
            case EntriesLettered():
                for part in event.parts:
                    yield Instalment, (part.entry, part.line)
                    yield SettlingEntry, part.entry
            case EntriesUnlettered():
                for part in event.parts:
                    yield Instalment, (part.entry, part.line)
                    yield InstalmentSettled, (part.entry, part.line, event.lettering_id)
            case AccountMapped():
                yield InstalmentBook, ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                take_in = _fall_due if entry.document.kind in OWED else _stand_ready
                take_in(fact.position, entry, rows)
            case PaymentRecorded(means=means) as paid if means != USUAL:
                rows.add(SettlingPayment(paid.payment_id, means))
            case InvoiceValidated(kind=kind) as invoice if kind != "invoice":
                rows.add(InstalmentDocument(invoice.invoice_id, kind))
            case EntriesLettered() as lettering:
                _settle(lettering, rows)
            case EntriesUnlettered() as undone:
                _open_again(undone, rows)
            case CompanyOpened() as company:
                rows.add(InstalmentBook(sides_of(company), company.time_zone))
            case AccountMapped() as mapped:
                book = _book(rows)
                rows.put(replace(book, sides=sides_after(book.sides, mapped)))


def _fall_due(position: int, entry: EntryPosted, rows: Rows) -> None:
    """An invoice or a bill: a row for each line of its third party."""
    document, sales = entry.document, entry.document.kind == "invoice"
    special = rows.get(InstalmentDocument, document.id) if sales else None
    lines = list(third_party_lines(entry, _book(rows).sides))
    for nth, each in enumerate(lines, 1):
        amount = each.amount if sales else -each.amount
        rows.add(
            Instalment(
                entry=position,
                line=each.nth,
                nth=nth,
                parts=len(lines),
                side=each.side,
                account=each.line.account,
                party=each.line.party,
                party_name=document.party_name,
                journal=entry.journal,
                document_kind=document.kind,
                document_id=document.id,
                document_number=document.number,
                kind=special.kind if special is not None else "instalment",
                issue_date=document.issue_date,
                due_date=each.line.due_date or document.due_date or entry.date,
                date=entry.date,
                currency=entry.currency,
                amount=amount,
                open=amount,
                lost=0,
            )
        )


def _stand_ready(position: int, entry: EntryPosted, rows: Rows) -> None:
    """Any other entry: what it may settle, it settles by this."""
    if next(third_party_lines(entry, _book(rows).sides), None) is None:
        return
    means: str = entry.document.kind
    if means == "payment":
        paid = rows.get(SettlingPayment, entry.document.id)
        means = USUAL if paid is None else paid.means
    rows.add(SettlingEntry(position, means))


def _settle(lettering: EntriesLettered, rows: Rows) -> None:
    for (entry, line), debited in _means(lettering, rows).items():
        item = rows.get(Instalment, (entry, line))
        if item is None:
            continue
        sign = -1 if item.document_kind == "bill" else 1
        means = {each: sign * amount for each, amount in debited.items()}
        taken = sum(means.values())
        lost = item.lost + means.get("write_off", 0)
        rows.put(replace(item, open=item.open - taken, lost=lost))
        key = (entry, line, lettering.lettering_id)
        rows.add(InstalmentSettled(*key, taken, means, lettering.date))


def _means(lettering: EntriesLettered, rows: Rows) -> dict[tuple[int, int], dict[str, int]]:
    """How each line is settled, debits positive: by what stands on the other side of its pairs."""
    parts, found = lettering.parts, dict[tuple[int, int], dict[str, int]]()
    for pair in lettering.pairs:
        for one, other, sign in ((pair.debit, pair.credit, 1), (pair.credit, pair.debit, -1)):
            part = parts[one]
            settling = rows.get(SettlingEntry, parts[other].entry)
            means = "invoice" if settling is None else settling.means
            sums = found.setdefault((part.entry, part.line), {})
            sums[means] = sums.get(means, 0) + sign * pair.amount
    return found


def _open_again(undone: EntriesUnlettered, rows: Rows) -> None:
    for item in _items(undone, rows):
        key = (item.entry, item.line, undone.lettering_id)
        settled = rows.get(InstalmentSettled, key)
        if settled is not None:
            lost = item.lost - settled.means.get("write_off", 0)
            rows.put(replace(item, open=item.open + settled.amount, lost=lost))
            rows.drop(InstalmentSettled, key)


def _items(undone: EntriesUnlettered, rows: Rows) -> Iterator[Instalment]:
    """The instalments that a lettering touched, each once."""
    for key in dict.fromkeys((part.entry, part.line) for part in undone.parts):
        item = rows.get(Instalment, key)
        if item is not None:
            yield item


def _book(rows: Rows) -> InstalmentBook:
    return rows.get(InstalmentBook, ()) or InstalmentBook({}, "UTC")
