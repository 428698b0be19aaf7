"""Rows of an inspection's lists that take more than a line: losses, statements, VAT returns."""

from collections.abc import Iterator
from datetime import date

from domain.ledger.vat_return import VatReturnFiled
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.bank_statement import BankStatement
from domain.treasury.statement import StatementImported
from domain.values.money import written

Row = tuple[object, ...]
Loss = InvoiceWrittenOff | BadDebtVatReclaimed | BadDebtRecovered


def loss_row(position: int, loss: Loss) -> Row:
    """A debt that is lost, its VAT taken back, or what was paid of it after all."""
    tax = sum(share.tax for share in loss.shares)
    sums = loss.currency, written(loss.net, loss.currency), written(tax, loss.currency)
    head = loss.document_number, loss.issue_date, loss.stored_as, loss.customer_name, *sums
    match loss:
        case InvoiceWrittenOff():
            about = loss.invoice_number, loss.reason, " ".join(loss.mentions)
        case BadDebtVatReclaimed():
            about = loss.invoice_id, loss.evidence, ""
        case BadDebtRecovered():
            about = loss.invoice_id, "", ""
    return (*head, *about, position)


def statement_row(position: int, imported: StatementImported) -> Row:
    """A bank statement with its balances, as far as its file says them."""
    said = imported.statement
    balances = (
        "" if amount is None else written(amount, said.currency)
        for amount in (said.opening, said.closing)
    )
    name = said.account, said.year, said.reference or said.number, said.currency
    return (*name, *balances, len(said.lines), imported.file, position)


def last_day_of(statement: BankStatement) -> date | None:
    """The last day that a statement is about, as far as it says one."""
    return statement.closed_on or max((line.date for line in statement.lines), default=None)


def return_rows(position: int, filed: VatReturnFiled) -> Iterator[Row]:
    """The grids of a VAT return as it was filed."""
    for grid, amount in sorted(filed.grids.items()):
        said = grid, written(amount, "EUR"), filed.filed_on, filed.file
        yield (filed.period, filed.country, *said, position)
