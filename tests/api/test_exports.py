"""Exports at the door: PDF of lists and reports, entries, VAT files, originals in ranges."""

import csv
import hashlib
import io
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader

from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller, open_company

YEARS = {"date_from": "2000-01-01", "date_to": "2099-12-31"}


@pytest.fixture(scope="module")
def firm(client: Any, firm_key: str) -> Caller:
    """A Belgian company with an invoice and a payment."""
    caller = open_company(client, firm_key)
    customer = str(caller.made("/contacts", bodies.customer(name="Évrard & Fils"))["id"])
    caller.validated(customer)
    caller.made("/payments", bodies.payment(customer))
    caller.seen("/unpaid", caller.position())
    return caller


def fetched(caller: Caller, backend: Backend, wish: dict[str, Any]) -> tuple[Any, bytes, str]:
    """How the job ended, its file, and where it is."""
    address = caller.made_later("/exports", wish)
    backend.worker.run_due()
    done = caller.seen(address)
    assert done["status"] == "done", done
    content = caller.get(f"{address}/file").content
    assert hashlib.sha256(content).hexdigest() == done["file"]["sha256"]
    return done, content, address


@pytest.mark.feature("V27")
@pytest.mark.usefixtures("pdf_libraries")
def test_a_list_and_a_balance_are_printed_while_one_waits(firm: Caller) -> None:
    for path in ("/unpaid?", "/trial_balance?date_gte=2000-01-01&date_lte=2099-12-31&"):
        answer = firm.get(f"{path}format=pdf", Accept_Language="nl")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert "Imprimerie du Parc" in text
        assert "121,00" in text


@pytest.mark.feature("V20", "V27")
@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("payments", {}),
        ("party_balances", {}),
        ("trial_balance", YEARS),
        ("aged_balance", {"on": "2099-01-01", "bands": "30,60"}),
        ("unpaid", {"country": "BE", "q": "evrard"}),
        ("vat_register", {"country": "BE", "rate": "21", "as_of": "2098-12-31"}),
        ("trial_balance", {**YEARS, "as_of": "2098-12-31"}),
        ("documents_sent", {"country": "BE", "as_of": "2098-12-31"}),
        ("sales_lines", {"country": "BE", "rate": "21"}),
        ("vat_figures", {"period": "2026-Q1"}),
    ],
)
def test_reports_are_exported_by_the_name_of_their_kind(
    firm: Caller, backend: Backend, name: str, filters: dict[str, str]
) -> None:
    wish = {"list": name, "filter": filters, "format": "csv"}
    _, content, _ = fetched(firm, backend, wish)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) > (1 if name != "vat_figures" else 0)
    noted = firm.seen("/events?types=report.exported.v1&limit=200")["data"][-1]["data"]
    assert (noted["kind"], noted["sha256"]) == (name, hashlib.sha256(content).hexdigest())


@pytest.mark.feature("V19", "V21")
def test_entries_leave_for_the_firm_and_come_out_the_same_again(
    firm: Caller, backend: Backend
) -> None:
    position = firm.position()
    for kind, name in (("accounting_journal", "journal-"), ("winbooks", "ACT.txt")):
        wish = {"kind": kind, **YEARS, "known_at": position}
        done, content, _ = fetched(firm, backend, wish)
        assert done["file"]["name"].startswith(name)
        assert fetched(firm, backend, wish)[1] == content
    wish = {"kind": "winbooks", **YEARS, "journals": {"VEN": "V"}}
    address = firm.made_later("/exports", wish)
    backend.worker.run_due()
    assert firm.seen(address)["failure"]["code"] == "codes_not_mapped"
    _, content, _ = fetched(firm, backend, {"kind": "winbooks", **YEARS, "with_vat": True})
    assert content.count(b'"211400"') == 1
    codes = {"invoice:03:S:21": "A", "credit_note:03:S:21@2026-07-01": "B", "bill:DOM:S:21:60": "C"}
    _, content, _ = fetched(firm, backend, {"kind": "winbooks", **YEARS, "vat_codes": codes})
    assert (content.count(b',"A",'), b"211400" in content) == (1, False)


@pytest.mark.feature("V18")
@pytest.mark.usefixtures("pdf_libraries")
def test_originals_are_fetched_in_ranges_and_resumed(firm: Caller, backend: Backend) -> None:
    done, content, address = fetched(firm, backend, {"kind": "originals", **YEARS})
    assert done["file"]["media_type"] == "application/zip"
    assert done["progress"]["done"] == done["progress"]["total"] > 0
    half = len(content) // 2
    tag = f'"{done["file"]["sha256"]}"'
    first = firm.get(f"{address}/file", Range=f"bytes=0-{half - 1}")
    rest = firm.get(f"{address}/file", Range=f"bytes={half}-", If_Range=tag)
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_originals_need_the_scopes_of_what_is_in_them(firm: Caller, backend: Backend) -> None:
    key = backend.keyring.issue("registers alone", scopes=["registers:read", "invoices:read"])
    narrow = Caller(firm.client, key, firm.company)
    refused = narrow.post("/exports", {"kind": "originals", **YEARS})
    assert refused.json()["scope"] == "bills:read"


@pytest.mark.feature("V24")
def test_vat_files_are_exported_as_jobs(firm: Caller, backend: Backend) -> None:
    _, content, _ = fetched(firm, backend, {"kind": "client_listing", "period": "2026"})
    assert b"ClientListingConsignment" in content
    _, content, _ = fetched(firm, backend, {"kind": "vat_return", "period": "2026-Q1"})
    assert b"VATConsignment" in content


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"kind": "winbooks", "date_from": "soon", "date_to": "2026-01-01"}, "/date_from"),
        ({"kind": "winbooks", **YEARS, "book_year": "77"}, "/book_year"),
        ({"kind": "winbooks", **YEARS, "vat_codes": {"03": "A"}}, "/vat_codes/03"),
        ({"kind": "winbooks", **YEARS, "with_vat": "yes"}, "/with_vat"),
        ({"kind": "vat_return", "period": "2026-13"}, "/period"),
        ({"kind": "originals", **YEARS, "journal_kind": "x"}, "/journal_kind"),
        ({"kind": ["x"]}, "/kind"),
    ],
)
def test_what_is_no_export_is_refused(firm: Caller, wish: Any, pointer: str) -> None:
    refused = firm.post("/exports", wish)
    assert refused.status_code == 422
    assert pointer in [each["pointer"] for each in refused.json()["errors"]]


def test_bands_that_are_none_are_refused_at_once(firm: Caller) -> None:
    filters = {"on": "2026-01-01", "bands": "x"}
    wish = {"list": "aged_balance", "filter": filters, "format": "csv"}
    refused = firm.post("/exports", wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "bands_wrong")
