"""The tabs of the archives as conditions on documents: how the company's rules become SQL (C5)."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec
from msgspec import Struct
from psycopg import Connection, sql

from domain.archives.tabs import TABS_AT_FIRST, Tab, TabIsNotThere, TabRule
from domain.book.refusal import Refusals
from domain.ledger.chart import JournalKind

LAYOUT = sql.SQL("SELECT position, layout FROM archive_layout WHERE book_id = %(book)s")
NOTHING = sql.SQL("false")
ANYTHING = sql.SQL("true")


class LaidOut(Struct, frozen=True):
    """The tabs, and the position of the event that set them; 0 for the usual ones."""

    position: int
    tabs: tuple[Tab, ...]


def laid_out(conn: Connection[Any], book_id: str) -> LaidOut:
    """The tabs of a book as the register knows them."""
    found = conn.execute(LAYOUT, {"book": book_id}).fetchone()
    if found is None:
        return LaidOut(0, TABS_AT_FIRST)
    position, layout = found
    return LaidOut(position, msgspec.convert(layout["tabs"], tuple[Tab, ...]))


def name_of_tab(tabs: Sequence[Tab]) -> sql.Composable:
    """The tab of a document, by its name: the first that takes it."""
    cases = [
        sql.SQL("WHEN {} THEN {}").format(_takes(tab), sql.Literal(tab.name)) for tab in tabs[:-1]
    ]
    return sql.SQL("CASE {} ELSE {} END").format(
        sql.SQL(" ").join(cases), sql.Literal(tabs[-1].name)
    )


def in_tab(tabs: Sequence[Tab], name: str) -> sql.Composable:
    """The condition that a document stands in a tab; raises Refusals when there is none such.

    Where the rules leave one kind of journal, that is said too: its index gives the order.
    """
    names = [tab.name for tab in tabs]
    if name not in names:
        raise Refusals(TabIsNotThere(name=name, known=", ".join(names)))
    nth = names.index(name)
    conditions = [_of_kinds(tabs, nth)]
    if tabs[nth].rules:
        conditions.append(_takes(tabs[nth]))
    conditions += [sql.SQL("NOT {}").format(_takes(tab)) for tab in tabs[:nth]]
    return sql.SQL(" AND ").join(conditions)


def _of_kinds(tabs: Sequence[Tab], nth: int) -> sql.Composable:
    """What the rules say of a document's kind of journal at least."""
    every = set(get_args(JournalKind))
    earlier = [rule for tab in tabs[:nth] for rule in tab.rules]
    gone = {
        kind
        for rule in earlier
        if rule == TabRule(journal_kinds=rule.journal_kinds)
        for kind in rule.journal_kinds
    }
    own = [set(rule.journal_kinds) or every for rule in tabs[nth].rules] or [every]
    left = sorted(set().union(*own) - gone)
    if len(left) == len(every):
        return ANYTHING
    if len(left) == 1:
        return sql.SQL("journal_kind = {}").format(sql.Literal(left[0]))
    return _among("journal_kind", left)


def _takes(tab: Tab) -> sql.Composable:
    """The condition that one of a tab's rules meets a document."""
    return sql.SQL("({})").format(sql.SQL(" OR ").join(map(_meets, tab.rules)))


def _meets(rule: TabRule) -> sql.Composable:
    conditions = [
        _among(column, values)
        for column, values in (
            ("journal", rule.journals),
            ("journal_kind", rule.journal_kinds),
            ("kind", rule.kinds),
        )
        if values
    ]
    if rule.accounts:
        begun = sql.SQL("EXISTS (SELECT FROM unnest(accounts) AS account WHERE account ^@ ANY({}))")
        conditions.append(begun.format(sql.Literal(list(rule.accounts))))
    return sql.SQL("({})").format(sql.SQL(" AND ").join(conditions))


def _among(column: str, values: Iterable[str]) -> sql.Composable:
    return sql.SQL("{} = ANY({})").format(sql.Identifier(column), sql.Literal(list(values)))
