"""A collection: instalments of customers in one direct debit file (pain.008), M42."""

from typing import ClassVar, Literal

from domain.treasury.remittance import RemittanceCreated, RemittedLine

Scheme = Literal["CORE", "B2B"]
Sequence = Literal["FRST", "RCUR"]


class CollectedLine(RemittedLine, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instalment that is collected, by which mandate; its first use is FRST, then RCUR."""

    mandate_id: str
    mandate_reference: str
    sequence: Sequence


class CollectionCreated(RemittanceCreated, frozen=True, kw_only=True):
    """A direct debit file is made of instalments; each waits in one such file at a time."""

    stored_as: ClassVar[str] = "collection.created.v1"

    scheme: Scheme
    creditor_id: str
    lines: tuple[CollectedLine, ...]

    @property
    def remitted(self) -> tuple[CollectedLine, ...]:
        """The instalments, in order."""
        return self.lines

    @property
    def tags(self) -> tuple[str, ...]:
        """Found by its mandates too: they tell the sequence, and when each was last used."""
        used = (mandate_tag(line.mandate_id) for line in self.lines)
        return (*super().tags, *dict.fromkeys(used))


def mandate_tag(mandate_id: str) -> str:
    """The tag of a mandate's own events, and of the collections that use it."""
    return f"mandate:{mandate_id}"
