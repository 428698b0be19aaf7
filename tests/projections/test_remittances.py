"""Remittances and mandates: the register says of each what its own events say."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.book.event import Event
from domain.treasury import cheque_deposit, mandate, remittance
from domain.treasury.cheque_deposit import ChequeDepositReversed
from domain.treasury.collection import CollectionCreated
from domain.treasury.mandate import MandateRevoked, MandateSigned
from domain.treasury.remittance import (
    RemittanceCancelled,
    RemittanceLineReturned,
    RemittanceSettled,
)
from domain.treasury.transfer_order import TransferOrdered
from projections.remittances import Remittances
from projections.remittances_view import (
    MANDATE_COLUMNS,
    SORT_COLUMNS,
    MandateFilter,
    RemittanceFilter,
    list_mandates,
    list_remittances,
)
from tests.golden.events.examples import EXAMPLES
from tests.paper import Paper
from tests.projections.scratch import asked_of

DAY = date(2026, 3, 16)


def example(kind: type[Event]) -> Any:
    """The golden example of an event."""
    return EXAMPLES[kind.stored_as]


@pytest.fixture(scope="module")
def bank() -> Paper:
    """Two mandates, one revoked; two collections, a transfer order, a slip that is reversed."""
    book = Paper.opened(today=DAY)
    signed = replace(example(MandateSigned), mandate_id="mdt_1", signed_on=DAY)
    book.happened(signed, replace(signed, mandate_id="mdt_2", reference="RUM-2"))
    book.happened(MandateRevoked(mandate_id="mdt_2", contact_id=signed.contact_id, reason="fini"))
    made = example(CollectionCreated)
    lines = tuple(replace(line, mandate_id="mdt_1") for line in made.lines)
    for nth, day in enumerate((DAY, DAY - timedelta(days=5))):
        book.happened(replace(made, remittance_id=f"col_{nth}", execution_date=day, lines=lines))
    book.happened(replace(example(TransferOrdered), remittance_id="vir_1"))
    book.happened(
        replace(example(RemittanceSettled), remittance_id="col_0"),
        replace(example(RemittanceLineReturned), remittance_id="col_0", amount=7_00),
        RemittanceCancelled(remittance_id="vir_1", reason="jamais envoyé"),
    )
    slip = example(cheque_deposit.ChequeDepositCreated)
    undone = replace(example(ChequeDepositReversed), deposit_id=slip.deposit_id)
    book.happened(slip, undone)
    return book


@pytest.mark.feature("M41", "M42")
def test_files_and_slips_are_listed_as_their_events_fold(database_url: str, bank: Paper) -> None:
    with asked_of(database_url, Remittances(), bank.facts) as (conn, book):
        rows = list_remittances(conn, book, RemittanceFilter(), sort="number").rows
    assert {row.kind for row in rows} == {"collection", "transfer_order", "cheque_deposit"}
    for row in rows:
        if row.kind == "cheque_deposit":
            assert row.state == "cancelled"
            continue
        known = bank.fold(remittance.evolve, None, remittance.remittance_tag(row.id))
        assert known is not None
        assert (row.state, row.position) == (known.status, known.position)
        assert (row.amount, row.lines) == (known.document.total, len(known.document.remitted))
        back = [each.amount for each in known.returned.values()]
        assert (row.returned, row.returned_lines) == (sum(back), len(back))
        assert row.settled_on == (known.settled.date if known.settled else None)


@pytest.mark.feature("M42")
def test_mandates_are_listed_as_their_events_fold(database_url: str, bank: Paper) -> None:
    with asked_of(database_url, Remittances(), bank.facts) as (conn, book):
        for day in (DAY, date(2029, 3, 15), date(2029, 3, 16)):
            rows = list_mandates(conn, book, MandateFilter(on=day)).rows
            assert len(rows) == 2
            for row in rows:
                known = bank.fold(mandate.evolve, None, f"mandate:{row.id}")
                assert known is not None
                assert (row.state, row.used_on) == (known.status(day), known.used_on)
                assert row.lapses_on == known.lapses_on(day)
                assert row.collections == len(known.collections)
        assert list_mandates(conn, book, MandateFilter(state="revoked")).rows[0].id == "mdt_2"


@pytest.mark.feature("M41", "M42")
@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"kind": "collection"}, 2),
        ({"state": "cancelled"}, 2),
        ({"state": "created"}, 1),
        ({"q": "JAMAIS"}, 1),
        ({"amount_from": 10**12}, 0),
        ({"issued_to": date(2000, 1, 1)}, 0),
        ({"journal": "ZZZ"}, 0),
    ],
)
def test_remittances_are_filtered(
    database_url: str, bank: Paper, wanted: dict[str, Any], count: int
) -> None:
    with asked_of(database_url, Remittances(), bank.facts) as (conn, book):
        rows = list_remittances(conn, book, RemittanceFilter(**wanted)).rows
    assert len(rows) == count


def test_every_order_gives_every_row_page_by_page(database_url: str, bank: Paper) -> None:
    with asked_of(database_url, Remittances(), bank.facts) as (conn, book):
        asked: list[Any] = [
            (SORT_COLUMNS, list_remittances, RemittanceFilter(), 4),
            (MANDATE_COLUMNS, list_mandates, MandateFilter(on=DAY), 2),
        ]
        for columns, read, wanted, whole in asked:
            for sort in (way + column for column in columns for way in ("", "-")):
                ids, after = [], None
                for _ in range(whole):
                    page = read(conn, book, wanted, sort=sort, after=after, limit=1)
                    ids += [row.id for row in page.rows]
                    after = page.next
                assert len(set(ids)) == whole
            with pytest.raises(ValueError, match="colour"):
                read(conn, book, wanted, sort="colour")
