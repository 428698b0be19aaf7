"""A book with every kind of export in it goes through the auditor's replay and comes out sound."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.audit.export import export_book
from services.audit.replay import Request, replay_bundle
from services.lists.reports import EXPORTS, REPORTS, AgedFilter, BalanceFilter, VatFiguresFilter
from tests.services.exports.conftest import Leaving
from tests.services.lists.conftest import Office, asked
from tests.services.vat.conftest import VatDesk

pytestmark = pytest.mark.usefixtures("pdf_libraries")

YEAR: dict[str, Any] = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
WANTED: dict[str, Any] = {
    "payments": None,
    "party_balances": None,
    "trial_balance": BalanceFilter(**YEAR),
    "aged_balance": AgedFilter(on=date(2026, 9, 30)),
    "vat_figures": VatFiguresFilter(period="2026-07"),
}


@pytest.mark.feature("V21", "V24", "V27")
def test_an_audit_makes_every_export_of_a_book_again(french: VatDesk, tmp_path: Path) -> None:
    """Goal: nothing that leaves is beyond an audit. Method: export, bundle, replay from zero."""
    home = french.someone("FR", "FR44732829320")
    french.sold(date(2026, 7, 10), 100_055, to=home, vat_rate="20", nature="goods")
    french.at(date(2026, 8, 3))
    french.file("2026-07")
    office = Office(french.store, french.backend.readers, french.backend.engine, french.backend.url)
    for name, wanted in WANTED.items():
        office.export(french.book, asked(REPORTS[name], "csv", wanted))
    office.export(french.book, asked(EXPORTS["journals"], "pdf"))
    leaving = Leaving(french.backend, french.book)
    for name in ("accounting_journal", "winbooks", "originals"):
        leaving.export(name, **YEAR)
    leaving.export("vat_return", period="2026-07")
    bundle = tmp_path / "book.zip"
    export_book(french.store, french.book, bundle)
    names = ("exports-reproduce", "entries-derive", "debits-equal-credits")
    done = replay_bundle(bundle, Request(checks=names))
    outcomes = {check.name: check for check in done.checks}
    assert {name: outcomes[name].status for name in names} == dict.fromkeys(names, "pass"), done
    assert outcomes["exports-reproduce"].checked == len(WANTED) + 5
