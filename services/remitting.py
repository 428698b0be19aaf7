"""Use cases of remittances: a file for the bank, made once of open lines and kept (M42)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import series_tag
from domain.parties.company import COMPANY_TAG, Company
from domain.purchases.bill import BillRecorded
from domain.treasury import bank_account, collecting, remittance, remitting, transfer_order
from domain.treasury.bank_account import BANK_ACCOUNTS_TAG, NO_JOURNALS
from domain.treasury.collecting import NewCollection, Payer, has_collected
from domain.treasury.collection import CollectedLine, Scheme
from domain.treasury.lettering import entry_tag
from domain.treasury.mandate import usable_mandate
from domain.treasury.matching import PartToLetter
from domain.treasury.remittance import Remittance, remittance_tag
from domain.treasury.remittance_refusals import RemittanceIsUnknown
from domain.treasury.remitting import Books, Chosen, Line, NewLine, Outset, Remitted
from domain.treasury.transfer_order import NewTransferOrder, Payee, TransferLine
from services.files import sepa
from services.files.sepa import Credit, Debit, Order, Principal
from services.identity import make
from services.loading import choose_journal, load_company, load_contact, today_of
from services.mandates import find_creditor_id, mandates_of
from services.open_lines import load_lines, load_settled
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def create_collection(
    store: Store, book_id: str, new: NewCollection, command: Command
) -> Written[Remittance]:
    """Makes a direct debit file of instalments; none is in two that wait for the bank (M42)."""

    def decide(pen: Pen, remittance_id: str) -> None:
        company = load_company(pen)
        outset = _outset(pen, company, collecting.CODE, new.journal)
        chosen, _ = _choose(pen, new.lines, "invoice")
        day = new.execution_date
        parties = dict.fromkeys(each.booked.party for each in chosen)
        payers = {party: find_payer(pen, party, new.scheme, day) for party in parties}
        creditor_id = find_creditor_id(pen)
        lines = collecting.plan(new, chosen, payers, creditor_id, outset)
        if isinstance(lines, Refused):
            raise Refusals(lines)
        principal = _principal(company, outset, creditor_id)
        order = _order(pen, principal, outset, day)
        content = sepa.write_debits(order, new.scheme, [_debit(line, payers) for line in lines])
        pen.append(
            collecting.create(
                remittance_id,
                new,
                lines,
                creditor_id=creditor_id,
                file=pen.keep(content, sepa.MEDIA_TYPE, f"{outset.document_number}.xml"),
                outset=outset,
            )
        )

    return make(
        store,
        book_id,
        command,
        "col",
        tag=remittance_tag,
        decide=decide,
        find=get_remittance,
        reads=_reads(new.lines),
    )


def order_transfers(
    store: Store, book_id: str, new: NewTransferOrder, command: Command
) -> Written[Remittance]:
    """Makes a credit transfer file of suppliers' bills; none is in two that wait (M42)."""

    def decide(pen: Pen, remittance_id: str) -> None:
        company = load_company(pen)
        outset = _outset(pen, company, transfer_order.CODE, new.journal)
        chosen, bills = _choose(pen, new.lines, "bill")
        payees = {place: _payee(pen, bill) for place, bill in bills.items()}
        lines = transfer_order.plan(new, chosen, payees, outset)
        if isinstance(lines, Refused):
            raise Refusals(lines)
        order = _order(pen, _principal(company, outset), outset, new.execution_date)
        credits_ = [_credit(line, payees[line.entry]) for line in lines]
        content = sepa.write_transfers(order, credits_)
        file = pen.keep(content, sepa.MEDIA_TYPE, f"{outset.document_number}.xml")
        pen.append(transfer_order.order(remittance_id, new, lines, file=file, outset=outset))

    return make(
        store,
        book_id,
        command,
        "tro",
        tag=remittance_tag,
        decide=decide,
        find=get_remittance,
        reads=_reads(new.lines),
    )


def find_remittance(reader: Reader, remittance_id: str) -> Remittance | None:
    """A collection or transfer order by its id."""
    return reader.fold(remittance.evolve, None, remittance_tag(remittance_id))


def get_remittance(reader: Reader, remittance_id: str) -> Remittance:
    """A collection or transfer order by its id; raises Refusals when there is none."""
    found = find_remittance(reader, remittance_id)
    if found is None:
        raise Refusals(RemittanceIsUnknown(remittance_id=remittance_id[:60]))
    return found


