"""Documents at the command line: found by number or id, asked for in JSON, shown in a line."""

import json
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from api.cli._console import Exit, backend, books, operator, show, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.backend import Backend
    from services.store.store import Store


class Kind(NamedTuple):
    """A kind of document: its name in lists, the prefix of its ids, how it is found and shown.

    `find` and `shown` are named where they live ("module:name"), and imported when they are used.
    """

    name: str
    prefix: str
    find: str
    shown: str


QUOTE = Kind("quote", "qte", "services.quote_loading:get_quote", "api.models.quotes:QuoteOut")
DEPOSIT = Kind(
    "deposit_request", "dep", "services.quote_loading:get_deposit", "api.models.quotes:DepositOut"
)
ORDER = Kind("order", "ord", "services.ordering:get_order", "api.models.orders:OrderOut")
DELIVERY = Kind(
    "delivery", "dlv", "services.ordering:get_delivery", "api.models.orders:DeliveryOut"
)
INVOICE = Kind("invoice", "inv", "services.invoicing:get_invoice", "api.models.sales:InvoiceOut")
CREDIT_NOTE = Kind(
    "credit_note", "crn", "services.invoicing:get_credit_note", "api.cli.credit:Shown"
)
TEMPLATE = Kind("", "tpl", "services.templates:get_template", "api.models.printing:TemplateOut")

REFERENCES = {"order_id": ORDER}
"""What of a body names another document, and may name it by its number."""


class Desk(NamedTuple):
    """A company's books, or for a dry run books in which nothing is written."""

    opened: "Backend"
    store: "Store"
    book_id: str

    def find(self, kind: Kind, word: str) -> str:
        """The id of a document by its number or id; ends the command where there is none."""
        if word.startswith(f"{kind.prefix}_") or not kind.name:
            return word
        return number_in(self.opened, self.book_id, kind.name, word)

    def do(self, use_case: str, *asked: Any) -> Any:
        """Runs a use case as the operator; gives what was written."""
        command = operator(f"{use_case.partition(':')[2]}:{uuid4()}")
        return named(use_case)(self.store, self.book_id, *asked, command)

    def see(self, kind: Kind, document_id: str) -> Any:
        """A document as it stands."""
        return named(kind.find)(self.store.past(self.book_id), document_id)


@contextmanager
def desk(company: str, *, dry_run: bool = False) -> "Iterator[Desk]":
    """The books of a company, found by its name, registration number or id."""
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        with books(opened, dry_run=dry_run) as store:
            yield Desk(opened, store, book_id)


def number_in(opened: "Backend", book_id: str, kind: str, number: str) -> str:
    """The id of the document of a kind that has that number; ends the command without one."""
    from projections.sales_documents_view import SalesFilter, list_documents

    opened.engine.run_to_head(book_id)
    wanted = SalesFilter(kind=kind, number=number)  # type: ignore[arg-type]
    with opened.readers.of(book_id) as conn:
        rows = list_documents(conn, book_id, wanted, limit=1).rows
    if not rows:
        stop(f"there is no {kind.replace('_', ' ')} {number}", Exit.REFUSED)
    return str(rows[0].id)


def named(place: str) -> Any:
    """What "module:name" names."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def read_body(model: str, file: Path | None, fields: Sequence[str], opened: Desk) -> Any:
    """What is asked, as the domain takes it: the JSON of a file, then single fields over it.

    `name=value` sets a text, `name:=value` any JSON. Ends the command where it is not as the API
    would take it.
    """
    from pydantic import ValidationError

    said = _json(_content(file), str(file)) if file is not None else {}
    for field in fields:
        name, value = _set(field)
        said[name] = value
    for name, kind in REFERENCES.items():
        if said.get(name):
            said[name] = opened.find(kind, str(said[name]))
    try:
        return named(model).model_validate(said).new()
    except ValidationError as error:
        wrong = "; ".join(
            f"/{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        stop(wrong, Exit.USAGE)


def tell(kind: Kind, answer: Any, position: int | None = None, *, as_json: bool) -> None:
    """Shows a document: in one line, or as the API shows it."""
    shown = named(kind.shown).of(answer).model_dump(mode="json")
    where = {} if position is None else {"position": position}
    show({**shown, **where}, in_words(shown), as_json=as_json)


def in_words(shown: dict[str, Any]) -> str:
    """A document in one line: what it is called, where it stands, what it comes to."""
    totals = shown.get("totals") or {}
    amount = shown.get("gross") or shown.get("amount") or totals.get("gross")
    said = [
        shown.get("number") or shown["id"],
        shown.get("status") or shown.get("state") or shown.get("name") or "",
        amount_in_words(amount) if amount else "",
        shown.get("customer_name") or "",
    ]
    return "  ".join(filter(None, said))


def amount_in_words(amount: dict[str, Any]) -> str:
    """An amount with its currency: 1210.00 EUR."""
    from domain.values.money import written

    return f"{written(int(amount['amount']), amount['currency'])} {amount['currency']}"


def _set(field: str) -> tuple[str, Any]:
    name, found, value = field.partition("=")
    if not found or not name.rstrip(":"):
        stop(f"--set {field!r}: give name=text or name:=JSON", Exit.USAGE)
    return (name[:-1], _json(value, field)) if name.endswith(":") else (name, value)


def _content(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file}: {error}", Exit.USAGE)


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        stop(f"{place}: {error}", Exit.USAGE)
