"""Pictures that come from outside: looked at before they are kept, for they will be rendered."""

import io
import warnings
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.sales.template import PictureIsWrong, PictureType

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 1024 * 1024
LARGEST_SIDE = 4000
TYPES: dict[str | None, PictureType] = {"PNG": "image/png", "JPEG": "image/jpeg"}


class Picture(Struct, frozen=True, kw_only=True):
    """A sound picture: what it is, its size in pixels and the SHA-256 (hex) of its bytes."""

    media_type: PictureType
    width: int
    height: int
    digest: str


def examine(content: bytes) -> Picture:
    """Reads a PNG or JPEG to its last pixel; raises Refusals when it is not one, or too large."""
    picture = _read(content) if len(content) <= LARGEST else None
    if picture is None:
        raise Refusals(PictureIsWrong())
    return picture


def _read(content: bytes) -> Picture | None:
    try:
        with warnings.catch_warnings(action="error"), _opened(content) as opened:
            width, height = opened.size
            if max(width, height) > LARGEST_SIDE:
                return None
            opened.load()
            media_type = TYPES[opened.format]
    except Exception:  # noqa: BLE001  a hostile file may make a decoder raise anything
        return None
    digest = sha256(content).hexdigest()
    return Picture(media_type=media_type, width=width, height=height, digest=digest)


def _opened(content: bytes) -> "Image":
    # Imported here: every command line would carry its weight.
    from PIL import ImageFile  # noqa: PLC0415
    from PIL.Image import open as opened  # noqa: PLC0415

    # WeasyPrint lets the whole process read pictures that are cut short.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return opened(io.BytesIO(content), formats=("PNG", "JPEG"))
