"""Undoing an import in one command: what it made is archived, what it changed is put back.

What was used or changed since stays as it is, item by item, with the event that makes it so.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from domain.articles import article as articles
from domain.articles import assortment, composing
from domain.articles.article import Article, article_tag
from domain.book.event import Decision, Event, Recorded
from domain.imports import batch as batches
from domain.imports.batch import Batch, BatchKind, KeptItem
from domain.parties import contact as contacts
from domain.parties import introducing
from domain.parties.contact import contact_tag
from services import directory
from services.articles import find
from services.imports.batch import get_batch
from services.store.pen import Command, Pen
from services.store.store import Store, Written

# Documents do not carry the tags of what they mention, so the book since the import is searched,
# before the pen is taken; what came meanwhile is looked at under it.
SINCE = """
SELECT position, type, body FROM event
WHERE book_id = %(book)s AND position > %(after)s AND position <= %(upto)s
ORDER BY position LIMIT 5000
"""
_NAMED = re.compile(rb'"((?:ctc|art)_[0-9a-z]{26})"')
_OWN = re.compile(rb'"(?:contact|article):([a-z]{3}_[0-9a-z]{26})"')
_NO_USE = ("import.", "personal_data.")

Uses = dict[str, int]
"""Where something is first used, by its id."""


def undo_import(store: Store, book_id: str, batch_id: str, command: Command) -> Written[Batch]:
    """Takes an import back as far as nothing has been built on it (M2, M7); raises Refusals."""
    book = store.past(book_id)
    known = get_batch(book, batch_id)
    used = _used(store, book_id, known.position, size := store.head(book_id).size)

    def decide(pen: Pen) -> None:
        batch = get_batch(pen, batch_id)
        since = pen.at(range(size + 1, pen.next_position))
        undoing = Undoing(pen, batch, {**_used_in(_bodies(since)), **used})
        undone = batches.undo(batch, archived=(), put_back=(), kept=())
        if isinstance(undone, list):
            undone = undoing.run()
        pen.append(undone)

    return store.write(
        book_id,
        command,
        decide,
        lambda reader: get_batch(reader, batch_id),
        [batches.import_tag(batch_id)],
    )


class Undoing:
    """Takes back what a batch did, item by item."""

    def __init__(self, pen: Pen, batch: Batch, used: Uses) -> None:
        self._pen = pen
        self._batch = batch
        self._used = used
        self._kept: list[KeptItem] = []

    def run(self) -> Decision:
        """Archives and puts back what may be; gives the event that says what became of all."""
        done = self._batch.completed
        archived = [each for each in done.made if self._take_back(each, made=True)]
        put_back = [each for each in done.changed if self._take_back(each, made=False)]
        return batches.undo(self._batch, archived=archived, put_back=put_back, kept=self._kept)

    def _take_back(self, item: str, *, made: bool) -> bool:
        """Whether something was taken back; else why not is kept."""
        kind = self._batch.completed.kind
        history = self._history(item)
        ours = [fact for fact in history if fact.command == self._batch.command]
        later = [fact for fact in history if fact.position > self._batch.position]
        if later:
            archived = later[-1].event.stored_as.endswith(".archived.v1")
            return self._keep(item, "archived" if archived else "changed", later[-1].position)
        if made and item in self._used:
            return self._keep(item, "used", self._used[item])
        before = [fact for fact in history if fact not in ours]
        decide = _archive if made else _put_back
        events = decide(self._pen, kind, item, before)
        self._pen.append(events)
        return True

    def _keep(self, item: str, why: batches.KeptWhy, position: int) -> bool:
        self._kept.append(KeptItem(id=item, why=why, position=position))
        return False

    def _history(self, item: str) -> list[Recorded]:
        """Its own events, in order."""
        nothing: list[Recorded] = []
        tag = contact_tag(item) if item.startswith("ctc_") else article_tag(item)
        return self._pen.fold(lambda facts, fact: [*facts, fact], nothing, tag)


def _archive(pen: Pen, kind: BatchKind, item: str, _: Iterable[Recorded]) -> Decision:
    if kind == "contacts":
        known = contacts.of_fact(pen.last(contact_tag(item)))
        return introducing.archive(directory.open_contact(pen, known), item)
    return assortment.archive(find(pen, item), item)


def _put_back(pen: Pen, kind: BatchKind, item: str, before: Iterable[Recorded]) -> Decision:
    """The events that make something what it was before the batch."""
    facts = list(before)
    if kind == "contacts":
        was = directory.open_contact(pen, contacts.of_fact(facts[-1] if facts else None))
        now = directory.open_contact(pen, contacts.of_fact(pen.last(contact_tag(item))))
        if was is None:
            return []
        return introducing.change(now, item, was.details, *directory.namesakes(pen, was.details))
    article: Article | None = None
    for fact in facts:
        article = articles.evolve(article, fact)
    if article is None:
        return []
    now_article = find(pen, item)
    changed = assortment.change(now_article, item, article.details, None, None)
    composed = composing.compose(
        now_article, item, article.components, lambda each: find(pen, each)
    )
    if not isinstance(changed, list) or not isinstance(composed, list):
        return changed if not isinstance(changed, list) else composed
    return [*changed, *composed]


def _used(store: Store, book_id: str, after: int, upto: int) -> Uses:
    """What the events of a book between two positions mention, and where first."""
    used: Uses = {}
    while after < upto:
        with store.entered(book_id) as conn:
            wanted = {"book": book_id, "after": after, "upto": upto}
            rows = conn.execute(SINCE, wanted, binary=True).fetchall()
        if not rows:
            break
        used = {**_used_in((row[0], row[1], bytes(row[2])) for row in rows), **used}
        after = rows[-1][0]
    return used


def _used_in(bodies: Iterable[tuple[int, str, bytes]]) -> Uses:
    """What events mention that is not their own subject."""
    used: Uses = {}
    for position, kind, body in bodies:
        if kind.startswith(_NO_USE):
            continue
        own = set(_OWN.findall(body))
        for named in _NAMED.findall(body):
            if named not in own:
                used.setdefault(named.decode(), position)
    return used


def _bodies(facts: Iterable[Recorded]) -> Iterator[tuple[int, str, bytes]]:
    for fact in facts:
        said: tuple[Event, tuple[str, ...]] = (fact.event, fact.tags)
        yield fact.position, fact.event.stored_as, msgspec.json.encode(said)
