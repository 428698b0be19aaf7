"""CAMT.053 (ISO 20022, versions 02 to 08): an entry is a line, its transactions explain it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from domain.sales.terms import PaymentMeans
from domain.treasury.bank_statement import BankStatement, LineDetail, StatementLine
from domain.treasury.payment import Counterparty
from domain.values import money
from domain.values.currency import EXPONENTS
from domain.values.identifiers import compact
from domain.values.structured import structured
from services.files.statements.camt_xml import SOURCE, Element, parse
from services.files.statements.fault import refuse
from services.files.statements.text import clean

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]")
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MOST_DETAILS = 2_000
MEANS: dict[str, PaymentMeans] = {
    "RDDT": "direct_debit",
    "IDDT": "direct_debit",
    "CCRD": "card",
    "MCRD": "card",
    "RCHQ": "cheque",
    "ICHQ": "cheque",
    "CNTR": "cash",
}
"""The family of an ISO bank transaction code to how it was paid; all others are transfers."""


def looks_like(content: bytes) -> bool:
    """Whether bytes are XML, as far as one can tell from their beginning."""
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n\xff\xfe").startswith((b"<", b"<\x00"))


def read(content: bytes) -> tuple[BankStatement, ...]:
    """The statements of a file, in its order; raises Refusals with the line."""
    namespace, root = parse(content)
    if root.name != "Document" or _NAMESPACE.fullmatch(namespace) is None:
        refuse(SOURCE, root.line, 1, "version")
    found = tuple(_statement(element) for element in root.all("BkToCstmrStmt/Stmt"))
    return found or refuse(SOURCE, root.line, 1, "missing", "Stmt")


def _statement(stmt: Element) -> BankStatement:
    if stmt.words("StmtPgntn/LastPgInd") == "false":
        refuse(SOURCE, stmt.line, 1, "cut_off")
    opening, closing = _balance(stmt, "OPBD", "PRCD"), _balance(stmt, "CLBD")
    amount = _one(closing, "Amt")
    currency = stmt.words("Acct/Ccy") or amount.attributes.get("Ccy", "")
    if currency not in EXPONENTS:
        refuse(SOURCE, amount.line, 1, "currency")
    entries = [entry for entry in stmt.all("Ntry") if _is_booked(entry)]
    lines = tuple(_line(entry, currency) for entry in entries)
    _check_totals(stmt, lines, currency)
    number = stmt.words("ElctrncSeqNb") or stmt.words("LglSeqNb")
    account = stmt.words("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    if not account:
        refuse(SOURCE, stmt.line, 1, "missing", "Acct/Id/IBAN")
    statement = BankStatement(
        source="camt053",
        account=compact(clean(account)),
        currency=currency,
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0,
        reference=clean(stmt.words("Id")),
        opening=_signed(opening, currency),
        opened_on=_day(opening, "Dt"),
        closing=_signed(closing, currency),
        closed_on=_day(closing, "Dt"),
        lines=lines,
        duplicate=stmt.words("CpyDplctInd") in ("DUPL", "CODU"),
    )
    _check_balance(statement, closing)
    return statement


def _balance(stmt: Element, *codes: str) -> Element:
    """The balance of the first of these kinds; raises Refusals where there is none."""
    found = {each.words("Tp/CdOrPrtry/Cd"): each for each in reversed([*stmt.all("Bal")])}
    balance = next((found[code] for code in codes if code in found), None)
    return balance or refuse(SOURCE, stmt.line, 1, "missing", f"Bal {codes[0]}")


def _is_booked(entry: Element) -> bool:
    """Whether an entry is booked, not only announced; versions say it in two ways."""
    status = entry.words("Sts/Cd") or entry.words("Sts")
    if status not in ("BOOK", "PDNG", "INFO", "FUTR"):
        refuse(SOURCE, entry.line, 1, "malformed", "Sts")
    return status == "BOOK"


def _line(entry: Element, currency: str) -> StatementLine:
    parts = [*entry.all("NtryDtls/TxDtls")]
    if len(parts) > MOST_DETAILS:
        refuse(SOURCE, entry.line, 1, "too_complex")
    received = _received(entry)
    alone = parts[0] if len(parts) == 1 else None
    about = alone or entry
    free, said = _communication(about)
    booked = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked is None:
        refuse(SOURCE, entry.line, 1, "missing", "BookgDt")
    family = entry.words("BkTxCd/Domn/Fmly/Cd")
    return StatementLine(
        amount=_signed(entry, currency),
        date=booked,
        value_date=_day(entry, "ValDt"),
        counterparty=_counterparty(about, received=received),
        communication=free or clean(entry.words("AddtlNtryInf")),
        structured=said,
        reference=clean(
            entry.words("AcctSvcrRef") or about.words("Refs/AcctSvcrRef") or entry.words("NtryRef")
        ),
        code=clean(_code(entry)),
        means=MEANS.get(family, "transfer"),
        returned=clean(about.words("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")),
        details=() if alone else tuple(_detail(part, entry, currency) for part in parts),
    )


def _detail(part: Element, entry: Element, currency: str) -> LineDetail:
    """One transaction of a batch; without an amount of its own it only explains."""
    free, said = _communication(part)
    amount = part.one("Amt", "AmtDtls/TxAmt/Amt")
    sign = 1 if _received(part if part.one("CdtDbtInd") else entry) else -1
    return LineDetail(
        amount=0 if amount is None else sign * _minor(amount, currency),
        counterparty=_counterparty(part, received=sign > 0),
        communication=free,
        structured=said,
    )


def _communication(about: Element) -> tuple[str, str]:
    """The free and the structured communication; a payer's wrong one is free text."""
    free = [each.text for each in about.all("RmtInf/Ustrd")]
    said = ""
    for each in about.all("RmtInf/Strd/CdtrRefInf/Ref"):
        known = structured(each.text)
        said = said or known
        if not known:
            free.append(each.text)
    return clean(" ".join(free)), said


