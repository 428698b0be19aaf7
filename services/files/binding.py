"""Parts of a PDF bound into one, with page n of m stamped on each page.

How many pages there are is known when the last part is printed; a sheet with its number for each
page is then printed and laid over it.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.printing.press import Press

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

NUMBERS = """<!doctype html><meta charset="utf-8"><title>n</title><style>
@page {{ size: A4 {way}; margin: 15mm 13mm; @bottom-right {{ vertical-align: top; padding-top: 3mm;
    content: counter(page) " / " counter(pages); font: 7.2pt/1.35 "Inter", "Source Sans 3",
    "Noto Sans", "DejaVu Sans", sans-serif; color: #1c252c }} }}
p {{ margin: 0; break-after: page }} p:last-child {{ break-after: auto }}
</style>{pages}"""


NUMBER = "/PageNumber"
"""The name that the font of the numbers has on every page."""


def bind(parts: Iterable[bytes], path: Path, press: Press, *, sheet: str, title: str) -> None:
    """Writes one PDF of many; the same parts give the same bytes."""
    # Imported here: every command line would carry its weight.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    bound = PdfWriter()
    for part in parts:
        bound.append(PdfReader(io.BytesIO(part)), import_outline=False)
    way = "portrait" if sheet == "upright" else "landscape"
    numbers = NUMBERS.format(way=way, pages="<p>&#160;</p>" * len(bound.pages))
    stamps = PdfReader(io.BytesIO(press.print(numbers)))
    for page, stamp in zip(bound.pages, stamps.pages, strict=True):
        _lay_over(bound, page, stamp)
    bound.add_metadata({"/Title": title, "/Producer": "Paraphe"})
    with path.open("wb") as file:
        bound.write(file)


def _lay_over(bound: "PdfWriter", page: "PageObject", stamp: "PageObject") -> None:
    """Adds what a stamp draws after what a page draws, which is not even unpacked for it."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject  # noqa: PLC0415

    fonts: Any = stamp["/Resources"]
    ((name, font),) = fonts["/Font"].items()
    drawn = stamp.get_contents()
    content = b"" if drawn is None else drawn.get_data().replace(name.encode(), NUMBER.encode())

    def stream(data: bytes) -> Any:
        made = DecodedStreamObject()
        made.set_data(data)
        return bound._add_object(made)  # noqa: SLF001  pypdf has no other way

    own: Any = page["/Resources"]
    own["/Font"][NameObject(NUMBER)] = font.clone(bound).indirect_reference
    before = page.raw_get("/Contents")
    page[NameObject("/Contents")] = ArrayObject(
        [stream(b"q\n"), before, stream(b"\nQ\n"), stream(content)]
    )
