"""Exported lists made again from events alone, byte for byte, for whoever audits a book."""

from collections import deque
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from domain.book.event import Recorded
from domain.operations.exported import ReportExported
from domain.parties import company as companies
from domain.parties.company import Company
from services.lists.export import Asked, Provenance, write_list
from services.lists.kinds import LISTS, ListKind
from services.replay.as_of import loaded
from services.replay.connection import connect

Facts = Callable[[], Iterator[Recorded]]
"""The events up to the position of the export, from the first, as often as they are asked for."""


def reproducers(url: str) -> dict[str, Callable[[ReportExported, Facts], bytes]]:
    """For each kind of list, what makes an export of it again in a scratch place of a database."""

    def reproduce(exported: ReportExported, facts: Facts) -> bytes:
        kind = LISTS[exported.kind]
        first, last = _ends(facts)
        company: Company | None = reduce(companies.evolve, facts(), None)
        source = Provenance(
            company="" if company is None else company.name,
            registration="" if company is None else company.registration,
            digest=exported.parameters["digest"],
            recorded_at=last.recorded_at,
        )
        with TemporaryDirectory(prefix="paraphe-list-") as folder:
            path = Path(folder) / "list"
            with (
                connect(url) as conn,
                loaded(conn, [kind.register], first.book_id, facts()) as scratch,
            ):
                asked = asked_again(kind, exported)
                write_list(scratch, first.book_id, asked, path, lambda _: source)
            return path.read_bytes()

    return dict.fromkeys(LISTS, reproduce)


def asked_again(kind: ListKind, exported: ReportExported) -> Asked:
    """What was asked for when a list was exported."""
    parameters = dict(exported.parameters)
    parameters.pop("digest")
    language: Any = parameters.pop("language")
    sort = parameters.pop("sort")
    wanted = msgspec.convert(parameters, kind.filter, strict=False)
    form: Any = exported.format
    return Asked(kind=kind, wanted=wanted, sort=sort, language=language, form=form, most=None)


def _ends(facts: Facts) -> tuple[Recorded, Recorded]:
    """The first event and the last."""
    return next(facts()), deque(facts(), maxlen=1)[0]
