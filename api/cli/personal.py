"""`paraphe personal`: the key that wraps the keys of personal data."""

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Exit, backend, operator, say, show, stop
from api.cli._judging import judging

app = typer.Typer(help="Keys of personal data: replace the key that wraps them all.")


@app.command("replace-key")
def replace_key(
    *,
    next_key: Annotated[
        Path | None, typer.Option("--next-key", help="A file with the new key (32 bytes, base64).")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Wrap every key of personal data by a new key-encryption key, in one transaction.

    Nothing that is sealed changes. The old key stays beside the new one for older backups until
    somebody destroys it. Safe to run again after a stop.
    """
    from services.key_encryption import KeyFiles
    from services.rewrapping import replace_key as replace
    from services.store.vault import Unsealable, WrongKeyEncryptionKey

    if not yes:
        stop("this replaces the key that wraps the keys of personal data; add --yes", Exit.USAGE)
    with backend() as opened, judging():
        files = KeyFiles(opened.settings, next_key)
        try:
            done = replace(opened.store, opened.owner_url, files, operator(f"rewrap:{uuid4()}"))
        except (WrongKeyEncryptionKey, Unsealable) as error:
            stop(f"nothing was changed: {error}", Exit.UNDECIDABLE)
        if files.by_environment:
            say("put the new key into PARAPHE_KEY_ENCRYPTION_KEY of every process now")
    lines = [f"{book}: {keys} keys wrapped anew" for book, keys in done.items()]
    show(dict(done), "\n".join(lines or ["no personal data yet"]), as_json=as_json)
