"""Replacing the key that seals: an event in each book signed by the old and the new key."""

from collections.abc import Iterable

from domain.book.event import Recorded
from domain.book.note import NotANote, Note, PublicKey, read_key
from domain.book.refusal import Refusals
from domain.book.rotation import KEYS_TAG, SealKeyReplaced, read_statement, statement
from domain.book.seal import SealForged, SealKeyRetired, SealUnreadable
from services.audit.keys import Seal, SigningKey, check_note, read_seal
from services.store.pen import Command, Pen
from services.store.store import Store


def replace_key(store: Store, book_id: str, old: SigningKey, new: SigningKey, actor: str) -> int:
    """Writes the replacement of a key into a book, once, and returns its position."""
    text = statement(book_id, old.public, new.public)
    event = SealKeyReplaced(
        old_key=old.public.written(),
        new_key=new.public.written(),
        statement=Note(text, (old.sign(text), new.sign(text))).written(),
    )

    def decide(pen: Pen) -> None:
        pen.append([event])

    command = Command(id=f"replace-seal-key {new.public.written()}", actor=actor)
    return store.write(book_id, command, decide, lambda _: None).position


def check_statement(written: str, book_id: str, old: PublicKey) -> PublicKey:
    """The new key that a statement gives a book; raises Refusals unless `old` and it signed it."""
    try:
        note, said, new = read_statement(written, book_id)
    except NotANote as error:
        raise Refusals(SealUnreadable(why=str(error))) from error
    if said != old:
        raise Refusals(SealForged(signer=said.name))
    check_note(note, [old])
    check_note(note, [new])
    return new


class KeyRing:
    """The keys of one book: those given as trusted, and those that its events put in their place.

    A key that was replaced by the event at a position signs seals of smaller sizes only.
    """

    def __init__(self, book_id: str, trusted: Iterable[PublicKey]) -> None:
        self.book_id = book_id
        self._until: dict[PublicKey, int | None] = dict.fromkeys(trusted)

    @property
    def is_empty(self) -> bool:
        """Whether no key is trusted: then nothing can be said about signatures."""
        return not self._until

    def learn(self, facts: Iterable[Recorded]) -> "KeyRing":
        """Takes in the replacements recorded in the book; raises Refusals at a false one."""
        for fact in facts:
            if isinstance(fact.event, SealKeyReplaced):
                self._replace(fact.position, fact.event)
        return self

    def open(self, written: str) -> Seal:
        """The seal of a text, signed by a key of this book at that size; raises Refusals."""
        seal = read_seal(written, self._until)
        until = self._until[seal.key]
        if until is not None and seal.checkpoint.size >= until:
            raise Refusals(SealKeyRetired(key=seal.key.written(), position=until))
        return seal

    def _replace(self, position: int, event: SealKeyReplaced) -> None:
        try:
            old = read_key(event.old_key)
        except NotANote as error:
            raise Refusals(SealUnreadable(why=str(error), position=position)) from error
        if old not in self._until:
            return
        new = check_statement(event.statement, self.book_id, old)
        if new.written() != event.new_key:
            raise Refusals(SealForged(signer=new.name, position=position))
        if self._until[old] is None:
            self._until[old] = position
        self._until.setdefault(new, None)


def ring_of(store: Store, book_id: str, trusted: Iterable[PublicKey]) -> KeyRing:
    """The keys of a book in the database."""

    def learn(ring: KeyRing, fact: Recorded) -> KeyRing:
        return ring.learn([fact])

    return store.past(book_id).fold(learn, KeyRing(book_id, trusted), KEYS_TAG)
