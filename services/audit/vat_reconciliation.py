"""VAT as the documents say it against VAT as the accounts have it, by month and account's role.

What the documents say is what the VAT register is made of, so both sides are independent: shares
of documents, events of the money, losses; and the lines of entries. An entry of no such document,
written by hand or of money, is told apart and listed: it explains its difference.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from domain.book.event import Event
from domain.countries.atlas import RULES
from domain.countries.purchase_code import PURCHASE_CODES
from domain.ledger.entry import EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened
from domain.sales.write_off import BadDebtVatReclaimed
from domain.values.days import fiscal_year
from domain.values.money import written
from projections.vat_documents import bought_in, document_of, shares_of
from projections.vat_register import VatRegister, month_of
from services.audit.inspection_rows import Row

Key = tuple[str, str, str]
"""Month, role of the account, currency."""

OWED = {
    "vat_collected": -1,
    "vat_pending_sales": -1,
    "vat_deductible": 1,
    "vat_pending_purchases": 1,
}
"""The roles that are compared, and the side on which their account grows: 1 is the debit."""
SELF_ASSESSED = "vat_due_on_purchases"
"""The accounts of the tax that suppliers left to the company: they have no role of their own."""
DOCUMENTS = frozenset(
    {
        "invoice",
        "credit_note",
        "write_off",
        "bill",
        "bill_credit_note",
        "cash_discount",
        "vat_due",
        "vat_deductible",
    }
)
"""The kinds of documents whose VAT the register knows; entries of others are told apart."""


class VatReconciliation:
    """Gathers both sides event by event; amounts in minor units, owed or deductible positive."""

    def __init__(self, exercise: int) -> None:
        self._exercise = exercise
        self._start_month = 1
        self._accounts: dict[str, tuple[str, int]] = {}
        self._reclaimed_on = "vat_collected"
        self._said: dict[Key, int] = defaultdict(int)
        self._booked: dict[Key, int] = defaultdict(int)
        self._others: dict[Key, int] = defaultdict(int)
        self._entries: list[Row] = []

    def map(self, event: CompanyOpened | AccountMapped) -> None:
        """Takes in which accounts have which role; an account keeps it when another one gets it."""
        if isinstance(event, CompanyOpened):
            self._start_month = event.fiscal_year_start_month
            self._reclaimed_on = RULES[event.country].bad_debt_vat
            for code in PURCHASE_CODES[event.country]:
                if code.due_account:
                    self._accounts[code.due_account] = SELF_ASSESSED, -1
            for role, account in event.accounts.items():
                self._map(role, account)
        else:
            self._map(event.role, event.account)

    def say(self, event: Event) -> None:
        """Takes in what an event of the VAT register says."""
        if not isinstance(event, VatRegister.events):
            return
        document = document_of(event)
        if self._concerns(document.date):
            for role, tax in self._taxes(event, document.sign):
                self._said[month_of(document.date), role, document.currency] += tax

    def book(self, position: int, entry: EntryPosted) -> None:
        """Takes in what an entry books."""
        if not self._concerns(entry.date):
            return
        for line in entry.lines:
            role, side = self._accounts.get(line.account, ("", 0))
            if not side:
                continue
            amount = side * (line.debit - line.credit)
            key = month_of(entry.date), role, entry.currency
            self._booked[key] += amount
            if entry.document.kind not in DOCUMENTS:
                self._others[key] += amount
                said = written(amount, entry.currency)
                name = line.label or entry.label
                self._entries.append((*key, entry.date, line.account, said, name, position))

    def rows(self) -> list[Row]:
        """By month and role: documents, accounts, their difference, other entries, and the rest.

        The difference is that of documents less accounts; what is unexplained should be 0.00.
        """
        return [
            (*key, *(written(amount, key[2]) for amount in self._amounts(key)))
            for key in sorted({*self._said, *self._booked})
        ]

    def entries(self) -> list[Row]:
        """The lines on accounts of VAT that no document of VAT made."""
        return self._entries

    def _amounts(self, key: Key) -> tuple[int, int, int, int, int]:
        said, booked, others = self._said[key], self._booked[key], self._others[key]
        return said, booked, said - booked, others, said + others - booked

    def _map(self, role: str, account: str) -> None:
        if role in OWED:
            self._accounts[account] = role, OWED[role]

    def _concerns(self, day: date) -> bool:
        return fiscal_year(day, self._start_month) == self._exercise

    def _taxes(self, event: Event, sign: int) -> Iterator[tuple[str, int]]:
        """The tax of each share, signed, with the role of the account that it belongs on."""
        for bought in bought_in(event):
            waits = bought.exigible == "payment"
            role = "vat_pending_purchases" if waits else "vat_deductible"
            yield role, sign * bought.deductible
            if bought.due_account:
                yield self._accounts[bought.due_account][0], sign * bought.due
        for share in () if bought_in(event) else shares_of(event):
            if isinstance(event, BadDebtVatReclaimed):
                # What is owed becomes less, or what is deducted more.
                yield self._reclaimed_on, -sign * OWED[self._reclaimed_on] * share.tax
            elif share.exigible == "payment":
                yield "vat_pending_sales", sign * share.tax
            else:
                yield "vat_collected", sign * share.tax
