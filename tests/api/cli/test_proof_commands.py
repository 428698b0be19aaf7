"""Seals, proofs and the witness as a person types them, with the exit code of each outcome."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.root import build, command_names
from services.audit import timestamps
from services.audit.seals import last_seal
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.services.audit.authority import Authority, served
from tests.services.audit.conftest import write_entries
from tests.services.audit.test_verify import cut, rewrite

RUNNER = CliRunner()
PLACE = ["--street", "1 rue du Test", "--postal-code", "75001", "--city", "Paris"]


class Desk:
    """A company with a book, a folder for papers, and commands in this process."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.store = Store(BookDatastore(url))
        self._app = build(command_names())
        number = ("--registration", "732829320", "--vat-number", "FR44732829320")
        self.book = self.run("company", "open", "Essai", "--country", "FR", *number, *PLACE).strip()

    def run(self, *words: object, code: int = 0) -> str:
        done = RUNNER.invoke(self._app, [str(word) for word in words])
        assert done.exit_code == code, (words, done.stdout, done.stderr, done.exception)
        return done.stdout

    def json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", code=code))

    def paper(self, name: str, *words: object, code: int = 0) -> Path:
        """What a command prints, on a paper of its own."""
        path = self.folder / name
        path.write_text(self.run(*words, code=code), "utf-8")
        return path

    def grow(self, nth: int) -> None:
        write_entries(self.store, self.book, nth)


