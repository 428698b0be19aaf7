"""The HTTP application: routers put together, guarded, and described in OpenAPI 3.1."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

import api
from api import errors
from api.description import describe
from api.meter import Meter
from api.outermost import Outermost
from api.pages import assets, docs, home, problem_pages
from api.route import Route, UndeclaredScope
from api.routers import (
    aged,
    archives,
    articles,
    bank_lines,
    bank_statements,
    bank_transactions,
    bills,
    cheque_deposits,
    closings,
    companies,
    contacts,
    dashboard,
    deposits,
    document_mails,
    documents_sent,
    earnings,
    entries,
    events,
    exports,
    fec_imports,
    files,
    health,
    imports,
    instalments,
    invoices,
    journal,
    late_fees,
    ledger,
    letterings,
    losses,
    mandates,
    orders,
    oss,
    payments,
    prints,
    proofs,
    provenance,
    quotes,
    registers,
    reminders,
    remittance_lists,
    remittances,
    sales_documents,
    sales_lines,
    settlements,
    templates,
    vat_returns,
)
from api.visit import Door
from services.backend import Backend

# Waiting for the pen costs a thread but no connection: many threads let it combine many commands.
THREADS = 64

# Matched one after the other: what is called most stands first.
ROUTERS: tuple[APIRouter, ...] = (
    invoices.router,
    payments.router,
    payments.letterings,
    bank_lines.router,
    bank_lines.registers,
    bank_statements.router,
    bank_statements.registers,
    bank_statements.settings,
    settlements.router,
    archives.router,
    documents_sent.router,
    earnings.router,
    registers.router,
    bank_transactions.router,
    instalments.router,
    letterings.router,
    ledger.router,
    sales_documents.router,
    sales_lines.router,
    dashboard.router,
    aged.router,
    provenance.router,
    oss.router,
    vat_returns.router,
    exports.router,
    bills.router,
    contacts.router,
    contacts.lists,
    articles.router,
    articles.lists,
    imports.router,
    fec_imports.router,
    remittances.collections,
    remittances.orders,
    remittances.router,
    remittance_lists.router,
    mandates.router,
    mandates.creditor,
    cheque_deposits.router,
    orders.router,
    orders.deliveries,
    entries.router,
    entries.periods,
    invoices.credit_notes,
    losses.router,
    losses.invoices,
    reminders.registers,
    reminders.router,
    reminders.mails,
    reminders.letters,
    reminders.contacts,
    late_fees.router,
    late_fees.invoices,
    quotes.router,
    deposits.router,
    deposits.invoices,
    prints.router,
    prints.prints,
    document_mails.router,
    document_mails.links,
    templates.router,
    templates.logos,
    events.router,
    files.router,
    closings.router,
    journal.router,
    proofs.router,
    companies.router,
    health.router,
    home.router,
    docs.router,
    problem_pages.router,
    assets.router,
)


def create_app(backend: Backend) -> FastAPI:
    """The application over a backend; raises UndeclaredScope for a route without a scope."""
    app = FastAPI(
        title="Paraphe",
        version=api.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    meter = Meter(backend.settings.requests_a_minute)
    app.state.door = Door(backend, backend.porter, backend.porter.cursor_secret(), meter)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # flat: one match a request, not one per level
    refuse_undeclared(app.router.routes)
    errors.install(app)
    app.add_middleware(Outermost, apologise=errors.apologise, leaving=lambda: backend.leaving)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def refuse_undeclared(routes: Iterable[BaseRoute]) -> None:
    """Deny by default: every route is one that declares its scope, or the start fails."""
    for route in routes:
        if not isinstance(route, Route):
            raise UndeclaredScope(getattr(route, "path", repr(route)))


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield {}
