"""A document as PDF: its sheet as one HTML page, in which every text is escaped, and the press."""

from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from domain.sales.template import HOUSE, NewTemplate
from services.audit.seals import stamp
from services.loading import load_company
from services.printing.composing import compose
from services.printing.paper import Paper
from services.printing.press import Press
from services.printing.sheet import Mark, Sheet
from services.printing.slips import as_slip
from services.store.pen import Reader
from services.store.store import Store
from services.templates import resolve_template

LAYOUT = 1
"""The version of the page: raised whenever the same sheet would look otherwise."""

FOLDER = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
STYLE = (FOLDER / "document.css").read_text(encoding="utf-8")
HOUSE_LOOK = NewTemplate(name=HOUSE)


class Rendered(Struct, frozen=True, kw_only=True):
    """A document as PDF, and the version of the template that it was rendered with."""

    pdf: bytes
    template: str


def render(store: Store, press: Press, reader: Reader, paper: Paper, mark: Mark = "") -> Rendered:
    """The PDF of a document of the reader's book: company and template as they stood there.

    The seal is the newest one. Raises PressFailed.
    """
    company = load_company(reader)
    template = resolve_template(reader, paper.template, paper.kind)
    look = HOUSE_LOOK if template is None else template.look
    sheet = compose(
        paper,
        company,
        look,
        mark=mark,
        stamp=stamp(store, reader.book_id) if mark != "draft" else None,
        logo=_picture(store, reader.book_id, look.logo or company.profile.logo),
    )
    if paper.deposit is not None:
        sheet = as_slip(sheet, paper.deposit, company)
    used = HOUSE if template is None else template.pinned
    return Rendered(pdf=press.print(render_html(sheet)), template=used)


def render_html(sheet: Sheet) -> str:
    """The page of a sheet; it names nothing outside of itself."""
    return _PAGES.get_template("document.html").render(
        sheet=sheet,
        style=Markup(STYLE),  # noqa: S704  ours
        drawing=Markup,
    )


def _picture(store: Store, book_id: str, digest: str) -> str:
    """A kept picture as a data: URL; empty where there is none, or it is no picture."""
    file = store.file(book_id, digest) if digest else None
    if file is None or file.media_type not in ("image/png", "image/jpeg"):
        return ""
    return f"data:{file.media_type};base64,{b64encode(file.content).decode()}"
