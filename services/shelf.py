"""The shelf: every book of this installation, for operators; a company's own door sees one book."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from domain.parties.company import CompanyOpened
from services.replay.connection import connect
from services.store.mapper import Mapper

BOOKS = """
SELECT book.book_id, book.size, first.recorded_at, first.type, first.body
FROM public.book CROSS JOIN LATERAL (
    SELECT recorded_at, type, body FROM public.event
    WHERE event.book_id = book.book_id AND position = 1 AND type LIKE 'company.opened.%'
) AS first ORDER BY book.book_id
"""

# Of the session: the lock goes with the connection.
ALONE = "SELECT pg_advisory_lock(hashtextextended('paraphe.registration.' || %s, 0))"


class ShelvedBook(Struct, frozen=True, kw_only=True):
    """A book as it stands on the shelf: whose it is and how many events it has."""

    book_id: str
    name: str
    country: str
    registration: str
    size: int


class NoSuchCompany(LookupError):
    """No company, or more than one, goes by that name or number."""


class Shelf:
    """Finds books by what people call them."""

    def __init__(self, url: str) -> None:
        self._url = url

    def books(self) -> list[ShelvedBook]:
        """Every opened book, by id."""
        mapper = Mapper()
        with connect(self._url) as conn:
            rows = conn.execute(BOOKS, binary=True).fetchall()
        shelved = []
        for book_id, size, recorded_at, type_, body in rows:
            opened = mapper.recorded(str(book_id), 1, recorded_at, type_, body).event
            if isinstance(opened, CompanyOpened):
                shelved.append(
                    ShelvedBook(
                        book_id=str(book_id),
                        name=opened.name,
                        country=opened.country,
                        registration=opened.registration,
                        size=size,
                    )
                )
        return shelved

    @contextmanager
    def alone(self, registration: str) -> Iterator[list[str]]:
        """The books that opened with a number; until the end nobody else comes by here for it."""
        with connect(self._url) as conn:
            conn.execute(ALONE, (registration,))
            yield [book.book_id for book in self.books() if book.registration == registration]

    def find(self, word: str) -> ShelvedBook:
        """The one book with this id, registration or name; raises NoSuchCompany."""
        wanted = word.casefold().replace(" ", "")
        found = [
            book
            for book in self.books()
            if wanted
            in {
                book.book_id,
                book.registration.casefold(),
                book.name.casefold().replace(" ", ""),
            }
        ]
        if len(found) != 1:
            raise NoSuchCompany(f"{len(found)} companies answer to {word!r}")
        return found[0]
