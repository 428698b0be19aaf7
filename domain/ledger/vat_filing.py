"""Filing a VAT return, and booking what its whole euros add to the exact amounts.

A CA3 is in whole euros (CGI ann. IV, art. 39; FRANCE 5.4): what it rounds becomes a charge or an
income against the VAT to pay or to carry over, in the same breath as the filing.
"""

from datetime import date

from msgspec.structs import replace

from domain.book.event import Decision
from domain.ledger.chart import AccountRole
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryLine
from domain.ledger.period import Lock, check_open
from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import (
    Filings,
    Prepared,
    VatReturnFiled,
    check_filing,
    find,
)
from domain.parties.company import Company


def file_return(
    filings: Filings, prepared: Prepared, standing: Standing, *, file: str, reference: str
) -> Decision:
    """Files a return: once a period, in order, and before the deadline again by its reference.

    `standing` is how the book stands for an entry on `entry_day`, in the journal of miscellaneous
    entries.
    """
    company, today = standing.company, standing.today
    refused = check_filing(filings, prepared, company.country, reference, today)
    if refused is not None:
        return refused
    replaced = find(filings, prepared.period)
    before = replaced.document.rounding if replaced else 0
    filed = VatReturnFiled(
        period=str(prepared.period),
        country=company.country,
        currency=company.currency,
        grids=prepared.grids,
        carried=prepared.carried,
        stands_on=prepared.stands_on,
        file=file,
        filed_on=today,
        replaces=replaced.position if replaced else 0,
        replaced_reference=reference if replaced else "",
        wishes=prepared.wishes,
        rounding=prepared.rounding,
        booked=prepared.rounding - before,
    )
    return _booked(filed, prepared.period, standing) if filed.booked else [filed]


def entry_day(period: VatPeriod, lock: Lock | None, today: date) -> date:
    """The day on which a rounding is booked: the period's last, or today where that is locked."""
    return period.last_day if check_open(lock, period.last_day) is None else today


def entry_lines(filed: VatReturnFiled, company: Company) -> tuple[EntryLine, ...] | None:
    """What rounding adds to the VAT to pay is a charge, what it takes off an income.

    None for a return that rounds nothing.
    """
    amount, label = filed.booked, label_of(filed)
    if not amount:
        return None
    own: AccountRole = "vat_rounding_loss" if amount > 0 else "vat_rounding_gain"
    state: AccountRole = "vat_to_carry" if filed.carried else "vat_payable"
    accounts = company.accounts
    return (
        _line(accounts[own], amount, label),
        _line(accounts[state], -amount, label),
    )


def label_of(filed: VatReturnFiled) -> str:
    """The label of the entry."""
    return f"CA3 {filed.period}, arrondi à l'euro"


def _booked(filed: VatReturnFiled, period: VatPeriod, standing: Standing) -> Decision:
    day = entry_day(period, standing.lock, standing.today)
    filed = replace(filed, entry_date=day)
    lines = entry_lines(filed, standing.company)
    document = DocumentReference(
        kind="vat_return",
        id=filed.period,
        number=f"CA3-{filed.period}",
        issue_date=filed.filed_on,
        files=(filed.file,),
    )
    entry = enter(
        document,
        lines or (),
        standing,
        day=day,
        currency=filed.currency,
        label=label_of(filed),
    )
    return [filed, entry]


def _line(account: str, amount: int, label: str) -> EntryLine:
    return EntryLine(account=account, debit=max(amount, 0), credit=max(-amount, 0), label=label)
