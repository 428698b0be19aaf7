"""The lists of what goes to the bank: files and cheque slips, and the mandates to collect."""

from domain.book.refusal import words
from projections import remittances_view
from projections.remittances import Remittances
from services.lists.headings import columns
from services.lists.kind import ListKind, both_ways

REMITTANCES = ListKind(
    name="remittances",
    title=words("Remittances", "Remises en banque", "Bankopdrachten"),
    register=Remittances(),
    filter=remittances_view.RemittanceFilter,
    orders=both_ways(remittances_view.SORT_COLUMNS, usual="-issue_date"),
    columns=columns(
        "issue_date kind number state journal iban execution_date settled_on lines currency amount "
        "returned_lines returned reason file id position"
    ),
    read=lambda conn, book, wanted, sort, after, limit: remittances_view.list_remittances(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
MANDATES = ListKind(
    name="mandates",
    title=words("Mandates", "Mandats", "Mandaten"),
    register=Remittances(),
    filter=remittances_view.MandateFilter,
    orders=both_ways(remittances_view.MANDATE_COLUMNS, usual="-signed_on"),
    columns=columns(
        "signed_on reference party_name scheme state collections used_on lapses_on reason id party "
        "position"
    ),
    read=lambda conn, book, wanted, sort, after, limit: remittances_view.list_mandates(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
