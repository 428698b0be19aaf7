"""Ids at the door: a company is its book's UUID behind `com_`, in base32 that keeps its order."""

import base64
import re
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Path

COMPANY = r"^com_[0-7][0-9a-v]{25}$"
_COMPANY = re.compile(COMPANY.strip("^$"), re.ASCII)


def company_id(book_id: str) -> str:
    """The id of a company at the door."""
    packed = b"\0\0\0\0" + UUID(book_id).bytes
    return "com_" + base64.b32hexencode(packed).decode().lower()[-26:]


def book_id(company: str) -> UUID | None:
    """The book of a company id, or None when the id has another form."""
    if _COMPANY.fullmatch(company) is None:
        return None
    packed = base64.b32hexdecode("000000" + company[4:].upper())
    return UUID(bytes=packed[4:])


def new_book_id(command_id: str) -> str:
    """The book of the company that a command opens: a repeat finds the same one."""
    digest = bytearray(sha256(b"company\n" + command_id.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest)))


CompanyId = Annotated[
    str,
    Path(
        pattern=COMPANY,
        description="The company, `com_…`.",
        examples=["com_0123456789abcdefghijklmnop"],
    ),
]
