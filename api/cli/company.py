"""`paraphe company`: open a company's book, and list those that are open."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, DryRun, backend, books, operator, show
from api.cli._documents import desk, read_body
from api.cli._selling import Body, Fields

if TYPE_CHECKING:
    from domain.parties.opening import NewCompany

PROFILE = "registry=RCS Paris, capital=1000000 (in cents), website=…; several times."

app = typer.Typer(help="Open a company's book, and list the books.")


@app.command("open")
def open_(
    name: Annotated[str, typer.Argument(help="The company's legal name.")],
    *,
    country: Annotated[str, typer.Option(help="FR or BE.")],
    registration: Annotated[str, typer.Option(help="SIREN or SIRET, or KBO number.")],
    street: Annotated[str, typer.Option(help="Street and number of the seat.")],
    postal_code: Annotated[str, typer.Option(help="Postal code of the seat.")],
    city: Annotated[str, typer.Option(help="Town of the seat.")],
    vat_number: Annotated[str, typer.Option(help="Not for the franchise regime.")] = "",
    vat_regime: Annotated[str, typer.Option(help="normal, simplified or franchise.")] = "normal",
    legal_form: Annotated[str, typer.Option(help="SAS, SRL…")] = "",
    iban: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    profile: Annotated[list[str] | None, typer.Option(help=PROFILE)] = None,
    size: Annotated[str, typer.Option(help="small, or large beyond that.")] = "small",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Open the book of a French or Belgian company and print its id."""
    from services.companies import open_company

    country = country.upper()
    place = {"street": street, "postal_code": postal_code, "city": city, "country": country}
    new = _checked(
        {
            "name": name,
            "country": country,
            "registration": registration,
            "address": place,
            "vat_number": vat_number,
            "vat_regime": vat_regime,
            "legal_form": legal_form,
            "ibans": iban or [],
            "profile": _profile(profile or []),
            "size": size,
        }
    )
    book_id = str(uuid4())
    with backend() as opened, books(opened, dry_run=dry_run) as store:
        written = open_company(store, book_id, new, operator(f"open:{book_id}"))
    result = {"company_id": book_id, "name": written.answer.name, "position": written.position}
    show(result, book_id, as_json=as_json)


@app.command()
def describe(
    company: Company,
    file: Body = None,
    fields: Fields = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Replace what a company says about itself, whole; issued documents keep what they printed."""
    from api.models.parties import CompanyOut

    with desk(company, dry_run=dry_run) as at:
        new = read_body("api.models.parties:DescriptionIn", file, fields or (), at)
        written = at.do("services.companies:describe_company", new)
    shown = CompanyOut.of(at.book_id, written.answer).model_dump(mode="json")
    show({**shown, "position": written.position}, str(shown["name"]), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the companies: id, country, registration, name, number of events."""
    from msgspec import to_builtins

    with backend() as opened:
        books = opened.shelf.books()
    lines = [f"{b.book_id}  {b.country}  {b.registration:<14}{b.size:>8}  {b.name}" for b in books]
    show(to_builtins(books), "\n".join(lines), as_json=as_json)


def _profile(fields: list[str]) -> dict[str, object]:
    """What was said of the profile, by name; the capital is a whole number."""
    said: dict[str, object] = dict(field.partition("=")[::2] for field in fields)
    capital = str(said.get("capital", ""))
    return said | {"capital": int(capital)} if capital.isdecimal() else said


def _checked(given: dict[str, object]) -> "NewCompany":
    import msgspec

    from api.cli._console import Exit, stop
    from domain.parties.opening import NewCompany

    try:
        return msgspec.convert(given, NewCompany)
    except msgspec.ValidationError as error:
        stop(str(error), Exit.USAGE)
