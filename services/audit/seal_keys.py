"""Where the key that seals is kept: the environment, or a file beside the embedded server."""

from pathlib import Path

from domain.book.note import PublicKey, read_key
from services.audit.keys import SigningKey, UnusableKey, key_file, sync_folder, write_over
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.settings import Settings
from services.store.store import Store

NAME = "paraphe"


class SealKeys:
    """The sealing key of one installation, and those it had before (their public halves)."""

    def __init__(self, settings: Settings) -> None:
        self._given = settings.seal_key
        self._alone = settings.embedded
        self.folder = settings.home.expanduser() / "keys"

    @property
    def current(self) -> SigningKey:
        """The key in use, made on first use; raises UnusableKey."""
        if self._given is not None:
            return SigningKey.read(self._given.get_secret_value())
        return key_file(self.folder / "seal.key", NAME)

    @property
    def ready(self) -> bool:
        """Whether a server may seal unasked: with a key of its own making only if it is alone.

        Several machines on one database must share one key, which somebody has to give them.
        """
        return self._alone or self.has_key

    @property
    def has_key(self) -> bool:
        """Whether there is a key already, given or made."""
        return self._given is not None or (self.folder / "seal.key").exists()

    @property
    def next(self) -> SigningKey:
        """The key to come, made when it is first asked for; raises UnusableKey."""
        if self._given is not None:
            raise UnusableKey(
                "the key is given by PARAPHE_SEAL_KEY: put it into keys/seal.key of PARAPHE_HOME "
                "(mode 0400) and unset the variable to replace it"
            )
        return key_file(self.folder / "seal.next.key", NAME)

    def promote(self) -> PublicKey:
        """Puts the next key in use; of the old one only the public half stays."""
        old, new = self.current.public, self.next.public
        written = [key.written() for key in (*self.retired, old)]
        write_over(self._retired_file, "".join(f"{key}\n" for key in dict.fromkeys(written)))
        (self.folder / "seal.next.key").replace(self.folder / "seal.key")
        sync_folder(self.folder)
        return new

    @property
    def retired(self) -> list[PublicKey]:
        """The keys that were in use before, the oldest first."""
        if not self._retired_file.exists():
            return []
        return [read_key(line) for line in self._retired_file.read_text("ascii").splitlines()]

    @property
    def public(self) -> list[PublicKey]:
        """Every key that sealed a book of this installation."""
        return [*self.retired, self.current.public]

    @property
    def _retired_file(self) -> Path:
        return self.folder / "retired.keys"


def open_sealer(store: Store, settings: Settings) -> Sealer:
    """The sealer of an installation; it reads the key at each seal, so that a new one counts."""
    keys = SealKeys(settings)
    return Sealer(store, Signer(lambda: keys.current, keys.folder / "signed"))
