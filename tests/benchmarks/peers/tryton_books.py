"""Tryton as a peer: one company in a database of its own, worked through Tryton's ORM in process.

Run by Tryton's own environment, not by ours: `python tryton_books.py URI DATABASE`. It reads one
JSON array a line, `["command", …]`, and answers each with one line of JSON.
"""

# ruff: noqa: E402  the database is named before its driver is imported

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import trytond.config

trytond.config.set("database", "uri", sys.argv[1])

from trytond import backend
from trytond.modules.account.tests import create_chart, get_fiscalyear
from trytond.modules.account_invoice.tests import set_invoice_sequences
from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError

ROOT = 0
"""Tryton's own user: its access rules, which ours are not compared with, cost nothing."""
MODULES = ("account_invoice",)
RATES = (Decimal("0.2"), Decimal("0.1"))
ACCOUNTS = {
    "receivable": ("type.receivable", "=", True),
    "revenue": ("type.revenue", "=", True),
    "cash": ("code", "=", "1.1.1"),
    "vat": ("code", "=", "6.3.4"),
}
BATCH = 100
T = TypeVar("T")
TERMS = {"term1": 30, "term2": 60, "term3": 90, "unit": "day"}


class Books:
    """A company with customers, a fiscal year, two rates of VAT and a way to be paid."""

    def __init__(self, database: str) -> None:
        Pool.start()
        self.database = database
        self.pool = Pool(database)
        self.context: dict[str, Any] = {}
        self.customers: list[int] = []
        self.invoices: list[int] = []
        self.accounts: dict[str, int] = {}
        self.taxes: list[int] = []
        self.day = dt.datetime.now(dt.UTC).date()

    def install(self) -> None:
        """Makes Tryton's tables in an empty database."""
        database = backend.Database(self.database)
        database.connect()
        database.init()
        for modules in (("ir", "res"), MODULES):
            self.pool.init(update=list(modules), lang=["en"], activatedeps=True)
            with Transaction().start(self.database, ROOT) as transaction:
                self.pool.get("ir.module").update_list()
                transaction.commit()

    def found(self) -> None:
        """Makes the company and what it needs to sell."""
        self.pool.init()
        self.context = self._run(self._found)

    def _run(self, work: Callable[[], T], **context: Any) -> T:
        """Runs work in a transaction; one that asks for a table's lock is begun again with it."""
        extras: dict[str, Any] = {}
        while True:
            context = {**self.context, **context}
            with Transaction().start(self.database, ROOT, context=context, **extras) as transaction:
                try:
                    result = work()
                    transaction.commit()
                except TransactionError as wish:
                    transaction.rollback()
                    wish.fix(extras)
                else:
                    return result

    def _found(self) -> dict[str, Any]:
        get = self.pool.get
        currency = get("currency.currency")(name="Euro", symbol="€", code="EUR")
        currency.rates = [get("currency.currency.rate")(date=dt.date(2000, 1, 1), rate=Decimal(1))]
        currency.save()
        party = get("party.party")(name="Menuiserie Exemple")
        party.save()
        company = get("company.company")(party=party, currency=currency)
        company.save()
        context = {"company": company.id}
        with Transaction().set_context(context):
            self._make_chart(company)
            self._make_year(company)
            self._make_taxes(company)
            self._make_payments(company)
        return context

    def _make_chart(self, company: Any) -> None:

        create_chart(company)
        account = self.pool.get("account.account")
        for name, wanted in ACCOUNTS.items():
            [found] = account.search([(*wanted,), ("closed", "=", False)], limit=1)
            self.accounts[name] = found.id

    def _make_year(self, company: Any) -> None:

        first = dt.date(self.day.year - 1, 1, 1)
        last = dt.date(self.day.year, 12, 31)
        year = get_fiscalyear(company, start_date=first, end_date=last)
        year = set_invoice_sequences(year)
        year.save()
        self.pool.get("account.fiscalyear").create_period([year])

    def _make_taxes(self, company: Any) -> None:
        tax = self.pool.get("account.tax")
        self.taxes = []
        vat = self.accounts["vat"]
        for rate in RATES:
            made = tax(name=f"{rate}", description=f"{rate}", type="percentage", rate=rate)
            made.company, made.invoice_account, made.credit_note_account = company, vat, vat
            made.save()
            self.taxes.append(made.id)

    def _make_payments(self, company: Any) -> None:
        get = self.pool.get
        [journal] = get("account.journal").search([("type", "=", "cash")], limit=1)
        method = get("account.invoice.payment.method")(name="Bank", company=company)
        method.journal = journal
        method.credit_account = method.debit_account = self.accounts["cash"]
        method.save()
        self.method = method.id
        [sales] = get("account.journal").search([("type", "=", "revenue")], limit=1)
        self.journal = sales.id
        term = get("account.invoice.payment_term")(name="30 days")
        delta = get("account.invoice.payment_term.line.delta")(days=30)
        term.lines = [get("account.invoice.payment_term.line")(type="remainder")]
        term.lines[0].relativedeltas = [delta]
        term.save()
        self.term = term.id

    def add_customers(self, count: int) -> int:
        """So many customers more; gives how many there are."""
        address = {"street": "1, rue de l'Exemple", "city": "Tours"}
        details = [
            {"name": f"Client {nth:04d}", "addresses": [("create", [address])]}
            for nth in range(count)
        ]
        made = self._run(lambda: self.pool.get("party.party").create(details))
        self.customers += [party.id for party in made]
        return len(self.customers)

    def post(self, count: int) -> list[float]:
        """Creates and posts invoices one by one, two transactions each; the seconds of each."""
        return [self._timed(self._sell_one, nth) for nth in range(count)]

    def pay(self, count: int) -> list[float]:
        """Pays and reconciles the oldest invoices one by one; the seconds of each."""
        paid, self.invoices = self.invoices[:count], self.invoices[count:]
        return [self._timed(self._pay_one, invoice) for invoice in paid]

    def fill(self, count: int, by_orm: int) -> float:
        """Posts the moves that as many invoices of the last 300 days would have made.

        The ORM makes and posts `by_orm` of them; the others are copies of their rows, for Tryton
        takes a quarter of a second an invoice even in batches. Aged balance and ledgers read moves
        alone. Gives the seconds of all.
        """
        began = time.perf_counter()
        first = self.day - dt.timedelta(days=300)
        dated = [(nth, first + dt.timedelta(days=nth * 300 // by_orm)) for nth in range(by_orm)]
        for done in range(0, by_orm, BATCH):
            self._run(lambda: self._enter(dated[done : done + BATCH]))  # noqa: B023
        self._run(lambda: self._copy(count // by_orm - 1))
        return time.perf_counter() - began

    def _copy(self, copies: int) -> None:
        """Copies every move and its lines, under ids of their own."""
        cursor = Transaction().connection.cursor()
        cursor.execute("SELECT max(id) FROM account_move")
        [(moves,)] = cursor.fetchall()
        for table, shifted in (("account_move", {}), ("account_move_line", {"move": moves})):
            cursor.execute(f"SELECT max(id) FROM {table}")
            [(last,)] = cursor.fetchall()
            shift = {"id": last, **shifted}
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
                "AND table_schema = 'public'",
                (table,),
            )
            names = [name for (name,) in cursor.fetchall()]
            values = [f'"{x}" + nth * {shift[x]}' if x in shift else f'"{x}"' for x in names]
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} "
                f"FROM {table}, generate_series(1, {copies}) AS t (nth)"
            )
            cursor.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")

    def age(self) -> list[Any]:
        """Reads the aged balance of all customers; seconds, parties and total."""
        context = {**self.context, **TERMS, "type": "customer", "date": self.day, "posted": True}
        began = time.perf_counter()
        with Transaction().start(self.database, ROOT, context=context, readonly=True):
            aged = self.pool.get("account.aged_balance")
            rows = aged.search_read(
                [], fields_names=["party", "balance", "term0", "term1", "term2", "term3"]
            )
        return [time.perf_counter() - began, len(rows), str(sum(row["balance"] for row in rows))]

    def balances(self) -> list[Any]:
        """Reads the ledger by party, a balance each; seconds, parties and total."""
        began = time.perf_counter()
        with Transaction().start(self.database, ROOT, context=self._ledger(), readonly=True):
            ledger = self.pool.get("account.general_ledger.account.party")
            rows = ledger.search_read(
                [("account", "=", self.accounts["receivable"])],
                fields_names=["party", "start_balance", "debit", "credit", "end_balance"],
            )
        total = sum(row["end_balance"] for row in rows)
        return [time.perf_counter() - began, len(rows), str(total)]

    def lines(self, customer: int) -> list[Any]:
        """Reads the first hundred lines of one party with their running balance; seconds, lines."""
        context = {**self._ledger(), "party_cumulate": True}
        wanted = [
            ("account", "=", self.accounts["receivable"]),
            ("party", "=", self.customers[customer % len(self.customers)]),
        ]
        names = ["date", "move", "party", "debit", "credit", "internal_balance", "reconciliation"]
        began = time.perf_counter()
        with Transaction().start(self.database, ROOT, context=context, readonly=True):
            ledger = self.pool.get("account.general_ledger.line")
            rows = ledger.search_read(wanted, limit=100, fields_names=names)
        return [time.perf_counter() - began, len(rows)]

    def analyse(self) -> None:
        """Gives PostgreSQL the statistics that autovacuum would give it later."""
        with Transaction().start(self.database, ROOT, autocommit=True) as transaction:
            transaction.connection.cursor().execute("ANALYZE")

    def _ledger(self) -> dict[str, Any]:
        return {**self.context, "from_date": None, "to_date": self.day, "posted": True}

    @staticmethod
    def _timed(work: Any, on: Any) -> float:
        began = time.perf_counter()
        work(on)
        return time.perf_counter() - began

    def _sell_one(self, nth: int) -> None:
        drafted = self._run(lambda: self._save([nth]))
        self._run(lambda: self._post(drafted))
        self.invoices += drafted

    def _pay_one(self, invoice_id: int) -> None:
        self._run(lambda: self._settle([invoice_id]))

    def _enter(self, numbered: Sequence[tuple[int, dt.date]]) -> None:
        moves, periods = self.pool.get("account.move"), self.pool.get("account.period")
        period = {day: periods.find(self.context["company"], date=day).id for _, day in numbered}
        made = moves.create(
            [
                {
                    "journal": self.journal,
                    "period": period[day],
                    "date": day,
                    "description": f"Invoice {nth}",
                    "lines": [("create", self._lines(nth, day))],
                }
                for nth, day in numbered
            ]
        )
        moves.post(made)

    def _lines(self, nth: int, day: dt.date) -> list[dict[str, Any]]:
        net, account = Decimal(nth % 900 + 10), self.accounts
        amounts = [(account["revenue"], net), (account["revenue"], net)]
        amounts += [(account["vat"], net * rate) for rate in RATES]
        owed = sum(amount for _, amount in amounts)
        third_party = {
            "account": account["receivable"],
            "party": self.customers[nth * 7919 % len(self.customers)],
            "maturity_date": day + dt.timedelta(days=30),
            "debit": owed,
            "credit": Decimal(0),
        }
        others = [{"account": x, "debit": Decimal(0), "credit": amount} for x, amount in amounts]
        return [third_party, *others]

    def _save(self, numbers: Sequence[int]) -> list[int]:
        drafts = [self._draft(nth) for nth in numbers]
        self.pool.get("account.invoice").save(drafts)
        return [draft.id for draft in drafts]

    def _post(self, drafted: Sequence[int]) -> None:
        invoice = self.pool.get("account.invoice")
        invoice.post(invoice.browse(drafted))

    def _settle(self, invoices: Sequence[int]) -> None:
        """What the wizard "Pay Invoice" does when the whole amount is paid."""
        method = self.pool.get("account.invoice.payment.method")(self.method)
        for invoice in self.pool.get("account.invoice").browse(invoices):
            amount = invoice.amount_to_pay
            lines, remainder = invoice.get_reconcile_lines_for_amount(amount, invoice.currency)
            paid = invoice.pay_invoice(amount, method, self.day)
            assert not remainder
            self.pool.get("account.move.line").reconcile([*lines, *paid])

    def _draft(self, nth: int) -> Any:
        get = self.pool.get
        draft = get("account.invoice")(type="out")
        draft.party = get("party.party")(self.customers[nth * 7919 % len(self.customers)])
        draft.on_change_type()
        draft.on_change_party()
        draft.invoice_date = self.day
        draft.payment_term = self.term
        draft.account, draft.journal = self.accounts["receivable"], self.journal
        draft.lines = []
        for which in range(3):
            line = get("account.invoice.line")(type="line", description="Pose de menuiseries")
            line.account, line.quantity = self.accounts["revenue"], 2.5
            line.unit_price = Decimal(nth % 900 + 10) / 10
            line.taxes = [self.taxes[which % 2]]
            draft.lines = [*draft.lines, line]
        draft.on_change_lines()
        return draft


def main() -> None:
    """Serves one caller until it hangs up."""
    database = sys.argv[2]
    books = Books(database)
    for request in sys.stdin:
        name, *arguments = json.loads(request)
        print(json.dumps(getattr(books, name)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
