"""Commands in process: the whole job of an invoice and of a payment, against plain inserts.

Ours reads company, draft, customer, lock date and two number series, checks every mention, reckons
VAT, takes the next number, posts a balanced entry, looks for the command and chains two events.
Theirs inserts two encoded events with their tags, and does nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import count
from uuid import uuid4

from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from services import invoicing, treasury
from services.store.pen import Command
from services.store.store import Store
from tests.benchmarks.append import closed
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import CHUNK, Calendar, LongBook, Owed, third_party_line
from tests.benchmarks.measure import Figure, Sample, Side, against, crowd, percentile, race, timed
from tests.benchmarks.plain import PlainLog

PLAIN = "two plain events with tags"


def command() -> Command:
    """A command of its own."""
    return Command(id=str(uuid4()), actor="benchmark")


def validate(store: Store, book_id: str, invoice_id: str) -> None:
    """Validates a draft."""
    invoicing.validate_invoice(store, book_id, invoice_id, command())


def pay(store: Store, book_id: str, item: tuple[str, Owed]) -> None:
    """Records a payment and letters it with what it pays: two commands."""
    customer, owed = item
    new = NewPayment(
        direction="received",
        date=owed.entry.date,
        amount=owed.amount,
        role="customers",
        party=customer,
    )
    paid = treasury.record_payment(store, book_id, new, command())
    line = next(n for n, x in enumerate(paid.events[-1].event.lines) if x.party)  # type: ignore[attr-defined]
    parts = (
        PartToLetter(entry=owed.position, line=third_party_line(owed.entry)),
        PartToLetter(entry=paid.position, line=line),
    )
    treasury.letter_entries(store, book_id, NewLettering(parts=parts), command())


class Drafts:
    """Drafts of some books, given out a round at a time."""

    def __init__(self, books: Sequence[LongBook], a_book: int) -> None:
        self._left = [book.draft(a_book) for book in books]

    def take(self, a_book: int) -> list[list[str]]:
        """So many drafts of each book."""
        taken = [left[:a_book] for left in self._left]
        self._left = [left[a_book:] for left in self._left]
        return taken


def run(ground: Ground) -> Iterator[Figure]:
    """One client, then eight and sixteen, on one book and on as many as clients; then payments."""
    with ground.store() as store:
        books = [LongBook(store, Calendar(), customers=20) for _ in range(16)]
        for clients in (1, 8, 16):
            yield from validations(ground, store, books[:1], clients)
        yield from validations(ground, store, books, 16)
        yield from payments(ground, store)


def validations(
    ground: Ground, store: Store, books: Sequence[LongBook], clients: int
) -> Iterator[Figure]:
    """Validation by some clients on one book, or each on a book of its own."""
    each = ground.sized(8, 150 if clients == 1 else 40)
    a_book = each * clients // len(books)
    drafts = Drafts(books, a_book * ground.rounds)

    def ours() -> Sample:
        taken = drafts.take(a_book)
        works: list[Callable[[str], None]] = []
        pieces: list[list[str]] = []
        for nth in range(clients):
            which = nth % len(books)
            works.append(partial(validate, store, books[which].book_id))
            pieces.append(taken[which][nth // len(books) :: clients // len(books)])
        return crowd(works, pieces)

    with ExitStack() as stack:
        logs = [
            PlainLog(stack.enter_context(ground.connection()), str(uuid4())) for _ in range(clients)
        ]
        numbers = count(1)

        def theirs() -> Sample:
            pieces = [[closed(numbers, 2) for _ in range(each)] for _ in logs]
            return crowd([log.insert_all for log in logs], pieces)

        sides: dict[str, Side] = {"ours": ours, PLAIN: theirs}
        samples = race(sides, ground.rounds)
    where = "one book" if len(books) == 1 else f"{len(books)} books"
    what = f"validate invoice, {clients} client{'s' * (clients > 1)}, {where}"
    yield against(what, samples, PLAIN, unit="/s")
    for share in (0.5, 0.99):
        ours_took, theirs_took = (percentile(samples[name], share) for name in sides)
        yield Figure(
            what=f"  p{share * 100:.0f}",
            ours=ours_took,
            unit="ms",
            reference=PLAIN,
            theirs=theirs_took,
            ratio=ours_took / theirs_took,
            rounds=ground.rounds,
        )


def payments(ground: Ground, store: Store) -> Iterator[Figure]:
    """A payment and its lettering, by one client."""
    each = ground.sized(8, 100)
    book = unpaid_book(ground, each * ground.rounds)
    owed = iter(book.still_owed())
    numbers = count(1)
    with ground.connection() as conn:
        log = PlainLog(conn, str(uuid4()))

        def ours() -> Sample:
            pieces = [next(owed) for _ in range(each)]
            return timed(partial(pay, store, book.book_id), pieces)

        def theirs() -> Sample:
            batches = [closed(numbers, size) for _ in range(each) for size in (2, 1)]
            sample = timed(log.insert_all, batches)
            return Sample(sample.rate / 2)

        samples = race({"ours": ours, "their three plain events": theirs}, ground.rounds)
    what = "payment and its lettering, 1 client, one book"
    yield against(what, samples, "their three plain events", unit="/s")


def unpaid_book(ground: Ground, invoices: int) -> LongBook:
    """A book of at least so many invoices that nobody has paid."""
    calendar = Calendar()
    with ground.store(calendar) as past:
        book = LongBook(past, calendar, customers=20)
        book.live(invoices + CHUNK, still_open=100 * invoices)
    return book
