"""Checks of amounts: nets, VAT per rate, its shares and the instalments, computed again."""

from collections.abc import Iterable, Sequence

from domain.purchases.bill import BillRecorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.crediting import credited_tax
from domain.sales.document import Line, NewLine, Totals, add_up, price
from domain.sales.invoice import InvoiceValidated
from domain.values.vat import Rate, VatAmount, tax_on
from services.audit.replay_check import Check, Step


class VatRecomputes(Check):
    """Line by line and rate by rate, the amounts of our documents are those of the rules.

    A credit note takes at each rate what all credit notes of its invoice owe so far: the last one
    closes the cents. A line that tells its tax, as a part of a larger whole, gives it back in
    proportion. A supplier's amounts are his own: there only the sums are checked.
    """

    name = "vat-recomputes"
    events = (InvoiceValidated, CreditNoteIssued, BillRecorded)

    def __init__(self) -> None:
        super().__init__()
        self._credited: dict[tuple[str, Rate], int] = {}
        self._told: dict[tuple[str, int], Line] = {}
        self._taken: dict[tuple[str, int], int] = {}

    def take(self, step: Step) -> None:
        fact = step.fact
        self.checked += 1
        match fact.event:
            case InvoiceValidated() as invoice:
                self._lines(fact.position, invoice.document_number, invoice)
                self._same(fact.position, invoice, add_up(invoice.lines))
                self._shares(fact.position, invoice)
                self._instalments(fact.position, invoice)
                self._remember(invoice)
            case CreditNoteIssued() as note:
                self._lines(fact.position, note.document_number, note)
                self._told_taxes(fact.position, note)
                self._credit(fact.position, note)
                self._shares(fact.position, note)
            case BillRecorded() as bill:
                net = sum(line.net for line in bill.lines)
                self._sums(fact.position, bill.document_number, bill.totals, net)

    def _lines(
        self, position: int, name: str, document: InvoiceValidated | CreditNoteIssued
    ) -> None:
        for nth, line in enumerate(document.lines):
            net = price(_asked(line), document.currency).net
            if net != line.net:
                detail = f"line {nth}: net is {line.net}, computed is {net}"
                self.wrong(position, detail, document=name, field=f"lines/{nth}/net")

    def _same(self, position: int, invoice: InvoiceValidated, computed: Totals) -> None:
        name = invoice.document_number
        if invoice.totals != computed:
            self._rates(position, name, invoice.totals.vat, computed.vat)
            self._sums(position, name, invoice.totals, computed.net)

    def _remember(self, invoice: InvoiceValidated) -> None:
        for nth, line in enumerate(invoice.lines):
            if line.tax is not None:
                self._told[invoice.invoice_id, nth] = line

    def _told_taxes(self, position: int, note: CreditNoteIssued) -> None:
        """A line that tells its tax gives back its part of it, all notes together."""
        for nth, (index, line) in enumerate(zip(note.invoice_lines, note.lines, strict=False)):
            place = note.invoice_id, index
            told = self._told.get(place)
            before = self._taken.get(place, 0)
            after = self._taken[place] = before + line.net
            owed = None
            if told is not None:
                owed = (credited_tax(told, after) or 0) - (credited_tax(told, before) or 0)
            if line.tax != owed:
                detail = f"line {nth}: its tax is {line.tax}, computed is {owed}"
                name = note.document_number
                self.wrong(position, detail, document=name, field=f"lines/{nth}/tax")

    def _credit(self, position: int, note: CreditNoteIssued) -> None:
        computed = []
        for amount in add_up(note.lines).vat:
            rate = amount.category, amount.rate
            free, told = _parts(note.lines, rate)
            before = self._credited.get((note.invoice_id, rate), 0)
            after = self._credited[note.invoice_id, rate] = before + free
            tax = tax_on(after, amount.rate) - tax_on(before, amount.rate) + told
            computed.append((amount, tax))
        found = {(each.category, each.rate): each for each in note.totals.vat}
        for amount, tax in computed:
            theirs = found.pop((amount.category, amount.rate), None)
            self._rate(position, note.document_number, theirs, amount.base, tax)
        for extra in found.values():
            self._rate(position, note.document_number, extra, 0, 0)
        net = sum(line.net for line in note.lines)
        self._sums(position, note.document_number, note.totals, net)

    def _rates(
        self, position: int, name: str, found: Sequence[VatAmount], computed: Sequence[VatAmount]
    ) -> None:
        theirs = {(each.category, each.rate): each for each in found}
        for ours in computed:
            same = theirs.pop((ours.category, ours.rate), None)
            self._rate(position, name, same, ours.base, ours.tax)
        for extra in theirs.values():
            self._rate(position, name, extra, 0, 0)

    def _rate(self, position: int, name: str, found: VatAmount | None, base: int, tax: int) -> None:
        if found is None:
            detail = f"a rate with base {base} and tax {tax} is missing"
            self.wrong(position, detail, document=name, field="totals/vat")
        elif (found.base, found.tax) != (base, tax):
            detail = f"{found.rate} %: {found.tax} on {found.base}, computed {tax} on {base}"
            self.wrong(position, detail, document=name, field="totals/vat")

    def _shares(self, position: int, document: InvoiceValidated | CreditNoteIssued) -> None:
        """The shares beneath each rate add up to it."""
        if not document.vat_shares:
            return
        sums: dict[Rate, tuple[int, int]] = {}
        for share in document.vat_shares:
            base, tax = sums.get((share.category, share.rate), (0, 0))
            sums[share.category, share.rate] = base + share.base, tax + share.tax
        for amount in document.totals.vat:
            base, tax = sums.pop((amount.category, amount.rate), (0, 0))
            if (base, tax) != (amount.base, amount.tax):
                detail = f"{amount.rate} %: shares of {tax} on {base}, not {amount.tax}"
                name = document.document_number
                self.wrong(position, detail, document=name, field="vat_shares")

    def _instalments(self, position: int, invoice: InvoiceValidated) -> None:
        parts = sum(part.amount for part in invoice.instalments)
        if invoice.instalments and parts != invoice.totals.gross:
            detail = f"instalments of {parts}, gross is {invoice.totals.gross}"
            name = invoice.document_number
            self.wrong(position, detail, document=name, field="instalments")

    def _sums(self, position: int, name: str, totals: Totals, net: int) -> None:
        tax = sum(amount.tax for amount in totals.vat)
        says = totals.net, totals.tax, totals.gross
        if says != (net, tax, net + tax):
            detail = f"net, tax and gross are {says}, computed are {(net, tax, net + tax)}"
            self.wrong(position, detail, document=name, field="totals")


def _asked(line: Line) -> NewLine:
    """The line without its net amount, to price it again."""
    return NewLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        discount_percent=line.discount_percent,
    )


def _parts(lines: Iterable[Line], rate: Rate) -> tuple[int, int]:
    """Of a rate: the net of the lines whose tax is computed, and the tax that the others tell."""
    of_rate = [line for line in lines if (line.vat_category, line.vat_rate) == rate]
    free = sum(line.net for line in of_rate if line.tax is None)
    return free, sum(line.tax for line in of_rate if line.tax is not None)
