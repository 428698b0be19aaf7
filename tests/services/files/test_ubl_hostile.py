"""Hostile and broken files: a typed finding in bounded time and memory, never an exception."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.files import ubl
from services.files.ubl.finding import MOST_FINDINGS
from services.files.ubl.identities import _VAT_COUNTRIES
from services.files.ubl.xml import MOST_BYTES
from tests.services.files.ubl_samples import ATTACHMENT, MEANS, SELLER, invoice, line

CHECKOUT = Path(__file__).resolve().parents[3]
ROOT = invoice().partition(b"<cbc:")[0]
ENTITIES = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
)
# A second, and slack for a machine that runs other tests at the same time.
SECONDS = 3.0


def inside(unit: bytes, size: int = MOST_BYTES - 5_000) -> bytes:
    """Give an invoice filled with `unit` up to `size` bytes."""
    return ROOT + unit * (size // len(unit)) + b"</Invoice>"


HOSTILE = {
    "entity bomb": b"<!DOCTYPE a [" + ENTITIES + b"]>" + ROOT + b"&e11;</Invoice>",
    "quadratic entity": b'<!DOCTYPE a [<!ENTITY e "'
    + b"a" * 99_999
    + b'">]>'
    + inside(b"&e;", 300_000),
    "external entity": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    "external DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "bare DTD": b"<!DOCTYPE a><a/>",
    "DTD in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    "undeclared entity": ROOT + b"&nobody;</Invoice>",
    "100 MB": bytes(100_000_000),
    "deep": inside(b"<cac:Party>"),
    "wide": inside(b"<a/>"),
    "lines without anything": inside(b"<cac:InvoiceLine/>", 3_000_000),
    "attributes": ROOT[:-2] + b"".join(b' a%d=""' % n for n in range(1_500_000)) + b"/>",
    "small attributes": inside(b'<a a="" b="" c="" d="" e="" f=""/>'),
    "one attribute": b'<a a="' + b"a" * (MOST_BYTES - 50) + b'"/>',
    "one comment": inside(b"<!--" + b"a" * (MOST_BYTES - 10_000) + b"-->"),
    "comments": inside(b"<!---->"),
    "long namespace": inside(b'<a xmlns="' + b"u" * 60_000 + b'"/>'),
    "long text": inside(b"<cbc:ID>" + b"9" * (MOST_BYTES - 10_000) + b"</cbc:ID>"),
    "piled up marks": inside(b"<cbc:Note>a" + "\u0315\u0300".encode() * 4_000_000 + b"</cbc:Note>"),
    "many marks": inside(b"<cbc:Note>a" + "\u0315\u0300".encode() * 1_200 + b"</cbc:Note>"),
    "bad base64": invoice(references=ATTACHMENT.replace("JVBE", "A" * 19_000_000 + "!")),
    "unknown encoding": b'<?xml version="1.0" encoding="zlib"?><a/>',
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "UTF-32": "<a/>".encode("utf-32"),
    "Latin letters called UTF-8": invoice(number="\xe9").decode().encode("latin-1"),
    "another root": b"<Invoice/>",
    "inclusion": ROOT
    + b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>',
    "nothing": b"",
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(name: str) -> None:
    started = time.process_time()
    reading = ubl.read(HOSTILE[name])
    assert time.process_time() - started < SECONDS
    assert reading.errors
    assert reading.accepted is None
    assert len(reading.findings) <= 2 * MOST_FINDINGS


@pytest.mark.parametrize("name", [name for name in HOSTILE if "DTD" in name or "entity" in name])
def test_a_document_type_or_entity_is_never_looked_into(name: str) -> None:
    [finding] = ubl.read(HOSTILE[name]).findings
    assert finding.code == ("XML-MALFORMED" if name == "undeclared entity" else "XML-DOCTYPE")


@pytest.mark.parametrize("name", ["entity bomb", "wide", "attributes", "deep", "one comment"])
def test_memory_stays_flat(name: str, tmp_path: Path) -> None:
    """Read the file in a process of its own, and compare its peak with the size of the file."""
    path = tmp_path / "hostile.xml"
    path.write_bytes(HOSTILE[name])
    program = (
        "import resource, sys; from pathlib import Path; from services.files import ubl\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); ubl.read_file(Path(sys.argv[1])); print(peak() - before)"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    file_kib = path.stat().st_size // 1024
    assert int(done.stdout) < 2 * file_kib + 60 * 1024


def test_thousands_of_sound_lines_are_read() -> None:
    many = ubl.read(invoice(lines=line() * 3_000))
    assert many.document
    assert len(many.document.lines) == 3_000
    assert [f.code for f in many.errors] == ["BR-CO-10", "BR-S-08"]


def test_a_file_cut_off_anywhere_is_refused() -> None:
    whole = invoice(references=ATTACHMENT)
    for length in range(len(whole)):
        [finding] = ubl.read(whole[:length]).findings
        assert finding.code == "XML-MALFORMED"


@settings(max_examples=300)
@given(st.data())
def test_changed_bytes_give_findings_only(data: st.DataObject) -> None:
    content = bytearray(invoice(references=ATTACHMENT))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    reading = ubl.read(bytes(content))
    assert reading.document is not None or reading.errors


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from([b"<cac:", b"</", b">", b"&#", b"21", b"EUR", b'"', b"]]>", b"<![CDATA["]),
        max_size=4,
    ),
    st.integers(0, len(invoice())),
)
def test_inserted_fragments_give_findings_only(pieces: list[bytes], at: int) -> None:
    whole = invoice()
    reading = ubl.read(whole[:at] + b"".join(pieces) + whole[at:])
    assert reading.document is not None or reading.errors


@settings(max_examples=300)
@given(
    country=st.sampled_from(sorted(_VAT_COUNTRIES)),
    number=st.text("0123456789ABXYZ²٣+*/é ", max_size=16),
    prefix=st.sampled_from(["", "RF", "RF18", "+++", "***"]),
    scheme=st.sampled_from(["0208", "0002", "0009", "0088", "9925", "9957", "?"]),
)
def test_any_identifier_gives_findings_only(
    country: str, number: str, prefix: str, scheme: str
) -> None:
    seller = SELLER.replace(">BE0400000185", f">{country}{number}")
    seller = seller.replace('"0208">0400000185', f'"{scheme}">{number}')
    means = MEANS.replace("RF18539007547034", prefix + number)
    means = means.replace("BE71 0961 2345 6769", country + number)
    reading = ubl.read(invoice(seller=seller, means=means))
    assert reading.document is not None or reading.errors
    if reading.document:
        assert ubl.supplier_key(reading.document.seller)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<>&\x00"), max_size=20)
_NUMBERS = st.one_of(
    _TEXT,
    st.from_regex(r"\A[+-]?[0-9]{0,15}[.]?[0-9]{0,14}\Z"),
    st.floats().map(str),
    st.sampled_from(["-0.00", "1E+400", "1_000", "9" * 13, "-" + "9" * 13, "0." + "9" * 12]),
)


@settings(max_examples=300)
@given(net=_NUMBERS, quantity=_NUMBERS, price=_NUMBERS, rate=_NUMBERS, number=_TEXT)
def test_any_number_and_text_gives_findings_only(
    net: str, quantity: str, price: str, rate: str, number: str
) -> None:
    lines = line(net, quantity, price, ("S", rate))
    reading = ubl.read(invoice(number=number, lines=lines))
    assert reading.document is not None or reading.errors
