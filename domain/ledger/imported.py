"""Entries that another program posted: taken over whole, and reversed when that is undone."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from domain.imports.fec_source import FecSource
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.treasury.allocation import allocate, tells_itself
from domain.treasury.codes import write_code
from domain.treasury.lettering import EntriesLettered, LetteredPart
from domain.values.days import fiscal_year


def take_over(
    document: DocumentReference,
    lines: tuple[EntryLine, ...],
    standing: Standing,
    *,
    day: date,
    label: str,
    source: FecSource,
) -> EntryPosted:
    """An entry of a FEC under the next number of its journal; raises Unbalanced."""
    entered = enter(
        document, lines, standing, day=day, currency=standing.company.currency, label=label
    )
    return replace(entered, source=source)


def reverse(position: int, entry: EntryPosted, entry_id: str, standing: Standing) -> EntryPosted:
    """The entry that takes one of a FEC back: the same day and lines, sides changed."""
    if entry.source is None:
        raise ValueError(entry.document.id)
    return take_over(
        replace(entry.document, id=entry_id),
        tuple(replace(line, debit=line.credit, credit=line.debit) for line in entry.lines),
        standing,
        day=entry.date,
        label=entry.label,
        source=replace(entry.source, validated_on=None, reverses=position),
    )


def letter_reversal(
    lettering_ids: Iterator[str],
    entry: EntryPosted,
    positions: tuple[int, int],
    ordinals: dict[str, int],
    start_month: int,
) -> Iterator[EntriesLettered]:
    """The letterings of an entry with its reversal: nothing of either stays open.

    `positions` are those of the two. `ordinals` has the last code of each account and counts on.
    """
    of_party: dict[tuple[str, str], list[int]] = {}
    for nth, line in enumerate(entry.lines):
        if line.party and line.debit != line.credit:
            of_party.setdefault((line.account, line.party), []).append(nth)
    for (account, party), nths in of_party.items():
        amounts = [entry.lines[nth].debit - entry.lines[nth].credit for nth in nths]
        parts = [*_parts(positions[0], nths, amounts, 1), *_parts(positions[1], nths, amounts, -1)]
        yield settle(
            next(lettering_ids),
            (account, party, entry.currency),
            parts,
            ordinals,
            year=fiscal_year(entry.date, start_month),
            day=entry.date,
            complete=True,
            source=entry.source,
        )


def settle(
    lettering_id: str,
    whose: tuple[str, str, str],
    parts: Sequence[LetteredPart],
    ordinals: dict[str, int],
    *,
    year: int,
    day: date,
    complete: bool,
    source: FecSource | None,
) -> EntriesLettered:
    """A lettering of lines under the next code of their account.

    `whose` they are: account, third party and currency.
    """
    account, party, currency = whose
    ordinal = ordinals[account] = ordinals.get(account, 0) + 1
    amounts = [part.amount for part in parts]
    return EntriesLettered(
        lettering_id=lettering_id,
        account=account,
        party=party,
        currency=currency,
        code=write_code(ordinal, complete=complete),
        year=year,
        ordinal=ordinal,
        complete=complete,
        date=day,
        parts=tuple(parts),
        allocations=() if tells_itself(amounts) else allocate(amounts),
        reason="FEC",
        source=source,
    )


def _parts(
    position: int, nths: Sequence[int], amounts: Sequence[int], sign: int
) -> Iterator[LetteredPart]:
    for nth, amount in zip(nths, amounts, strict=True):
        yield LetteredPart(entry=position, line=nth, amount=sign * amount)
