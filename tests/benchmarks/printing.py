"""Printing: originals of invoices of twelve lines, whole, against the press alone on their pages.

Ours loads the document as it was issued, company, template and seal, composes and renders the page,
lets the press make a PDF/A with two codes, keeps its bytes and tells so in an event. Theirs is
the press, given the page. One process prints; several share the books.
"""

import sys
from collections.abc import Iterator

from api.cli._test_machine import missing_packages
from services import invoicing
from services.printing.composing import compose
from services.printing.originals import Printshop
from services.printing.press import Press
from services.printing.rendering import HOUSE_LOOK, render_html
from tests.benchmarks.commands import command
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, against, load, race, rate, timed
from tests.services.printing.documents import MEUNIER, STAMP, line, services_invoice

LINES = 12
ALONE = "the press alone"


def run(ground: Ground) -> Iterator[Figure]:
    """Documents a second of one press, by length; then the whole way against the press alone."""
    missing = {*missing_packages()} - {"chromium", "libatomic1"}
    if missing:
        print(f"# left out, for want of {' '.join(sorted(missing))}", file=sys.stderr)
        return
    press = Press()
    for lines in (LINES, ground.sized(60, 240)):
        page = page_of(lines)
        press.print(page)  # its libraries are loaded by then
        many = ground.sized(1, 20 if lines == LINES else 4)
        samples = race({"ours": lambda p=page, n=many: timed(press.print, [p] * n)}, ground.rounds)
        yield Figure(
            what=f"press, invoices of {lines} lines",
            ours=rate(samples["ours"]),
            unit="/s",
            least=2.0 if lines == LINES else None,
            rounds=ground.rounds,
            load=load(),
        )
    yield from originals(ground, press)
    press.close()


def originals(ground: Ground, press: Press) -> Iterator[Figure]:
    """The whole way of an original, against the press alone on a page of that length."""
    many = ground.sized(1, 20)
    with ground.store() as store:
        book = LongBook(store, Calendar(), customers=5)
        shop = Printshop(store, press)
        drafts = iter(book.draft(many * ground.rounds * 2))
        page = page_of(1)

        def issued() -> list[str]:
            ids = [next(drafts) for _ in range(many)]
            for invoice_id in ids:
                invoicing.validate_invoice(store, book.book_id, invoice_id, command())
            return ids

        waiting = iter([issued() for _ in range(ground.rounds)])
        sides = {
            "ours": lambda: timed(
                lambda each: shop.original(book.book_id, "invoice", each), next(waiting)
            ),
            ALONE: lambda: timed(press.print, [page] * many),
        }
        samples = race(sides, ground.rounds)
        yield against("originals, whole", samples, ALONE, unit="/s", least=0.7)


def page_of(lines: int) -> str:
    """The page of an invoice of so many lines."""
    many = tuple(
        line(f"Mise en page du chapitre {number}", "2.5", "65", "21", unit="HUR")
        for number in range(lines)
    )
    return render_html(compose(services_invoice(lines=many), MEUNIER, HOUSE_LOOK, stamp=STAMP))
