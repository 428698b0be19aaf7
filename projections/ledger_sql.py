"""The statements of the ledger: its lines, named after third parties, and what they add up to."""

from psycopg import sql

from projections.page import in_country, standpoint_in
from projections.party_names import named
from projections.searching import names, says

CURSOR = "ledger_cursor"
HEAD = standpoint_in(CURSOR)
SAID = f"({says('document_number', 'label')} OR {names('ledger_party')})"
SELECTING = {
    "account": "starts_with(account, %(account)s)",
    "party": "party = %(party)s",
    "country": in_country(),
    "journal": "journal = %(journal)s",
    "currency": "currency = %(currency)s",
    "document_id": "document_id = %(document_id)s",
    "pattern": SAID,
}
LINES = named("ledger_line", "ledger_party")
# Whole months from their sums, the days that remain from the lines: before `date_from` they open
# the account, from then on they are what it moved. The index by account finds them.
TRIAL = sql.SQL("""
WITH bounds AS (
    SELECT %(first_month)s::date AS first_month,
        date_trunc('month', %(date_to)s::timestamp + interval '1 day')::date AS last_month
), account AS (
    SELECT DISTINCT account, currency FROM ledger_month WHERE book_id = %(book)s AND {selected}
), part AS (
    SELECT account, currency, debit, credit, month < first_month AS before
    FROM ledger_month, bounds
    WHERE book_id = %(book)s AND month < last_month AND {selected}
    UNION ALL
    SELECT account.*, line.debit, line.credit, line.date < %(date_from)s
    FROM bounds CROSS JOIN account CROSS JOIN LATERAL (
        SELECT date, debit, credit FROM ledger_line AS each
        WHERE book_id = %(book)s AND each.account = account.account
            AND each.currency = account.currency AND date >= last_month AND date <= %(date_to)s
    ) AS line
    UNION ALL
    SELECT account.*, sign * line.debit, sign * line.credit, sign = 1
    FROM bounds CROSS JOIN account CROSS JOIN LATERAL (
        SELECT debit, credit FROM ledger_line AS each
        WHERE book_id = %(book)s AND each.account = account.account
            AND each.currency = account.currency AND date >= first_month AND date < %(date_from)s
    ) AS line, (VALUES (1), (-1)) AS moved(sign)
    WHERE first_month < last_month
), summed AS (
    SELECT account, currency,
        coalesce(sum(debit - credit) FILTER (WHERE before), 0)::bigint AS opening,
        coalesce(sum(debit) FILTER (WHERE NOT before), 0)::bigint AS debit,
        coalesce(sum(credit) FILTER (WHERE NOT before), 0)::bigint AS credit
    FROM part GROUP BY account, currency
)
SELECT account, currency, opening, debit, credit, opening + debit - credit AS closing
FROM summed WHERE (opening, debit, credit) <> (0, 0, 0)
""")
TOTALS = sql.SQL("""
SELECT journal, label, kind, currency, entries, lines, debit, credit FROM (
    SELECT journal, currency, count(DISTINCT entry) AS entries, count(*) AS lines,
        sum(debit)::bigint AS debit, sum(credit)::bigint AS credit
    FROM ledger_line WHERE {conditions} GROUP BY journal, currency
) AS summed JOIN ledger_journal USING (journal) WHERE ledger_journal.book_id = %(book)s
""")
