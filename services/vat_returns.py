"""Use cases of VAT returns: see one, its lines, file it, and what changed since (V24).

A return that is filed is what its event says; seen again from the register up to the position it
stands on, it is the same.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.countries.grids import Check, Operation, Settled, add_up
from domain.countries.vat_form import VAT_FORMS, VatForm
from domain.ledger import vat_filing, vat_return
from domain.ledger.entering import Standing
from domain.ledger.period import PERIOD_TAG, of_fact
from domain.ledger.vat_period import VatPeriod, read_period
from domain.ledger.vat_return import (
    VAT_RETURN_TAG,
    Filing,
    Filings,
    Prepared,
    VatPeriodIsMalformed,
)
from domain.parties.company import COMPANY_TAG, Company
from projections.page import Standpoint
from projections.vat_return_view import VatScope, count_foreign, scope_of, sum_operations
from services.files import intervat
from services.files.intervat import ReturnWishes
from services.loading import choose_journal, load_company, load_standing, today_of
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

Reading = Callable[[], AbstractContextManager[Connection[Any]]]
"""Opens a connection on which queries find the VAT register."""


class NoVatReturn(Refused, frozen=True, kw_only=True):
    """The company files no periodic return: it is in the franchise, or its form is not known."""

    code = "vat_return_none"
    rule = "V24"
    text = words(
        en="{name} files no periodic VAT return.",
        fr="{name} ne dépose pas de déclaration périodique de TVA.",
        nl="{name} dient geen periodieke btw-aangifte in.",
    )

    name: str


class Sheet(Struct, frozen=True, kw_only=True):
    """A return as it stands: filed, or as it would be filed now; grids in minor units.

    `sums` are the grids before anything is carried over or rounded, `brought` what the filing
    before left over, `foreign` how many documents in other currencies are counted nowhere.
    """

    period: VatPeriod
    company: Company
    settled: Settled
    sums: Mapping[str, int]
    brought: Mapping[str, int]
    checks: tuple[Check, ...]
    foreign: int
    standpoint: Standpoint
    filing: Filing | None
    filings: Filings
    scope: VatScope
    operations: tuple[Operation, ...]

    @property
    def form(self) -> VatForm:
        """The form of its country."""
        return VAT_FORMS[self.company.country]

    @property
    def position(self) -> int:
        """The event of the book that the register stood on."""
        return self.standpoint.position

    @property
    def stands_on(self) -> int:
        """The last event that it may count."""
        return self.filing.document.stands_on if self.filing else self.position


def period_named(text: str) -> VatPeriod:
    """The period that is written so; raises Refusals."""
    period = read_period(text)
    if period is None:
        raise Refusals(VatPeriodIsMalformed(period=text[:20]))
    return period


def load_filings(reader: Reader) -> Filings:
    """The returns that are filed, in the order they were."""
    nothing: Filings = ()
    return reader.fold(vat_return.evolve, nothing, VAT_RETURN_TAG)


def see_return(
    conn: Connection[Any], book_id: str, company: Company, filings: Filings, period: VatPeriod
) -> Sheet:
    """The return of a period: as it was filed, or as it would be now; raises Refusals.

    A period without a filing among `filings` is open, whatever the book says.
    """
    if company.vat_regime == "franchise" or company.country not in VAT_FORMS:
        raise Refusals(NoVatReturn(name=company.name))
    form = VAT_FORMS[company.country]
    scope = scope_of(filings, period, company.currency)
    standpoint, rows = sum_operations(conn, book_id, scope)
    operations = [(row.operation, row.amounts) for row in rows]
    sums = add_up(form.form, operations, period.last_day)
    last = vat_return.before(filings, period)
    brought = last.document.carried if last is not None else {}
    settled = form.settle(sums, brought)
    filing = vat_return.find(filings, period)
    if filing is not None:
        filed = filing.document
        settled = replace(settled, grids=filed.grids, carried=filed.carried)
    return Sheet(
        period=period,
        company=company,
        settled=settled,
        sums=sums,
        brought=brought,
        checks=form.check(settled.grids),
        foreign=count_foreign(conn, book_id, scope),
        standpoint=standpoint,
        filing=filing,
        filings=filings,
        scope=scope,
        operations=tuple(operation for operation, _ in operations),
    )


def write_file(sheet: Sheet, wishes: ReturnWishes) -> bytes:
    """The file of a return: what Intervat takes, or the boxes of a CA3 in whole euros as JSON."""
    if sheet.company.country == "BE":
        return intervat.write_return(sheet.company, sheet.period, sheet.settled.grids, wishes)
    boxes = {box: amount // 100 for box, amount in sheet.settled.grids.items()}
    return json.encode({"form": "3310-CA3", "period": str(sheet.period), "boxes": boxes})


def file_return(
    store: Store,
    book_id: str,
    period: VatPeriod,
    wishes: ReturnWishes,
    command: Command,
    *,
    reading: Reading,
) -> Written[Filing]:
    """Files the return of a period as the register shows it; raises Refusals.

    A return that is filed already is prepared anew, to replace it. What whole euros add is booked.
    """
    sheet, known = _prepare(store, book_id, period, reading)
    content = write_file(sheet, wishes)

    def decide(pen: Pen) -> None:
        prepared = _prepared(sheet, known, wishes)
        file = pen.keep(content, *named(sheet))
        standing = _standing(pen, period)
        pen.append(
            vat_filing.file_return(
                load_filings(pen), prepared, standing, file=file, reference=wishes.replaces
            )
        )

    def answer(reader: Reader) -> Filing:
        found = vat_return.find(load_filings(reader), period)
        if found is None:
            raise LookupError(f"the return of {period} was filed and cannot be found")
        return found

    return store.write(book_id, command, decide, answer, [COMPANY_TAG, VAT_RETURN_TAG])


def _prepare(
    store: Store, book_id: str, period: VatPeriod, reading: Reading
) -> tuple[Sheet, Filings]:
    """The return of a period as if it were not filed, and the filings that are known."""
    past = store.past(book_id)
    known = load_filings(past)
    others = tuple(each for each in known if each.period != period)
    with reading() as conn:
        return see_return(conn, book_id, load_company(past), others, period), known


def _prepared(sheet: Sheet, known: Filings, wishes: ReturnWishes) -> Prepared:
    return Prepared(
        period=sheet.period,
        grids=sheet.settled.grids,
        carried=sheet.settled.carried,
        stands_on=sheet.position,
        known=known[-1].position if known else 0,
        rounding=sheet.settled.rounding,
        wishes=wishes.said,
    )


def _standing(pen: Pen, period: VatPeriod) -> Standing:
    """How the book stands for an entry about a period, on the day that it may bear."""
    company = load_company(pen)
    journal = choose_journal(company, "miscellaneous")
    lock = of_fact(pen.last(PERIOD_TAG))
    day = vat_filing.entry_day(period, lock, today_of(pen, company))
    return load_standing(pen, company, journal, day)


def named(sheet: Sheet) -> tuple[str, str]:
    """Media type and name of the file of a return."""
    if sheet.company.country == "BE":
        return intervat.MEDIA_TYPE, f"vat_return_{sheet.period}.xml"
    return "application/json", f"ca3_{sheet.period}.json"
