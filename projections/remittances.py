"""The remittances register (M41, M42): files for the bank, cheque slips, and mandates to collect.

One row for each collection, transfer order and cheque deposit, whatever became of it, and one for
each mandate; their lines are asked of the events themselves.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.parties.company import CompanyOpened
from domain.treasury.cheque_deposit import ChequeDepositCreated, ChequeDepositReversed
from domain.treasury.collection import CollectionCreated
from domain.treasury.mandate import MandateRevoked, MandateSigned, lapses_on
from domain.treasury.remittance import (
    RemittanceCancelled,
    RemittanceCreated,
    RemittanceLineReturned,
    RemittanceSettled,
)
from domain.treasury.transfer_order import TransferOrdered
from projections.register import Register
from projections.rows import Need, Row, Rows


class Remittance(Row, frozen=True):
    """A file or a slip; `amount` is its total and `returned` what of it came back, in minor units.

    `state` is created, settled or cancelled; a cheque deposit that is reversed is cancelled.
    """

    table = "remittance"
    key = ("id",)

    id: str
    position: int
    kind: str
    number: str
    journal: str
    iban: str
    currency: str
    amount: int
    lines: int
    returned: int
    returned_lines: int
    state: str
    file: str
    reason: str
    issue_date: date
    execution_date: date | None
    settled_on: date | None


class Mandate(Row, frozen=True):
    """A mandate; `collections` counts those that used it, `lapses_on` is the first void day."""

    table = "mandate"
    key = ("id",)

    id: str
    position: int
    reference: str
    scheme: str
    party: str
    party_name: str
    revoked: bool
    reason: str
    collections: int
    signed_on: date
    used_on: date | None
    lapses_on: date


class RemittanceBook(Row, frozen=True):
    """The time zone in which the company's days are."""

    table = "remittance_book"
    key = ()

    time_zone: str


class Remittances(Register):
    """Collections, transfer orders, cheque deposits and mandates."""

    name = "remittances"
    version = 1
    rows = (Remittance, Mandate, RemittanceBook)
    events = (
        CompanyOpened,
        CollectionCreated,
        TransferOrdered,
        RemittanceSettled,
        RemittanceCancelled,
        RemittanceLineReturned,
        ChequeDepositCreated,
        ChequeDepositReversed,
        MandateSigned,
        MandateRevoked,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case RemittanceSettled() | RemittanceCancelled() | RemittanceLineReturned():
                yield Remittance, event.remittance_id
            case ChequeDepositReversed():
                yield Remittance, event.deposit_id
            case MandateRevoked():
                yield Mandate, event.mandate_id
            case CollectionCreated():
                for mandate_id in _mandates_of(event):
                    yield Mandate, mandate_id

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case CompanyOpened() as company:
                rows.add(RemittanceBook(company.time_zone))
            case CollectionCreated() as collection:
                rows.add(_of_file(fact.position, collection))
                _use(collection, rows)
            case TransferOrdered() as order:
                rows.add(_of_file(fact.position, order))
            case ChequeDepositCreated() as slip:
                rows.add(_of_slip(fact.position, slip))
            case MandateSigned() as signed:
                rows.add(_of_mandate(fact.position, signed))
            case MandateRevoked() as revoked:
                mandate = rows.get(Mandate, revoked.mandate_id)
                if mandate is not None:
                    rows.put(replace(mandate, revoked=True, reason=revoked.reason))
            case _:
                _change(fact.event, rows)


def _change(event: Event, rows: Rows) -> None:
    """What becomes of a file or a slip."""
    match event:
        case RemittanceSettled(remittance_id=which, date=day):
            changes = {"state": "settled", "settled_on": day}
        case RemittanceCancelled(remittance_id=which, reason=reason):
            changes = {"state": "cancelled", "reason": reason}
        case ChequeDepositReversed(deposit_id=which, reason=reason):
            changes = {"state": "cancelled", "reason": reason}
        case RemittanceLineReturned(remittance_id=which):
            changes = {}
        case _:
            return
    known = rows.get(Remittance, which)
    if known is None:
        return
    if isinstance(event, RemittanceLineReturned):
        lines, amount = known.returned_lines + 1, known.returned + event.amount
        rows.put(replace(known, returned_lines=lines, returned=amount))
    else:
        rows.put(replace(known, **changes))


def _use(created: CollectionCreated, rows: Rows) -> None:
    """Each mandate of a collection is used on its day, if not later before."""
    for mandate_id in _mandates_of(created):
        known = rows.get(Mandate, mandate_id)
        if known is not None:
            used = max(created.execution_date, known.used_on or created.execution_date)
            rows.put(
                replace(
                    known,
                    collections=known.collections + 1,
                    used_on=used,
                    lapses_on=lapses_on(used, created.issue_date),
                )
            )


def _mandates_of(created: CollectionCreated) -> list[str]:
    return list(dict.fromkeys(line.mandate_id for line in created.lines))


def _of_file(position: int, created: RemittanceCreated) -> Remittance:
    return Remittance(
        id=created.remittance_id,
        position=position,
        kind="collection" if isinstance(created, CollectionCreated) else "transfer_order",
        number=created.document_number,
        journal=created.journal,
        iban=created.iban,
        currency=created.currency,
        amount=created.total,
        lines=len(created.remitted),
        returned=0,
        returned_lines=0,
        state="created",
        file=created.file,
        reason="",
        issue_date=created.issue_date,
        execution_date=created.execution_date,
        settled_on=None,
    )


def _of_slip(position: int, slip: ChequeDepositCreated) -> Remittance:
    return Remittance(
        id=slip.deposit_id,
        position=position,
        kind="cheque_deposit",
        number=slip.document_number,
        journal=slip.journal,
        iban=slip.iban,
        currency=slip.currency,
        amount=slip.total,
        lines=len(slip.cheques),
        returned=0,
        returned_lines=0,
        state="settled",
        file="",
        reason="",
        issue_date=slip.issue_date,
        execution_date=None,
        settled_on=slip.issue_date,
    )


def _of_mandate(position: int, signed: MandateSigned) -> Mandate:
    return Mandate(
        id=signed.mandate_id,
        position=position,
        reference=signed.reference,
        scheme=signed.scheme,
        party=signed.contact_id,
        party_name=signed.contact_name,
        revoked=False,
        reason="",
        collections=0,
        signed_on=signed.signed_on,
        used_on=None,
        lapses_on=lapses_on(signed.signed_on, signed.signed_on),
    )
