"""A miscellaneous entry: balanced lines that an accountant writes in the OD journal himself."""

from collections.abc import Set as AbstractSet
from datetime import date

from msgspec import Struct

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, judge, words
from domain.ledger.chart import is_account
from domain.ledger.entering import Standing, enter, entry_series
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.numbering import assign_next, write_number
from domain.ledger.period import check_open
from domain.parties.contact import ContactIsUnknown
from domain.values import faults
from domain.values.text import tidy

MOST_LINES = 1000


class NewEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry as it is asked for; an empty journal or currency is the company's own."""

    date: date
    label: str
    lines: tuple[EntryLine, ...]
    reference: str = ""
    journal: str = ""
    currency: str = ""


class Posted(Struct, frozen=True, kw_only=True):
    """An entry as it stands in the book."""

    position: int
    entry: EntryPosted


class EntryIsUnbalanced(Refused, frozen=True, kw_only=True):
    """Debit and credit differ, or there are fewer than two lines."""

    code = "entry_unbalanced"
    rule = "C14"
    text = words(
        en="The entry has {count} lines, debit {debit} and credit {credit}: it must balance.",
        fr="L'écriture a {count} lignes, débit {debit} et crédit {credit} : elle doit équilibrer.",
        nl="De boeking heeft {count} regels, debet {debit} en credit {credit}: niet in evenwicht.",
    )

    count: int
    debit: int
    credit: int


class EntryLineIsWrong(Refused, frozen=True, kw_only=True):
    """A line has no account, or not exactly one positive amount on one side."""

    code = "entry_line_wrong"
    rule = "C14"
    text = words(
        en="A line has an account of three to eight digits and one amount, debit or credit.",
        fr="Une ligne a un compte de trois à huit chiffres et un montant, au débit ou au crédit.",
        nl="Een regel heeft een rekening van drie tot acht cijfers en één bedrag, debet of credit.",
    )


class PartyBelongsElsewhere(Refused, frozen=True, kw_only=True):
    """A line names a third party exactly when its account is kept per third party."""

    code = "party_belongs_elsewhere"
    rule = "C14"
    text = words(
        en="A line names a third party on a customers' or suppliers' account, and only there.",
        fr="Une ligne nomme un tiers sur un compte de clients ou fournisseurs, et là seulement.",
        nl="Een regel noemt een derde op een klanten- of leveranciersrekening, en alleen daar.",
    )


class EntryIsUnknown(Refused, frozen=True, kw_only=True):
    """No miscellaneous entry has that id in this book."""

    code = "entry_unknown"
    rule = "C14"
    text = words(
        en="There is no entry {entry_id}.",
        fr="Il n'y a pas d'écriture {entry_id}.",
        nl="Er is geen boeking {entry_id}.",
    )

    entry_id: str


def post(entry_id: str, new: NewEntry, known: AbstractSet[str], standing: Standing) -> Decision:
    """Posts an entry under the next number of its journal; `known` are the contacts it names."""
    new = tidy(new)
    stranger = next((line.party for line in new.lines if line.party not in {"", *known}), None)
    if stranger is not None:
        return ContactIsUnknown(contact_id=stranger[:60], pointer="/lines")
    refused = judge(ENTRY_RULES, new, standing)
    if refused is not None:
        return refused
    series = entry_series(standing.company, standing.journal, new.date)
    piece = write_number(series.partition(":")[2], assign_next(standing.last_entry))
    document = DocumentReference(
        kind="entry", id=entry_id, number=new.reference or piece, issue_date=new.date
    )
    currency = new.currency or standing.company.currency
    return [enter(document, new.lines, standing, day=new.date, currency=currency, label=new.label)]


def evolve(before: Posted | None, fact: Recorded) -> Posted | None:
    """The entry after one more event of its tag."""
    if isinstance(fact.event, EntryPosted):
        return Posted(position=fact.position, entry=fact.event)
    return before


def _described(new: NewEntry, _: Standing) -> Refused | None:
    unknown = faults.unknown_currency(new.currency) if new.currency else None
    return unknown or faults.unreadable(new) or faults.missing(new.label, "/label")


def _with_sound_lines(new: NewEntry, standing: Standing) -> Refused | None:
    for index, line in enumerate(new.lines):
        one_side = min(line.debit, line.credit) == 0 < max(line.debit, line.credit)
        if not one_side or not is_account(line.account):
            return EntryLineIsWrong(pointer=f"/lines/{index}")
        if (line.account in standing.company.third_party) != (line.party != ""):
            return PartyBelongsElsewhere(pointer=f"/lines/{index}/party")
        refused = faults.out_of_bounds(line.debit + line.credit, f"/lines/{index}")
        if refused is not None:
            return refused
    return None


def _balanced(new: NewEntry, _: Standing) -> Refused | None:
    debit, credit = sum(line.debit for line in new.lines), sum(line.credit for line in new.lines)
    if debit == credit and 2 <= len(new.lines) <= MOST_LINES:
        return None
    return EntryIsUnbalanced(count=len(new.lines), debit=debit, credit=credit, pointer="/lines")


def _in_an_open_period(new: NewEntry, standing: Standing) -> Refused | None:
    return faults.out_of_years(new.date, "/date") or check_open(standing.lock, new.date, "/date")


ENTRY_RULES = (_described, _with_sound_lines, _balanced, _in_an_open_period)
