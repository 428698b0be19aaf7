"""MT940 (SWIFT): the fields are checked with their lines, then read by the mt-940 library."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

import mt940

from domain.sales.terms import PaymentMeans
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.payment import Counterparty
from domain.values import money
from domain.values.currency import EXPONENTS
from domain.values.identifiers import compact
from domain.values.structured import structured
from services.files.statements.fault import refuse
from services.files.statements.mt940_details import About, read_details
from services.files.statements.text import clean, decoded

SOURCE = "MT940"
MOST_BYTES = 5_000_000
MOST_LINES = 100_000
RAW: dict[str, Any] = {"post_transaction_details": []}
"""The library's own reading of :86: is left out: it loses what it does not know."""
MEANS: dict[str, PaymentMeans] = {"NDDT": "direct_debit", "NCHK": "cheque", "NCHQ": "cheque"}

_TAG = re.compile(r":([0-9]{2}[A-Z]?):")
_BALANCE = r"[CD][0-9]{6}[A-Z]{3}[0-9]{1,12},[0-9]{0,3}"
_FORMS = {
    "25": re.compile(r"[^\n]{1,60}"),
    "28C": re.compile(r"[0-9]{1,5}(/[0-9]{1,5})?", re.ASCII),
    "60F": re.compile(_BALANCE, re.ASCII),
    "60M": re.compile(_BALANCE, re.ASCII),
    "61": re.compile(r"[0-9]{6}([0-9]{4}| {4})?R?[CD][A-Z]?[0-9]{1,12},[0-9]{0,3}[A-Z][^\n]*"),
    "62F": re.compile(_BALANCE, re.ASCII),
    "62M": re.compile(_BALANCE, re.ASCII),
}
_NEEDED = ("20", "25", "28C")


class Field(NamedTuple):
    """A field, its text, and the line that it begins on."""

    tag: str
    text: str
    line: int


def looks_like(content: bytes) -> bool:
    """Whether a field :20: stands at the beginning, behind an envelope perhaps."""
    return re.search(rb"(?m)^(\{[^\n]{0,300})?:20:", content[:2000]) is not None


def read(content: bytes) -> tuple[BankStatement, ...]:
    """The statements of a file; pages of one statement become one. Raises Refusals."""
    if len(content) > MOST_BYTES:
        refuse(SOURCE, 0, 0, "too_large")
    text = decoded(content, SOURCE).replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        refuse(SOURCE, MOST_LINES, 1, "too_complex")
    pages = [_page(fields) for fields in _messages(text)]
    if not pages:
        refuse(SOURCE, 0, 0, "empty")
    return tuple(_joined(pages))


class Page(NamedTuple):
    """One message: a whole statement, or a page of one that goes on (`last` is false)."""

    statement: BankStatement
    first: bool
    last: bool
    line: int


def _messages(text: str) -> Iterator[list[Field]]:
    """The fields of each message, in order; what stands outside them is an envelope."""
    fields: list[Field] = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.rstrip()
        if bare.startswith("{") and ":20:" in bare:
            bare = bare[bare.index(":20:") :]
        found = _TAG.match(bare)
        if found is not None and found.group(1) == "20" and fields:
            yield fields
            fields = []
        if found is not None and (fields or found.group(1) == "20"):
            fields.append(Field(found.group(1), bare[found.end() :], number))
        elif fields and bare not in ("-", "-}", "") and not bare.startswith("{"):
            fields[-1] = Field(fields[-1].tag, f"{fields[-1].text}\n{bare}", fields[-1].line)
    if fields:
        yield fields


