"""VAT codes of WinBooks: ours translated, by the company's own mapping and then by default.

Each treatment of a document (our code, its category and rate) has one record that carries its
VATCODE and VATBASE: the one of its tax, or one of DOCTYPE 4 with no amount where there is none.
The bases of a code in the file are those of our VAT register.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refused, words
from domain.values.days import is_in_force
from projections.accounting_vat_view import KINDS, Document, TreatedShare, vat_of_day
from projections.accounting_view import AccountingLine

SALES = ("invoice", "credit_note")
OF_CREDIT = {"credit_note": "invoice", "bill_credit_note": "bill"}


class WinbooksVatIsBelgian(Refused, frozen=True, kw_only=True):
    """VAT codes of WinBooks stand for grids of the Belgian return."""

    code = "winbooks_vat_is_belgian"
    rule = "V21"
    text = words(
        en="{name} is not in Belgium: WinBooks has no VAT codes for its returns.",
        fr="{name} n'est pas en Belgique : WinBooks n'a pas de codes TVA pour ses déclarations.",
        nl="{name} is niet in België: WinBooks heeft geen btw-codes voor haar aangiften.",
    )

    name: str


class DefaultCode(Struct, frozen=True, kw_only=True):
    """How WinBooks calls a treatment from a day on, unless a company says otherwise."""

    kind: str
    code: str
    category: str
    rate: str
    winbooks: str
    valid_from: date
    valid_to: date | None = None


_EVER = date(2000, 1, 1)
DEFAULTS = (
    DefaultCode(
        kind="invoice", code="03", category="S", rate="21", winbooks="211400", valid_from=_EVER
    ),
    DefaultCode(
        kind="invoice", code="00", category="Z", rate="0", winbooks="211100", valid_from=_EVER
    ),
)
"""Of Belgium. No others are known for certain: a company's own mapping names them."""


class Treated(Struct, frozen=True, kw_only=True):
    """A treatment of a document by the code of WinBooks: base and tax, debit positive."""

    code: str
    rate: str
    base: int
    tax: int


class VatOfDocuments:
    """The VAT behind entries, in the words of WinBooks; remembers what has no code."""

    def __init__(self, conn: Connection[Any], book_id: str, own: Mapping[str, str]) -> None:
        self.missing: set[str] = set()
        self.used: set[str] = set()
        self._conn = conn
        self._book_id = book_id
        self._own = _by_day(own)
        self._day: date | None = None
        self._known: Mapping[Document, Sequence[TreatedShare]] = {}

    def of(self, line: AccountingLine) -> list[Treated]:
        """The treatments of the document that the entry of a line books, each once."""
        if line.document_kind not in KINDS:
            return []
        if line.date != self._day:
            self._day = line.date
            self._known = vat_of_day(self._conn, self._book_id, line.date)
        sums: dict[tuple[str, str], tuple[int, int]] = {}
        for share in self._known.get((line.document_kind, line.document_id), ()):
            if share.exigible != "none":
                key = self._code(share, line.date), share.rate
                base, tax = sums.get(key, (0, 0))
                sums[key] = base + share.base, tax + _tax(share)
        sign = -1 if line.document_kind in SALES else 1
        return [
            Treated(code=code, rate=rate, base=sign * base, tax=sign * tax)
            for (code, rate), (base, tax) in sums.items()
        ]

    def _code(self, share: TreatedShare, day: date) -> str:
        """The company's own code, that of its account before the general one, or the default."""
        for name in _names(share):
            for since, code in self._own.get(name, ()):
                if since <= day.isoformat():
                    self.used.add(code)
                    return code
        default = next((each.winbooks for each in DEFAULTS if _fits(each, share, day)), "")
        if not default:
            self.missing.add(f"{share.kind}:{_treatment(share)}")
        return default


def carried_by(line: AccountingLine, treated: Sequence[Treated]) -> list[Treated]:
    """The treatments whose tax a line books: the entry has one line of each rate, named after it.

    Tax that the supplier left to the company stands in two lines; that of the deduction has it.
    """
    if line.party:
        return []
    own = [each for each in treated if each.tax and line.label == f"{each.rate} %"]
    amount = line.debit - line.credit
    return own if sum(each.tax for each in own) == amount else []


def _by_day(own: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """The codes of each treatment with the day that each is in force from, newest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, code in own.items():
        name, _, since = key.partition("@")
        found.setdefault(name, []).append((since, code))
    return {name: sorted(codes, reverse=True) for name, codes in found.items()}


def _names(share: TreatedShare) -> Iterator[str]:
    """How a company may call a treatment: the narrowest name first."""
    for kind in dict.fromkeys((share.kind, OF_CREDIT.get(share.kind, share.kind))):
        name = f"{kind}:{_treatment(share)}"
        for length in range(len(share.account), 0, -1):
            yield f"{name}:{share.account[:length]}"
        yield name


def _treatment(share: TreatedShare) -> str:
    return f"{share.code}:{share.category}:{share.rate}"


def _fits(default: DefaultCode, share: TreatedShare, day: date) -> bool:
    return (
        default.kind == OF_CREDIT.get(share.kind, share.kind)
        and (default.code, default.category, default.rate)
        == (share.code, share.category, share.rate)
        and is_in_force(default.valid_from, default.valid_to, day)
    )


def _tax(share: TreatedShare) -> int:
    return share.tax if share.kind in SALES else share.deductible
