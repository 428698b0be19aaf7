"""Ids at the door: a prefix, then 26 base-32 digits; a company's id is the UUID of its book."""

import re
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import StringConstraints
from starlette.convertors import Convertor, register_url_convertor

# Crockford's digits, as in every id that use cases make.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_TAIL = r"[0-7][0-9a-hjkmnp-tv-z]{25}"
_COMPANY = re.compile(f"com_{_TAIL}", re.ASCII)


class IdConvertor(Convertor[str]):
    """The part of an address that is an id: `/bills/import` is no bill."""

    regex = "[a-z]{3}_[0-9a-z]{26}"

    def convert(self, value: str) -> str:
        """The id as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The id as it is."""
        return value


register_url_convertor("id", IdConvertor())


def company_id(book_id: str) -> str:
    """The id of a company at the door."""
    number = UUID(book_id).int
    return "com_" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def book_id(company: str) -> UUID | None:
    """The book of a company id, or None when the id has another form."""
    if _COMPANY.fullmatch(company) is None:
        return None
    number = 0
    for digit in company[4:]:
        number = number << 5 | _DIGITS.index(digit)
    return UUID(int=number)


def new_book_id(command_id: str) -> str:
    """The book of the company that a command opens: a repeat finds the same one."""
    digest = bytearray(sha256(b"company\n" + command_id.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest)))


def _pattern(prefix: str) -> str:
    return f"^{prefix}_{_TAIL}$"


CompanyId = Annotated[str, Path(pattern=_pattern("com"), description="The company, `com_…`.")]
ContactId = Annotated[str, Path(pattern=_pattern("ctc"), description="The contact, `ctc_…`.")]
InvoiceId = Annotated[str, Path(pattern=_pattern("inv"), description="The invoice, `inv_…`.")]
QuoteId = Annotated[str, Path(pattern=_pattern("qte"), description="The quote, `qte_…`.")]
DepositId = Annotated[str, Path(pattern=_pattern("dep"), description="The deposit, `dep_…`.")]
CreditNoteId = Annotated[
    str, Path(pattern=_pattern("crn"), description="The credit note, `crn_…`.")
]
WriteOffId = Annotated[str, Path(pattern=_pattern("wof"), description="The write-off, `wof_…`.")]
BillId = Annotated[str, Path(pattern=_pattern("bil"), description="The bill, `bil_…`.")]
PaymentId = Annotated[str, Path(pattern=_pattern("pay"), description="The payment, `pay_…`.")]
LetteringId = Annotated[str, Path(pattern=_pattern("let"), description="The lettering, `let_…`.")]
ArticleId = Annotated[str, Path(pattern=_pattern("art"), description="The article, `art_…`.")]
BatchId = Annotated[str, Path(pattern=_pattern("imp"), description="The import, `imp_…`.")]
EntryId = Annotated[str, Path(pattern=_pattern("ent"), description="The entry, `ent_…`.")]
TemplateId = Annotated[str, Path(pattern=_pattern("tpl"), description="The template, `tpl_…`.")]
StatementId = Annotated[str, Path(pattern=_pattern("stm"), description="The statement, `stm_…`.")]
JobId = Annotated[str, Path(pattern=_pattern("job"), description="The job, `job_…`.")]
OrderId = Annotated[str, Path(pattern=_pattern("ord"), description="The order, `ord_…`.")]
DeliveryId = Annotated[str, Path(pattern=_pattern("dlv"), description="The delivery, `dlv_…`.")]
ReminderId = Annotated[str, Path(pattern=_pattern("rem"), description="The reminder, `rem_…`.")]
LateFeeId = Annotated[str, Path(pattern=_pattern("fee"), description="The claim, `fee_…`.")]
MandateId = Annotated[str, Path(pattern=_pattern("mdt"), description="The mandate, `mdt_…`.")]
RemittanceId = Annotated[
    str, Path(pattern=_pattern("(col|tro)"), description="A collection `col_…`, an order `tro_…`.")
]
ChequeDepositId = Annotated[
    str, Path(pattern=_pattern("chd"), description="The cheque deposit, `chd_…`.")
]
FileDigest = Annotated[
    str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in hex.")
]

Contact = Annotated[str, StringConstraints(strict=True, pattern=_pattern("ctc"))]
"""A contact's id inside a body or a query."""

Article = Annotated[str, StringConstraints(strict=True, pattern=_pattern("art"))]
"""An article's id inside a body or a query."""

Bill = Annotated[str, StringConstraints(strict=True, pattern=_pattern("bil"))]
"""A bill's id inside a body."""

Payment = Annotated[str, StringConstraints(strict=True, pattern=_pattern("pay"))]
"""A payment's id inside a body."""

Reminder = Annotated[str, StringConstraints(strict=True, pattern=_pattern("rem"))]
"""A reminder's id inside a body."""
