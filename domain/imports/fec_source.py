"""Where a fact taken in from a FEC comes from: the file, its lines, and what they said of it."""

from datetime import date

from msgspec import Struct


class FecSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines of a FEC: the import, the SHA-256 (hex) of the file, one line of it for each line.

    Lines are counted from 1, the heading included; 0 stands for a sum of many. `number` is the
    EcritureNum of an entry or the EcritureLet of a lettering, as the file has it. `pieces` and
    `piece_days` are given where the lines of an entry book several documents, one for each line.
    `reverses` is the position of the entry that is taken back, or 0.
    """

    batch: str
    file: str
    rows: tuple[int, ...]
    number: str = ""
    validated_on: date | None = None
    pieces: tuple[str, ...] = ()
    piece_days: tuple[date, ...] = ()
    reverses: int = 0
