"""`paraphe template`: how documents look, each change a version of its own."""

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, DryRun, operator, show
from api.cli._documents import TEMPLATE, desk, in_words, named
from api.cli._selling import asking, asking_of, seeing

app = typer.Typer(no_args_is_help=True, help="Templates: make, revise, keep a logo.")

_BODY = "api.models.printing:TemplateIn"

asking(
    app, "make", TEMPLATE, "Make a template, the default of its kinds from now on (M11).",
    use_case="services.templates:make_template", model=_BODY,
)  # fmt: skip
asking_of(
    app, "revise", TEMPLATE, "Make the next version; what was printed stays as it was (M11).",
    use_case="services.templates:revise_template", model=_BODY,
)  # fmt: skip
seeing(app, TEMPLATE, "Show a template in its newest version.")


@app.command("list")
def list_(company: Company, *, as_json: AsJson = False) -> None:
    """List the newest version of every template (M11)."""
    from services.templates import list_templates

    with desk(company) as at:
        found = list_templates(at.store.past(at.book_id))
    shown = [named(TEMPLATE.shown).of(each).model_dump(mode="json") for each in found]
    lines = [f"{in_words(each)}  {', '.join(each['kinds'])}" for each in shown]
    show(shown, "\n".join(lines), as_json=as_json)


@app.command("logo")
def logo(
    picture: Annotated[Path, typer.Argument(exists=True, help="A PNG or JPEG picture.")],
    company: Company,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Keep a picture for documents; print its digest, which a template names (M11)."""
    from services.templates import keep_logo

    with desk(company, dry_run=dry_run) as at:
        command = operator(f"logo:{uuid4()}")
        digest = keep_logo(at.store, at.book_id, picture.read_bytes(), command).answer
    show({"logo": digest}, digest, as_json=as_json)
