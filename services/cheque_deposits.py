"""Use cases of cheque deposits: a slip of cheques that were received, and its reversal (M41)."""

from datetime import date
from functools import partial

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.treasury import bank_account, cheque_deposit, depositing_cheques, remitting
from domain.treasury.bank_account import BANK_ACCOUNTS_TAG, NO_JOURNALS
from domain.treasury.cheque_deposit import Cheque, ChequeDeposit
from domain.treasury.cheque_refusals import ChequeDepositIsUnknown
from domain.treasury.depositing_cheques import NewChequeDeposit, check_undeposited
from domain.treasury.lettering import entry_tag
from domain.treasury.receipts_vat import Traced, trace
from services.identity import make
from services.loading import choose_journal, load_company, load_standing, today_of
from services.open_lines import load_entries
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

_tag = partial(document_tag, "cheque_deposit")


def deposit_cheques(
    store: Store, book_id: str, new: NewChequeDeposit, command: Command
) -> Written[ChequeDeposit]:
    """Hands cheques to the bank under the next slip number, with their entry (M41)."""
    payments = list(dict.fromkeys(cheque.payment_id for cheque in new.cheques))

    def decide(pen: Pen, deposit_id: str) -> None:
        company = load_company(pen)
        day = new.deposited_on or today_of(pen, company)
        journal = choose_journal(company, "bank", new.journal)
        series = depositing_cheques.series_on(company, day)
        standing = load_standing(pen, company, journal, day, series)
        linked = pen.fold(bank_account.evolve, NO_JOURNALS, BANK_ACCOUNTS_TAG)
        iban = remitting.account_of(company, linked, journal)
        known = {payment_id: find_cheque(pen, payment_id) for payment_id in payments}
        settles = {
            payment_id: _settled_by(pen, cheque)
            for payment_id, cheque in known.items()
            if cheque is not None
        }
        pen.append(depositing_cheques.create(deposit_id, new, known, settles, standing, iban=iban))

    return make(
        store,
        book_id,
        command,
        "chd",
        tag=_tag,
        decide=decide,
        find=get_cheque_deposit,
        reads=[COMPANY_TAG, *(document_tag("payment", payment_id) for payment_id in payments)],
    )


def reverse_cheque_deposit(
    store: Store,
    book_id: str,
    deposit_id: str,
    reason: str,
    command: Command,
    *,
    reversed_on: date | None = None,
) -> Written[ChequeDeposit]:
    """Undoes a slip as one: its cheques are to be collected again (M41)."""

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        known = pen.fold(cheque_deposit.evolve, None, _tag(deposit_id))
        journal = choose_journal(company, "bank", known.document.journal if known else "")
        day = reversed_on or today_of(pen, company)
        standing = load_standing(pen, company, journal, day)
        pen.append(depositing_cheques.reverse(known, deposit_id, reason, reversed_on, standing))

    reads = [COMPANY_TAG, _tag(deposit_id)]
    return store.write(book_id, command, decide, lambda r: get_cheque_deposit(r, deposit_id), reads)


def get_cheque_deposit(reader: Reader, deposit_id: str) -> ChequeDeposit:
    """A deposit by its id, reversed or not; raises Refusals when there is none."""
    found = reader.fold(cheque_deposit.evolve, None, _tag(deposit_id))
    if found is None:
        raise Refusals(ChequeDepositIsUnknown(deposit_id=deposit_id[:60]))
    return found


def find_cheque(reader: Reader, payment_id: str) -> Cheque | None:
    """The cheque that a payment received; None for any other payment."""
    return reader.fold(cheque_deposit.evolve_cheque, None, document_tag("payment", payment_id))


def refuse_deposited(reader: Reader, payment_id: str) -> None:
    """Raises Refusals where the cheque of a payment stands on a slip."""
    refused = check_undeposited(find_cheque(reader, payment_id))
    if refused is not None:
        raise Refusals(refused)


def _settled_by(reader: Reader, cheque: Cheque) -> tuple[str, ...]:
    """The numbers of the documents that a cheque is lettered with."""
    traced = reader.fold(trace, Traced(entry=cheque.entry), entry_tag(cheque.entry))
    places = sorted({paid.entry for parts in traced.lettered.values() for paid in parts})
    entries = load_entries(reader, places)
    return tuple(entries[place].document.number for place in places if place in entries)
