"""Imports of a FEC, as they are answered."""

from typing import Literal

from msgspec import structs
from pydantic import Field

from api.fields import Day, Money, Out, money
from api.models.imports import KeptOut
from domain.imports.fec import FecBatch, MappedAccount
from services.imports.fec_report import Comparison, FecReport, report_of
from services.imports.fec_taking import FecImported

Mode = Literal["history", "opening"]
EUR = "EUR"


class MappedOut(Out):
    """A role that has another account."""

    role: str = Field(description="The role, as in the company's accounts.")
    before: str = Field(description="The account that it had.")
    after: str = Field(description="The account that it has.")

    @classmethod
    def of(cls, mapped: MappedAccount) -> "MappedOut":
        """A role of the book."""
        return cls(role=mapped.role, before=mapped.before, after=mapped.after)


class FecBatchOut(Out):
    """An import of a FEC as of now."""

    id: str = Field(description="The import's id.")
    mode: Mode = Field(description="Every entry, or the closing balances as an opening entry.")
    status: Literal["running", "standing", "undone"] = Field(
        description="`running`: it was stopped; send the same file again, or undo it."
    )
    file: str = Field(description="SHA-256 of the file.")
    files: list[str] = Field(description="The kept pieces of the file; see `/files/{digest}`.")
    name: str = Field(description="Name of the file, or empty.")
    first: Day = Field(description="First day of its exercise.")
    until: Day = Field(description="Last day of its exercise.")
    lines: int = Field(description="How many lines it has, without the heading.")
    entries: int = Field(description="How many entries were posted.")
    letterings: int = Field(description="How many letterings were made.")
    made: list[str] = Field(description="The contacts that it made.")
    known: int = Field(description="How many third parties were known by their code.")
    mapped: list[MappedOut] = Field(description="Roles that were given accounts of the file.")
    archived: list[str] = Field(description="Undone: the contacts that were archived.")
    kept: list[KeptOut] = Field(description="Undone: the contacts that stay, and why.")

    @classmethod
    def of(cls, batch: FecBatch) -> "FecBatchOut":
        """An import of the book."""
        started, completed, undone = batch.started, batch.completed, batch.undone
        return cls(
            id=started.batch_id,
            mode=started.mode,
            status=batch.state,
            file=started.file,
            files=list(started.files),
            name=started.name,
            first=started.first,
            until=started.until,
            lines=started.lines,
            entries=completed.entries if completed else 0,
            letterings=completed.letterings if completed else 0,
            made=list(completed.made) if completed else [],
            known=completed.known if completed else 0,
            mapped=[MappedOut.of(each) for each in started.mapped],
            archived=list(undone.archived) if undone else [],
            kept=[KeptOut(**structs.asdict(each)) for each in (undone.kept if undone else ())],
        )


class NoticeOut(Out):
    """Something that was taken in otherwise than it stands in the file."""

    code: str = Field(description="Stable name of what was noticed.")
    count: int = Field(description="How often.")
    line: int = Field(description="The line where it is so first.")


class FecReportOut(Out):
    """What the file says."""

    encoding: str = Field(description="How its bytes were read.")
    lines: int = Field(description="Lines, without the heading.")
    entries: int = Field(description="Entries.")
    debit: Money = Field(description="The sum of all debits.")
    credit: Money = Field(description="The sum of all credits.")
    third_parties: int = Field(description="Third parties, by their code.")
    open_items: int = Field(description="Lines of third parties that are open.")
    notices: list[NoticeOut] = Field(description="What was taken in otherwise than it stands.")

    @classmethod
    def of(cls, report: FecReport) -> "FecReportOut":
        """The report on a file."""
        return cls(
            encoding=report.encoding,
            lines=report.lines,
            entries=report.entries,
            debit=money(report.debit, EUR),
            credit=money(report.credit, EUR),
            third_parties=report.third_parties,
            open_items=report.open_items,
            notices=[NoticeOut(**structs.asdict(each)) for each in report.notices],
        )


class DifferenceOut(Out):
    """An account on which the file and the book differ."""

    account: str = Field(description="The account.")
    file: Money = Field(description="Its balance in the file, debit positive.")
    book: Money = Field(description="Its balance in the book.")


class ComparisonOut(Out):
    """The trial balance and the open items of the file against those of the book."""

    accounts: int = Field(description="Accounts that were compared.")
    difference: Money = Field(description="What their balances differ by; 0.00 when all is well.")
    differences: list[DifferenceOut] = Field(description="The accounts that differ, at most 100.")
    open_items: int = Field(description="Open items of the file.")
    open_difference: Money = Field(description="What the open items of accounts differ by.")
    open_differences: list[DifferenceOut] = Field(
        description="The accounts whose open items differ, at most 100."
    )

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonOut":
        """A comparison of the registers."""
        return cls(
            accounts=found.accounts,
            difference=money(found.difference, EUR),
            differences=[
                DifferenceOut(account=x.account, file=money(x.file, EUR), book=money(x.book, EUR))
                for x in found.differences
            ],
            open_items=found.open_items,
            open_difference=money(found.open_difference, EUR),
            open_differences=[
                DifferenceOut(account=x.account, file=money(x.file, EUR), book=money(x.book, EUR))
                for x in found.open_differences
            ],
        )


class FecImportOut(Out):
    """What became of a FEC."""

    status: Literal["taken", "already", "looked_at"] = Field(
        description="`already`: it was taken in before. `looked_at`: a dry run of a file so long "
        "that only its lines were checked."
    )
    batch: FecBatchOut | None = Field(description="The import; null when only looked at.")
    report: FecReportOut = Field(description="The file in figures, and what was noticed.")
    comparison: ComparisonOut | None = Field(
        description="The file against the book; null in a dry run and for what was there already."
    )

    @classmethod
    def of(cls, imported: FecImported, comparison: Comparison | None) -> "FecImportOut":
        """The answer to an import."""
        batch = imported.batch
        status: Literal["taken", "already", "looked_at"] = "taken"
        if batch is None or imported.already:
            status = "already" if batch is not None else "looked_at"
        return cls(
            status=status,
            batch=FecBatchOut.of(batch) if batch is not None else None,
            report=FecReportOut.of(report_of(imported)),
            comparison=ComparisonOut.of(comparison) if comparison is not None else None,
        )
