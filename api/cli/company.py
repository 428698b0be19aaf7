"""`paraphe company`: open a company's book, and list those that are open."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, DryRun, Exit, backend, books, operator, show, stop
from api.cli._documents import desk, read_body
from api.cli._selling import Body, Fields

if TYPE_CHECKING:
    from domain.parties.opening import NewCompany
    from services.dossiers import Card

Ibans = Annotated[list[str] | None, typer.Option(help="May be given several times.")]
ProfileFields = Annotated[
    list[str] | None,
    typer.Option(help="registry=RCS Paris, capital=1000000 (in cents), website=…; several times."),
]

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
    iban: Ibans = None,
    profile: ProfileFields = None,
    size: Annotated[str, typer.Option(help="small, or large beyond that.")] = "small",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Open the book of a French or Belgian company and print its id."""
    land = country.upper()
    place = {"street": street, "postal_code": postal_code, "city": city, "country": land}
    new = _checked(
        {
            "name": name,
            "country": land,
            "registration": registration,
            "address": place,
            "vat_number": vat_number,
            "vat_regime": vat_regime,
            "legal_form": legal_form,
            "ibans": iban or [],
            "size": size,
        },
        profile or [],
    )
    result = _open(new, dry_run=dry_run)
    show(result, result["company_id"], as_json=as_json)


def _open(new: "NewCompany", *, dry_run: bool) -> dict[str, Any]:
    """Opens the book of a company under a new id."""
    from domain.parties.opening import registration_of
    from services.companies import open_company
    from services.dossiers import one_active

    book_id = str(uuid4())
    with backend() as opened, books(opened, dry_run=dry_run) as store:
        unique, number = opened.settings.unique_companies, registration_of(new) or ""
        with one_active(opened.store, opened.shelf, number, book_id, checked=unique):
            written = open_company(store, book_id, new, operator(f"open:{book_id}"))
    return {"company_id": book_id, "name": written.answer.name, "position": written.position}


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
def list_(
    *,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Only those; else all.")
    ] = None,
    manager: Annotated[str | None, typer.Option(help="Managed by this person.")] = None,
    search: Annotated[str | None, typer.Option(help="This in name, number or code.")] = None,
    sort: Annotated[str, typer.Option(help="Any column; - before it descends.")] = "id",
    as_json: AsJson = False,
) -> None:
    """List the companies with code, manager, whether they are active, and since when (C16)."""
    from services.dossiers import SORT_COLUMNS, CardFilter, list_cards

    if sort.removeprefix("-") not in SORT_COLUMNS:
        stop(f"--sort is one of {', '.join(SORT_COLUMNS)}", Exit.USAGE)
    wanted = CardFilter(active=active, manager=manager, q=search)
    with backend() as opened:
        sizes = {book.book_id: book.size for book in opened.shelf.books()}

        def pages(begin: str | None) -> list[str]:
            return sorted(sizes) if begin is None else []

        cards, _ = list_cards(opened.store, pages, wanted, sort=sort, limit=len(sizes))
    rows = [_listed(card, sizes[card.book_id]) for card in cards]
    lines = [
        f"{row['book_id']}  {row['country']}  {row['registration']:<14}{row['size']:>8}  "
        f"{row['code']:<8}  {row['manager']:<8}  {row['active_since'][:10]:<10}  {row['name']}"
        for row in rows
    ]
    show(rows, "\n".join(lines), as_json=as_json)


@app.command()
def dossier(
    company: Company,
    *,
    code: Annotated[str, typer.Option(help="The firm's own code.")] = "",
    manager: Annotated[str, typer.Option(help="Who manages it.")] = "",
    active: Annotated[bool, typer.Option("--active/--inactive", help="Or put away.")] = True,
    as_json: AsJson = False,
) -> None:
    """Say how the firm calls a company, whole, and whether it is active (C16)."""
    from domain.parties.dossier import NewDossier
    from services.dossiers import keep_dossier

    with backend() as opened:
        book = opened.shelf.find(company)
        new = NewDossier(code=code, manager=manager, active=active)
        written = keep_dossier(
            opened.store,
            opened.shelf,
            book.book_id,
            new,
            operator(f"dossier:{uuid4()}"),
            alone=opened.settings.unique_companies,
        )
    shown = _listed(written.answer, written.position)
    show(shown, f"{shown['name']}: {'active' if active else 'put away'}", as_json=as_json)


def _listed(card: "Card", size: int) -> dict[str, Any]:
    company, known = card.company, card.dossier
    return {
        "book_id": card.book_id,
        "name": company.name,
        "country": company.country,
        "registration": company.registration,
        "size": size,
        "code": known.code,
        "manager": known.manager,
        "active": known.active,
        "active_since": "" if known.since is None else known.since.isoformat(),
    }


def _checked(given: dict[str, object], profile: list[str]) -> "NewCompany":
    """The company as it introduces itself, with what was said of its profile, name by name."""
    import msgspec
    from msgspec.structs import replace

    from domain.parties.company import Profile
    from domain.parties.opening import NewCompany

    try:
        said = msgspec.convert(dict(map(_named, profile)), Profile, strict=False)
        return replace(msgspec.convert(given, NewCompany), profile=said)
    except msgspec.ValidationError as error:
        stop(str(error), Exit.USAGE)


def _named(field: str) -> tuple[str, str]:
    name, _, value = field.partition("=")
    return name, value
