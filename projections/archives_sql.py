"""The statements of the archives: documents now or as of a day, what settled them, their order."""

from psycopg import sql

from projections.page import in_country
from projections.searching import says

LAID_OUT = sql.SQL(
    "{}, coalesce((SELECT position FROM archive_layout WHERE book_id = %(book)s), 0) AS laid_at"
)
DOCUMENTS = sql.SQL("archive_document")
# Unsettled at a past day: what is unsettled now, and what was settled since.
AS_OF = sql.SQL("""(
    SELECT book_id, entry, journal, journal_kind, series, piece, kind, document_id, number, date,
        entry_date, due_date, party, party_name, label, currency, amount, to_settle,
        unsettled + coalesce((
            SELECT sum(since.taken) FROM archive_settlement AS since
            WHERE since.book_id = document.book_id AND since.entry = document.entry
                AND since.date > %(as_of)s
        ), 0)::bigint AS unsettled,
        accounts, treated_at, treated_by, files
    FROM archive_document AS document
    WHERE document.book_id = %(book)s AND document.entry_date <= %(as_of)s
) AS archive_document""")
CONDITIONS = {
    "only": "kind = ANY(%(only)s)",
    "within": "journal_kind = %(within)s",
    "journal": "journal = %(journal)s",
    "kind": "kind = %(kind)s",
    "document_id": "document_id = %(document_id)s",
    "party": "party = %(party)s",
    "country": in_country(),
    "account": "%(account)s = ANY(accounts)",
    "currency": "currency = %(currency)s",
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
    "entry_from": "entry_date >= %(entry_from)s",
    "entry_to": "entry_date <= %(entry_to)s",
    "due_from": "due_date >= %(due_from)s",
    "due_to": "due_date <= %(due_to)s",
    "amount_from": "amount >= %(amount_from)s",
    "amount_to": "amount <= %(amount_to)s",
    "pattern": says("number", "label", "party_name"),
    "paid": "(unsettled = 0) = %(paid)s",
    "treated": "(treated_at IS NOT NULL) = %(treated)s",
}
# Whether an export to the firm's software had the entry: it was there, on its days, of its journal.
EXPORTS = """archive_export AS export
    WHERE export.book_id = %(book)s AND entry <= export.stands_at
        AND entry_date BETWEEN export.first_day AND export.last_day
        AND export.only_journal IN ('', journal)"""
CONDITIONS["exported"] = f"EXISTS (SELECT FROM {EXPORTS}) = %(exported)s"
EXPORTED_AT = sql.SQL(f"(SELECT max(export.exported_at) FROM {EXPORTS})")  # noqa: S608  ours
EXPORTED_AS = sql.SQL(
    f"coalesce((SELECT export.exported_as FROM {EXPORTS} "  # noqa: S608  ours
    "ORDER BY export.exported_at DESC LIMIT 1), '')"
)
OPEN = sql.SQL("CASE WHEN amount < 0 THEN -unsettled ELSE unsettled END")
STATE = (
    "CASE WHEN to_settle IS NULL THEN 'none' WHEN unsettled = 0 THEN 'paid' "
    "WHEN unsettled < to_settle THEN 'partly_paid' ELSE 'unpaid' END"
)
PAID_STATE = sql.SQL(STATE)
CONDITIONS["state"] = f"{STATE} = %(state)s"
# The living letterings of a document, on the day that is asked about.
OWN = """archive_settlement AS own
    WHERE own.book_id = %(book)s AND own.entry = {document}.entry
        AND (%(as_of)s::date IS NULL OR own.date <= %(as_of)s)"""
# The other side of a lettering: shares of the opposite sign. They are sorted by `entry + 0`, an
# order that no index has: PostgreSQL would rather walk all settlements of a book by entry than sort
# five.
OTHERS = """archive_settlement AS other JOIN archive_document AS settling
        ON settling.book_id = other.book_id AND settling.entry = other.entry
    WHERE other.book_id = own.book_id AND other.lettering_id = own.lettering_id
        AND other.entry <> own.entry AND sign(other.amount) <> sign(own.amount)"""
SETTLED_BY = sql.SQL(f"""
coalesce((
    SELECT jsonb_agg(jsonb_build_object(
        'lettering_id', own.lettering_id, 'code', own.code, 'date', own.date,
        'complete', own.complete, 'amount', abs(own.amount), 'documents', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'entry', other.entry, 'kind', settling.kind, 'document_id', settling.document_id,
                'number', settling.number, 'date', settling.date, 'journal', settling.journal,
                'amount', abs(other.amount)) ORDER BY other.entry + 0), '[]')
            FROM {OTHERS})
        ) ORDER BY own.date, own.lettering_id)
    FROM {OWN.format(document="document")}
), '[]')""")  # noqa: S608  words of ours, not of a caller
SETTLED_HOW = sql.SQL(f"""
(SELECT CASE count(DISTINCT how) WHEN 0 THEN '' WHEN 1 THEN min(how) ELSE 'mixed' END
FROM (
    SELECT CASE settling.kind WHEN 'payment' THEN 'bank' WHEN 'bill_credit_note' THEN 'credit_note'
        WHEN 'bill' THEN 'invoice' ELSE settling.kind END COLLATE "C" AS how
    FROM (SELECT * FROM {OWN.format(document="archive_document")}) AS own,
        LATERAL (SELECT settling.kind FROM {OTHERS}) AS settling
) AS settled)""")  # noqa: S608  words of ours, not of a caller
RANKS: dict[str, sql.Composable] = {
    "due_date": sql.SQL("coalesce(due_date, '9999-12-31')"),
    "open": sql.SQL("coalesce({}, 0)").format(OPEN),
    "paid": sql.SQL("coalesce((unsettled = 0)::integer, 2)"),
    "state": sql.SQL('{} COLLATE "C"').format(PAID_STATE),
    "settled_how": SETTLED_HOW,
    "exported_at": sql.SQL("coalesce({}, 0)").format(EXPORTED_AT),
    "exported_as": EXPORTED_AS,
    "treated": sql.SQL("(treated_at IS NOT NULL)::integer"),
}
"""What is sorted by where a column has no value of its own for every document, or is told."""
PAGE = sql.SQL("""
SELECT entry, {tab} AS tab, journal, journal_kind, series, piece, kind, document_id, number,
    entry_date, due_date, date, party, party_name, label, currency, amount, {open} AS open,
    unsettled = 0 AS paid, {state} AS state, treated_at IS NOT NULL AS treated, treated_by,
    treated_at, {exported_at} AS exported_at, {exported_as} AS exported_as, accounts, files,
    {settled_by} AS settled_by, rank
FROM (
    SELECT * FROM (SELECT *, {rank} AS rank FROM {documents} WHERE book_id = %(book)s) AS document
    WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
) AS document
""")
