"""Seals, cosignatures, codes and a replaced key, computed a second time without our code.

`docs/vectors/seal-v1.json` is what the script below prints, made with hashlib and the Ed25519 of
`cryptography` alone. To write it again: `python tests/services/audit/test_seal_vectors.py`.
"""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BOOK = "6f1f0f6e-3c1b-4d5e-9a52-0d5a1c0ffee1"
FILE = Path(__file__).resolve().parents[3] / "docs" / "vectors" / "seal-v1.json"
ROOT = sha256(b"a root").digest()
SEEDS = {"old": bytes(range(32)), "new": bytes(range(32, 64)), "witness": bytes(range(64, 96))}
KINDS = {"old": 1, "new": 1, "witness": 4}
NAMES = {"old": "paraphe", "new": "paraphe", "witness": "cabinet"}
SECONDS = 1_800_000_000
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def b64(content: bytes) -> str:
    return b64encode(content).decode()


def public(who: str) -> bytes:
    raw = Ed25519PrivateKey.from_private_bytes(SEEDS[who]).public_key().public_bytes_raw()
    return bytes([KINDS[who]]) + raw


def key_id(who: str) -> bytes:
    return sha256(NAMES[who].encode() + b"\n" + public(who)).digest()[:4]


def key(who: str) -> str:
    return f"{NAMES[who]}+{key_id(who).hex()}+{b64(public(who))}"


def line(who: str, message: str, before: bytes = b"") -> str:
    signed = Ed25519PrivateKey.from_private_bytes(SEEDS[who]).sign(message.encode())
    return f"— {NAMES[who]} {b64(key_id(who) + before + signed)}\n"


def code(text: str) -> str:
    value = int.from_bytes(sha256(text.encode()).digest()[:16], "big")
    digits, check = "", value % 1021
    for _ in range(26):
        digits, value = CROCKFORD[value % 32] + digits, value // 32
    digits += CROCKFORD[check // 32] + CROCKFORD[check % 32]
    return "-".join(digits[at : at + 4] for at in range(0, 28, 4))


def vectors() -> dict[str, Any]:
    """One seal with its witness, one declared break, one replaced key."""
    text = f"paraphe/{BOOK}\n12\n{b64(ROOT)}\n"
    broken = f"paraphe/{BOOK}\n7\n{b64(ROOT)}\nrecovered 12 {b64(ROOT)}\n"
    cosigned = f"cosignature/v1\ntime {SECONDS}\n{text}"
    told = f"paraphe/{BOOK}\nseal key replaced\n{key('old')}\n{key('new')}\n"
    return {
        "format": "paraphe/1",
        "book_id": BOOK,
        "root": ROOT.hex(),
        "keys": {who: key(who) for who in SEEDS},
        "seal": {"size": 12, "note": f"{text}\n{line('old', text)}", "code": code(text)},
        "cosigned": {
            "seconds": SECONDS,
            "line": line("witness", cosigned, SECONDS.to_bytes(8, "big")),
        },
        "break": {"note": f"{broken}\n{line('new', broken)}", "code": code(broken)},
        "replaced": {"statement": f"{told}\n{line('old', told)}{line('new', told)}"},
    }


def test_the_published_vectors_are_these() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == vectors()


def test_our_code_makes_and_reads_the_vectors() -> None:
    from domain.book.note import Note, read_key, read_note
    from domain.book.seal import Anchor, Checkpoint, read_checkpoint
    from domain.book.seal_code import code_of
    from services.audit.keys import SigningKey, is_signed, read_seal
    from services.audit.seal_rotation import check_statement

    given = vectors()
    keys = {who: read_key(word) for who, word in given["keys"].items()}
    signers = {who: SigningKey(NAMES[who], SEEDS[who], KINDS[who]) for who in SEEDS}
    assert {who: signer.public for who, signer in signers.items()} == keys
    seal = Checkpoint(book_id=BOOK, size=12, root=ROOT)
    note = Note(seal.text(), (signers["old"].sign(seal.text()),))
    assert note.written() == given["seal"]["note"]
    assert code_of(seal) == given["seal"]["code"]
    assert signers["witness"].cosign(seal.text(), SECONDS).line == given["cosigned"]["line"]
    both = read_note(given["seal"]["note"] + given["cosigned"]["line"])
    assert is_signed(both, keys["witness"])
    lost = read_seal(given["break"]["note"], [keys["new"]]).checkpoint
    assert lost.broken == Anchor(12, ROOT)
    assert code_of(read_checkpoint(lost.text())) == given["break"]["code"]
    assert check_statement(given["replaced"]["statement"], BOOK, keys["old"]) == keys["new"]


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=2, ensure_ascii=False))
