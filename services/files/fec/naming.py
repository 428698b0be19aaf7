"""What a FEC is called: SIRENFECAAAAMMJJ.txt, the day being that on which the exercise closes."""

import re
from datetime import date

from msgspec import Struct

from domain.values.identifiers import siren
from services.files.fec.line import write_day

_NAME = re.compile(r"([0-9]{9})FEC([0-9]{8})\.txt", re.ASCII)


class Frame(Struct, frozen=True, kw_only=True):
    """Whose file it is and for which exercise, both days counted."""

    siren: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.siren}FEC{write_day(self.last)}.txt"

    @property
    def description_name(self) -> str:
        """The name of its description: one that cannot be taken for a FEC."""
        return f"{self.siren}-description-{write_day(self.last)}.txt"


def wrong_name(name: str, frame: Frame) -> str:
    """What is wrong with a file's name, or nothing."""
    found = _NAME.fullmatch(name)
    if found is None:
        return f"{name} is not SIRENFECAAAAMMJJ.txt"
    if siren(found[1]) is None:
        return f"{found[1]} is not a SIREN"
    if name != frame.name:
        return f"{name} is not of {frame.siren} and {frame.last.isoformat()}"
    return ""
