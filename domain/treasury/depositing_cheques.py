"""Depositing cheques: a slip with its entry, and its reversal as one (M41)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryPosted
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.ledger.period import check_open
from domain.parties.company import Company
from domain.treasury.cheque_deposit import (
    Cheque,
    ChequeDeposit,
    ChequeDepositCreated,
    ChequeDepositReversed,
    DepositedCheque,
    entry_lines,
)
from domain.treasury.cheque_refusals import (
    MOST_CHEQUES,
    ChequeDepositIsReversed,
    ChequeDepositIsUnknown,
    ChequeIsDeposited,
    ChequeIsNotDepositable,
    DepositDayIsWrong,
    NothingToDeposit,
)
from domain.treasury.payment import DateIsInFuture
from domain.values import faults
from domain.values.text import tidy

CODE = "RC"
"""Of its series: RC-2026-00001, as in remise de chèques."""


class NewCheque(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cheque to deposit: the payment that received it; its own number is else the reference."""

    payment_id: str
    bank: str = ""
    number: str = ""


class NewChequeDeposit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cheques for one slip; without a day, today; an empty journal is the first of the bank."""

    cheques: tuple[NewCheque, ...]
    deposited_on: date | None = None
    journal: str = ""


def create(
    deposit_id: str,
    new: NewChequeDeposit,
    known: Mapping[str, Cheque | None],
    settles: Mapping[str, tuple[str, ...]],
    standing: Standing,
    *,
    iban: str = "",
) -> Decision:
    """Hands cheques to the bank under the next slip number, with their entry (M41).

    `known` are the cheques by their payment, `settles` what each pays. `standing` is that of the
    bank's journal, and of the slips' series, on the day.
    """
    new = tidy(new)
    day = new.deposited_on or standing.today
    currency = standing.company.currency
    waiting = _choose(new, known, currency)
    if isinstance(waiting, Refused):
        return waiting
    came = max(cheque.document.date for cheque in waiting)
    refused = faults.unreadable(new) or _check_day(day, came, standing, "/deposited_on")
    if refused is not None:
        return refused
    cheques = tuple(
        _deposited(each, cheque, settles.get(each.payment_id, ()))
        for each, cheque in zip(new.cheques, waiting, strict=True)
    )
    created = _slip(deposit_id, cheques, day, standing, iban)
    return [created, _enter(created, day, standing)]


def _slip(
    deposit_id: str,
    cheques: tuple[DepositedCheque, ...],
    day: date,
    standing: Standing,
    iban: str,
) -> ChequeDepositCreated:
    series = series_on(standing.company, day)
    number = assign_next(standing.last_document)
    return ChequeDepositCreated(
        deposit_id=deposit_id,
        series=series,
        number=number,
        document_number=write_number(series.partition(":")[2], number),
        issue_date=day,
        iban=iban,
        journal=standing.journal,
        bank=bank_of(standing.company, standing.journal),
        currency=standing.company.currency,
        total=sum(cheque.amount for cheque in cheques),
        cheques=cheques,
    )


def reverse(
    known: ChequeDeposit | None,
    deposit_id: str,
    reason: str,
    reversed_on: date | None,
    standing: Standing,
) -> Decision:
    """Undoes a deposit as one, with its entry: its cheques wait again (M41)."""
    if known is None:
        return ChequeDepositIsUnknown(deposit_id=deposit_id[:60])
    created = known.document
    if known.reversed is not None:
        return ChequeDepositIsReversed(number=created.document_number, position=known.position)
    reason, day = tidy(reason), reversed_on or standing.today
    refused = (
        faults.missing(reason, "/reason")
        or faults.unreadable(reason)
        or _check_day(day, created.issue_date, standing, "/reversed_on")
    )
    if refused is not None:
        return refused
    undone = ChequeDepositReversed(
        deposit_id=deposit_id,
        document_number=created.document_number,
        journal=created.journal,
        bank=created.bank,
        currency=created.currency,
        total=created.total,
        cheques=created.cheques,
        date=day,
        reason=reason,
    )
    return [undone, _enter(undone, day, standing)]


def check_undeposited(cheque: Cheque | None) -> ChequeIsDeposited | None:
    """Refuses to take a payment back whose cheque stands on a slip."""
    if cheque is None or not cheque.deposit_number:
        return None
    return ChequeIsDeposited(
        payment_id=cheque.document.payment_id,
        number=cheque.deposit_number,
        position=cheque.deposit_position,
    )


def series_on(company: Company, day: date) -> str:
    """The series of the slips of that day: cheques:RC-2026."""
    return f"cheques:{name_series(CODE, day, company.fiscal_year_start_month)}"


def bank_of(company: Company, code: str) -> str:
    """The account of a bank journal."""
    journal = company.journal("bank", code)
    return (journal.account if journal is not None else "") or company.accounts["bank"]


def _choose(
    new: NewChequeDeposit, known: Mapping[str, Cheque | None], currency: str
) -> list[Cheque] | Refused:
    """The cheques asked for, each there, waiting, and named once."""
    if not 0 < len(new.cheques) <= MOST_CHEQUES:
        return NothingToDeposit(pointer="/cheques")
    chosen: dict[str, Cheque] = {}
    for at, each in enumerate(new.cheques):
        cheque = known.get(each.payment_id)
        if cheque is None or not _waits(cheque, currency) or each.payment_id in chosen:
            return ChequeIsNotDepositable(
                payment_id=each.payment_id[:60], currency=currency, pointer=f"/cheques/{at}"
            )
        refused = check_undeposited(cheque)
        if refused is not None:
            return refused
        chosen[each.payment_id] = cheque
    return list(chosen.values())


def _waits(cheque: Cheque, currency: str) -> bool:
    return not cheque.is_lost and cheque.document.currency == currency


def _deposited(new: NewCheque, cheque: Cheque, documents: tuple[str, ...]) -> DepositedCheque:
    paid = cheque.document
    return DepositedCheque(
        payment_id=paid.payment_id,
        account=cheque.account,
        amount=paid.amount,
        party=paid.party,
        drawer=paid.counterparty.name or paid.party_name,
        bank=new.bank,
        number=new.number or paid.reference,
        documents=documents,
    )


def _check_day(day: date, first: date, standing: Standing, pointer: str) -> Refused | None:
    if day < first:
        return DepositDayIsWrong(day=day, first=first, pointer=pointer)
    if day > standing.today:
        return DateIsInFuture(day=day, today=standing.today, pointer=pointer)
    return check_open(standing.lock, day, pointer)


def _enter(
    document: ChequeDepositCreated | ChequeDepositReversed, day: date, standing: Standing
) -> EntryPosted:
    reference = DocumentReference(
        kind="cheque_deposit",
        id=document.deposit_id,
        number=document.document_number,
        issue_date=day,
    )
    return enter(
        reference,
        entry_lines(document),
        standing,
        day=day,
        currency=document.currency,
        label=document.document_number,
    )
