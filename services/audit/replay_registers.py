"""Checks of the registers: made again from zero, in memory and in a scratch place."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from domain.book.event import Recorded
from domain.ledger.entry import EntryPosted
from projections.archives import ArchivedDocument
from projections.registers import REGISTERS
from projections.rows import R
from projections.unpaid import OpenItem
from projections.vat_register import VatDetail, VatTotal
from services.audit.proofs import NoSuchPosition, consistency
from services.audit.replay_check import Check, Failure, Outcome, Step
from services.replay import schema
from services.replay.as_of import loaded
from services.replay.batch import Batcher
from services.replay.compare import Comparison, compare_book
from services.replay.connection import Replaying, connect
from services.replay.fold import WholeFold
from services.replay.place import Place, live
from services.replay.source import Source
from services.store.head import UnknownBook, Unsound
from services.store.store import Store

AGREE = "projections-agree"
SAME_LOG = "live-log-agrees"
Account = tuple[str, str, str]
"""An account, a third party on it, and a currency."""


class RegistersReplay(Check):
    """Every register takes every event in, from zero; then what they say is counted again.

    Each entry is one archived document; what is open on a third party's account is its balance,
    for letterings move nothing; each VAT total is the sum of its documents.
    """

    name = "registers-replay"

    def __init__(self) -> None:
        super().__init__()
        self._fold = WholeFold(REGISTERS)
        self._entries = 0
        self._balances: dict[Account, int] = defaultdict(int)
        self._broken = False

    def __getstate__(self) -> dict[str, Any]:
        """Everything, of the registers their rows: the rest is made again."""
        rows = [
            (register.name, row)
            for register in REGISTERS
            for table in register.rows
            for row in self._fold.books[register.name].held(table)
        ]
        return {**self.__dict__, "_fold": rows}

    def __setstate__(self, state: dict[str, Any]) -> None:
        fold = WholeFold(REGISTERS)
        for name, row in state["_fold"]:
            fold.books[name].add(row)
        self.__dict__.update(state | {"_fold": fold})

    def take(self, step: Step) -> None:
        if self._broken:
            return
        fact = step.fact
        try:
            self._fold.apply([fact])
        except Exception as error:  # noqa: BLE001  whatever a register raises is the finding
            self._broken = True
            detail = f"a register stops here: {type(error).__name__} {error}"
            self.wrong(fact.position, detail)
        self.checked += 1
        if isinstance(fact.event, EntryPosted):
            self._entries += 1
            for line in fact.event.lines:
                if line.party:
                    key = line.account, line.party, fact.event.currency
                    self._balances[key] += line.debit - line.credit

    def end(self) -> None:
        """Compares the sums of the registers with those of the entries."""
        if self._broken:
            return
        archived = len(self._held("archives", ArchivedDocument))
        if archived != self._entries:
            self.wrong(0, f"{archived} archived documents, {self._entries} entries")
        opened: dict[Account, int] = defaultdict(int)
        for item in self._held("unpaid", OpenItem):
            opened[item.account, item.party, item.currency] += item.open
        for key in sorted(opened.keys() | self._balances.keys()):
            if opened[key] != self._balances[key]:
                detail = f"{' '.join(key)}: open {opened[key]}, balance {self._balances[key]}"
                self.wrong(0, detail)
        self._compare_vat()

    def _held(self, register: str, table: type[R]) -> Collection[R]:
        return cast("Collection[R]", self._fold.books[register].held(table))

    def _compare_vat(self) -> None:
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        for row in self._held("vat_register", VatDetail):
            of = row.direction, row.period, row.currency, row.category
            sums[*of, row.rate, row.code, row.exigible] += row.tax
        for total in self._held("vat_register", VatTotal):
            of = total.direction, total.period, total.currency, total.category
            key = *of, total.rate, total.code, total.exigible
            says = total.tax + total.credit_tax
            if says != sums.pop(key, 0):
                self.wrong(0, f"VAT total {' '.join(key)} is not the sum of its documents")
        if any(sums.values()):
            self.wrong(0, "VAT of documents that no total counts")


def live_log_agrees(store: Store, book_id: str, size: int, root: str) -> Outcome:
    """Whether the book in the database begins with the very events of the bundle."""
    if size == 0:
        return Outcome(name=SAME_LOG, status="pass")
    try:
        proof = consistency(store, book_id, size)
    except UnknownBook:
        return Outcome(name=SAME_LOG, status="skipped", why="the database has no such book")
    except (NoSuchPosition, Unsound) as error:
        failure = Failure(position=0, detail=str(error))
    else:
        if proof.old_root == root:
            return Outcome(name=SAME_LOG, status="pass", checked=size)
        detail = f"its first {size} events have root {proof.old_root}"
        failure = Failure(position=1, upto=size, detail=detail)
    return Outcome(name=SAME_LOG, status="fail", checked=size, failed=1, failures=(failure,))


def projections_agree(url: str, book_id: str, size: int, facts: Iterable[Recorded]) -> Outcome:
    """Loads the registers from the bundle into a scratch place and compares with the live ones.

    Only where these stand at the bundle's last event; no register moves meanwhile.
    """
    with connect(url) as conn:
        if not all(schema.exists(conn, register.name) for register in REGISTERS):
            return Outcome(name=AGREE, status="skipped", why="there are no live registers")
        return _compare(conn, book_id, size, facts)


def _compare(conn: Replaying, book_id: str, size: int, facts: Iterable[Recorded]) -> Outcome:
    with _standing_still(conn, book_id) as standing:
        behind = {name: at for name, at in standing.items() if at != size}
        if behind:
            words = ", ".join(f"{name} stands at {at}" for name, at in behind.items())
            why = f"the bundle ends at {size}, {words}"
            return Outcome(name=AGREE, status="skipped", why=why)
        found = Comparison()
        with loaded(conn, REGISTERS, book_id, facts) as scratch:
            (name,) = scratch.execute("SELECT current_schema()").fetchall()[0]
            for register in REGISTERS:
                compare_book(scratch, live(register), Place(register, name), UUID(book_id), found)
    return _compared(found, size)


@contextmanager
def _standing_still(conn: Replaying, book_id: str) -> Iterator[dict[str, int]]:
    """The position of each live register, which stays while this lasts."""
    with conn.transaction():
        batcher = Batcher(conn, Source(), [live(register) for register in REGISTERS])
        standing = batcher.lock(UUID(book_id))
        yield {name: each.position for name, each in standing.items()}


def _compared(found: Comparison, size: int) -> Outcome:
    failed = found.added + found.changed + found.removed
    failures = tuple(
        Failure(
            position=(row.live or row.rebuilt or {}).get("entry", 0),
            detail=f"{row.table}: live {row.live}, replayed {row.rebuilt}",
            field=row.table,
        )
        for row in found.first
    )
    status = "fail" if failed else "pass"
    return Outcome(
        name=AGREE,
        status=status,  # type: ignore[arg-type]
        checked=size,
        failed=failed,
        failures=failures,
    )
