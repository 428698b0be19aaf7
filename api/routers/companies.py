"""Companies: open one, see those a key reaches, their accounts and journals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from api import problems as kinds
from api.cursors import seal, unseal
from api.errors import Problem
from api.fields import Out
from api.ids import company_id, new_book_id
from api.models.dossiers import CompaniesAsked, DossierIn, ListedCompanyOut
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
from domain.parties import opening
from domain.parties.company import Company
from domain.parties.dossier import NewDossier
from domain.parties.optional import Option
from services import companies, dossiers
from services.loading import load_company

router = APIRouter(prefix="/v1/companies", tags=["companies"], route_class=Route)
BOOKS_AT_ONCE = 200


class CompaniesOut(Out):
    """Companies that a key reaches."""

    data: list[ListedCompanyOut] = Field(description="The companies, in the order asked for.")
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
    new, backend = body.new(), visit.backend
    unique, number = backend.settings.unique_companies, opening.registration_of(new) or ""
    with dossiers.one_active(visit.store, backend.shelf, number, book, checked=unique):
        written = companies.open_company(visit.store, book, new, visit.command)
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
def list_companies(visit: Browsing, asked: Annotated[CompaniesAsked, Query()]) -> Response:
    """Lists the companies that the key reaches, with their dossiers (C16)."""
    secret, listing = visit.door.secret, f"{asked.listing} {visit.access.key_id}"
    after = None if asked.cursor is None else unseal(secret, listing, asked.cursor)

    def pages(begin: str | None) -> list[str]:
        behind = None if begin is None else UUID(begin)
        return visit.door.porter.books_reached(visit.access, behind, BOOKS_AT_ONCE)

    cards, place = dossiers.list_cards(
        visit.store,
        pages,
        asked.wanted(),
        sort=asked.sort,
        after=None if after is None else (str(after[0]), str(after[1])),
        limit=asked.limit,
    )
    body = CompaniesOut(
        data=[ListedCompanyOut.listed(card) for card in cards],
        has_more=place is not None,
        next_cursor=None if place is None else seal(secret, listing, place),
    )
    return answer(body)


@router.post(
    "/{company_id}/dossier",
    operation_id="dossiers_keep",
    summary="Say how the firm calls a company, and whether it is active",
    response_model=ListedCompanyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def keep_dossier(visit: Commanding, body: DossierIn) -> Response:
    """Sets code, manager and whether the dossier is active; the books stay as they are (C16)."""
    written = dossiers.keep_dossier(
        visit.store,
        visit.backend.shelf,
        visit.book_id,
        NewDossier(**body.model_dump()),
        visit.command,
        alone=visit.backend.settings.unique_companies,
    )
    return answer_written(written, ListedCompanyOut.listed(written.answer))


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