def find_payer(reader: Reader, contact_id: str, scheme: Scheme, day: date) -> Payer | None:
    """The mandate by which a customer pays on `day`; an erased account collects nothing."""
    found = usable_mandate(mandates_of(reader, contact_id), scheme, day)
    if found is None or not found.document.account.iban:
        return None
    own = found.document.mandate_id
    used = (get_remittance(reader, known) for known in reversed(found.collections))
    return Payer(mandate=found, has_collected=any(has_collected(each, own) for each in used))


def held_lines(reader: Reader, entries: Iterable[int]) -> dict[Line, Remittance]:
    """The lines of these entries that wait in a remittance, each with its remittance."""
    held: dict[Line, Remittance] = {}
    known: dict[str, Remittance] = {}
    nothing: tuple[str, ...] = ()
    for entry in entries:
        for remittance_id in reader.fold(remittance.remittances_of, nothing, entry_tag(entry)):
            if remittance_id not in known:
                known[remittance_id] = get_remittance(reader, remittance_id)
            found = known[remittance_id]
            lines = (line for line in found.document.remitted if line.entry == entry)
            places = ((line.entry, line.line) for line in lines)
            held.update({place: found for place in places if found.holds(*place)})
    return held


def _reads(lines: Sequence[NewLine]) -> list[str]:
    """The tags that come with the lock, with the entries of the lines."""
    entries = dict.fromkeys(entry_tag(line.entry) for line in lines)
    return [COMPANY_TAG, BANK_ACCOUNTS_TAG, *entries]


def _outset(pen: Pen, company: Company, code: str, journal: str) -> Outset:
    """Where a remittance begins; raises Refusals without a journal, or an account of it."""
    chosen = choose_journal(company, "bank", journal)
    linked = pen.fold(bank_account.evolve, NO_JOURNALS, BANK_ACCOUNTS_TAG)
    iban = remitting.own_account(company, linked, chosen)
    if isinstance(iban, Refused):
        raise Refusals(iban)
    today = today_of(pen, company)
    series = remitting.series_on(company, code, today)
    last = pen.last(series_tag(series))
    return Outset(today=today, journal=chosen, iban=iban, series=series, last=last)


def _choose(
    pen: Pen, asked: Sequence[NewLine], kind: Remitted
) -> tuple[list[Chosen], dict[int, Event]]:
    """The lines asked for, and the documents behind their entries; raises Refusals."""
    parts = [PartToLetter(entry=each.entry, line=each.line) for each in asked]
    entries, documents = load_lines(pen, parts)
    settled = load_settled(pen, entries)
    held = held_lines(pen, entries)
    chosen = remitting.choose(asked, kind, Books(entries=entries, settled=settled, held=held))
    if isinstance(chosen, Refused):
        raise Refusals(chosen)
    return chosen, documents


def _principal(company: Company, outset: Outset, creditor_id: str = "") -> Principal:
    """The company; the code of its bank is known where it has one account only."""
    bic = company.profile.bic if company.ibans == (outset.iban,) else ""
    return Principal(name=company.name, iban=outset.iban, bic=bic, creditor_id=creditor_id)


def _order(pen: Pen, principal: Principal, outset: Outset, day: date) -> Order:
    return Order(
        principal=principal, number=outset.document_number, made_at=pen.now, execution_date=day
    )


def _debit(line: CollectedLine, payers: Mapping[str, Payer | None]) -> Debit:
    payer = payers[line.party]
    if payer is None:
        raise LookupError(line.party)
    signed = payer.mandate.document
    return Debit(
        name=line.party_name,
        iban=signed.account.iban,
        bic=signed.account.bic,
        amount=line.amount,
        end_to_end=line.end_to_end,
        text=line.document_number,
        mandate_reference=signed.reference,
        signed_on=signed.signed_on,
        sequence=line.sequence,
    )


def _credit(line: TransferLine, payee: Payee | None) -> Credit:
    if payee is None:
        raise LookupError(line.party)
    return Credit(
        name=line.party_name,
        iban=payee.iban,
        amount=line.amount,
        end_to_end=line.end_to_end,
        text=line.communication,
    )


def _payee(reader: Reader, bill: Event) -> Payee | None:
    """Where a bill is paid, by the contact's own accounts and the bill's; None where unsure."""
    if not isinstance(bill, BillRecorded):
        return None
    contact = load_contact(reader, bill.supplier_id)
    if contact is None:
        return None
    opened = contact.with_personal(reader.reveal(contact.contact_id, contact.sealed))
    known = [account.iban for account in opened.details.bank_accounts]
    iban = transfer_order.account_of(known, bill.ibans)
    said = bill.payment_reference or bill.supplier_reference
    return None if iban is None else Payee(iban=iban, communication=said)
