"""A sheet as HTML: one page for all kinds of documents; every text in it is escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.printing.sheet import Sheet

LAYOUT = 1
"""The version of the page: raised whenever the same sheet would look otherwise."""

FOLDER = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
STYLE = (FOLDER / "document.css").read_text(encoding="utf-8")


def render_html(sheet: Sheet) -> str:
    """The page of a sheet; it names nothing outside of itself."""
    return _PAGES.get_template("document.html").render(
        sheet=sheet,
        style=Markup(STYLE),  # noqa: S704  ours
        drawing=Markup,
    )
