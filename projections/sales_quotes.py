"""Quotes and their deposits in the register of sales documents (M12, M25, M58)."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.deposits.deposit import (
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositInstalmentOpened,
    DepositRequested,
    DepositSettled,
)
from domain.quotes.quote import (
    QuoteAccepted,
    QuoteDrafted,
    QuoteProbabilitySet,
    QuoteRefused,
    QuoteRestored,
    QuoteRevised,
    QuoteSent,
)
from domain.sales.content import InvoiceContent
from domain.sales.document import add_up
from domain.values.days import legal_day
from projections.rows import Need, Row, Rows
from projections.sales_rows import (
    Fold,
    SalesBook,
    SalesDocument,
    SalesParty,
    amounts_of,
    book_of,
    known,
)
from projections.searching import words_of

STAGES: dict[type[Event], str] = {
    QuoteSent: "sent",
    QuoteAccepted: "accepted",
    QuoteRefused: "refused",
    QuoteRestored: "draft",
}


class SalesQuote(Row, frozen=True):
    """Which invoices take a quote over, drafts included: `whole`, a `part`, or the `last` part."""

    table = "sales_quote"
    key = ("id",)

    id: str
    bills: dict[str, str]


def draft(fact: Recorded, event: QuoteDrafted | QuoteRevised, rows: Rows) -> None:
    """A quote says all there is of it, each time; its number and day stay."""
    content, party = event.content, rows.get(SalesParty, event.content.customer_id)
    name = "" if party is None else party.name
    if isinstance(event, QuoteDrafted):
        rows.add(SalesQuote(event.quote_id, {}))
        before = _numbered(fact, event)
    else:
        before = known(rows, event.quote_id)
    said = before.number, name, content.external_id, content.buyer_reference, content.note
    rows.put(
        replace(
            before,
            valid_until=content.valid_until,
            customer_id=content.customer_id,
            customer_name=name,
            currency=content.currency,
            **amounts_of(add_up(content.lines)),
            external_id=content.external_id,
            words=words_of(said),
        )
    )


def move(_: Recorded, event: Event, rows: Rows) -> None:
    """A quote goes on to its next stage, or back to its first."""
    quote = known(rows, event.quote_id)  # type: ignore[attr-defined]  # every event of STAGES
    rows.put(replace(quote, stage=STAGES[type(event)]))


def weigh(_: Recorded, event: QuoteProbabilitySet, rows: Rows) -> None:
    """Somebody says how likely a quote is to be accepted (M19)."""
    rows.put(replace(known(rows, event.quote_id), probability=event.probability))


def bill(rows: Rows, quote_id: str, invoice_id: str, content: InvoiceContent) -> None:
    """A draft invoice takes a quote over, wholly or by one more situation; a deposit takes none."""
    if content.kind == "deposit":
        return
    how = "whole"
    if content.situation is not None:
        closes = all(line.cumulative == line.quoted for line in content.situation.lines)
        how = "last" if closes else "part"
    quote = rows.get(SalesQuote, quote_id)
    if quote is not None:
        _bring_on(rows, replace(quote, bills={**quote.bills, invoice_id: how}))


def give_back(rows: Rows, quote_id: str, invoice_id: str) -> None:
    """A draft invoice of a quote is discarded."""
    quote = rows.get(SalesQuote, quote_id)
    if quote is not None:
        left = {key: how for key, how in quote.bills.items() if key != invoice_id}
        _bring_on(rows, replace(quote, bills=left))


def needs_of_quote(quote_id: str) -> Iterable[Need]:
    """A quote and its row in the list."""
    return ((SalesQuote, quote_id), (SalesDocument, quote_id))


def open_deposit(fact: Recorded, event: DepositInstalmentOpened, rows: Rows) -> None:
    """A deposit falls due on an accepted quote."""
    party = rows.get(SalesParty, event.customer_id)
    name = "" if party is None else party.name
    rows.add(
        SalesDocument(
            id=event.deposit_id,
            position=fact.position,
            kind="deposit_request",
            type="",
            number="",
            stage="opened",
            date=legal_day(fact.recorded_at, book_of(rows).time_zone),
            issue_date=None,
            due_date=event.due_date,
            valid_until=None,
            customer_id=event.customer_id,
            customer_name=name,
            currency=event.currency,
            net=event.gross,
            tax=0,
            gross=event.gross,
            credited=0,
            written_off=False,
            external_id="",
            quote_id=event.quote_id,
            invoice_id="",
            words=words_of((name,)),
        )
    )


def change_deposit(_: Recorded, event: DepositInstalmentChanged, rows: Rows) -> None:
    """An unsettled deposit is of another amount, or due on another day."""
    rows.put(
        replace(
            known(rows, event.deposit_id),
            due_date=event.due_date,
            net=event.gross,
            gross=event.gross,
        )
    )


def request_deposit(_: Recorded, event: DepositRequested, rows: Rows) -> None:
    """The customer is asked to pay: the deposit becomes a numbered document."""
    said = event.document_number, event.customer.name, event.quote.number, event.payment_reference
    rows.put(
        replace(
            known(rows, event.deposit_id),
            number=event.document_number,
            stage="requested",
            date=event.issue_date,
            issue_date=event.issue_date,
            due_date=event.due_date,
            customer_name=event.customer.name,
            net=event.gross,
            gross=event.gross,
            words=words_of(said),
        )
    )


def settle_deposit(_: Recorded, event: DepositSettled, rows: Rows) -> None:
    """A deposit is paid, and has its invoice."""
    deposit = known(rows, event.deposit_id)
    rows.put(replace(deposit, stage="settled", invoice_id=event.invoice_id))


def delete_deposit(_: Recorded, event: DepositInstalmentDeleted, rows: Rows) -> None:
    """A deposit is no longer asked for."""
    rows.put(replace(known(rows, event.deposit_id), stage="discarded"))


def _numbered(fact: Recorded, event: QuoteDrafted) -> SalesDocument:
    return SalesDocument(
        id=event.quote_id,
        position=fact.position,
        kind="quote",
        type="",
        number=event.document_number,
        stage="draft",
        date=event.issue_date,
        issue_date=event.issue_date,
        due_date=None,
        valid_until=None,
        customer_id=event.content.customer_id,
        customer_name="",
        currency=event.content.currency,
        net=0,
        tax=0,
        gross=0,
        credited=0,
        written_off=False,
        external_id="",
        quote_id="",
        invoice_id="",
        words="",
    )


def _bring_on(rows: Rows, quote: SalesQuote) -> None:
    """Keeps a quote, and says how much of it is invoiced; only an accepted one is."""
    rows.put(quote)
    how = set(quote.bills.values())
    stage = "invoiced" if how & {"whole", "last"} else "partly_invoiced" if how else "accepted"
    rows.put(replace(known(rows, quote.id), stage=stage))


def _needs_of_draft(event: QuoteDrafted | QuoteRevised) -> Iterable[Need]:
    return ((SalesDocument, event.quote_id), (SalesParty, event.content.customer_id))


def _needs_of_opening(event: DepositInstalmentOpened) -> Iterable[Need]:
    return ((SalesBook, ()), (SalesParty, event.customer_id))


def _deposit(event: DepositRequested | DepositSettled) -> Iterable[Need]:
    return ((SalesDocument, event.deposit_id),)


FOLDS: dict[type[Event], Fold] = {
    QuoteDrafted: Fold(_needs_of_draft, draft),
    QuoteRevised: Fold(_needs_of_draft, draft),
    **{stage: Fold(lambda event: ((SalesDocument, event.quote_id),), move) for stage in STAGES},
    QuoteProbabilitySet: Fold(lambda event: ((SalesDocument, event.quote_id),), weigh),
    DepositInstalmentOpened: Fold(_needs_of_opening, open_deposit),
    DepositInstalmentChanged: Fold(_deposit, change_deposit),
    DepositRequested: Fold(_deposit, request_deposit),
    DepositSettled: Fold(_deposit, settle_deposit),
    DepositInstalmentDeleted: Fold(_deposit, delete_deposit),
}
