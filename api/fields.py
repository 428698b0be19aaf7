"""The types of the fields that come in and go out: strict, bounded, described, never a float."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from domain.values.money import LARGEST
from domain.values.text import LONGEST, is_readable, tidy

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DIGITS = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


class In(BaseModel):
    """What comes in: unknown fields are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _wrong_format() -> PydanticCustomError:
    return PydanticCustomError("wrong_format", "not the documented form")


def _readable(text: str) -> str:
    tidied = tidy(text)
    if not is_readable(tidied):
        raise PydanticCustomError("unreadable_text", "unreadable characters")
    return tidied


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise _wrong_format()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _wrong_format() from None


def _number(value: Any) -> Any:
    """An integer of a query, which is always text: ASCII digits only, no sign, no spaces."""
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or _DIGITS.fullmatch(value) is None:
        raise _wrong_format()
    return int(value)


def signed(value: Any) -> Any:
    """An integer of a query that may be negative; raises the error that pydantic knows."""
    if isinstance(value, str) and value.startswith("-") and value != "-0":
        return -_number(value.removeprefix("-"))
    return _number(value)


def _truth(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise _wrong_format()
    return value == "true"


def known_at(value: Any) -> int | datetime:
    """A position, or an instant with its offset; raises the error that pydantic knows."""
    text = str(value)
    if _DIGITS.fullmatch(text):
        return int(text)
    if _INSTANT.fullmatch(text) is None:
        raise _wrong_format()
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong_format() from None


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Text = Annotated[str, StringConstraints(strict=True, max_length=LONGEST), AfterValidator(_readable)]
"""A text: NFC, trimmed, without control or direction characters."""

Label = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(_readable)
]
"""A short text that is not empty."""

Search = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_readable)]

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-30"]}),
]
"""A civil day, `YYYY-MM-DD`."""

Instant = Annotated[
    AwareDatetime,
    PlainSerializer(_zulu, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment, RFC 3339 in UTC with `Z`."""

MinorUnits = Annotated[
    int, Field(strict=True, ge=-LARGEST, le=LARGEST, json_schema_extra={"format": "int64"})
]
Currency = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

Quantity = Annotated[
    str, StringConstraints(strict=True, pattern=r"^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$")
]
Price = Annotated[
    str, StringConstraints(strict=True, pattern=r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$")
]
Percent = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^((0|[1-9][0-9]?)(\.[0-9]{1,2})?|100(\.0{1,2})?)$"),
]
Account = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{3,8}$")]
JournalCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
CountryCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
OfCountry = Annotated[
    CountryCode | None,
    Field(description="Of third parties in this country, by their contact cards."),
]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]

Number = Annotated[int, BeforeValidator(_number)]
Position = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=0, le=2**62),
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": 0, "maximum": 2**62}),
]
"""The position of an event in its book, from 1; 0 is before the first."""

Truth = Annotated[bool, BeforeValidator(_truth)]
Limit = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=1, le=200),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 200}),
]
KnownAt = Annotated[
    int | datetime,
    BeforeValidator(known_at),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]{0,17}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+))$",
            "examples": ["1204", "2026-03-03T00:00:00Z"],
        }
    ),
]
"""A position of the book or an instant: what was known then."""

VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]


class Money(In):
    """An amount: `amount` in the currency's smallest unit (121000 EUR is 1 210,00 €)."""

    amount: MinorUnits = Field(description="Whole minor units; never a decimal number.")
    currency: Currency = Field(description="ISO 4217 code.")


def of_one_currency(amounts: Iterable[Money]) -> None:
    """Raises the error that pydantic knows when a document mixes currencies."""
    if len({amount.currency for amount in amounts}) > 1:
        raise PydanticCustomError("mixed_currencies", "one document, one currency")


def money(amount: int, currency: str) -> Money:
    """An amount of the books as it goes out."""
    return Money(amount=amount, currency=currency)
