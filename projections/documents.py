"""Structs as documents within rows: exactly what comes back out of a jsonb column."""

from typing import Any

from msgspec import json


def as_document(value: object) -> dict[str, Any]:
    """A struct or mapping as JSON has it: tuples are lists, and nothing but plain values."""
    return dict(json.decode(json.encode(value)))
