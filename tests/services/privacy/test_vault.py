"""Sealed fields: each opens with its own key, in its own place, to its own text, or not at all."""

from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.audit.keys import UnusableKey
from services.key_encryption import key_encryption_key, open_vault
from services.settings import Settings
from services.store.vault import (
    NoKeyEncryptionKey,
    PersonalKey,
    Unsealable,
    Vault,
    WrongKeyEncryptionKey,
    no_key,
)

BOOK = "0190f2c0-0000-7000-8000-000000000001"
SECRET = "alice@example.org"


@pytest.fixture
def vault() -> Vault:
    """A vault with a key of its own."""
    return Vault(lambda: b"k" * 32)


@pytest.fixture
def key(vault: Vault) -> PersonalKey:
    """The key of a mail address."""
    return vault.make_key(BOOK, "ctc_1", "email")


def test_a_field_opens_with_its_key(vault: Vault, key: PersonalKey) -> None:
    sealed = vault.seal(key, SECRET)
    assert vault.open(key, sealed) == SECRET
    assert SECRET.encode() not in b64decode(sealed.box)
    assert vault.seal(key, SECRET) != sealed  # nobody sees that two are alike
    assert vault.reveal([key], {"email": sealed}) == {"email": SECRET}
    assert vault.reveal([], {"email": sealed}) == {}


@pytest.mark.parametrize(
    "moved", [{"book_id": BOOK[:-1] + "2"}, {"subject": "ctc_2"}, {"field": "bank_accounts"}]
)
def test_a_key_opens_nothing_in_another_place(
    vault: Vault, key: PersonalKey, moved: dict[str, str]
) -> None:
    sealed = vault.seal(key, SECRET)
    with pytest.raises(Unsealable):
        vault.open(replace(key, **moved), sealed)


def test_every_changed_byte_of_a_box_is_seen(vault: Vault, key: PersonalKey) -> None:
    sealed = vault.seal(key, SECRET)
    box = b64decode(sealed.box)
    for at in range(len(box)):
        changed = bytearray(box)
        changed[at] ^= 1
        with pytest.raises(Unsealable):
            vault.open(key, replace(sealed, box=b64encode(changed).decode()))
    with pytest.raises(Unsealable):
        vault.open(key, replace(sealed, commitment="00" * 32))
    with pytest.raises(Unsealable):
        vault.open(key, replace(sealed, box="not base64"))
    with pytest.raises(Unsealable):
        vault.open(replace(key, wrapped=key.wrapped[:-1] + b"\0\0"[:1]), replace(sealed, key="x"))


def test_another_key_encryption_key_is_named_as_such(vault: Vault, key: PersonalKey) -> None:
    other = Vault(lambda: b"o" * 32)
    with pytest.raises(WrongKeyEncryptionKey):
        other.open(key, vault.seal(key, SECRET))
    with pytest.raises(NoKeyEncryptionKey):
        Vault(no_key).make_key(BOOK, "ctc_1", "email")


def test_the_key_of_an_installation_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, key_encryption_key=None)
    made = key_encryption_key(settings)
    assert key_encryption_key(settings) == made
    file = tmp_path / "keys" / "personal.key"
    assert file.stat().st_mode & 0o777 == 0o400
    file.chmod(0o444)
    with pytest.raises(UnusableKey):
        key_encryption_key(settings)


@pytest.mark.parametrize("word", ["short", "äöü", b64encode(b"k" * 31).decode()])
def test_a_key_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(UnusableKey):
        key_encryption_key(Settings(key_encryption_key=word))  # type: ignore[arg-type]
    given = Settings(key_encryption_key=b64encode(b"k" * 32).decode())  # type: ignore[arg-type]
    assert open_vault(given).fingerprint == Vault(lambda: b"k" * 32).fingerprint
