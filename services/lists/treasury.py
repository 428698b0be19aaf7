"""The lists of the treasury: movements of the bank, instalments, letterings."""

from datetime import UTC, date, datetime

from msgspec import Struct

from domain.book.refusal import words
from projections import bank_transactions_view, instalments_view, letterings_view
from projections.bank_transactions import BankTransactions
from projections.instalments import Instalments
from projections.letterings import Letterings
from projections.letterings_view import LetteringRow
from services.lists.headings import columns
from services.lists.kind import ListKind, both_ways


class LetteringLine(Struct, frozen=True, kw_only=True):
    """A lettering on one line; moments are RFC 3339 in UTC, `documents` those of its lines."""

    date: date
    code: str
    state: str
    account: str
    party_name: str
    currency: str
    amount: int
    documents: list[str]
    reason: str
    lettered_at: str
    lettered_by: str
    undone_at: str
    undone_by: str
    undone_reason: str
    lettering_id: str
    party: str
    position: int


def lettering_line(row: LetteringRow) -> LetteringLine:
    """A lettering of the register on one line."""
    return LetteringLine(
        date=row.date,
        code=row.code,
        state=row.state,
        account=row.account,
        party_name=row.party_name,
        currency=row.currency,
        amount=row.amount,
        documents=row.documents,
        reason=row.reason,
        lettered_at=_written(row.lettered_at),
        lettered_by=row.lettered_by,
        undone_at=_written(row.undone_at),
        undone_by=row.undone_by,
        undone_reason=row.undone_reason,
        lettering_id=row.lettering_id,
        party=row.party,
        position=row.position,
    )


def _written(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


BANK_TRANSACTIONS = ListKind(
    name="bank_transactions",
    title=words("Bank transactions", "Opérations bancaires", "Bankverrichtingen"),
    register=BankTransactions(),
    filter=bank_transactions_view.TransactionFilter,
    orders=both_ways(bank_transactions_view.SORT_COLUMNS, usual="-date"),
    columns=columns(
        "journal date value_date statement_name statement_line document_kind document_number means "
        "party_name name iban communication structured label currency amount balance state settled "
        "account booked_in id entry line"
    ),
    read=lambda conn, book, wanted, sort, after, limit: bank_transactions_view.list_transactions(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
INSTALMENTS = ListKind(
    name="instalments",
    title=words("Instalments", "Échéances", "Termijnen"),
    register=Instalments(),
    filter=instalments_view.InstalmentFilter,
    orders=both_ways(instalments_view.SORT_COLUMNS, usual="-due_date"),
    columns=columns(
        "side due_date state document_kind document_number nth parts kind issue_date party_name "
        "journal account currency amount paid open settled_how settled_on document_id party entry "
        "line",
        paid="amount",
    ),
    read=lambda conn, book, wanted, sort, after, limit: instalments_view.list_instalments(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
LETTERINGS = ListKind(
    name="letterings",
    title=words("Letterings", "Lettrages", "Afpuntingen"),
    register=Letterings(),
    filter=letterings_view.LetteringFilter,
    orders=both_ways(letterings_view.SORT_COLUMNS, usual="-lettered_at"),
    columns=columns(" ".join(LetteringLine.__struct_fields__)),
    read=lambda conn, book, wanted, sort, after, limit: letterings_view.list_letterings(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
    line=lettering_line,
)
