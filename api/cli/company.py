"""`paraphe company`: open a company's book, and list those that are open."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, DryRun, backend, books, operator, show

if TYPE_CHECKING:
    from domain.parties.opening import NewCompany

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
        }
    )
    book_id = str(uuid4())
    with backend() as opened, books(opened, dry_run=dry_run) as store:
        written = open_company(store, book_id, new, operator(f"open:{book_id}"))
    result = {"company_id": book_id, "name": written.answer.name, "position": written.position}
    show(result, book_id, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the companies: id, country, registration, name, number of events."""
    from msgspec import to_builtins

    with backend() as opened:
        books = opened.shelf.books()
    lines = [f"{b.book_id}  {b.country}  {b.registration:<14}{b.size:>8}  {b.name}" for b in books]
    show(to_builtins(books), "\n".join(lines), as_json=as_json)


def _checked(given: dict[str, object]) -> "NewCompany":
    import msgspec

    from api.cli._console import Exit, stop
    from domain.parties.opening import NewCompany

    try:
        return msgspec.convert(given, NewCompany)
    except msgspec.ValidationError as error:
        stop(str(error), Exit.USAGE)
