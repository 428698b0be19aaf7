"""What a check of a book says: findings, located, and what was and was not checked."""

from typing import Any, Literal

from msgspec import Struct

Status = Literal["pass", "fail", "incomplete"]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is not as it must be: by which check, at which event, and in words.

    `position` is 0 when the finding is about the whole book; `upto` ends an interval.
    """

    check: str
    position: int
    detail: str
    upto: int | None = None


class Report(Struct, frozen=True, kw_only=True):
    """The outcome of verifying one book: sound when there is no finding."""

    book_id: str
    size: int
    root: str
    chain: str
    checked: tuple[str, ...]
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    erased: int = 0
    """Personal fields whose key an erasure destroyed: no finding, so counted apart."""
    since: int = 0
    """Events up to here were taken on trust and not read again."""

    @property
    def status(self) -> Status:
        """`pass` without findings, else `fail`."""
        return "fail" if self.findings else "pass"

    def envelope(self) -> dict[str, Any]:
        """The report as the command line's JSON."""
        return {
            "schema": "paraphe.audit/1",
            "status": self.status,
            "scope": {"company": self.book_id, "since": self.since},
            "head": {"position": self.size, "root": self.root, "chain": self.chain},
            "checks": [
                {"name": name, "status": "fail" if failed else "pass", "failures": failed}
                for name in self.checked
                for failed in [sum(found.check == name for found in self.findings)]
            ],
            "not_checked": list(self.not_checked),
            "erased": self.erased,
            "findings": [
                {name: getattr(found, name) for name in found.__struct_fields__}
                for found in self.findings
            ],
        }
