"""Imports, as they are answered."""

from typing import Literal

from msgspec import structs
from pydantic import Field

from api.fields import Out
from domain.imports.batch import Batch
from services.imports.batch import Imported

Kind = Literal["contacts", "articles"]


class LineOut(Out):
    """What a line became."""

    line: int = Field(description="Its place in the file, the heading counted.")
    status: Literal["made", "changed"] = Field(description="Whether it was new.")
    id: str = Field(description="Of what it became.")


class RefusedLineOut(Out):
    """A line that was left out."""

    line: int = Field(description="Its place in the file, the heading counted.")
    column: str = Field(description="The column that is wrong, as the file names it, or empty.")
    code: str = Field(description="The refusal; /problems/{code} explains it.")


class KeptOut(Out):
    """Something that an undoing left as it is."""

    id: str = Field(description="The contact or article.")
    why: Literal["used", "changed", "archived"] = Field(description="What happened since.")
    position: int = Field(description="The event that makes it so.")


class BatchOut(Out):
    """An import as of now."""

    id: str = Field(description="The import's id.")
    kind: Kind = Field(description="What was imported.")
    file: str = Field(description="SHA-256 of the file, which is kept; see `/files/{digest}`.")
    name: str = Field(description="Name of the file, or empty.")
    lines: int = Field(description="How many lines it has.")
    made: list[str] = Field(description="What it made.")
    changed: list[str] = Field(description="What it changed.")
    known: int = Field(description="How many lines said nothing new, or were left alone.")
    refused: list[RefusedLineOut] = Field(description="The lines that were left out.")
    undone: bool = Field(description="Whether it was undone.")
    archived: list[str] = Field(description="Undone: what was archived.")
    put_back: list[str] = Field(description="Undone: what is as it was before.")
    kept: list[KeptOut] = Field(description="Undone: what stays, and why.")

    @classmethod
    def of(cls, batch: Batch) -> "BatchOut":
        """An import of the book."""
        done, undone = batch.completed, batch.undone
        return cls(
            id=done.batch_id,
            kind=done.kind,
            file=done.file,
            name=done.name,
            lines=done.lines,
            made=list(done.made),
            changed=list(done.changed),
            known=done.known,
            refused=[
                RefusedLineOut(line=x.line, column=x.column, code=x.code) for x in done.refused
            ],
            undone=undone is not None,
            archived=list(undone.archived) if undone else [],
            put_back=list(undone.put_back) if undone else [],
            kept=[KeptOut(**structs.asdict(each)) for each in (undone.kept if undone else ())],
        )


class ImportOut(Out):
    """What a file became."""

    status: Literal["taken", "already"] = Field(
        description="`already`: this very file was taken in before; nothing was written."
    )
    batch: BatchOut = Field(description="The import.")
    lines: list[LineOut] = Field(description="What the lines became that made or changed anything.")
    ignored: list[str] = Field(description="Columns that nobody knows.")

    @classmethod
    def of(cls, imported: Imported) -> "ImportOut":
        """The answer to an import."""
        return cls(
            status="already" if imported.already else "taken",
            batch=BatchOut.of(imported.batch),
            lines=[LineOut(**structs.asdict(each)) for each in imported.lines],
            ignored=list(imported.ignored),
        )
