"""Erasure on a real database: the plaintext is nowhere, every proof holds, and it stays so.

Method: contacts with mail addresses and bank accounts are made through the use cases, in a database
of the test's own, registers and a bundle are built, and then every place is searched for the words.
"""

import os
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.parties.contact import ContactCreated, ContactIsUnknown, contact_tag
from domain.parties.particulars import BankAccount
from domain.privacy.erasing import NothingToErase, PersonalDataErased, PersonalDataIsKept
from services import directory, treasury
from services.audit.export import Export, export_book
from services.audit.proofs import inclusion
from services.audit.verify import Kept, verify_book
from services.erasure import (
    ErasureList,
    check_personal_data,
    erase_contact,
    reapply_erasures,
)
from services.key_encryption import open_vault
from services.postgres_binaries import Account, programs_for
from services.replay.engine import Engine
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper, PersonalDataInClear
from services.store.store import Store
from services.store.vault import NoKeyEncryptionKey, Vault, WrongKeyEncryptionKey
from tests.domain.steps import CUSTOMER, received
from tests.services.use_cases.conftest import Clock, Desk

MAIL = "marie.curie@example.org"
IBAN = "FR7630006000011234567890189"
PERSON = replace(CUSTOMER, name="Marie Curie", email=MAIL, bank_accounts=(BankAccount(iban=IBAN),))


@pytest.fixture
def desk(fresh_database_url: str) -> Iterator[Desk]:
    """A desk in a database of its own."""
    clock = Clock()
    mapper = Mapper(vault=open_vault(Settings()))
    store = Store(BookDatastore(fresh_database_url), clock=clock, mapper=mapper)
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def kept(tmp_path: Path) -> ErasureList:
    """The list of erasures outside the database."""
    return ErasureList(tmp_path / "keys" / "erased.list")


def erase(desk: Desk, kept: ErasureList, contact: str, *fields: str) -> PersonalDataErased:
    """Erases a contact's personal data."""
    written = erase_contact(
        desk.store, desk.book, contact, desk.command(), kept=kept, fields=fields
    )
    return written.answer


def everywhere(desk: Desk, url: str, folder: Path) -> dict[str, bytes]:
    """Every place where something of the book is: dump, registers, tables, bundle."""
    Engine(url).run_to_head(desk.book)
    found = {"pg_dump": dumped(url)}
    with psycopg.connect(url) as conn:
        tables = conn.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            rows = conn.execute(f"SELECT t::text FROM {table} t").fetchall()  # type: ignore[arg-type]
            found[table] = "\n".join(row for (row,) in rows).encode()
    bundle = folder / "book.zip"
    export_book(desk.store, desk.book, bundle)
    with zipfile.ZipFile(bundle) as zipped:
        found["bundle"] = b"".join(zipped.read(name) for name in zipped.namelist())
    return found


def dumped(url: str) -> bytes:
    """The whole database as pg_dump writes it; event bodies are bytes, so they are decoded too."""
    program = programs_for(Account(os.geteuid(), os.getegid())) / "pg_dump"
    text = subprocess.run([program, "--inserts", url], capture_output=True, check=True).stdout
    bodies = (bytes.fromhex(word) for word in hex_words(text.decode()))
    return text + b"\n".join(bodies)


def hex_words(text: str) -> Iterator[str]:
    """The byte strings of a dump."""
    for part in text.split("'\\x")[1:]:
        yield part.partition("'")[0]


def test_the_words_are_in_no_place_before_or_after(
    desk: Desk, kept: ErasureList, fresh_database_url: str, tmp_path: Path
) -> None:
    """They never were in clear; after the erasure the keys are gone as well."""
    contact = desk.contact(PERSON)
    assert directory.get_contact(desk.store.past(desk.book), contact).details == PERSON
    for words in (MAIL, IBAN):
        places = everywhere(desk, fresh_database_url, tmp_path)
        assert [name for name, there in places.items() if words.encode() in there] == []
    keys = set(ids_of_keys(fresh_database_url))
    assert len(keys) == 2

    erased = erase(desk, kept, contact)

    assert set(erased.keys) == keys
    assert ids_of_keys(fresh_database_url) == []
    known = directory.get_contact(desk.store.past(desk.book), contact)
    assert known.details == replace(PERSON, email="", bank_accounts=())
    dump = everywhere(desk, fresh_database_url, tmp_path)["pg_dump"]
    assert b"Marie Curie" in dump  # what documents print is kept
    assert b"personal_key" in dump