def _counterparty(about: Element, *, received: bool) -> Counterparty:
    """The other side: who pays what was received, who gets what was sent."""
    other = "Dbtr" if received else "Cdtr"
    parties = f"RltdPties/{other}"
    name = about.words(f"{parties}/Nm", f"{parties}/Pty/Nm")
    account = about.words(f"{parties}Acct/Id/IBAN", f"{parties}Acct/Id/Othr/Id")
    return Counterparty(name=clean(name)[:140], iban=compact(clean(account))[:34])


def _code(entry: Element) -> str:
    domain = [entry.words(f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "/".join(filter(None, domain)) or entry.words("BkTxCd/Prtry/Cd")


def _received(entry: Element) -> bool:
    indicator = _one(entry, "CdtDbtInd")
    if indicator.text.strip() not in ("CRDT", "DBIT"):
        refuse(SOURCE, indicator.line, 1, "malformed", "CdtDbtInd")
    return indicator.text.strip() == "CRDT"


def _signed(about: Element, currency: str) -> int:
    amount = _minor(_one(about, "Amt"), currency)
    return amount if _received(about) else -amount


def _minor(element: Element, currency: str) -> int:
    text = element.text.strip()
    if element.attributes.get("Ccy", currency) != currency:
        refuse(SOURCE, element.line, 1, "currency")
    whole, _, decimals = text.partition(".")
    kept = decimals.rstrip("0")
    if _AMOUNT.fullmatch(text) is not None:
        plain = str(int(whole))
        with suppress(ValueError):
            return money.parse(f"{plain}.{kept}" if kept else plain, currency)
    return refuse(SOURCE, element.line, 1, "malformed", element.name)


def _day(about: Element, name: str) -> date | None:
    found = about.one(name)
    if found is None:
        return None
    text = (found.words("Dt", "DtTm") or found.text.strip())[:10]
    if _DAY.fullmatch(text) is not None:
        with suppress(ValueError):
            return date.fromisoformat(text)
    return refuse(SOURCE, found.line, 1, "malformed", name)


def _one(about: Element, name: str) -> Element:
    return about.one(name) or refuse(SOURCE, about.line, 1, "missing", f"{about.name}/{name}")


def _check_totals(stmt: Element, lines: Sequence[StatementLine], currency: str) -> None:
    """The bank's own totals, where it gives them, are those of the booked entries."""
    sums = {
        "TtlCdtNtries": sum(line.amount for line in lines if line.amount > 0),
        "TtlDbtNtries": -sum(line.amount for line in lines if line.amount < 0),
    }
    for name, made in sums.items():
        total = stmt.one(f"TxsSummry/{name}/Sum")
        if total is not None and _minor(total, currency) != made:
            refuse(SOURCE, total.line, 1, "total", money.written(made, currency))


def _check_balance(statement: BankStatement, closing: Element) -> None:
    made = (statement.opening or 0) + sum(line.amount for line in statement.lines)
    if made != statement.closing:
        refuse(SOURCE, closing.line, 1, "balance", money.written(made, statement.currency))