def _page(fields: Sequence[Field]) -> Page:
    _check(fields)
    text = "".join(f":{field.tag}:{field.text}\n" for field in fields)
    try:
        # A file object: the library would take a bare text for the name of a file.
        (parsed,) = mt940.parse_statements(StringIO(text), processors=RAW)
    except Exception:  # noqa: BLE001  a library that raises whatever a strange file makes it raise
        refuse(SOURCE, fields[0].line, 1, "malformed", ":20:")
    data: dict[str, Any] = parsed.data
    first, last = "final_opening_balance" in data, "final_closing_balance" in data
    opening = data.get("final_opening_balance") or data["intermediate_opening_balance"]
    closing = data.get("final_closing_balance") or data["intermediate_closing_balance"]
    currency = str(opening.amount.currency)
    if currency not in EXPONENTS:
        refuse(SOURCE, fields[0].line, 1, "currency")
    moved = [field for field in fields if field.tag == "61"]
    if len(moved) != len(parsed.transactions):
        refuse(SOURCE, fields[0].line, 1, "malformed", ":61:")
    lines = tuple(
        _line(each.data, currency, field.line)
        for each, field in zip(parsed.transactions, moved, strict=True)
    )
    end = next(field.line for field in fields if field.tag in ("62F", "62M"))
    statement = BankStatement(
        source="mt940",
        account=_account(str(data["account_identification"])),
        currency=currency,
        number=int(data["statement_number"]),
        reference=clean(str(data.get("transaction_reference", ""))),
        opening=_minor(opening.amount, currency, fields[0].line),
        opened_on=_day(opening.date),
        closing=_minor(closing.amount, currency, end),
        closed_on=_day(closing.date),
        lines=lines,
    )
    made = (statement.opening or 0) + sum(line.amount for line in lines)
    if made != statement.closing:
        refuse(SOURCE, end, 1, "balance", money.written(made, currency))
    return Page(statement, first, last, fields[0].line)


def _check(fields: Sequence[Field]) -> None:
    """Each field has its form, and a message all that it needs; raises Refusals with the line."""
    tags = [field.tag for field in fields]
    for field in fields:
        form = _FORMS.get(field.tag)
        if form is not None and form.fullmatch(field.text.partition("\n")[0].rstrip()) is None:
            refuse(SOURCE, field.line, len(field.tag) + 3, "malformed", f":{field.tag}:")
    for needed in _NEEDED:
        if tags.count(needed) != 1:
            refuse(SOURCE, fields[0].line, 1, "missing", f":{needed}:")
    for kinds in (("60F", "60M"), ("62F", "62M")):
        if sum(tags.count(kind) for kind in kinds) != 1:
            refuse(SOURCE, fields[0].line, 1, "missing", f":{kinds[0]}:")


def _line(data: dict[str, Any], currency: str, line: int) -> StatementLine:
    about: About = read_details(str(data.get("transaction_details") or ""))
    reference = str(data.get("bank_reference") or "") or str(data.get("customer_reference") or "")
    said = structured(about.communication) or about.structured
    day = _day(data.get("entry_date") or data["date"])
    return StatementLine(
        amount=_minor(data["amount"], currency, line),
        date=day,
        value_date=_day(data["date"]),
        counterparty=Counterparty(name=about.name[:140], iban=about.iban),
        communication="" if said and structured(about.communication) else about.communication,
        structured=said,
        reference=clean(reference),
        code=clean(str(data.get("id") or "")),
        means=MEANS.get(str(data.get("id") or ""), "transfer"),
        returned=about.returned,
    )


def _joined(pages: Sequence[Page]) -> Iterator[BankStatement]:
    """Statements out of pages: a page that does not end one goes on in the next."""
    held: Page | None = None
    for page in pages:
        if held is not None:
            before = held.statement
            same = (before.account, before.number) == (
                page.statement.account,
                page.statement.number,
            )
            if page.first or not same or before.closing != page.statement.opening:
                refuse(SOURCE, page.line, 1, "record_order")
            page = Page(_both(before, page.statement), True, page.last, page.line)  # noqa: PLW2901
        elif not page.first:
            refuse(SOURCE, page.line, 1, "missing", ":60F:")
        held = None if page.last else page
        if page.last:
            yield page.statement
    if held is not None:
        refuse(SOURCE, held.line, 1, "cut_off")


def _both(first: BankStatement, then: BankStatement) -> BankStatement:
    return BankStatement(
        source=first.source,
        account=first.account,
        currency=first.currency,
        number=first.number,
        reference=first.reference,
        opening=first.opening,
        opened_on=first.opened_on,
        closing=then.closing,
        closed_on=then.closed_on,
        lines=(*first.lines, *then.lines),
    )


def _account(text: str) -> str:
    """The account without the currency that some banks write behind it."""
    number = compact(clean(text)).rpartition("/")[2]
    return re.sub(r"^([A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}?)(EUR|USD|GBP|CHF)$", r"\1", number)


def _minor(amount: Any, currency: str, line: int) -> int:
    units = amount.amount.scaleb(EXPONENTS[currency])
    if units != units.to_integral_value():
        refuse(SOURCE, line, 1, "malformed", "amount")
    return int(units)


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)
