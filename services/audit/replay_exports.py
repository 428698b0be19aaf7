"""The check of exports: each file that left is made again from the events it was made of.

A report that can be made from events alone registers how in `REPRODUCERS`, under the `kind` of its
`ReportExported`. One that nobody knows how to make again is named as not checked.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import ClassVar

from msgspec import Struct, structs

from domain.book.event import Event, Recorded
from domain.operations.exported import ReportExported
from domain.operations.technical import BookExported
from services.audit.replay_check import Check, Files, Outcome, Reread, Step

Facts = Callable[[], Iterator[Recorded]]
"""The events up to the position of the export, from the first, as often as they are asked for."""

Reproduce = Callable[[ReportExported, Facts], bytes]
"""Makes the bytes of an export again; raises anything when it cannot."""

REPRODUCERS: dict[str, Reproduce] = {}
"""How to make an export again, by its kind."""


class Second(Struct, frozen=True, kw_only=True):
    """A file that left beside another one: its SHA-256 in hex, and its size in bytes."""

    sha256: str
    size: int


Beside = Callable[[bytes, Files], Second]
"""Makes the second file again, from the first one and kept files; raises FilesAreMissing."""

BESIDE: dict[str, Beside] = {}
"""How to make the file again that left beside an export (its `zip_sha256`), by the kind."""


class FilesAreMissing(Exception):
    """Files that a second file is made of are not there: it cannot be compared."""


class OnlyFiguresAgree(Exception):
    """A PDF has the same on its pages, but other software printed it: its bytes say nothing."""


class ExportsReproduce(Check):
    """Each exported report comes out byte for byte again; each exported book had that root.

    Of an exported book only the root is compared: its file also held the seals of that moment.
    """

    name = "exports-reproduce"
    events: ClassVar[tuple[type[Event], ...]] = (ReportExported, BookExported)

    def __init__(self) -> None:
        super().__init__()
        self._reports: list[tuple[int, ReportExported]] = []
        self._books: list[tuple[int, BookExported]] = []
        self._unknown: Counter[str] = Counter()
        self._printed_elsewhere: Counter[str] = Counter()
        self._beside_missing: list[str] = []

    def take(self, step: Step) -> None:
        match step.fact.event:
            case ReportExported() as exported:
                self._reports.append((step.fact.position, exported))
            case BookExported() as exported:
                self._books.append((step.fact.position, exported))

    def reread(self, read: Reread) -> None:
        """Makes every export again."""
        if self._books:
            roots = read.roots({exported.size for _, exported in self._books})
            for position, book in self._books:
                self._compare_book(position, book, roots.get(book.size))
        for position, report in self._reports:
            make = REPRODUCERS.get(report.kind)
            if make is None:
                self._unknown[report.kind] += 1
            else:
                self._compare_report(position, report, make, read)

    def outcome(self, *, stopped: str = "") -> Outcome:
        """What was found; what could not be compared leaves the check not made, and says why."""
        found = super().outcome(stopped=stopped)
        if self._printed_elsewhere and not found.why:
            told = "; ".join(
                f"{count} {why}" for why, count in sorted(self._printed_elsewhere.items())
            )
            found = structs.replace(found, why=f"figures compared, bytes not, of PDFs: {told}")
        if stopped:
            return found
        missing = list(self._beside_missing)
        if self._unknown:
            kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(self._unknown.items()))
            missing.append(f"nothing here makes these again: {kinds}")
        if not missing:
            return found
        status = found.status if self.failed else "skipped"
        whys = [*missing, found.why] if found.why else missing
        return structs.replace(found, status=status, why="; ".join(whys))

    def _compare_book(self, position: int, exported: BookExported, root: str | None) -> None:
        self.checked += 1
        if root != exported.root:
            detail = f"exported with {exported.size} events and root {exported.root}, here {root}"
            self.wrong(position, detail, document=exported.format, field="root")

    def _compare_report(
        self, position: int, exported: ReportExported, make: Reproduce, read: Reread
    ) -> None:
        self.checked += 1
        name = " ".join([exported.kind, *(f"{k}={v}" for k, v in exported.parameters.items())])
        if exported.position >= position:
            detail = f"made from {exported.position} events before there were so many"
            self.wrong(position, detail, document=name, field="position")
            return

        def facts() -> Iterator[Recorded]:
            return (step.fact for step in read.steps(exported.position))

        try:
            content = make(exported, facts)
        except OnlyFiguresAgree as told:
            self._printed_elsewhere[str(told)] += 1
            return
        except Exception as error:  # noqa: BLE001  whatever it raises, it was not made again
            self.wrong(position, f"could not be made again: {error}", document=name)
            return
        made = Second(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        if self._is_as_it_left(position, name, made, (exported.sha256, str(exported.size))):
            self._compare_beside(position, exported, content, read)

    def _compare_beside(
        self, position: int, exported: ReportExported, content: bytes, read: Reread
    ) -> None:
        """The file that left beside it, where the files that it is made of are there."""
        said = exported.parameters
        if "zip_sha256" not in said:
            return
        name, make = f"ZIP of {exported.kind}", BESIDE.get(exported.kind)
        if make is None:
            self._unknown[name] += 1
            return
        try:
            made = make(content, read.file)
        except FilesAreMissing as told:
            self._beside_missing.append(f"event {position}: index compared; {told}")
            return
        except Exception as error:  # noqa: BLE001  whatever it raises, it was not made again
            self.wrong(position, f"could not be made again: {error}", document=name)
            return
        left = said["zip_sha256"], said.get("zip_size", "")
        self._is_as_it_left(position, name, made, left)

    def _is_as_it_left(self, position: int, name: str, made: Second, left: tuple[str, str]) -> bool:
        """Whether a file made again has the digest and size that it left with."""
        if (made.sha256, str(made.size)) == left:
            return True
        detail = (
            f"made again it has {made.size} bytes and SHA-256 {made.sha256}, "
            f"it left with {left[1]} and {left[0]}"
        )
        self.wrong(position, detail, document=name, field="sha256")
        return False
