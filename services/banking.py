"""Use cases of the bank: import its statements whole, link accounts, see what was imported (C3)."""

from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals, Refused
from domain.parties.company import COMPANY_TAG, Company
from domain.treasury import bank_account, csv_layout, statement
from domain.treasury.bank_account import BANK_ACCOUNTS_TAG, Diagnosis, Journals
from domain.treasury.bank_statement import BankStatement
from domain.treasury.csv_layout import LAYOUTS_TAG, CsvLayout, Layouts
from domain.treasury.lettering import EntriesLettered, entry_tag
from domain.treasury.payment import PaymentRecorded
from domain.treasury.statement import (
    Imported,
    StatementImported,
    StatementIsUnknown,
    account_tag,
    identity_tag,
    statement_tag,
)
from services.booking import Booked, book, plan
from services.files import statements
from services.identity import new_id
from services.loading import load_company
from services.matching import Registers, bank_line, find_matches
from services.purchasing import Original
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


class TakenStatement(Struct, frozen=True, kw_only=True):
    """What became of a statement of a file: how its lines were booked, were it new."""

    imported: Imported
    already: bool
    booked: Booked = Booked()


class ImportedFile(Struct, frozen=True, kw_only=True):
    """What a file of statements became, in its order."""

    statements: tuple[TakenStatement, ...]
    position: int
    replayed: bool

    @property
    def already(self) -> bool:
        """Whether nothing of it was new."""
        return all(each.already for each in self.statements)


def import_statements(
    store: Store,
    registers: Registers,
    book_id: str,
    content: bytes,
    command: Command,
    *,
    name: str = "",
    account: str = "",
) -> ImportedFile:
    """Takes the statements of a file in, all or none, and books each line (C3, C4, C11).

    A statement that is in already makes nothing. A line whose third party is certain is booked on
    its account, and settles what it certainly pays where the company has switched that on; every
    other waits on the suspense account. `account` tells whose a list of movements is.
    Raises Refusals.
    """
    past = store.past(book_id)
    found = statements.read(content, load_layouts(past), account)
    kind = statements.media_type(content)
    file = Original(content=content, media_type=kind, name=name)
    taking = _Taking(store, registers, past, found, file)
    written = store.write(book_id, command, taking.decide, lambda _: None, taking.reads)
    taken = taking.taken or _taken_before(written.events)
    position = written.position or max(each.imported.position for each in taken)
    return ImportedFile(statements=tuple(taken), position=position, replayed=written.replayed)


def command_for(content: bytes, actor: str, size: int) -> Command:
    """The command of importing these bytes into a book of so many events."""
    digest = sha256(content).hexdigest()
    return Command(id=f"statement:{digest}:{size}", actor=actor, cause="import")


def link_account(
    store: Store, book_id: str, account: str, journal: str, command: Command
) -> Written[Journals]:
    """Says in which bank journal the statements of an account are booked (C3, C12)."""

    def decide(pen: Pen) -> None:
        pen.append(bank_account.link(load_company(pen), load_journals(pen), account, journal))

    reads = [COMPANY_TAG, BANK_ACCOUNTS_TAG]
    return store.write(book_id, command, decide, load_journals, reads)


def set_layout(store: Store, book_id: str, layout: CsvLayout, command: Command) -> Written[Layouts]:
    """Keeps how the lists of movements of an account are written."""

    def decide(pen: Pen) -> None:
        load_company(pen)
        pen.append(csv_layout.set_layout(load_layouts(pen), layout))

    return store.write(book_id, command, decide, load_layouts, [COMPANY_TAG, LAYOUTS_TAG])


def diagnose_journals(reader: Reader) -> list[Diagnosis]:
    """Why a bank journal is not shown, or not up to date (C12)."""
    return bank_account.diagnose(load_company(reader), load_journals(reader))


