"""The documents that travel inside an invoice (BG-24): embedded bytes kept, no link followed."""

import binascii
from base64 import b64decode

from services.files.ubl.document import Attachment
from services.files.ubl.terms import Terms

# BR-CL-24: the media types EN 16931 allows for an embedded file.
MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_XML_SPACE = str.maketrans("", "", " \t\r\n")
_EMBEDDED = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"


def read_attachments(document: Terms) -> tuple[Attachment, ...]:
    """Read the supporting documents; a reference that holds and links nothing is not one."""
    references = document.each("cac:AdditionalDocumentReference")
    return tuple(_read(reference) for reference in references if reference.one("cac:Attachment"))


def _read(reference: Terms) -> Attachment:
    return Attachment(
        pointer=reference.pointer,
        id=reference.code("cbc:ID", missing="BR-52") or "",
        description=reference.text("cbc:DocumentDescription"),
        filename=_filename(reference),
        mime=_media_type(reference),
        content=_content(reference),
        uri=reference.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
    )


def _content(reference: Terms) -> bytes | None:
    encoded = reference.raw(_EMBEDDED)
    if encoded is None:
        return None
    try:
        content = b64decode(encoded.translate(_XML_SPACE), validate=True)
    except (binascii.Error, ValueError):  # ValueError: characters outside ASCII
        content = b""
    if not content:
        message = "the embedded file is empty or not sound base64"
        reference.findings.error("ATTACHMENT-BASE64", reference.pointer, message)
    return content


def _media_type(reference: Terms) -> str | None:
    mime = reference.attribute(_EMBEDDED, "mimeCode")
    if reference.one(_EMBEDDED) is not None and mime not in MEDIA_TYPES:
        message = "the media type of the embedded file is not one EN 16931 allows; it is kept as is"
        reference.findings.remark("BR-CL-24", reference.pointer, message)
    return mime


def _filename(reference: Terms) -> str | None:
    """Give the last component of the name, so that no path of the sender's choosing gets in."""
    written = reference.attribute(_EMBEDDED, "filename")
    if written is None:
        return None
    name = written.replace("\\", "/").rpartition("/")[2].lstrip(". ")
    if name != written:
        message = "the folder or leading dots were taken out of the file name"
        reference.findings.remark("ATTACHMENT-NAME", reference.pointer, message)
    return name or None
