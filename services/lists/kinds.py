"""Every list there is: the register it reads, its filter, its orders and its columns.

The HTTP door, the command line and the files all read a list through its one `ListKind`.
"""

from domain.book.refusal import words
from projections import (
    archives_view,
    articles_view,
    contacts_view,
    earnings_view,
    history_view,
    ledger_view,
    printing_view,
    sales_documents_view,
    sales_lines_view,
    unpaid_view,
    vat_view,
)
from projections.archives import Archives
from projections.articles import Articles
from projections.contacts import Contacts
from projections.history import History
from projections.ledger import Ledger
from projections.printing import Printing
from projections.sales_documents import SalesDocuments
from projections.unpaid import Unpaid
from projections.vat_register import VatRegister
from services.files.table import Words
from services.lists.cards import ArticleLine, ContactLine, article_line, contact_line
from services.lists.headings import columns
from services.lists.kind import ListKind as ListKind  # noqa: PLC0414
from services.lists.kind import both_ways
from services.lists.remittances import MANDATES, REMITTANCES
from services.lists.treasury import BANK_TRANSACTIONS, INSTALMENTS, LETTERINGS

ARCHIVES = ListKind(
    name="archives",
    title=words("Archives", "Archives", "Archief"),
    register=Archives(),
    filter=archives_view.ArchiveFilter,
    orders=both_ways(archives_view.SORT_COLUMNS, usual="-date"),
    columns=columns(
        "date tab journal series piece kind number party_name label due_date entry_date currency "
        "amount open paid state settled_how treated treated_by exported_at exported_as accounts "
        "files document_id party entry"
    ),
    read=lambda conn, book, wanted, sort, after, limit: archives_view.list_documents(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
DOCUMENTS_RECEIVED = ListKind(
    name="documents_received",
    title=words("Documents received", "Pièces reçues", "Ontvangen stukken"),
    register=Archives(),
    filter=archives_view.ReceivedFilter,
    orders=both_ways(archives_view.SORT_COLUMNS, usual="-date"),
    columns=columns(
        "date entry_date channel kind number party_name journal series piece due_date currency "
        "amount open state treated files document_id party entry"
    ),
    read=lambda conn, book, wanted, sort, after, limit: archives_view.list_documents(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
DOCUMENTS_SENT = ListKind(
    name="documents_sent",
    title=words("Documents sent", "Pièces envoyées", "Verzonden stukken"),
    register=Printing(),
    filter=printing_view.SentFilter,
    orders=both_ways(printing_view.SORT_COLUMNS, usual="-date"),
    columns=columns(
        "date kind number party_name currency amount state channel sent_on original duplicates "
        "document_id party issued_at"
    ),
    read=lambda conn, book, wanted, sort, after, limit: printing_view.list_sent(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
HISTORY = ListKind(
    name="history",
    title=words("History of third parties", "Historique des tiers", "Historiek van derden"),
    register=History(),
    filter=history_view.HistoryFilter,
    orders=both_ways(history_view.SORT_COLUMNS, usual="party"),
    columns=columns(
        "side account party_name date journal series number document_kind document_number label "
        "currency debit credit balance codes document_id party entry line",
        number="number",
    ),
    read=lambda conn, book, wanted, sort, after, limit: history_view.list_lines(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
LEDGER = ListKind(
    name="ledger",
    title=words("General ledger", "Grand livre", "Grootboek"),
    register=Ledger(),
    filter=ledger_view.LedgerFilter,
    orders=both_ways(ledger_view.LEDGER_COLUMNS, usual="account"),
    columns=columns(
        "account date journal series number document_kind document_number party_name label "
        "currency debit credit balance codes posted_on document_id party entry line",
        number="number",
    ),
    read=lambda conn, book, wanted, sort, after, limit: ledger_view.list_lines(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
JOURNALS = ListKind(
    name="journals",
    title=words("Journals", "Journaux", "Dagboeken"),
    register=Ledger(),
    filter=ledger_view.LedgerFilter,
    orders=both_ways(ledger_view.JOURNAL_COLUMNS, usual="journal"),
    columns=columns(
        "journal date series number document_kind document_number account party_name label "
        "currency debit credit posted_on document_id party entry line",
        number="number",
    ),
    read=lambda conn, book, wanted, sort, after, limit: ledger_view.list_journal(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)


def earnings(side: earnings_view.Side, title: Words) -> ListKind:
    """The list of what was earned, or of what it cost (V22, V23)."""
    return ListKind(
        name=side,
        title=title,
        register=Ledger(),
        filter=earnings_view.EarningsFilter,
        orders=both_ways(earnings_view.SORT_COLUMNS),
        columns=columns(
            "date journal document_kind document_number account party_name label currency amount "
            "document_id party entry line"
        ),
        read=lambda conn, book, wanted, sort, after, limit: earnings_view.list_earnings(
            conn, book, side, wanted, sort=sort, after=after, limit=limit
        ),
    )


REVENUES = earnings("revenues", words("Revenues", "Recettes", "Opbrengsten"))
EXPENSES = earnings("expenses", words("Expenses", "Dépenses", "Kosten"))
UNPAID = ListKind(
    name="unpaid",
    title=words("Open items", "Impayés", "Openstaande posten"),
    register=Unpaid(),
    filter=unpaid_view.UnpaidFilter,
    orders=both_ways(unpaid_view.SORT_COLUMNS, usual="due_date"),
    columns=columns(
        "side account party_name document_kind document_number issue_date due_date journal date "
        "label currency amount open document_id party entry line"
    ),
    read=lambda conn, book, wanted, sort, after, limit: unpaid_view.list_items(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
VAT_REGISTER = ListKind(
    name="vat_register",
    title=words("VAT register", "Registre de TVA", "Btw-register"),
    register=VatRegister(),
    filter=vat_view.VatFilter,
    orders=both_ways(vat_view.SORT_COLUMNS, usual="period"),
    columns=columns(
        "direction period date kind number issue_date party_name category rate code nature "
        "exigible currency base tax "
        "exemption document_id party position"
    ),
    read=lambda conn, book, wanted, sort, after, limit: vat_view.list_details(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
SALES_DOCUMENTS = ListKind(
    name="sales_documents",
    title=words("Sales documents", "Pièces de vente", "Verkoopdocumenten"),
    register=SalesDocuments(),
    filter=sales_documents_view.SalesFilter,
    orders=both_ways(sales_documents_view.SORT_COLUMNS),
    columns=columns(
        "date kind type number state customer_name issue_date due_date valid_until currency net "
        "tax gross credited open probability weighted external_id id customer_id quote_id"
    ),
    read=lambda conn, book, wanted, sort, after, limit: sales_documents_view.list_documents(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)
SALES_LINES = ListKind(
    name="sales_lines",
    title=words("Lines sold", "Lignes vendues", "Verkochte regels"),
    register=SalesDocuments(),
    filter=sales_lines_view.SoldFilter,
    orders=both_ways(sales_lines_view.SORT_COLUMNS, usual="date"),
    columns=columns(
        "date document_kind number customer_name description quantity rate currency net cost "
        "margin article_id customer_id document_id position line",
    ),
    read=lambda conn, book, wanted, sort, after, limit: sales_lines_view.list_lines(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
)

CONTACTS = ListKind(
    name="contacts",
    title=words("Contacts", "Contacts", "Contacten"),
    register=Contacts(),
    filter=contacts_view.ContactFilter,
    orders=both_ways(contacts_view.COLUMNS),
    columns=columns(" ".join(ContactLine.__struct_fields__)),
    read=lambda conn, book, wanted, sort, after, limit: contacts_view.list_contacts(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
    line=contact_line,
)
ARTICLES = ListKind(
    name="articles",
    title=words("Articles", "Articles", "Artikelen"),
    register=Articles(),
    filter=articles_view.ArticleFilter,
    orders=both_ways(articles_view.COLUMNS),
    columns=columns(" ".join(ArticleLine.__struct_fields__)),
    read=lambda conn, book, wanted, sort, after, limit: articles_view.list_articles(
        conn, book, wanted, sort=sort, after=after, limit=limit
    ),
    line=article_line,
)

LISTS: dict[str, ListKind] = {
    each.name: each
    for each in (
        ARCHIVES,
        ARTICLES,
        BANK_TRANSACTIONS,
        CONTACTS,
        DOCUMENTS_RECEIVED,
        DOCUMENTS_SENT,
        EXPENSES,
        HISTORY,
        INSTALMENTS,
        JOURNALS,
        LEDGER,
        LETTERINGS,
        MANDATES,
        REMITTANCES,
        REVENUES,
        SALES_DOCUMENTS,
        SALES_LINES,
        UNPAID,
        VAT_REGISTER,
    )
}