def get_statement(reader: Reader, statement_id: str) -> Imported:
    """A bank statement by its id; raises Refusals when there is none."""
    found = statement.of_fact(reader.last(statement_tag(statement_id)))
    if found is None:
        raise Refusals(StatementIsUnknown(statement_id=statement_id[:60]))
    return found


def load_journals(reader: Reader) -> Journals:
    """The journal of each linked bank account."""
    return reader.fold(bank_account.evolve, bank_account.NO_JOURNALS, BANK_ACCOUNTS_TAG)


def load_layouts(reader: Reader) -> Layouts:
    """How the lists of each account are written."""
    return reader.fold(csv_layout.evolve, csv_layout.NO_LAYOUTS, LAYOUTS_TAG)


def own_accounts(company: Company, journals: Journals) -> set[str]:
    """The company's own bank accounts."""
    return {*company.ibans, *journals}


class _Taking:
    """A file on its way into a book; ids are drawn once, so that `decide` may run again."""

    def __init__(
        self,
        store: Store,
        registers: Registers,
        past: Reader,
        found: Sequence[BankStatement],
        file: Original,
    ) -> None:
        self.taken: list[TakenStatement] = []
        self._found = found
        self._file = file
        company, own = load_company(past), own_accounts(load_company(past), load_journals(past))
        fresh = [each for each in found if past.last(identity_tag(each)) is None]
        lines = [bank_line(line, each.currency) for each in fresh for line in each.lines]
        book_id = past.book_id
        matches = find_matches(store, registers, book_id, company, own=own, lines=lines)
        self._plans = {each.fingerprint: plan(each, company, matches) for each in fresh}
        self._ids = [new_id("stm") for _ in found]

    @property
    def reads(self) -> list[str]:
        """The tags that come with the lock: what is settled of each item to be lettered."""
        plans = (line for lines in self._plans.values() for line in lines)
        places = {item.entry for line in plans for item in line.settles}
        return [COMPANY_TAG, BANK_ACCOUNTS_TAG, *map(entry_tag, sorted(places))]

    def decide(self, pen: Pen) -> None:
        """Checks each statement against the one before it, and books it."""
        company, journals = load_company(pen), load_journals(pen)
        self.taken = []
        kept = ""
        for statement_id, new in zip(self._ids, self._found, strict=True):
            same = statement.of_fact(pen.last(identity_tag(new)))
            verdict = statement.take_in(
                new, same, statement.of_fact(pen.last(account_tag(new.account)))
            )
            if isinstance(verdict, Refused):
                raise Refusals(verdict)
            if verdict == "already" and same is not None:
                self.taken.append(TakenStatement(imported=same, already=True))
                continue
            journal = bank_account.find(company, journals, new.account)
            if isinstance(journal, Refused):
                raise Refusals(journal)
            kept = kept or pen.keep(self._file.content, self._file.media_type, self._file.name)
            lines = self._plans[new.fingerprint]
            event = StatementImported(
                statement_id=statement_id,
                journal=journal.code,
                file=kept,
                fingerprint=new.fingerprint,
                statement=new,
                payments=tuple(line.payment_id for line in lines),
            )
            (fact,) = pen.append([event])
            booked = book(pen, company, event, lines)
            imported = Imported(position=fact.position, event=event)
            self.taken.append(TakenStatement(imported=imported, already=False, booked=booked))


def _taken_before(facts: Sequence[Recorded]) -> list[TakenStatement]:
    """What a repeated command had taken in, from what it wrote."""
    paid = [fact.event for fact in facts if isinstance(fact.event, PaymentRecorded)]
    lettered = sum(isinstance(fact.event, EntriesLettered) for fact in facts)
    found = []
    for fact in facts:
        imported = statement.of_fact(fact)
        if imported is not None:
            own = [each for each in paid if each.statement_id == imported.event.statement_id]
            waiting = sum(each.role == "suspense" for each in own)
            booked = Booked(payments=len(own), waiting=waiting, lettered=lettered)
            found.append(TakenStatement(imported=imported, already=False, booked=booked))
    return found
