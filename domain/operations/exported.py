"""A report that left the system as a file: what an audit makes again and compares byte for byte."""

from typing import ClassVar

from domain.operations.technical import TECHNICAL_TAG, TechnicalEvent

EXPORTS_TAG = "report-export"
ACCOUNTING = ("accounting_journal", "winbooks")
"""The kinds that take entries over into the firm's software (V19)."""


class ReportExported(TechnicalEvent, frozen=True, kw_only=True):
    """A report was written from the book as it stood at `position`; `sha256` in hex, `size` bytes.

    `kind` says which report (`fec`, `vat_return`…) and `parameters` what was asked, so that the
    same file can be made again from the events up to `position` alone.
    """

    stored_as: ClassVar[str] = "report.exported.v1"

    kind: str
    format: str
    parameters: dict[str, str]
    position: int
    sha256: str
    size: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (TECHNICAL_TAG, EXPORTS_TAG)
