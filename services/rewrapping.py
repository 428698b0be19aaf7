"""Use case of replacing the key-encryption key: every key of personal data is wrapped anew.

No field is touched, and no event: what is sealed stays sealed under the same keys. The old
key-encryption key then opens only what older backups hold.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import Connection

from domain.operations.technical import PersonalKeysRewrapped
from services.key_encryption import KeyFiles
from services.store.pen import Command
from services.store.store import Store
from services.store.vault import PersonalKey, Vault, WrongKeyEncryptionKey
from services.technical import note

# No key is made meanwhile; one that waits for this finds another fingerprint and is refused.
STILL = "LOCK TABLE personal_key IN SHARE ROW EXCLUSIVE MODE"
IN_USE = "SELECT fingerprint FROM key_encryption_key FOR UPDATE"
KEYS = """
SELECT book_id::text, key_id, subject, field, wrapped, wrapped_by FROM personal_key
ORDER BY book_id, key_id
"""
REWRAP = """
UPDATE personal_key SET wrapped = %(wrapped)s, wrapped_by = %(wrapped_by)s
WHERE book_id = %(book)s AND key_id = %(key_id)s
"""
USE = "UPDATE key_encryption_key SET fingerprint = %(fingerprint)s"


def replace_key(
    store: Store, owner_url: str, files: KeyFiles, command: Command
) -> Mapping[str, int]:
    """Puts the next key-encryption key in the place of the current one; how many keys, by book.

    Stopped at any moment, it is finished by the next run. Raises WrongKeyEncryptionKey when the
    database uses neither, Unsealable when a key of personal data was changed: then nothing is done.
    """
    old, new = Vault(files.current), Vault(files.next)
    with psycopg.connect(owner_url) as conn:
        counted = rewrap(conn, old, new)
    before, after = old.fingerprint, new.fingerprint
    files.promote(before)
    store.mapper.vault.renew()
    for book_id, keys in counted.items():
        event = PersonalKeysRewrapped(before=before, after=after, keys=keys)
        note(store, book_id, event, command, f"personal keys rewrapped {after}")
    return counted


def rewrap(conn: Connection[Any], old: Vault, new: Vault) -> Mapping[str, int]:
    """Wraps every key anew, in the caller's transaction; those that are done stay as they are."""
    counted: Counter[str] = Counter()
    conn.execute(STILL)
    used = conn.execute(IN_USE).fetchone()
    if used is not None and used[0] not in {old.fingerprint, new.fingerprint}:
        raise WrongKeyEncryptionKey("this database uses another key-encryption key")
    with conn.cursor(binary=True) as cursor:
        keys = [PersonalKey(*row) for row in cursor.execute(KEYS).fetchall()]
    for key in keys:
        counted[key.book_id] += 1
        if key.wrapped_by == new.fingerprint:
            continue
        anew = new.take_over(key, old)
        row = {"wrapped": anew.wrapped, "wrapped_by": anew.wrapped_by}
        conn.execute(REWRAP, {**row, "book": key.book_id, "key_id": key.key_id})
    conn.execute(USE, {"fingerprint": new.fingerprint})
    return counted