def ids_of_keys(url: str) -> list[str]:
    """The keys that are there."""
    with psycopg.connect(url) as conn:
        return [key for (key,) in conn.execute("SELECT key_id FROM personal_key").fetchall()]


def test_every_proof_holds_after_an_erasure(desk: Desk, kept: ErasureList, tmp_path: Path) -> None:
    contact = desk.contact(PERSON)
    position = desk.size
    before = verify_book(desk.store, desk.book)
    proof = inclusion(desk.store, desk.book, position)
    export_book(desk.store, desk.book, tmp_path / "before.zip")

    erase(desk, kept, contact)

    anchor = Kept(size=before.size, root=before.root)
    assert verify_book(desk.store, desk.book, [anchor]).findings == ()
    assert inclusion(desk.store, desk.book, position, proof.size) == proof
    export_book(desk.store, desk.book, tmp_path / "again.zip", upto=before.size)
    with Export(tmp_path / "again.zip") as export:
        assert export.verify((anchor,)).findings == ()
    report = check_personal_data(desk.store, desk.book)
    assert (report.readable, report.erased, report.findings) == (0, 2, ())


def test_others_are_read_as_before(desk: Desk, kept: ErasureList) -> None:
    one, other = (
        desk.contact(PERSON),
        desk.contact(replace(PERSON, name="Pierre", bank_accounts=())),
    )
    erase(desk, kept, one)
    assert directory.get_contact(desk.store.past(desk.book), other).details.email == MAIL
    report = check_personal_data(desk.store, desk.book)
    assert (report.readable, report.erased) == (1, 2)


def test_who_comes_back_gets_a_new_key_and_the_old_words_stay_away(
    desk: Desk, kept: ErasureList
) -> None:
    contact = desk.contact(PERSON)
    created = desk.size
    erase(desk, kept, contact)
    new = replace(PERSON, email="m@example.org", bank_accounts=())
    directory.change_contact(desk.store, desk.book, contact, new, desk.command())
    assert directory.get_contact(desk.store.past(desk.book), contact).details.email == new.email
    then = directory.get_contact(desk.store.past(desk.book, created), contact)
    assert then.details.email == ""
    assert erase(desk, kept, contact).fields == ("email",)


def test_a_change_keeps_the_key_and_saying_the_same_changes_nothing(
    desk: Desk, fresh_database_url: str
) -> None:
    contact = desk.contact(PERSON)
    keys, size = ids_of_keys(fresh_database_url), desk.size
    directory.change_contact(desk.store, desk.book, contact, PERSON, desk.command())
    assert desk.size == size
    moved = replace(PERSON, email="other@example.org")
    written = directory.change_contact(desk.store, desk.book, contact, moved, desk.command())
    assert written.answer.details == moved
    assert sorted(ids_of_keys(fresh_database_url)) == sorted(keys)


def test_a_refused_or_failed_command_leaves_no_key(desk: Desk, fresh_database_url: str) -> None:
    with pytest.raises(Refusals):
        desk.contact(replace(PERSON, name=""))
    assert ids_of_keys(fresh_database_url) == []


def test_the_law_keeps_a_bank_account_while_a_payment_is_kept(
    desk: Desk, kept: ErasureList
) -> None:
    contact = desk.contact(PERSON)
    paid = received(5_000, party=contact, date=date(2026, 3, 2))
    treasury.record_payment(desk.store, desk.book, paid, desk.command())
    with pytest.raises(Refusals) as refused:
        erase(desk, kept, contact)
    why = refused.value.refused
    assert isinstance(why, PersonalDataIsKept)
    assert (why.field, why.until) == ("bank_accounts", date(2036, 12, 31))
    assert why.position == desk.size
    assert directory.get_contact(desk.store.past(desk.book), contact).details == PERSON

    assert erase(desk, kept, contact, "email").fields == ("email",)
    known = directory.get_contact(desk.store.past(desk.book), contact)
    assert known.details == replace(PERSON, email="")

    desk.clock.now = datetime(2037, 1, 1, 9, tzinfo=UTC)
    assert erase(desk, kept, contact).fields == ("bank_accounts",)


