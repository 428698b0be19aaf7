"""Exports as they are asked for: lists, the FEC, files for firm and tax office, originals."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from api.fields import Day, In, JournalCode
from api.ids import Contact
from domain.ledger.chart import JournalKind
from services.exports.job import FileAsked
from services.fec.export import PARTS
from services.fec.job import FecAsked
from services.files.fec.line import Encoding
from services.lists.export import Format
from services.lists.reports import EXPORTS

Word = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40)]
Treatment = Annotated[
    str,
    StringConstraints(
        strict=True,
        pattern=r"^(invoice|credit_note|bill|bill_credit_note):[^:@]{1,20}:[A-Z]{1,2}:"
        r"[0-9]{1,3}(\.[0-9]{1,4})?(:[0-9]{1,10})?(@20[0-9]{2}-[0-9]{2}-[0-9]{2})?$",
    ),
]
AtPosition = Annotated[int, Field(strict=True, ge=1)] | None
KNOWN_AT: Any = Field(
    default=None, description="The position that it is made from; null: the newest."
)


class ListExportIn(In):
    """A list as it is asked for."""

    kind: Literal["list"] = Field(default="list", description="A list.")
    list: Literal[tuple(sorted(EXPORTS))] = Field(description="Which list or report.")  # type: ignore[valid-type]
    filter: dict[Word, Word | int | bool] = Field(
        default={},
        max_length=40,
        description="Its filter, by the names that exports are noted under.",
    )
    sort: Word | Literal[""] = Field(default="", description="Its order; empty: the usual one.")
    format: Format = Field(description="`xlsx`, `csv`, `pdf`, or `json` (one object a line).")


class FecExportIn(In):
    """The FEC of a fiscal year, or its description, as it is asked for (LPF A47 A-1)."""

    kind: Literal["fec", "fec_description"] = Field(
        description="The file itself (`fec`), or the description that goes with it."
    )
    exercise: Annotated[int, Field(strict=True, ge=1901, le=2098)] = Field(
        description="The fiscal year, by the year in which it ends."
    )
    encoding: Encoding = Field(
        default="iso-8859-15",
        description="`iso-8859-15`, where letters that it lacks are spelt otherwise, or `utf-8`.",
    )
    known_at: AtPosition = KNOWN_AT

    def asked(self) -> FecAsked:
        """The same, as the job is asked."""
        return FecAsked(
            part=self.kind,
            exercise=self.exercise,
            encoding=self.encoding,
            known_at=self.known_at,
        )


class AccountingExportIn(In):
    """Entries for the firm's software: the generic journal, or WinBooks' ACT.TXT (V19, V21)."""

    kind: Literal["accounting_journal", "winbooks"] = Field(
        description="CSV of documented columns, or the import file of WinBooks."
    )
    date_from: Day = Field(description="Entries dated this day or later.")
    date_to: Day = Field(description="Entries dated this day or earlier.")
    journal: JournalCode | None = Field(default=None, description="Of this journal alone.")
    journals: dict[Word, Code] = Field(
        default={},
        max_length=100,
        description="Our journals as the firm's software calls them; given, it names all of them.",
    )
    credit_journals: dict[Word, Code] = Field(
        default={}, max_length=100, description="Journals of credit notes, where they are others."
    )
    accounts: dict[Word, Code] = Field(
        default={},
        max_length=5000,
        description="Our accounts as it calls them; given, it names all that are used.",
    )
    third_parties: dict[Contact, Code] = Field(
        default={}, max_length=20000, description="Codes of third parties that have others there."
    )
    book_year: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Z]?$")] = Field(
        default="", description="WinBooks: its sign for the fiscal year."
    )
    with_vat: bool = Field(
        default=False,
        strict=True,
        description="WinBooks: VAT codes and bases; every treatment of the period needs a code.",
    )
    vat_codes: dict[Treatment, Code] = Field(
        default={},
        max_length=500,
        description="WinBooks: its VAT codes, by `kind:code:category:rate` of ours, such as "
        "`bill:DOM:S:21`; with `:61` only of accounts that begin so, with `@2027-01-01` from "
        "that day on. They go before the default codes.",
    )
    known_at: AtPosition = KNOWN_AT


class VatFileExportIn(In):
    """A file of the tax office: a VAT return, or a listing of customers or sales to the Union."""

    kind: Literal["vat_return", "client_listing", "union_listing"] = Field(
        description="Which file; the listings are Belgian."
    )
    period: Annotated[
        str, StringConstraints(strict=True, pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?$")
    ] = Field(description="`2026-07`, `2026-Q3`; `2026` for the listing of customers.")
    known_at: AtPosition = KNOWN_AT


class OriginalsExportIn(In):
    """Originals as a ZIP: files of bills and prints of what we issued, with an index (V18)."""

    kind: Literal["originals"] = Field(description="A ZIP with an index of digests.")
    date_from: Day = Field(description="Of documents dated this day or later.")
    date_to: Day = Field(description="Of documents dated this day or earlier.")
    journal_kind: JournalKind | None = Field(
        default=None, description="`sale`, `purchase`…: of documents in such journals."
    )
    journal: JournalCode | None = Field(default=None, description="In this journal.")
    document_kind: Word | None = Field(default=None, description="Of this kind of document.")
    party: Contact | None = Field(default=None, description="Of this third party.")
    known_at: AtPosition = KNOWN_AT


FileExportIn = AccountingExportIn | VatFileExportIn | OriginalsExportIn
RENAMED = {"document_kind": "kind"}


def file_asked(body: FileExportIn) -> FileAsked:
    """A file as its job is asked."""
    said = body.model_dump(mode="json", exclude={"kind", "known_at"}, exclude_none=True)
    wish = {RENAMED.get(name, name): value for name, value in said.items()}
    return FileAsked(kind=body.kind, wish=wish, known_at=body.known_at)


def _which(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", "list")
    return BRANCHES.get(kind, LIST_BRANCH) if isinstance(kind, str) else LIST_BRANCH


LIST_BRANCH, FEC_BRANCH, ACCOUNTING_BRANCH = "[list]", "[fec]", "[accounting]"
VAT_BRANCH, ORIGINALS_BRANCH = "[vat]", "[originals]"
"""The branches of the union; steps with a bracket are left out of pointers to a fault."""
BRANCHES: dict[str, str] = {
    **dict.fromkeys(PARTS, FEC_BRANCH),
    "accounting_journal": ACCOUNTING_BRANCH,
    "winbooks": ACCOUNTING_BRANCH,
    "vat_return": VAT_BRANCH,
    "client_listing": VAT_BRANCH,
    "union_listing": VAT_BRANCH,
    "originals": ORIGINALS_BRANCH,
}

ExportIn = Annotated[
    Annotated[ListExportIn, Tag(LIST_BRANCH)]
    | Annotated[FecExportIn, Tag(FEC_BRANCH)]
    | Annotated[AccountingExportIn, Tag(ACCOUNTING_BRANCH)]
    | Annotated[VatFileExportIn, Tag(VAT_BRANCH)]
    | Annotated[OriginalsExportIn, Tag(ORIGINALS_BRANCH)],
    Discriminator(_which),
]
