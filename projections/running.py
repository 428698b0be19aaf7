"""Pages of lines with a running balance, in any order: of an account, or of a third party on it."""

from collections.abc import Sequence

from psycopg import sql

# The page is cut first; then each account on it is summed up to its earliest line there, and line
# by line to its latest day: in the order of accounts that is the page alone.
PAGE = sql.SQL("""
WITH cut AS MATERIALIZED (
    SELECT * FROM {lines} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
), first AS (
    SELECT DISTINCT ON ({of}) {of}, date, entry, line,
        max(date) OVER (PARTITION BY {of}) AS last_day
    FROM cut ORDER BY {of}, date, entry, line
), opening AS MATERIALIZED (
    SELECT first.*, coalesce((
        SELECT sum(debit - credit) FROM {table} AS earlier
        WHERE {selected} AND {earlier}
            AND (earlier.date, earlier.entry, earlier.line) < (first.date, first.entry, first.line)
    ), 0)::bigint AS carried FROM first
), running AS MATERIALIZED (
    SELECT moved.entry, moved.line, carried, (carried + moved.since)::bigint AS balance
    FROM opening CROSS JOIN LATERAL (
        SELECT entry, line, sum(debit - credit) OVER (ORDER BY date, entry, line) AS since
        FROM {table} AS later
        WHERE {selected} AND {later} AND later.date <= opening.last_day
            AND (later.date, later.entry, later.line) >= (
                opening.date, opening.entry, opening.line)
    ) AS moved
)
SELECT {columns} FROM cut JOIN running USING (entry, line)
""")


def running_page(
    table: str,
    of: Sequence[str],
    *,
    lines: sql.Composable,
    columns: sql.Composable,
    selected: sql.Composable,
    conditions: sql.Composable,
    order: sql.Composable,
) -> sql.Composed:
    """The lines of a table that meet `conditions`, cut by `order`, each with what was carried and
    the balance after it. A balance is one of each set of columns `of`, over what is `selected`."""
    return PAGE.format(
        table=sql.Identifier(table),
        of=sql.SQL(", ").join(map(sql.Identifier, of)),
        earlier=_same(of, "earlier", "first"),
        later=_same(of, "later", "opening"),
        lines=lines,
        columns=columns,
        selected=selected,
        conditions=conditions,
        order=order,
    )


def _same(of: Sequence[str], one: str, other: str) -> sql.Composed:
    pairs = [
        sql.SQL("{} = {}").format(sql.Identifier(one, column), sql.Identifier(other, column))
        for column in of
    ]
    return sql.SQL(" AND ").join(pairs)
