"""UBL files through the door: as they are or in a form, once, and kept byte for byte."""

from hashlib import sha256
from uuid import uuid4

import httpx2

from tests.api import bodies
from tests.api.conftest import Caller
from tests.services.files.ubl_samples import ATTACHMENT, PDF, credit_note, invoice

XML = "application/xml"


def send(caller: Caller, content: bytes, kind: str = XML, name: str = "") -> httpx2.Response:
    """Sends a body as it is."""
    headers = {
        "Authorization": f"Bearer {caller.key}",
        "Idempotency-Key": name or str(uuid4()),
        "Content-Type": kind,
    }
    return caller.client.post(f"{caller.base}/bills/import", headers=headers, content=content)


def settled_position(caller: Caller) -> int:
    """The newest position, once the first use of the key today has been noted in the book."""
    caller.position()
    return caller.position()


def test_a_ubl_file_becomes_a_bill(caller: Caller) -> None:
    content = invoice()
    taken = send(caller, content)
    assert taken.status_code == 201, taken.text
    body = taken.json()
    assert body["status"] == "taken"
    bill = body["bill"]
    assert bill["supplier_name"] == "Papeterie du Moulin SRL"
    assert bill["totals"]["gross"] == bodies.eur(12100)
    assert bill["files"][0] == sha256(content).hexdigest()
    assert taken.headers["location"] == f"{caller.base}/bills/{bill['id']}"
    assert caller.seen(f"/bills/{bill['id']}") == bill
    (archived,) = caller.seen("/archives?tab=purchases", taken.headers["event-position"])["data"]
    assert archived["files"] == bill["files"]


def test_a_file_comes_back_byte_for_byte(caller: Caller) -> None:
    content = invoice()
    assert send(caller, content).status_code == 201
    digest = sha256(content).hexdigest()
    answer = caller.get(f"/files/{digest}")
    assert answer.content == content
    assert answer.headers["etag"] == f'"{digest}"'
    assert answer.headers["content-type"] == XML
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    unchanged = caller.get(f"/files/{digest}", If_None_Match=answer.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert caller.get("/files/" + "0" * 64).status_code == 404


def test_the_same_document_is_no_second_bill(caller: Caller) -> None:
    name = str(uuid4())
    first = send(caller, invoice(), name=name)
    repeated = send(caller, invoice(), name=name)
    assert (repeated.status_code, repeated.content) == (201, first.content)
    assert repeated.headers["idempotent-replayed"] == "true"
    again = send(caller, invoice())
    assert again.status_code == 200
    assert again.json() == {"status": "already", "bill": first.json()["bill"]}


def test_a_credit_note_is_taken_too(caller: Caller) -> None:
    taken = send(caller, credit_note(), "text/xml; charset=utf-8")
    assert taken.status_code == 201, taken.text
    assert taken.json()["bill"]["kind"] == "credit_note"


def test_a_file_in_a_form_keeps_every_byte(caller: Caller) -> None:
    content = invoice()
    boundary = "----x" + uuid4().hex
    form = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="../../F-7.xml"\r\nContent-Type: text/xml\r\n\r\n'
    ).encode()
    form += content + f"\r\n--{boundary}--\r\n".encode()
    taken = send(caller, form, f"multipart/form-data; boundary={boundary}")
    assert taken.status_code == 201, taken.text
    digest = sha256(content).hexdigest()
    assert taken.json()["bill"]["files"][0] == digest
    answer = caller.get(f"/files/{digest}")
    assert answer.content == content
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''F-7.xml"


def test_a_form_without_a_file_is_told_so(caller: Caller) -> None:
    answer = send(caller, b"--b\r\n\r\n--b--", "multipart/form-data; boundary=b")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
    for kind in ("multipart/form-data", "application/json", "text/plain", ""):
        assert send(caller, b"{}", kind).status_code == 415


def test_what_a_file_embeds_is_kept(caller: Caller) -> None:
    taken = send(caller, invoice(references=ATTACHMENT))
    digest = sha256(PDF).hexdigest()
    assert taken.json()["bill"]["files"][1:] == [digest]
    answer = caller.get(f"/files/{digest}")
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")


def test_a_refused_file_is_named_by_rule(caller: Caller) -> None:
    before = caller.position()
    answer = send(caller, invoice().replace(b"121.00", b"122.00"))
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "ubl_refused"
    assert any(error["code"].startswith("BR-CO") for error in problem["errors"])
    assert caller.position() == before


def test_hostile_xml_is_refused(caller: Caller) -> None:
    before = settled_position(caller)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    for content in (bomb, b" ", b"no xml", b"\xff\xfe", invoice()[:500]):
        answer = send(caller, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "ubl_refused"), content[:20]
    assert caller.position() == before
