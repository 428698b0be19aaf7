"""Templates to HTML: all escaped, none undefined, dates and amounts as people write them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.values.currency import EXPONENTS
from projections.history_view import PartyBalance

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


def by_account(balances: Iterable[PartyBalance]) -> dict[tuple[str, str], list[PartyBalance]]:
    """Balances by account and currency: what must add up to the control accounts."""
    groups: dict[tuple[str, str], list[PartyBalance]] = {}
    for balance in balances:
        groups.setdefault((balance.account, balance.currency), []).append(balance)
    return groups


_templates.filters.update(amount=amount, day=day, by_account=by_account)
