"""What the commands about seals and proofs share: keys and files named by words, and exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import Exit, stop

if TYPE_CHECKING:
    from domain.book.note import PublicKey

Keys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", help="A public key to trust, or a file of such keys."),
]
UNDECIDABLE = {
    "seal_unreadable",
    "seal_not_by_key",
    "another_book",
    "seal_older_than_seen",
    "proof_from_elsewhere",
    "book_not_witnessed",
}
"""Refusals that say that something could not be judged, not that something is false."""


@contextmanager
def judging() -> Iterator[None]:
    """Ends the command at a refusal: 1 when something is false, 3 when it could not be decided."""
    from domain.book.note import NotANote
    from domain.book.proof import NotAProof
    from domain.book.refusal import Refusals
    from services.audit.keys import UnusableKey
    from services.audit.proofs import NoSuchPosition
    from services.audit.signer import MemoryLost, NotBroken
    from services.store.head import Unsound
    from services.store.mapper import Unreadable

    try:
        yield
    except Refusals as error:
        refused = error.refused
        code = Exit.UNDECIDABLE if refused.code in UNDECIDABLE else Exit.REFUSED
        stop(f"{refused.code} ({refused.rule}): {refused.explain()}", code)
    except Unsound as error:
        stop(str(error), Exit.REFUSED)
    except (NoSuchPosition, NotBroken) as error:
        stop(str(error) or type(error).__name__, Exit.USAGE)
    except Unreadable as error:
        stop(f"{error}", Exit.UNDECIDABLE)
    except (NotANote, NotAProof, UnusableKey, MemoryLost, UnicodeDecodeError, OSError) as error:
        stop(str(error), Exit.UNDECIDABLE)


def read_keys(words: list[str] | None) -> "list[PublicKey]":
    """The keys that words stand for: written keys, or files with one key a line."""
    from domain.book.note import read_key

    lines: list[str] = []
    for word in words or ():
        file = Path(word)
        found = file.read_text("ascii").splitlines() if file.is_file() else [word]
        lines += [line for line in found if line.strip()]
    return [read_key(line) for line in lines]


def read_notes(files: list[Path] | None) -> list[str]:
    """The texts of files."""
    return [file.read_text("utf-8") for file in files or ()]
