"""The QR code of a stamp, as SVG to put into a printed document."""

import segno

from domain.book.seal_code import Stamp


def qr_svg(stamp: Stamp, *, millimetres: str = "22mm") -> str:
    """An inline SVG of that width whose code holds both seals of the stamp; nothing is fetched."""
    code = segno.make(stamp.payload(), error="m", micro=False)
    drawn: str = code.svg_inline(omitsize=True, border=2)
    size = f'<svg width="{millimetres}" height="{millimetres}"'
    return drawn.replace("<svg", size, 1)
