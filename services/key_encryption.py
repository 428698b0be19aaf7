"""The key that wraps the keys of personal data: given by the environment, or a file of the home."""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from services.audit.keys import UnusableKey, write_once
from services.settings import Settings
from services.store.vault import KEY_BYTES, Vault

FILE = "personal.key"


def open_vault(settings: Settings) -> Vault:
    """The vault of an installation; its key is read when personal data is first met."""
    return Vault(lambda: key_encryption_key(settings))


def key_encryption_key(settings: Settings) -> bytes:
    """The 32 bytes; a file (mode 0400) is made when nobody gave a key; raises UnusableKey.

    Several machines on one database share one key: the second to make one of its own is refused
    by the database, which keeps the fingerprint of the first.
    """
    if settings.key_encryption_key is not None:
        return _read(settings.key_encryption_key.get_secret_value())
    path = keys_folder(settings) / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(path, b64encode(os.urandom(KEY_BYTES)).decode() + "\n", 0o400)
    if path.stat().st_mode & 0o077:
        raise UnusableKey(f"{path} can be read by others: chmod 400 it")
    return _read(path.read_text("ascii"))


def keys_folder(settings: Settings) -> Path:
    """Where an installation keeps its keys, outside the database."""
    return settings.home.expanduser() / "keys"


def _read(word: str) -> bytes:
    try:
        key = b64decode(word.strip(), validate=True)
    except ValueError as error:
        raise UnusableKey("the key for personal data is not base64") from error
    if len(key) != KEY_BYTES:
        raise UnusableKey(f"the key for personal data has {len(key)} bytes, not {KEY_BYTES}")
    return key
