"""Templates to HTML: all escaped, none undefined, dates and amounts as people write them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.values.currency import EXPONENTS

MINUS, THIN_SPACE = "\u2212", "\u202f"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **values: Any) -> Response:
    """A template as an HTML answer."""
    html = _templates.get_template(template).render(values)
    return Response(html, 200, {"Cache-Control": "no-store"}, "text/html; charset=utf-8")


def amount(value: int, currency: str) -> str:
    """Minor units as a reader of French expects them: 1 210,00 with a real minus."""
    decimals = EXPONENTS[currency]
    whole, rest = divmod(abs(value), 10**decimals)
    text = f"{whole:,}".replace(",", THIN_SPACE)
    if decimals:
        text += f",{rest:0{decimals}}"
    return (MINUS if value < 0 else "") + text


def day(value: date | None) -> str:
    """A day as DD/MM/YYYY, in words when there is none."""
    return "none yet" if value is None else value.strftime("%d/%m/%Y")


def moment(value: datetime) -> str:
    """An instant to the minute, in UTC."""
    return value.strftime("%d/%m/%Y %H:%M UTC")


_templates.filters.update(amount=amount, day=day, moment=moment)