@pytest.fixture
def desk(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARAPHE_WITNESS", str(tmp_path / "firm"))
    opened = Desk(tmp_path, fresh_database_url)
    opened.grow(0)
    yield opened
    opened.store.close()


def test_a_proof_is_made_and_checked_against_a_seal(desk: Desk) -> None:
    seal = desk.paper("seal", "seal", "now", "-c", "Essai")
    key = desk.run("seal", "key").strip()
    proof = desk.paper("proof", "audit", "proof", "-c", "Essai", "-p", 2)
    assert desk.json("audit", "check-proof", proof)["sealed"] is None
    sealed = desk.json("audit", "check-proof", proof, "--seal", seal, "--key", key)
    assert (sealed["status"], sealed["sealed"]) == ("pass", True)
    older = desk.paper("older", "audit", "proof", "-c", "Essai", "-p", 1, "--size", 2)
    desk.run("audit", "check-proof", older, "--seal", seal, "--key", key, code=1)
    text = proof.read_text()
    proof.write_text(text.replace('"position":2', '"position":1'))
    desk.run("audit", "check-proof", proof, code=1)
    proof.write_text(text[:40])
    desk.run("audit", "check-proof", proof, code=3)
    desk.run("audit", "proof", "-c", "Essai", "-p", 99, code=2)
    desk.run("audit", "proof", "-c", "Essai", code=2)


def test_a_kept_seal_anchors_a_verification(desk: Desk) -> None:
    sealed = desk.store.head(desk.book).size  # exports and findings are noted behind it
    seal = desk.paper("seal", "seal", "now", "-c", "Essai")
    key = desk.paper("key", "seal", "key")
    anchored = ("--seal", seal, "--key", key)
    desk.run("audit", "verify", "-c", "Essai", *anchored)
    exported = desk.folder / "book.zip"
    desk.run("audit", "export", "-c", "Essai", "-o", exported)
    desk.run("audit", "verify", exported, *anchored)
    rewrite(desk.store, desk.book, sealed)
    desk.run("audit", "verify", "-c", "Essai")
    found = desk.json("audit", "verify", "-c", "Essai", *anchored, code=1)["findings"]
    assert {one["check"] for one in found} == {"kept-root"}
    desk.run("audit", "verify", "-c", "Essai", "--seal", seal, code=2)


def test_only_what_came_after_a_seal_is_verified(desk: Desk) -> None:
    verify = ("audit", "verify", "-c", "Essai")
    desk.run(*verify, "--since-seal", code=3)  # there is none yet
    desk.run("seal", "now", "-c", "Essai")
    head = desk.store.head(desk.book)
    desk.grow(1)
    said = desk.json(*verify, "--since-seal")
    assert (said["scope"]["since"], said["status"]) == (head.size, "pass")
    assert f"events 1–{head.size}: not read again" in said["not_checked"][0]
    root = f"{head.size}:{head.root.hex()}"
    assert f"read again: {head.size + 1}–" in desk.run(*verify, "--since", root)
    desk.run(*verify, "--since", f"{head.size}:{'00' * 32}", code=1)
    stranger = desk.run("witness", "key").strip()
    desk.run(*verify, "--since-seal", "--key", stranger, code=3)
    desk.run("audit", "verify", "--since", root, code=2)
    desk.run(*verify, "--since", root, "--since-seal", code=2)


def test_a_seal_that_is_none_anchors_nothing(desk: Desk) -> None:
    seal = desk.paper("seal", "seal", "now", "-c", "Essai")
    key = desk.run("seal", "key").strip()
    stranger = desk.run("witness", "key").strip()
    for spoil, trusted, code in (
        (lambda text: text.replace(desk.book, desk.book[::-1]), key, 1),
        (lambda text: text[:-9], key, 3),
        (lambda text: text, stranger, 3),
    ):
        forged = desk.folder / "forged"
        forged.write_text(spoil(seal.read_text()))
        words = ("audit", "verify", "-c", "Essai", "--seal", forged, "--key", trusted)
        desk.run(*words, code=code)


def test_a_seal_of_another_book_anchors_nothing(desk: Desk) -> None:
    desk.run("company", "open", "Autre", "--country", "FR", "--registration", "404833048",
             "--vat-number", "FR83404833048", *PLACE)  # fmt: skip
    other = desk.paper("other", "seal", "now", "-c", "Autre")
    key = desk.run("seal", "key").strip()
    desk.run("audit", "verify", "-c", "Essai", "--seal", other, "--key", key, code=3)


def test_the_firm_witnesses_and_shouts_at_a_fork(desk: Desk) -> None:
    desk.run("seal", "now")
    desk.run("witness", "trust", desk.run("seal", "key").strip(), "--book", desk.book)
    first = desk.paper("first", "seal", "submission", "-c", "Essai")
    seen = desk.paper("seen", "witness", "check", first)
    witness = desk.run("witness", "key").strip()
    desk.run("seal", "keep", seen, "-c", "Essai", "--key", witness)
    assert "1 witnesses" in desk.run("seal", "list", "-c", "Essai")
    size = desk.store.head(desk.book).size
    desk.grow(1)
    desk.run("seal", "now")
    second = desk.paper("second", "seal", "submission", "-c", "Essai", "--since", size)
    assert desk.json("witness", "check", second)[0]["size"] == str(size + 2)
    desk.run("witness", "check", desk.paper("late", "seal", "submission", "-c", "Essai"), code=0)
    fork(desk)
    third = desk.paper("third", "seal", "submission", "-c", "Essai", "--since", size + 2)
    shouted = RUNNER.invoke(desk._app, ["witness", "check", str(second), str(third)])
    assert shouted.exit_code == 1
    assert "FORK" in shouted.stderr
    (evidence,) = (desk.folder / "firm" / "evidence").iterdir()
    assert evidence.read_text() in shouted.stderr
    assert desk.json("witness", "list")[0]["size"] == size + 2


def fork(desk: Desk) -> None:
    """The whole machine is put back to yesterday, signer's memory included, and goes on."""
    for memory in (desk.folder / "home" / "keys" / "signed").glob("*.seal"):
        memory.unlink()
    rewrite(desk.store, desk.book, desk.store.head(desk.book).size)
    with desk.store.entered(desk.book) as conn:
        conn.execute("RESET ROLE")
        conn.execute("SET session_replication_role = replica")
        conn.execute("DELETE FROM seal")
    desk.grow(2)
    desk.run("seal", "now", "-c", "Essai")


def test_a_lost_book_is_sealed_only_as_lost(desk: Desk) -> None:
    desk.grow(1)
    desk.run("seal", "now", "-c", "Essai")
    cut(desk.store, desk.book, desk.store.head(desk.book).size - 1)
    desk.run("seal", "now", "-c", "Essai", code=1)
    desk.run("seal", "recovered", "-c", "Essai", code=2)
    assert "\nrecovered " in desk.run("seal", "recovered", "-c", "Essai", "--yes")
    desk.run("seal", "recovered", "-c", "Essai", "--yes", code=2)
    desk.run("seal", "now", "-c", "Essai")


def test_the_key_is_replaced_and_old_seals_still_anchor(desk: Desk) -> None:
    seal = desk.paper("seal", "seal", "now", "-c", "Essai")
    old = desk.run("seal", "key").strip()
    desk.run("seal", "rotate", code=2)
    new = desk.run("seal", "rotate", "--yes").strip()
    assert desk.run("seal", "key").split() == [old, new]
    late = desk.paper("late", "seal", "now", "-c", "Essai")
    desk.run("witness", "trust", old, "--book", desk.book)
    told = desk.paper("told", "seal", "statement", "-c", "Essai")
    assert desk.run("witness", "replaced", told, "--book", desk.book).strip() == new
    desk.run("witness", "check", desk.paper("sent", "seal", "submission", "-c", "Essai"))
    desk.run("audit", "export", "-c", "Essai", "-o", desk.folder / "book.zip")
    for words in (("-c", "Essai"), (desk.folder / "book.zip",)):
        desk.run("audit", "verify", *words, "--seal", seal, "--seal", late, "--key", old)


def test_a_series_and_a_stamp_are_printed(desk: Desk) -> None:
    assert desk.run("seal", "print", "-c", "Essai", code=3) == ""
    series = ("seal", "series", "-c", "Essai", "--series", "entry:OD:2026")
    manifest = desk.paper("series", *series)
    key = desk.run("seal", "key").strip()
    assert "1 to 2" in desk.run("seal", "check-series", manifest, "--key", key)
    manifest.write_text(manifest.read_text().replace("2026-03-03", "2026-03-04"))
    desk.run("seal", "check-series", manifest, "--key", key, code=1)
    manifest.write_text("{}")
    desk.run("seal", "check-series", manifest, "--key", key, code=3)
    desk.grow(1)
    desk.run("seal", "now")
    svg = desk.folder / "code.svg"
    assert len(desk.run("seal", "print", "-c", "Essai", "--svg", svg).splitlines()) == 2
    assert svg.read_text().startswith("<svg")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
def test_a_seal_is_dated_by_an_authority(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(desk.folder / "authority")
    stranger = Authority(desk.folder / "stranger")
    roots = authority.folder / "root.pem"
    with served(authority) as url:
        words = ("seal", "timestamp", "-c", "Essai", "--authority", url, "--roots")
        desk.run(*words, roots, code=2)  # no seal yet
        desk.run("seal", "now")
        assert "was there at" in desk.run(*words, roots)
        desk.run(*words, stranger.folder / "root.pem", code=1)
        monkeypatch.setenv("PARAPHE_TIMESTAMP_URL", url)
        desk.run("seal", "timestamp", "-c", "Essai", "--roots", roots)
    desk.run(*words, roots, code=3)
    seal = last_seal(desk.store, desk.book)
    assert seal is not None
    assert len(timestamps.kept(desk.store, seal)) == 2
