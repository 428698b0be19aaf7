"""Exported lists and reports made again from events alone, byte for byte, for whoever audits."""

from collections import deque
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from domain.book.event import Recorded
from domain.ledger import vat_return
from domain.ledger.vat_return import Filings
from domain.operations.exported import ReportExported
from domain.parties import company as companies
from domain.parties.company import Company
from projections.registers import REGISTERS
from services.audit.replay_exports import OnlyFiguresAgree
from services.lists.export import Asked, Written, write_list
from services.lists.kinds import ListKind
from services.lists.provenance import Provenance
from services.lists.reports import EXPORTS
from services.replay.as_of import loaded
from services.replay.connection import connect

Facts = Callable[[], Iterator[Recorded]]
"""The events up to the position of the export, from the first, as often as they are asked for."""
NOTED = ("digest", "figures", "printed_by")
"""What is kept with an export beside what was asked."""


def reproducers(url: str) -> dict[str, Callable[[ReportExported, Facts], bytes]]:
    """For each kind of list, what makes an export of it again in a scratch place of a database."""

    def reproduce(exported: ReportExported, facts: Facts) -> bytes:
        kind = EXPORTS[exported.kind]
        first, source = _origin(exported, facts)
        with TemporaryDirectory(prefix="paraphe-list-") as folder:
            path = Path(folder) / "list"
            asked = asked_again(kind, exported)
            registers = [each for each in REGISTERS if each.name in asked.registers]
            with (
                connect(url) as conn,
                loaded(conn, registers, first.book_id, facts()) as scratch,
            ):
                written = write_list(scratch, first.book_id, asked, path, lambda _: source)
            _compare_pages(exported, written)
            return path.read_bytes()

    return dict.fromkeys(EXPORTS, reproduce)


def asked_again(kind: ListKind, exported: ReportExported) -> Asked:
    """What was asked for when a list was exported."""
    parameters = {n: value for n, value in exported.parameters.items() if n not in NOTED}
    language: Any = parameters.pop("language")
    sort = parameters.pop("sort")
    wanted = msgspec.convert(parameters, kind.filter, strict=False)
    form: Any = exported.format
    return Asked(kind=kind, wanted=wanted, sort=sort, language=language, form=form, most=None)


def _origin(exported: ReportExported, facts: Facts) -> tuple[Recorded, Provenance]:
    """The first event, and what the events say beside the registers."""
    first, last = next(facts()), deque(facts(), maxlen=1)[0]
    company: Company | None = reduce(companies.evolve, facts(), None)
    nothing: Filings = ()
    source = Provenance(
        company="" if company is None else company.name,
        registration="" if company is None else company.registration,
        digest=exported.parameters["digest"],
        recorded_at=last.recorded_at,
        whose=company,
        filings=reduce(vat_return.evolve, facts(), nothing),
    )
    return first, source


def _compare_pages(exported: ReportExported, written: Written) -> None:
    """Raises OnlyFiguresAgree for a PDF that other versions printed, with the same on its pages."""
    then, now = exported.parameters, written.noted
    printed = then.get("printed_by", "")
    if printed and printed != now["printed_by"] and then.get("figures") == now["figures"]:
        raise OnlyFiguresAgree(f"printed by {printed}, here {now['printed_by']}")
