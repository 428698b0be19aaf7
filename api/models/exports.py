"""Exports as they are asked for: a list, or the file of accounting entries of a fiscal year."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from api.fields import In
from services.fec.export import PARTS
from services.fec.job import FecAsked
from services.files.fec.line import Encoding
from services.lists.export import Format
from services.lists.reports import EXPORTS

Word = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]


class ListExportIn(In):
    """A list as it is asked for."""

    kind: Literal["list"] = Field(default="list", description="A list.")
    list: Literal[tuple(sorted(EXPORTS))] = Field(description="Which list or report.")  # type: ignore[valid-type]
    filter: dict[Word, Word | int | bool] = Field(
        default={},
        max_length=40,
        description="Its filter, by the names that exports are noted under.",
    )
    sort: Word | Literal[""] = Field(default="", description="Its order; empty: the usual one.")
    format: Format = Field(description="`xlsx`, `csv`, `pdf`, or `json` (one object a line).")


class FecExportIn(In):
    """The FEC of a fiscal year, or its description, as it is asked for (LPF A47 A-1)."""

    kind: Literal["fec", "fec_description"] = Field(
        description="The file itself (`fec`), or the description that goes with it."
    )
    exercise: Annotated[int, Field(strict=True, ge=1901, le=2098)] = Field(
        description="The fiscal year, by the year in which it ends."
    )
    encoding: Encoding = Field(
        default="iso-8859-15",
        description="`iso-8859-15`, where letters that it lacks are spelt otherwise, or `utf-8`.",
    )
    known_at: Annotated[int, Field(strict=True, ge=1)] | None = Field(
        default=None, description="The position that it is made from; null: the newest."
    )

    def asked(self) -> FecAsked:
        """The same, as the job is asked."""
        return FecAsked(
            part=self.kind,
            exercise=self.exercise,
            encoding=self.encoding,
            known_at=self.known_at,
        )


def _which(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", "list")
    return FEC_BRANCH if kind in PARTS else LIST_BRANCH


LIST_BRANCH, FEC_BRANCH = "[list]", "[fec]"
"""The branches of the union; steps with a bracket are left out of pointers to a fault."""

ExportIn = Annotated[
    Annotated[ListExportIn, Tag(LIST_BRANCH)] | Annotated[FecExportIn, Tag(FEC_BRANCH)],
    Discriminator(_which),
]
