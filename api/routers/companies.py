"""Companies: open one, see those a key reaches, their accounts and journals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from api import problems as kinds
from api.cursors import seal, unseal
from api.errors import Problem
from api.fields import Limit, Out
from api.ids import company_id, new_book_id
from api.listing import Cursor
from api.models.parties import (
    AccountIn,
    CompanyOut,
    DescriptionIn,
    Journal,
    NewCompanyIn,
    OptionIn,
)
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.visit import Browsing, Commanding, Founding, Reading, answer, answer_written
from domain.ledger.chart import AccountRole
from domain.parties.company import Company
from domain.parties.optional import Option
from services import companies
from services.loading import load_company

router = APIRouter(prefix="/v1/companies", tags=["companies"], route_class=Route)


class CompaniesOut(Out):
    """Companies that a key reaches."""

    data: list[CompanyOut] = Field(description="The companies, by id.")
    has_more: bool = Field(description="Whether there are more.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")


class AccountsOut(Out):
    """The accounts of a company by what they are for."""

    data: dict[str, str] = Field(description="Account by role.")


class JournalsOut(Out):
    """The journals of a company."""

    data: list[Journal] = Field(description="The journals.")


@router.post(
    "",
    operation_id="companies_open",
    summary="Open a company's book",
    status_code=201,
    response_model=CompanyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def open_company(visit: Founding, body: NewCompanyIn) -> Response:
    """Opens the book of a French or Belgian company; only a key for all companies may."""
    if not visit.access.every_book:
        raise Problem(kinds.FIRM_KEY_REQUIRED)
    book = new_book_id(visit.command_id)
    written = companies.open_company(visit.store, book, body.new(), visit.command)
    headers = {"Location": f"/v1/companies/{company_id(book)}"}
    return answer_written(written, CompanyOut.of(book, written.answer), 201, headers)


@router.get(
    "",
    operation_id="companies_list",
    summary="List companies",
    response_model=CompaniesOut,
    responses=problems(400, 401, 403, 429, 503),
    openapi_extra=needs("companies:read"),
)
def list_companies(
    visit: Browsing,
    limit: Annotated[Limit, Query(description="At most so many companies.")] = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """Lists the companies that the key reaches."""
    secret, listing = visit.door.secret, f"companies {visit.access.key_id}"
    after = UUID(unseal(secret, listing, cursor)[0]) if cursor is not None else None
    books = visit.door.porter.books_reached(visit.access, after, limit + 1)
    opened = [(book, companies.find_company(visit.store.past(book))) for book in books[:limit]]
    more = len(books) > limit
    body = CompaniesOut(
        data=[CompanyOut.of(book, company) for book, company in opened if company is not None],
        has_more=more,
        next_cursor=seal(secret, listing, (books[limit - 1],)) if more else None,
    )
    return answer(body)


@router.get(
    "/{company_id}",
    operation_id="companies_get",
    summary="See a company",
    response_model=CompanyOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def get_company(visit: Reading) -> Response:
    """Gives the company as of now."""
    return answer(CompanyOut.of(visit.book_id, _company(visit)))


@router.get(
    "/{company_id}/accounts",
    operation_id="accounts_list",
    summary="See which account has which role",
    response_model=AccountsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def list_accounts(visit: Reading) -> Response:
    """Gives the account of each role (M63)."""
    return answer(
        AccountsOut(data={str(role): each for role, each in _company(visit).accounts.items()})
    )


@router.post(
    "/{company_id}/accounts/{role}",
    operation_id="accounts_map",
    summary="Give a role another account",
    response_model=CompanyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def map_account(
    visit: Commanding,
    role: Annotated[AccountRole, Path(description="What the account is for.")],
    body: AccountIn,
) -> Response:
    """Maps a role to another account from now on; past entries stay."""
    written = companies.map_account(visit.store, visit.book_id, role, body.account, visit.command)
    return answer_written(written, CompanyOut.of(visit.book_id, written.answer))


@router.post(
    "/{company_id}/describe",
    operation_id="companies_describe",
    summary="Describe a company anew",
    response_model=CompanyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def describe_company(visit: Commanding, body: DescriptionIn) -> Response:
    """Replaces what the company says about itself; issued documents keep what they printed."""
    written = companies.describe_company(visit.store, visit.book_id, body.new(), visit.command)
    return answer_written(written, CompanyOut.of(visit.book_id, written.answer))


@router.post(
    "/{company_id}/options/{option}",
    operation_id="options_set",
    summary="Switch an option",
    response_model=CompanyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def set_option(
    visit: Commanding,
    option: Annotated[Option, Path(description="What is switched.")],
    body: OptionIn,
) -> Response:
    """Switches a part of the product on or off; what exists in it stays readable (M10, M50)."""
    written = companies.set_option(visit.store, visit.book_id, option, visit.command, on=body.on)
    return answer_written(written, CompanyOut.of(visit.book_id, written.answer))


@router.get(
    "/{company_id}/journals",
    operation_id="journals_list",
    summary="See the journals",
    response_model=JournalsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def list_journals(visit: Reading) -> Response:
    """Gives the journals that entries are written in (C12)."""
    company = CompanyOut.of(visit.book_id, _company(visit))
    return answer(JournalsOut(data=company.journals))


def _company(visit: Reading) -> Company:
    return load_company(visit.store.past(visit.book_id))
