"""The OpenAPI 3.1 description: generated from the routes, with our security scheme and problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.dry_run import PARAMETER, DryRunOut
from api.examples import EXAMPLES
from api.responses import ProblemOut
from api.route import SCHEME
from api.visit import JSON
from services.access import SCOPES

SUMMARY = "Invoicing and accounting for French and Belgian companies: one company, one book."

DESCRIPTION = """
Every company has one append-only book of events. Commands add to it, lists are replays of it.

* **Keys**: `Authorization: Bearer pk_live_…`. A key has scopes and reaches some companies or all.
  A company that a key does not reach and one that does not exist give the same 404.
* **Commands** (every POST) carry an `Idempotency-Key`: a repeat gives the first answer and
  `Idempotent-Replayed: true`; the same key with another body is refused with 422. The answer's
  `Event-Position` is the last event written.
* **Dry runs**: with `dry_run=true` a command or change is decided for real and not written; it
  answers 200 with the events, accounting entries and answer it would give, or with its refusal.
* **Changes** (PATCH) carry `If-Match` with the ETag that was read.
* **Money** is whole minor units beside its currency; prices, quantities and rates are decimal
  strings. A JSON number with a fraction is refused.
* **Lists** take typed filters, `sort`, `limit` and `cursor`; an unknown parameter is refused.
  `as_of` asks for a value date, `known_at` for what was known at a position or instant.
  `meta.position` and `ETag` say on which event the answer stands; `Min-Position` waits for one.
* **Errors** are `application/problem+json` in French, Dutch or English (`Accept-Language`). A
  refusal has status 409, or 422 when `errors[].pointer` names a field that is wrong by itself.
"""

TAGS = {
    "companies": "Companies, their settings, accounts and journals.",
    "contacts": "Customers, suppliers and partners, shared by everything.",
    "articles": "What the company deals in, alone or composed, and what lines take over from it.",
    "imports": "Contacts and articles from CSV and XLSX, in batches that one command undoes.",
    "orders": "Customers' orders: delivered and invoiced in parts.",
    "deliveries": "Deliveries of orders or alone, invoiced several at once.",
    "quotes": "Quotes from draft to the customer's answer; invoiced whole or by situations.",
    "deposits": "Deposits of accepted quotes: requested, then settled with their invoice at once.",
    "invoices": "Invoices to customers: drafts until they are validated, then for ever.",
    "credit_notes": "Credit notes on invoices.",
    "write_offs": "Debts that are lost: written off, their VAT taken back, paid after all.",
    "templates": "How printed documents look: by data, each change a new version.",
    "exports": "Lists of any length as files, made by jobs.",
    "prints": "Documents as PDF: the original of each, kept byte for byte, and selections.",
    "bills": "Bills of suppliers, by hand or from UBL.",
    "payments": "Money in and out.",
    "bank_statements": "Statements of the bank: imported, matched, what waits assigned.",
    "reminders": "Overdue instalments: who is due which letter, letters issued, sent and printed.",
    "mandates": "What customers have signed so that money is collected from them.",
    "remittances": "Files for the bank, made once: direct debits, transfers; cheque deposits.",
    "letterings": "Which lines settle each other.",
    "journal_entries": "Accounting entries.",
    "journal": "What happened to the software and the keys: technical events of the book.",
    "closings": "Days, months and fiscal years that are closed, with their totals.",
    "periods": "The lock date, and how far the books go.",
    "registers": "Archives, history, unpaid items and VAT: answers folded from the book.",
    "events": "The permanent feed.",
    "proofs": "Seals, and proofs that need no trust in us.",
    "files": "Originals kept with the book.",
    "health": "For those who run it.",
}


def _headers(**meanings: str) -> dict[str, Any]:
    return {
        name.replace("_", "-"): {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in meanings.items()
    }


_HEADERS_OF_READS = _headers(
    ETag="The position on which the answer stands, and the day it judges by, in quotes; a file's "
    "SHA-256.",
    Link='Lists: the next page, `rel="next"`.',
)
_HEADERS_OF_COMMANDS = _headers(
    Event_Position="The last event that the command wrote; for Min-Position.",
    Idempotent_Replayed="`true` when the command was run before and this is its first answer.",
    ETag="For If-Match of the next change.",
    Location="The address of what was made.",
)


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of an application, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=SUMMARY,
        description=DESCRIPTION.strip(),
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, made = models_json_schema(
        [(ProblemOut, "serialization"), (DryRunOut, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    schemas.update(made["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "pk_live_…",
            "description": "Scopes: "
            + "; ".join(f"`{scope}`: {text}" for scope, text in SCOPES.items()),
        }
    }
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Takes out the 422 that FastAPI adds; puts in headers, and the example that tests send."""
    answer = operation["responses"].get("422")
    if answer is not None and JSON in answer.get("content", {}):
        del operation["responses"]["422"]
    if any(each["name"] == PARAMETER for each in operation.get("parameters", ())):
        _tell_of_dry_runs(operation["responses"])
    for status, success in operation["responses"].items():
        if status.startswith("2") and operation["security"]:
            success["headers"] = _HEADERS_OF_COMMANDS if method != "get" else _HEADERS_OF_READS
    example = EXAMPLES.get(operation["operationId"])
    if example is not None:
        operation["requestBody"]["content"][JSON]["example"] = example


def _tell_of_dry_runs(responses: dict[str, Any]) -> None:
    """Adds to the answers of a command what its dry run answers."""
    said = {"$ref": f"#/components/schemas/{DryRunOut.__name__}"}
    done = responses.setdefault("200", {"description": "Dry run: what the command would do."})
    content = done.setdefault("content", {}).setdefault(JSON, {})
    content["schema"] = {"anyOf": [content["schema"], said]} if "schema" in content else said
