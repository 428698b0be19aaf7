"""Registers of contacts and articles over random books: every way of making them agrees."""

import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.articles import article as articles
from domain.articles.article import (
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleComposed,
    ArticleCreated,
    ArticleDetails,
    ArticleRestored,
    ArticleVatChanged,
    Component,
)
from domain.book.event import Event
from domain.imports.source import ImportSource
from domain.parties.contact import (
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactDetails,
    ContactRestored,
)
from domain.parties.particulars import AccountingData, LinkedAddress
from domain.privacy.personal import Sealed
from projections.articles import ArticleCard, Articles
from projections.contacts import ContactCard, Contacts
from services.replay.engine import Engine
from services.store.store import Store
from tests.books import HERE, BookMaker, recorded, write_book
from tests.properties.test_registers import engine, in_steps, store, url
from tests.registers import in_memory, stored

__all__ = ["engine", "store", "url"]

WORDS = ("Café", "Œuvre \t\\N «", "naïve", "x" * 40, "Ünal & Fils")


@dataclass
class Directory:
    """Writes the events of contacts and articles; what is said is valid, not sensible."""

    chance: random.Random
    events: list[Event] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)

    def contact(self) -> None:
        """A new contact, or an old one that says something else."""
        sealed = {"email": Sealed(key="k", commitment="c", box=self.chance.choice("ab"))}
        kinds = [ContactChanged, ContactArchived, ContactRestored]
        if not self.contacts or self.chance.random() < 0.3:
            self.contacts.append(f"ctc_{len(self.contacts)}")
            new = ContactCreated(
                contact_id=self.contacts[-1],
                details=self.details(),
                sealed=sealed,
                source=ImportSource(file="ab", line=len(self.events)),
            )
            self.events.append(new)
            return
        known = self.chance.choice(self.contacts)
        kind = self.chance.choice(kinds)
        self.events.append(kind(contact_id=known, details=self.details(), sealed=sealed))

    def article(self) -> None:
        """A new article, or something that happens to an old one."""
        if not self.articles or self.chance.random() < 0.3:
            self.articles.append(f"art_{len(self.articles)}")
            new = ArticleCreated(article_id=self.articles[-1], details=self.goods())
            self.events.append(new)
            return
        known = self.chance.choice(self.articles)
        part = Component(article_id=self.chance.choice(self.articles), quantity="2.5")
        happens: list[Event] = [
            ArticleChanged(article_id=known, details=self.goods()),
            ArticleVatChanged(
                article_id=known, vat_category="E", vat_rate="0", vat_code="", exemption="44"
            ),
            ArticleAccountChanged(article_id=known, side="purchases", account="604000"),
            ArticleComposed(article_id=known, components=(part,) * self.chance.randrange(3)),
            ArticleArchived(article_id=known),
            ArticleRestored(article_id=known),
        ]
        self.events.append(self.chance.choice(happens))

    def details(self) -> ContactDetails:
        """Who a contact is."""
        return ContactDetails(
            name=self.chance.choice(WORDS),
            roles=("customer", "partner"),
            address=HERE,
            addresses=(LinkedAddress(use="delivery", address=HERE),),
            accounting=AccountingData(auxiliary=self.chance.choice(["", "C1"])),
            external_id=self.chance.choice(["", "x"]),
        )

    def goods(self) -> ArticleDetails:
        """What an article is."""
        cost = self.chance.choice(["", "0.000001"])
        return ArticleDetails(
            code=f"A{self.chance.randrange(99)}",
            label=self.chance.choice(WORDS),
            unit_price=f"{self.chance.randrange(10**9)}.5",
            unit_cost=cost,
        )


def make_directory(seed: int, size: int) -> list[Event]:
    """A company and about `size` events of contacts and articles."""
    maker = BookMaker(random.Random(seed))
    maker.open_company()
    directory = Directory(random.Random(seed), maker.events)
    while len(directory.events) < size:
        directory.chance.choice([directory.contact, directory.article])()
    return directory.events


books = st.builds(make_directory, st.integers(0, 10**9), st.integers(2, 120))


@given(books)
def test_the_cards_say_what_the_events_fold_to(events: list[Event]) -> None:
    facts = recorded(events)
    tables = in_memory(facts, (Articles(), Contacts()))
    for card in tables["article_card"].values():
        assert isinstance(card, ArticleCard)
        known: articles.Article | None = None
        for fact in facts:
            if getattr(fact.event, "article_id", "") == card.article_id:
                known = articles.evolve(known, fact)
        assert known is not None
        assert (card.position, card.archived) == (known.position, known.archived)
        assert (card.label, card.composed) == (known.details.label, bool(known.components))
    for contact in tables["contact_card"].values():
        assert isinstance(contact, ContactCard)
        own = [x for x in facts if getattr(x.event, "contact_id", "") == contact.contact_id]
        assert (contact.introduced, contact.position) == (own[0].position, own[-1].position)
        assert contact.archived == isinstance(own[-1].event, ContactArchived)
        assert "email" in contact.sealed


@settings(max_examples=10)
@given(st.data(), books)
def test_every_way_gives_the_same_cards(
    url: str, store: Store, engine: Engine, data: st.DataObject, events: list[Event]
) -> None:
    """Goal: batches of random sizes and memory agree row by row, documents in rows included."""
    book = write_book(store, events)
    with engine.batcher() as batcher:
        in_steps(batcher, book, lambda: data.draw(st.integers(1, 40)))
    assert stored(url, book) == in_memory(list(store.read(book)))
