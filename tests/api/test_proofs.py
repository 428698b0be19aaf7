"""Seals and proofs over HTTP: what comes out holds, offline, against what was sealed."""

from pathlib import Path

import psycopg
import pytest

from api.ids import book_id
from domain.book.proof import read_proof
from services.audit.keys import SigningKey, read_seal
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.backend import Backend
from tests.api.conftest import Caller

KEY = SigningKey("paraphe", bytes(range(32)))


def test_a_seal_and_its_proofs(caller: Caller, backend: Backend, tmp_path: Path) -> None:
    sealer = Sealer(backend.store, Signer(lambda: KEY, tmp_path))
    book = str(book_id(caller.company))
    assert caller.get("/seals").json() == {"data": [], "has_more": False, "next_after": 0}
    old = sealer.seal(book)
    caller.customer()
    new = sealer.seal(book)
    (first,) = caller.get("/seals?limit=1").json()["data"]
    (second,) = caller.get("/seals?after=1").json()["data"]
    assert (first["note"], second["size"]) == (old.note, new.size)
    sealed = read_seal(second["note"], [KEY.public]).checkpoint
    for position in (1, new.size):
        proof = read_proof(caller.get(f"/proofs/inclusion?position={position}").content)
        assert proof.holds()
        assert (proof.book_id, proof.size, proof.root) == (book, new.size, sealed.root.hex())
    grown = read_proof(caller.get(f"/proofs/consistency?since={old.size}&size={new.size}").content)
    assert grown.holds()
    assert grown.root == sealed.root.hex()


@pytest.mark.parametrize(
    "place",
    [
        "/proofs/inclusion?position=0",
        "/proofs/inclusion?position=9999",
        "/proofs/inclusion?position=2&size=1",
        "/proofs/consistency?since=0",
        "/proofs/consistency?since=99999999999999999",
    ],
)
def test_what_is_not_there_is_not_proved(caller: Caller, place: str) -> None:
    assert caller.get(place).status_code == 404


def test_what_was_changed_is_not_proved(caller: Caller, backend: Backend) -> None:
    """Method: as somebody with all rights over the database."""
    with psycopg.connect(backend.owner_url) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute(
            "UPDATE event SET body = body || 'x' WHERE book_id = %s AND position = 1",
            [book_id(caller.company)],
        )
    answer = caller.get("/proofs/inclusion?position=1")
    assert (answer.status_code, answer.json()["code"]) == (500, "book_unsound")