def test_an_unknown_contact_and_nothing_left_are_refused(desk: Desk, kept: ErasureList) -> None:
    for contact, expected in (("ctc_nobody", ContactIsUnknown), (desk.customer, NothingToErase)):
        with pytest.raises(Refusals) as refused:
            erase(desk, kept, contact)
        assert isinstance(refused.value.refused, expected)


def test_a_repeated_erasure_is_one(desk: Desk, kept: ErasureList) -> None:
    contact, command = desk.contact(PERSON), desk.command()
    first = erase_contact(desk.store, desk.book, contact, command, kept=kept)
    again = erase_contact(desk.store, desk.book, contact, command, kept=kept)
    assert again.answer == first.answer
    assert again.replayed
    assert kept.keys(desk.book) == set(first.answer.keys)


def test_a_restored_backup_does_not_bring_it_back(
    desk: Desk, kept: ErasureList, fresh_database_url: str
) -> None:
    """Goal: keys that a backup brings back go again, even when it knows of no erasure."""
    contact = desk.contact(PERSON)
    with psycopg.connect(fresh_database_url) as conn:
        backup = conn.execute("SELECT * FROM personal_key").fetchall()
    erase(desk, kept, contact)
    with psycopg.connect(fresh_database_url) as conn:
        for row in backup:
            conn.execute("INSERT INTO personal_key VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
    found = check_personal_data(desk.store, desk.book).findings
    assert [finding.detail.partition(":")[2] for finding in found] == [
        " its key was erased and is there again"
    ] * 2

    assert reapply_erasures(desk.store, desk.book, kept) == 2

    assert ids_of_keys(fresh_database_url) == []
    assert reapply_erasures(desk.store, desk.book, kept) == 0
    assert check_personal_data(desk.store, desk.book).findings == ()


def test_the_list_outside_knows_what_the_backup_does_not(
    desk: Desk, kept: ErasureList, fresh_database_url: str
) -> None:
    desk.contact(PERSON)
    kept.add(desk.book, ids_of_keys(fresh_database_url))  # erased after the backup was taken
    kept.add(desk.book, ids_of_keys(fresh_database_url))
    assert reapply_erasures(desk.store, desk.book, kept) == 2
    found = check_personal_data(desk.store, desk.book).findings
    assert {"no event erased" in finding.detail for finding in found} == {True}


def test_a_key_put_in_place_of_another_is_found(desk: Desk, fresh_database_url: str) -> None:
    desk.contact(PERSON)
    with psycopg.connect(fresh_database_url) as conn:
        conn.execute("UPDATE personal_key SET subject = 'ctc_other' WHERE field = 'email'")
    (found,) = check_personal_data(desk.store, desk.book).findings
    assert "belongs to email of ctc_other" in found.detail


def test_one_database_has_one_key_encryption_key(desk: Desk, fresh_database_url: str) -> None:
    desk.contact(PERSON)
    other = Store(BookDatastore(fresh_database_url), mapper=Mapper(vault=Vault(lambda: b"x" * 32)))
    with pytest.raises(WrongKeyEncryptionKey):
        directory.create_contact(other, desk.book, PERSON, desk.command())
    other.close()
    keyless = Store(BookDatastore(fresh_database_url))
    with pytest.raises(NoKeyEncryptionKey):
        directory.create_contact(keyless, desk.book, PERSON, desk.command())
    keyless.close()


def test_no_event_is_written_with_a_personal_field_in_clear(desk: Desk) -> None:
    contact = desk.contact(PERSON)
    created = desk.store.past(desk.book).last(contact_tag(contact))
    assert created is not None
    assert isinstance(created.event, ContactCreated)
    assert created.event.details == replace(PERSON, email="", bank_accounts=())
    with pytest.raises(PersonalDataInClear):
        Mapper().body(replace(created.event, details=PERSON))


def test_a_book_sees_its_own_keys_only(desk: Desk, kept: ErasureList) -> None:
    """Row-level security: another book's connection reads and destroys nothing here."""
    contact = desk.contact(PERSON)
    other = Desk(desk.store, desk.clock)
    with desk.store.entered(other.book) as conn:
        assert conn.execute("SELECT count(*) FROM personal_key").fetchone() == (0,)
        assert conn.execute("DELETE FROM personal_key").rowcount == 0
    assert directory.get_contact(desk.store.past(desk.book), contact).details == PERSON
    with desk.store.entered(desk.book) as conn, pytest.raises(psycopg.Error):
        conn.execute("UPDATE personal_key SET wrapped = wrapped")
