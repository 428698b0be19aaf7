"""The names of third parties in answers, from the table in which a register keeps them."""

from psycopg import sql


def name_in(table: str, party: str) -> sql.SQL:
    """The name of the third party in a column; empty for nobody."""
    return sql.SQL(
        f"coalesce((SELECT name FROM {table} AS who "  # noqa: S608  ours
        f"WHERE who.book_id = %(book)s AND who.party = {party}), '')"
    )


def named(lines: str, table: str) -> sql.Composed:
    """The lines of a book with `party_name`, under the name of their own table."""
    return sql.SQL(
        "(SELECT each.*, {name} AS party_name FROM {lines} AS each "
        "WHERE each.book_id = %(book)s) AS {lines}"
    ).format(name=name_in(table, "each.party"), lines=sql.Identifier(lines))
