"""PDFs and prints at the door: originals by their digest, ranges, jobs, templates, scopes."""

import base64
import io
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from api.ids import book_id
from api.routers import prints
from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller

pytestmark = pytest.mark.usefixtures("pdf_libraries")


def book_of(caller: Caller) -> str:
    return str(book_id(caller.company))


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def printed(backend: Backend, caller: Caller) -> Any:
    """A validated invoice whose original has been printed."""
    invoice = caller.validated()
    backend.printshop.original(book_of(caller), "invoice", invoice["id"])
    return invoice


@pytest.mark.feature("M11", "M69")
def test_the_original_is_given_byte_for_byte(backend: Backend, caller: Caller) -> None:
    invoice = printed(backend, caller)
    address = f"/invoices/{invoice['id']}/pdf"
    answer = caller.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    assert f"{invoice['number']}.pdf" in answer.headers["content-disposition"]
    assert invoice["number"] in text_of(answer.content)
    assert caller.get(address).content == answer.content
    again = caller.get(address, If_None_Match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_ranges_of_a_file(backend: Backend, caller: Caller) -> None:
    address = f"/invoices/{printed(backend, caller)['id']}/pdf"
    whole = caller.get(address)
    size, tag = len(whole.content), whole.headers["etag"]
    for asked, first, last in (
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, size - 1),
        ("bytes=-5", size - 5, size - 1),
        ("bytes=5-99999999", 5, size - 1),
    ):
        part = caller.get(address, Range=asked)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert part.content == whole.content[first : last + 1]
    for asked in ("bytes=9-5", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"):
        assert caller.get(address, Range=asked).status_code == 200
    for asked in (f"bytes={size}-", "bytes=-0"):
        beyond = caller.get(address, Range=asked)
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{size}"
    assert caller.get(address, Range="bytes=0-9", If_Range=tag).status_code == 206
    assert caller.get(address, Range="bytes=0-9", If_Range='"other"').status_code == 200


def test_an_original_that_is_being_printed_is_waited_for(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "SECONDS", 0.2)
    answer = caller.get(f"/invoices/{caller.validated()['id']}/pdf")
    assert answer.status_code == 202
    assert answer.headers["retry-after"] == "1"
    assert answer.json() == {"status": "queued"}


def test_a_draft_has_no_original(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    answer = caller.get(f"/invoices/{draft['id']}/pdf")
    assert answer.status_code == 409
    assert answer.json()["code"] == "document_not_issued"
    nowhere = caller.get(f"/invoices/inv_{'0' * 26}/pdf")
    assert nowhere.status_code == 404


@pytest.mark.feature("M13")
def test_a_selection_is_printed_as_a_job(backend: Backend, caller: Caller) -> None:
    """Goal: two invoices and a draft in one file, with progress, a digest and bookmarks."""
    customer = caller.customer()
    numbers = [caller.validated(customer) for _ in range(2)]
    draft = caller.made("/invoices", bodies.invoice(customer))
    chosen = [{"kind": "invoice", "id": each["id"]} for each in (*numbers[::-1], draft)]
    body = {"documents": chosen, "group_by": "date"}
    asked = caller.post("/prints", body, Idempotency_Key="print-1")
    assert asked.status_code == 202, asked.text
    assert asked.headers["retry-after"] == "1"
    address = asked.headers["location"].removeprefix(caller.base)
    waiting = caller.get(address)
    assert waiting.json()["status"] == "queued"
    assert caller.get(f"{address}/file").status_code == 409
    assert caller.post("/prints", body, Idempotency_Key="print-1").json() == asked.json()
    backend.worker.run_due()
    done = caller.get(address).json()
    assert done["status"] == "done"
    assert done["progress"] == {"done": 3, "total": 3}
    assert done["file"]["url"] == f"{caller.base}{address}/file"
    file = caller.get(f"{address}/file")
    assert sha256(file.content).hexdigest() == done["file"]["sha256"]
    assert len(file.content) == done["file"]["size"]
    text = text_of(file.content)
    first, second = (text.index(each["number"]) for each in numbers)
    assert first < second
    outline = PdfReader(io.BytesIO(file.content)).outline
    assert len(outline) >= 2


def test_duplicates_are_marked_and_recorded(backend: Backend, caller: Caller) -> None:
    invoice = printed(backend, caller)
    chosen = [{"kind": "invoice", "id": invoice["id"]}]
    body = {"documents": chosen, "copy": "duplicate", "language": "nl", "group_by": "state"}
    address = caller.made_later("/prints", body)
    backend.worker.run_due()
    assert "DUPLICAAT" in text_of(caller.get(f"{address}/file").content)
    feed = caller.seen("/events?types=document.printed.v1")["data"]
    assert [each["data"]["copy"] for each in feed] == ["original", "duplicate"]


def test_a_dry_run_queues_nothing(backend: Backend, caller: Caller) -> None:
    chosen = [{"kind": "invoice", "id": caller.validated()["id"]}]
    answer = caller.post("/prints?dry_run=true", {"documents": chosen})
    assert answer.status_code == 200, answer.text
    assert answer.json()["events"] == []
    job = answer.json()["answer"]["id"]
    assert caller.get(f"/prints/{job}").status_code == 404


@pytest.mark.parametrize("repeated", [True, False])
def test_a_selection_names_each_document_once_and_only_known_ones(
    caller: Caller, repeated: bool
) -> None:
    invoice = {"kind": "invoice", "id": caller.validated()["id"]}
    other = invoice if repeated else {"kind": "invoice", "id": f"inv_{'0' * 26}"}
    answer = caller.post("/prints", {"documents": [invoice, other]})
    assert answer.json()["code"] == ("selection_wrong" if repeated else "invoice_unknown")


def test_a_print_of_another_company_is_not_there(
    backend: Backend, caller: Caller, client: Any, firm_key: str
) -> None:
    from tests.api.conftest import open_company

    chosen = [{"kind": "invoice", "id": caller.validated()["id"]}]
    address = caller.made_later("/prints", {"documents": chosen})
    other = open_company(client, firm_key)
    assert other.get(address).status_code == 404
    assert other.get(f"{address}/file").status_code == 404


def test_quotes_are_printed_with_the_scope_of_quotes(
    backend: Backend, caller: Caller, client: Any
) -> None:
    key = backend.keyring.issue("invoices", scopes=["invoices:read", "invoices:write"])
    narrow = Caller(client, key, caller.company)
    chosen = [{"kind": "quote", "id": f"qte_{'0' * 26}"}]
    answer = narrow.post("/prints", {"documents": chosen})
    assert answer.status_code == 403
    assert answer.json()["scope"] == "quotes:read"


def logo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 10), (120, 20, 20)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.feature("M11", "M18")
def test_templates_and_their_logos(backend: Backend, caller: Caller) -> None:
    kept = caller.client.post(
        f"{caller.base}/logos",
        headers={
            "Authorization": f"Bearer {caller.key}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "image/png",
        },
        content=logo(),
    )
    assert kept.status_code == 201, kept.text
    digest = kept.json()["digest"]
    assert digest == sha256(logo()).hexdigest()
    look = {"name": "Chantiers", "kinds": ["invoice"], "logo": digest, "footer": "Version une"}
    made = caller.post("/templates", look)
    assert made.status_code == 201, made.text
    address = f"/templates/{made.json()['id']}"
    revised = caller.patch(
        address, {**look, "footer": "Version deux"}, If_Match=made.headers["etag"]
    )
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    assert caller.seen(f"{address}?version=1")["footer"] == "Version une"
    assert [each["version"] for each in caller.seen("/templates")["data"]] == [2]
    stale = caller.patch(address, look, If_Match=made.headers["etag"])
    assert stale.status_code == 412
    pdf = caller.get(f"/invoices/{printed(backend, caller)['id']}/pdf").content
    assert "Version deux" in text_of(pdf)


@pytest.mark.parametrize(
    ("media_type", "content", "status"),
    [
        ("image/png", base64.b64decode("iVBORw0KGgo="), 409),
        ("image/svg+xml", b"<svg/>", 415),
        ("application/json", b"{}", 415),
    ],
)
def test_what_is_no_picture_is_no_logo(
    caller: Caller, media_type: str, content: bytes, status: int
) -> None:
    answer = caller.client.post(
        f"{caller.base}/logos",
        headers={
            "Authorization": f"Bearer {caller.key}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": media_type,
        },
        content=content,
    )
    assert answer.status_code == status
