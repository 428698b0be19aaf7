"""CODA 2: the statements of Belgian banks, read by febelfin-coda behind checks of our own."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from coda import CODA

from domain.sales.terms import PaymentMeans
from domain.treasury.bank_statement import BankStatement, LineDetail, StatementLine
from domain.treasury.payment import Counterparty
from domain.values.currency import EXPONENTS
from domain.values.identifiers import compact
from domain.values.structured import structured
from services.files.statements import coda_checks
from services.files.statements.coda_checks import Record
from services.files.statements.fault import refuse
from services.files.statements.text import clean, single_bytes

MOST_BYTES = 13_000_000
MEANS: dict[str, PaymentMeans] = {
    "03": "cheque",
    "04": "card",
    "05": "direct_debit",
    "09": "cash",
}
"""The family of a transaction (columns 55-56) to how it was paid; all others are transfers."""
_OGM_TYPES = ("101", "102", "103")


def looks_like(content: bytes) -> bool:
    """Whether bytes begin as a CODA header does."""
    return content[:5] == b"00000" and content[14:16] == b"05"


def read(content: bytes) -> tuple[BankStatement, ...]:
    """The statements of a file, in its order; raises Refusals with line and column."""
    if len(content) > MOST_BYTES:
        refuse("CODA", 0, 0, "too_large")
    found = []
    for records in coda_checks.statements(single_bytes(content, "CODA")):
        coda_checks.check(records)
        found.append(_statement(records))
        trailer = records[-1]
    if not found:
        refuse("CODA", 0, 0, "empty")
    if trailer.at(128, 128) == "1":
        refuse("CODA", trailer.line, 128, "cut_off")
    return tuple(found)


def _statement(records: Sequence[Record]) -> BankStatement:
    try:
        (parsed,) = CODA([_as_febelfin_reads(record) for record in records]).statements
    except (AssertionError, AttributeError, IndexError, TypeError, ValueError):
        refuse("CODA", records[0].line, 1, "malformed", "statement")
    opening = records[1]
    currency = parsed.account_currency
    if currency not in EXPONENTS:
        refuse("CODA", opening.line, 40, "currency")
    places = {record.at(3, 6): record for record in records if record.kind == "21"}
    number = parsed.coda_sequence if parsed.coda_sequence.strip(" 0") else parsed.old_sequence
    return BankStatement(
        source="coda",
        account=_account(parsed),
        currency=currency,
        number=int(number) if number.isdigit() else 0,
        reference=clean(parsed.file_reference),
        opening=_minor(parsed.old_balance, currency, opening, 44),
        opened_on=parsed.old_balance_date,
        closing=_minor(parsed.new_balance, currency, records[-1], 43),
        closed_on=parsed.new_balance_date,
        lines=tuple(
            _line(move, currency, places[move.sequence], _informed(parsed, move))
            for move in parsed.moves
        ),
        duplicate=bool(parsed.duplicate),
    )


def _as_febelfin_reads(record: Record) -> str:
    """The record as the library takes it: it knows no value date 000000 and no parts of parts.

    A part of a part (type 9) becomes a part of the total (type 7); neither counts in any sum.
    """
    text = record.text
    if record.kind == "21":
        if record.at(48, 53) == "000000":
            text = text[:47] + record.at(116, 121) + text[53:]
        if record.at(54, 54) == "9":
            text = text[:53] + "7" + text[54:]
    return text


def _line(move: Any, currency: str, record: Record, informed: str) -> StatementLine:
    free, said = _communication(move)
    return StatementLine(
        amount=_minor(move.amount, currency, record, 33),
        date=move.entry_date,
        value_date=move.value_date,
        counterparty=_counterparty(move),
        communication=free or informed,
        structured=said,
        reference=clean(move.bank_reference),
        code=move.transaction_code,
        means=MEANS.get(move.transaction_family, "transfer"),
        returned=clean(move.r_reason or "") if (move.r_transaction or "").strip() else "",
        details=tuple(_detail(part, currency, record) for part in move.all_moves),
    )


def _detail(move: Any, currency: str, record: Record) -> LineDetail:
    free, said = _communication(move)
    return LineDetail(
        amount=_minor(move.amount, currency, record, 33),
        counterparty=_counterparty(move),
        communication=free,
        structured=said,
    )


def _communication(move: Any) -> tuple[str, str]:
    """The free and the structured communication of a movement; one of them is empty."""
    raw = str(move._communication)  # noqa: SLF001  the library hides what it does not interpret
    kind = move.communication_type
    if kind is None:
        return clean(raw[1:]), ""
    said = ""
    if kind in _OGM_TYPES:
        said = structured(raw[4:16])
    elif kind == "100":
        said = structured(raw[4:29].strip())
    elif kind == "105":
        said = structured(raw[49:61])
    if said:
        return "", said
    return clean(raw[83:145] if kind == "127" else raw[4:]), ""


def _counterparty(move: Any) -> Counterparty:
    account = compact((move.counterparty_account or "")[:34])
    return Counterparty(name=clean(move.counterparty_name or ""), iban=clean(account)[:34])


def _informed(parsed: Any, move: Any) -> str:
    """The bank's own words about a movement (records 3), where the movement has none."""
    notes: Iterable[Any] = parsed.informations.get(move.bank_reference, ())
    texts = (note._communication[1:] for note in notes if note.communication_type is None)  # noqa: SLF001
    return clean(" ".join(texts))


def _account(parsed: Any) -> str:
    """The account; a Belgian number of twelve digits is written as the IBAN it is."""
    number = compact(parsed.account)
    if len(number) == 12 and number.isdigit():
        check = 98 - int(f"{number}111400") % 97
        return f"BE{check:02d}{number}"
    return number


def _minor(amount: Decimal, currency: str, record: Record, column: int) -> int:
    """Three decimals as minor units of the currency; no part of one is lost."""
    units = amount.scaleb(EXPONENTS[currency])
    if units != units.to_integral_value():
        refuse("CODA", record.line, column, "malformed", "amount")
    return int(units)
