"""`paraphe vat`, typed by a person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import etree

from domain.purchases.bill import BillLine
from domain.purchases.recording import NewBill
from domain.values.vat import VatAmount
from services import companies, directory, purchasing
from services.backend import open_backend
from services.settings import Settings
from services.store.pen import Command
from tests.api.cli.test_list_command import Typist, terminal
from tests.domain.steps import BELGIAN, SUPPLIER

__all__ = ["terminal"]
LAST_MONTH = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)


def command() -> Command:
    return Command(id=str(uuid4()), actor="test")


def bought() -> str:
    """A book with a bill of last month."""
    with open_backend(Settings()) as opened:
        book, store = str(uuid4()), opened.store
        companies.open_company(store, book, BELGIAN, command())
        supplier = directory.create_contact(store, book, SUPPLIER, command()).answer.contact_id
        new = NewBill(
            supplier_id=supplier,
            supplier_reference="F-1",
            issue_date=LAST_MONTH,
            lines=(BillLine(description="Papier", net=10_000),),
            vat=(VatAmount(category="S", rate="21", base=10_000, tax=2_100),),
        )
        purchasing.record_bill(store, book, new, command())
        return book


@pytest.mark.feature("V24")
def test_a_return_is_shown_filed_and_written(terminal: Typist, tmp_path: Path) -> None:
    book, month = bought(), LAST_MONTH.isoformat()[:7]
    before, after = tmp_path / "before.xml", tmp_path / "after.xml"
    of = ("-c", book, "--period", month)
    terminal.run("vat", "return", *of, "--output", str(before))
    assert etree.parse(str(before)).getroot().tag.endswith("VATConsignment")
    terminal.run("vat", "file", *of, "--output", str(after), "--refund")
    assert b'Restitution="YES"' in after.read_bytes()
    terminal.run("vat", "return", *of, "--output", str(before), "--json")
    assert before.read_bytes() == after.read_bytes()
    terminal.run("vat", "file", *of, code=1)
    terminal.run("vat", "return", "-c", book, "--period", "2026-13", code=1)
    out = str(tmp_path / "clients.xml")
    terminal.run("vat", "clients", "-c", book, "--year", month[:4], "--output", out)
    terminal.run("vat", "union", *of, "--output", out, code=1)
