"""A quote as its events tell it: its stage, its deposits, and what of it is invoiced."""

from msgspec import Struct

from domain.book.refusal import Refusals, Refused
from domain.deposits import deposit
from domain.deposits.deposit import Deposit, Deposits, deposit_tag, quote_of
from domain.deposits.depositing import DepositIsUnknown
from domain.ledger.entry import EntryPosted, document_tag
from domain.orders.order import OrderConfirmed
from domain.quotes import billing, quote
from domain.quotes.balance import check_accepted
from domain.quotes.billing import Billing, Bills, Issued
from domain.quotes.quote import Accepted, Quote, quote_tag
from domain.quotes.quoting import QuoteIsUnknown
from domain.quotes.situation import OfQuote, is_closed
from domain.treasury import lettering
from domain.treasury.lettering import Settled, entry_tag
from services.store.pen import Reader


class KnownQuote(Struct, frozen=True, kw_only=True):
    """A quote with its deposits and invoices; `position` is the newest event about any of them."""

    position: int
    quote: Quote
    deposits: Deposits
    bills: Bills
    order: OrderConfirmed | None = None

    @property
    def billing(self) -> Billing | None:
        """What is invoiced of it, once it is accepted."""
        if not isinstance(self.quote, Accepted):
            return None
        return Billing(quote=self.quote, deposits=self.deposits, bills=self.bills, order=self.order)

    @property
    def is_invoiced(self) -> bool:
        """Whether nothing of it is left to invoice (M23)."""
        return self.billing is not None and is_closed(self.billing)


def find_quote(reader: Reader, quote_id: str) -> Quote | None:
    """A quote by its id, whatever its stage."""
    return reader.fold(quote.evolve, None, quote_tag(quote_id))


def get_quote(reader: Reader, quote_id: str) -> KnownQuote:
    """A quote with what came of it; raises Refusals when there is none."""
    tag = quote_tag(quote_id)
    known, last = find_quote(reader, quote_id), reader.last(tag)
    if known is None or last is None:
        raise Refusals(QuoteIsUnknown(quote_id=quote_id))
    deposits: Deposits = {}
    bills: Bills = {}
    nobody: OrderConfirmed | None = None
    return KnownQuote(
        position=last.position,
        quote=known,
        deposits=reader.fold(deposit.evolve, deposits, tag),
        bills=reader.fold(billing.evolve, bills, tag),
        order=reader.fold(billing.evolve_order, nobody, tag),
    )


def load_billing(reader: Reader, quote_id: str) -> Billing:
    """What is invoiced of an accepted quote; raises Refusals for any other."""
    accepted = check_accepted(find_quote(reader, quote_id), quote_id)
    if isinstance(accepted, Refused):
        raise Refusals(accepted)
    known = get_quote(reader, quote_id)
    return Billing(quote=accepted, deposits=known.deposits, bills=known.bills, order=known.order)


def find_billing(reader: Reader, deposit_id: str) -> Billing:
    """What is invoiced of the quote that a deposit belongs to; raises Refusals without one."""
    quote_id = quote_of(reader.last(deposit_tag(deposit_id)))
    if not quote_id:
        raise Refusals(DepositIsUnknown(deposit_id=deposit_id))
    return load_billing(reader, quote_id)


def get_deposit(reader: Reader, deposit_id: str) -> Deposit:
    """A deposit by its id; raises Refusals when there is none."""
    return find_billing(reader, deposit_id).deposits[deposit_id]


def load_origin(reader: Reader, quote_id: str) -> OfQuote | None:
    """What a quote says of the validation of a draft that comes from it."""
    known = get_quote(reader, quote_id)
    return None if known.billing is None else OfQuote(billing=known.billing)


def is_unsettled(reader: Reader, bill: Issued) -> bool:
    """Whether something of an invoice is still to be paid (M68)."""
    nothing: tuple[tuple[int, EntryPosted], ...] = ()
    tag = document_tag("invoice", bill.invoice_id)
    entries = reader.fold(
        lambda found, fact: (
            (*found, (fact.position, fact.event)) if isinstance(fact.event, EntryPosted) else found
        ),
        nothing,
        tag,
    )
    for position, entry in entries:
        if entry.document.id != bill.invoice_id:
            continue
        settled = reader.fold(lettering.settle, Settled(entry=position), entry_tag(position))
        for index, line in enumerate(entry.lines):
            if line.party and line.debit - line.credit != settled.amounts.get(index, 0):
                return True
    return False
