"""Collecting: a direct debit file of instalments, each by a mandate of its customer (M42)."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.treasury.collection import CollectedLine, CollectionCreated, Scheme
from domain.treasury.creditor import CreditorIdIsMissing
from domain.treasury.mandate import Mandate
from domain.treasury.remittance import Remittance
from domain.treasury.remittance_refusals import RemittanceDayIsWrong
from domain.treasury.remitting import Chosen, NewLine, Outset, check_day

CODE = "PR"
"""Of its series: PR-2026-00001, as in prélèvement."""


class NewCollection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Instalments to collect on a day, by mandates of one scheme; an empty journal is the first."""

    execution_date: date
    lines: tuple[NewLine, ...]
    scheme: Scheme = "CORE"
    journal: str = ""


class Payer(Struct, frozen=True, kw_only=True):
    """A customer's mandate, and whether it has collected before: then it is RCUR, not FRST."""

    mandate: Mandate
    has_collected: bool


class MandateIsMissing(Refused, frozen=True, kw_only=True):
    """A customer has no mandate of that scheme which may be used on that day."""

    code = "mandate_missing"
    rule = "M42"
    text = words(
        en="{party} has no {scheme} mandate that may be used on {day}: none, revoked, or unused "
        "for 36 months.",
        fr="{party} n'a pas de mandat {scheme} utilisable le {day} : aucun, révoqué ou inutilisé "
        "depuis 36 mois.",
        nl="{party} heeft geen {scheme}-mandaat dat op {day} mag worden gebruikt: geen, herroepen "
        "of 36 maanden ongebruikt.",
    )

    party: str
    scheme: str
    day: date


def plan(
    new: NewCollection,
    chosen: Sequence[Chosen],
    payers: Mapping[str, Payer | None],
    creditor_id: str,
    outset: Outset,
) -> tuple[CollectedLine, ...] | Refused:
    """What will be in the file: each instalment due by then, by a mandate that may be used.

    `payers` has each customer's mandate, None where he has none that may be used that day.
    """
    refused = check_day(new.execution_date, outset.today)
    if refused is not None or not creditor_id:
        return refused or CreditorIdIsMissing()
    lines: list[CollectedLine] = []
    used: set[str] = set()
    for nth, each in enumerate(chosen):
        payer = payers[each.booked.party]
        refused = _check(new, each, payer, f"/lines/{nth}")
        if payer is None or refused is not None:
            return refused or CreditorIdIsMissing()
        mandate = payer.mandate.document
        known = payer.has_collected or mandate.mandate_id in used
        used.add(mandate.mandate_id)
        lines.append(
            CollectedLine(
                **each.as_line(outset.end_to_end(nth)),
                mandate_id=mandate.mandate_id,
                mandate_reference=mandate.reference,
                sequence="RCUR" if known else "FRST",
            )
        )
    return tuple(lines)


def has_collected(remittance: Remittance, mandate_id: str) -> bool:
    """Whether a collection has used a mandate: what the bank refused, or never got, has not."""
    if remittance.status == "cancelled":
        return False
    refused = {nth for nth, back in remittance.returned.items() if not back.payment_id}
    return any(
        isinstance(line, CollectedLine) and line.mandate_id == mandate_id and nth not in refused
        for nth, line in enumerate(remittance.document.remitted)
    )


def create(
    remittance_id: str,
    new: NewCollection,
    lines: tuple[CollectedLine, ...],
    *,
    creditor_id: str,
    file: str,
    outset: Outset,
) -> Decision:
    """The collection with its file, whose SHA-256 (hex) is `file`."""
    return [
        CollectionCreated(
            remittance_id=remittance_id,
            series=outset.series,
            number=outset.number,
            document_number=outset.document_number,
            issue_date=outset.today,
            execution_date=new.execution_date,
            journal=outset.journal,
            iban=outset.iban,
            currency="EUR",
            total=sum(line.amount for line in lines),
            file=file,
            scheme=new.scheme,
            creditor_id=creditor_id,
            lines=lines,
        )
    ]


def _check(new: NewCollection, chosen: Chosen, payer: Payer | None, pointer: str) -> Refused | None:
    day = new.execution_date
    due = chosen.booked.due_date or chosen.posted.document.due_date
    if due is not None and due > day:
        return RemittanceDayIsWrong(day=day, first=due, pointer=pointer, position=chosen.entry)
    if payer is None:
        party = chosen.posted.document.party_name
        return MandateIsMissing(
            party=party, scheme=new.scheme, day=day, position=chosen.entry, pointer=pointer
        )
    return None
