"""The key that wraps the keys of personal data: given by the environment, or a file of the home."""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from services.audit.keys import UnusableKey, write_once, write_over
from services.settings import Settings
from services.store.vault import KEY_BYTES, Vault

FILE, NEXT = "personal.key", "personal.next.key"


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


class KeyFiles:
    """The key-encryption key of an installation, and the one that is to take its place.

    `given` is a file with the next key; without it one is made. Where the environment gives the
    current key, the next one is given by a file and put into the environment afterwards.
    """

    def __init__(self, settings: Settings, given: Path | None = None) -> None:
        self._settings = settings
        self._given = given
        self._folder = keys_folder(settings)

    @property
    def by_environment(self) -> bool:
        """Whether the current key comes from the environment."""
        return self._settings.key_encryption_key is not None

    def current(self) -> bytes:
        """The key in use."""
        return key_encryption_key(self._settings)

    def next(self) -> bytes:
        """The key to come; raises UnusableKey."""
        if self._given is not None:
            return _read(self._given.read_text("ascii"))
        if self.by_environment:
            raise UnusableKey("the key is given by the environment: give the next one by a file")
        path = self._folder / NEXT
        if not path.exists():
            write_once(path, b64encode(os.urandom(KEY_BYTES)).decode() + "\n", 0o400)
        return _read(path.read_text("ascii"))

    def promote(self, old: str) -> None:
        """Puts the next key in use; the old one is kept as `personal.OLD.key` for old backups."""
        if self.by_environment:
            return
        written = b64encode(self.next()).decode() + "\n"
        current = self._folder / FILE
        write_once(self._folder / f"personal.{old}.key", current.read_text("ascii"), 0o400)
        write_over(current, written, 0o400)
        (self._folder / NEXT).unlink(missing_ok=True)


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
