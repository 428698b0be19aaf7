"""Lettering within a command: load the lines named, decide, and follow what it makes due."""

from collections.abc import Mapping

from msgspec.structs import replace

from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.ledger import period
from domain.ledger.period import PERIOD_TAG
from domain.parties.company import Company
from domain.sales import debt, discounting
from domain.sales.cash_discount import DiscountIsMisplaced
from domain.treasury import difference, discount_taken, lettering, matching, tolerance, vat_due
from domain.treasury.codes import codes_tag
from domain.treasury.lettering import EntriesLettered, NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.receipts_vat import open_day
from domain.treasury.tolerance import TOLERANCE_TAG
from domain.values.days import fiscal_year
from services.loading import choose_journal, load_standing
from services.open_lines import load_lines, load_settled
from services.receipts import follow_debt, follow_lettering
from services.store.pen import Pen


def letter(pen: Pen, company: Company, lettering_id: str, new: NewLettering) -> EntriesLettered:
    """Settles the lines named against each other, with all that follows; raises Refusals.

    What they differ by is booked first, where it is not to stay open; VAT that waited for the
    money becomes due at last.
    """
    new = _close(pen, company, lettering_id, new) if new.difference != "open" else new
    entries, documents = load_lines(pen, new.parts)
    planned = lettering.plan(new, entries, load_settled(pen, entries))
    if isinstance(planned, Refused):
        raise Refusals(planned)
    year = fiscal_year(planned.date, company.fiscal_year_start_month)
    last = pen.last(codes_tag(planned.account, year))
    newest = last.event if last is not None and isinstance(last.event, EntriesLettered) else None
    kin = {place: vat_due.debt_of(document) for place, document in documents.items()}
    (fact,) = pen.append(lettering.letter(lettering_id, planned, year, newest, kin))
    if not isinstance(fact.event, EntriesLettered):
        raise TypeError(fact.event)
    follow_lettering(pen, company, fact.event, entries, documents)
    if new.difference == "discount":
        follow_debt(pen, company, _discounted(documents), planned.date)
    return fact.event


def _close(pen: Pen, company: Company, lettering_id: str, new: NewLettering) -> NewLettering:
    """Books what the lines differ by, and letters that too; nothing where they do not differ."""
    entries, documents = load_lines(pen, new.parts)
    lines = matching.find(new.parts, entries, load_settled(pen, entries))
    if isinstance(lines, Refused):
        raise Refusals(lines)
    amount = difference.gap(lines)
    if not amount:
        return new
    day = open_day(period.of_fact(pen.last(PERIOD_TAG)), max(line.date for line in lines))
    standing = load_standing(pen, company, choose_journal(company, "miscellaneous"), day)
    suffix = lettering_id.partition("_")[2]
    if new.difference == "discount":
        tag = _discounted(documents)
        if tag.startswith("bill:"):
            owed = pen.fold(discount_taken.evolve, None, tag)
            decision = discount_taken.take(f"dsc_{suffix}", owed, -amount, day, standing)
        else:
            known = pen.fold(debt.evolve, None, tag)
            decision = discounting.grant(f"dsc_{suffix}", known, amount, day, standing)
    else:
        name = entries[lines[0].entry].document.party_name
        allowed = tolerance.of_fact(pen.last(TOLERANCE_TAG))
        decision = difference.book(
            f"dif_{suffix}", lines[0], name, amount, allowed, day=day, standing=standing
        )
    booked = pen.append(decision)[-1].position
    return replace(new, parts=(*new.parts, PartToLetter(entry=booked, line=0)))


def _discounted(documents: Mapping[int, Event]) -> str:
    """The tag of the one invoice or bill among the documents; raises Refusals."""
    found = {vat_due.debt_of(each) for each in documents.values() if vat_due.is_debt(each)}
    if len(found) != 1:
        raise Refusals(DiscountIsMisplaced(pointer="/difference"))
    return found.pop()
