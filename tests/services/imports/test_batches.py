"""Imports on a real book: dry, whole or in part, once, and undone as far as nothing needs them."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.articles.article import ArticleComposed, ArticleCreated, ArticleIsUnknown
from domain.book.refusal import Refusals
from domain.imports.batch import ImportCompleted, ImportIsUndone, ImportIsUnknown, KeptItem
from domain.imports.refusals import (
    CellIsAFormula,
    ImportIsRefused,
    LineIsDouble,
    WordIsUnknown,
)
from domain.imports.source import ImportSource
from domain.parties.contact import ContactArchived, ContactCreated
from domain.parties.introducing import ContactIsIncomplete
from services import articles, directory, invoicing
from services.imports.batch import Imported, get_batch, import_file
from services.imports.undoing import undo_import
from services.store.rehearsal import Rehearsal
from tests.domain.steps import CUSTOMER, new_invoice
from tests.services.use_cases.conftest import Desk, desk

__all__ = ["desk"]

CONTACTS = """Nom;Type;Rue;Code postal;Ville;Pays;E-mail;Délai de paiement;Référence;Humeur
Café Émile;client;1 rue Haute;75001;Paris;;emile@example.org;45;C-1;bonne
Papier Durand;fournisseur;;59000;Lille;FR;;;C-2;
"""
ARTICLES = """Code,Description,Unit price,VAT rate,Nature,Components
DESK,Desk,"250.00",20,goods,
HOUR,Work,48.5,10,service,
KIT,Desk put up,,,,"1 DESK
2.5 HOUR"
"""


def take(desk: Desk, content: str, kind: Any = "contacts", **more: Any) -> Imported:
    """Imports a text."""
    return import_file(
        desk.store, desk.book, kind, content.encode(), desk.command(), name="liste.csv", **more
    )


def refused(desk: Desk, content: str, kind: Any = "contacts", **more: Any) -> ImportIsRefused:
    """Why lines of a text are refused; nothing is written."""
    size = desk.size
    with pytest.raises(Refusals) as error:
        take(desk, content, kind, **more)
    assert desk.size == size
    assert isinstance(error.value.refused, ImportIsRefused)
    return error.value.refused


def events(desk: Desk, kind: type) -> list[Any]:
    """The events of a type in the book."""
    return [fact.event for fact in desk.store.read(desk.book) if isinstance(fact.event, kind)]


@pytest.mark.feature("M2")
def test_contacts_come_in_with_their_file_and_line(desk: Desk) -> None:
    imported = take(desk, CONTACTS)
    done = imported.batch.completed
    assert (done.lines, len(done.made), done.changed, done.known) == (2, 2, (), 0)
    assert [(x.line, x.status) for x in imported.lines] == [(2, "made"), (3, "made")]
    assert imported.ignored == ("Humeur",)
    created = events(desk, ContactCreated)[-2:]
    assert [x.source for x in created] == [ImportSource(file=done.file, line=n) for n in (2, 3)]
    book = desk.store.past(desk.book)
    emile = directory.get_contact(book, done.made[0]).details
    assert (emile.name, emile.email, emile.payment_days) == ("Café Émile", "emile@example.org", 45)
    assert (emile.address.country, emile.roles, emile.external_id) == ("FR", ("customer",), "C-1")
    assert desk.store.file(desk.book, done.file) is None, "where nobody could be erased"


@pytest.mark.feature("M2")
def test_the_same_file_again_is_nothing_unless_forced(desk: Desk) -> None:
    first = take(desk, CONTACTS)
    size = desk.size
    again = take(desk, CONTACTS)
    assert (again.already, again.batch, desk.size) == (True, first.batch, size)
    forced = take(desk, CONTACTS, force=True)
    assert (forced.already, forced.batch.completed.known, forced.batch.completed.made) == (
        False,
        2,
        (),
    )


@pytest.mark.feature("M2")
def test_a_command_that_comes_again_gives_its_first_answer(desk: Desk) -> None:
    command = desk.command()
    content = CONTACTS.encode()
    first = import_file(desk.store, desk.book, "contacts", content, command)
    again = import_file(desk.store, desk.book, "contacts", content, command)
    assert again.replayed
    assert (again.batch, again.lines, again.position) == (first.batch, first.lines, first.position)


@pytest.mark.feature("M2")
def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    size = desk.size
    rehearsal = Rehearsal(desk.store)
    said = import_file(rehearsal, desk.book, "contacts", CONTACTS.encode(), desk.command())
    rehearsal.close()
    assert len(said.batch.completed.made) == 2
    assert desk.size == size


@pytest.mark.feature("M2")
def test_wrong_lines_refuse_the_file_and_are_named_with_their_columns(desk: Desk) -> None:
    wrong = CONTACTS + (
        "=cmd|x;client;;;;;;;C-3;\n"
        "Bon;client;;;;FR;;;C-1;\n"
        "Mauvais;roi;;;;;;;C-4;\n"
        "Pire;client;;;;France;;;C-5;\n"
        "Délai;client;;;;FR;;bientôt;C-6;\n"
    )
    found = refused(desk, wrong)
    assert (found.wrong, found.lines) == (5, 7)
    assert [(x.pointer, type(x.refused)) for x in found.findings[:4]] == [
        ("/lines/4/Nom", CellIsAFormula),
        ("/lines/5/Référence", LineIsDouble),
        ("/lines/6/Type", WordIsUnknown),
        ("/lines/7/Pays", ContactIsIncomplete),
    ]
    assert found.findings[4].pointer == "/lines/8/Délai de paiement"
    assert all(x.refused.explain("fr") for x in found.findings)
    part = take(desk, wrong, partial=True)
    assert len(part.batch.completed.made) == 2
    assert [(x.line, x.code) for x in part.refused[:2]] == [
        (4, "import_formula"),
        (5, "import_line_double"),
    ]


@pytest.mark.feature("M2")
def test_what_is_known_is_left_alone_or_updated_column_by_column(desk: Desk) -> None:
    known = desk.contact(replace(CUSTOMER, email="old@example.org", external_id="C-1"))
    left = take(desk, CONTACTS)
    assert (len(left.batch.completed.made), left.batch.completed.known) == (1, 1)
    update = "Référence;Nom;Délai de paiement\nC-1;Café Éric II;10\nC-2;Papier Durand;\n"
    done = take(desk, update, update=True).batch.completed
    assert (done.made, done.changed, done.known) == ((), (known,), 1)
    now = directory.get_contact(desk.store.past(desk.book), known).details
    assert (now.name, now.payment_days, now.email) == ("Café Éric II", 10, "old@example.org")
    directory.archive_contact(desk.store, desk.book, known, desk.command())
    found = refused(desk, update.replace("10", "11"), update=True)
    assert found.findings[0].refused.code == "contact_archived"


@pytest.mark.feature("M7", "M8")
def test_articles_come_in_with_their_composition(desk: Desk) -> None:
    done = take(desk, ARTICLES, "articles").batch.completed
    assert len(events(desk, ArticleCreated)) == len(done.made) == 3
    (composed,) = events(desk, ArticleComposed)
    assert [(x.article_id, x.quantity) for x in composed.components] == [
        (done.made[0], "1"),
        (done.made[1], "2.5"),
    ]
    assert composed.source.line == 4
    found = refused(
        desk, ARTICLES + 'BOX,Box,1,20,goods,"1 LID"\nBIG,Big,1,20,goods,1 BOX\n', "articles"
    )
    assert [(x.pointer, type(x.refused)) for x in found.findings] == [
        ("/lines/6/Components", ArticleIsUnknown),
        ("/lines/7/Components", ArticleIsUnknown),
    ]


@pytest.mark.feature("M2")
def test_an_import_is_undone_item_by_item(desk: Desk) -> None:
    known = desk.contact(replace(CUSTOMER, email="old@example.org", external_id="C-9"))
    content = CONTACTS + "Client;client;;;;FR;;;C-3;\nNeuf;client;;;;FR;new@example.org;;C-9;\n"
    done = take(desk, content, update=True).batch.completed
    emile, durand, client = done.made
    assert done.changed == (known,)
    new = new_invoice(customer_id=client)
    invoicing.draft_invoice(desk.store, desk.book, new, desk.command())
    used_at = desk.size
    details = directory.get_contact(desk.store.past(desk.book), durand).details
    directory.change_contact(
        desk.store, desk.book, durand, replace(details, name="Durand"), desk.command()
    )

    undone = undo_import(desk.store, desk.book, done.batch_id, desk.command()).answer.undone
    assert undone is not None
    assert (undone.archived, undone.put_back) == ((emile,), (known,))
    assert undone.kept == (
        KeptItem(id=durand, why="changed", position=used_at + 1),
        KeptItem(id=client, why="used", position=used_at),
    )
    assert [x.contact_id for x in events(desk, ContactArchived)] == [emile]
    before = directory.get_contact(desk.store.past(desk.book), known).details
    assert (before.name, before.email) == (CUSTOMER.name, "old@example.org")
    with pytest.raises(Refusals) as error:
        undo_import(desk.store, desk.book, done.batch_id, desk.command())
    assert isinstance(error.value.refused, ImportIsUndone)
    with pytest.raises(Refusals) as error:
        get_batch(desk.store.past(desk.book), "imp_x")
    assert isinstance(error.value.refused, ImportIsUnknown)


@pytest.mark.feature("M7")
def test_articles_are_undone_but_for_those_that_others_are_made_of(desk: Desk) -> None:
    done = take(desk, ARTICLES, "articles").batch.completed
    desk_id, hour, kit = done.made
    lines = replace(new_invoice(customer_id=desk.customer).lines[0], article_id=hour)
    new = new_invoice(lines, customer_id=desk.customer)
    invoicing.draft_invoice(desk.store, desk.book, new, desk.command())
    batch = undo_import(desk.store, desk.book, done.batch_id, desk.command()).answer
    assert batch.undone is not None
    assert set(batch.undone.archived) == {desk_id, kit}
    assert [(x.id, x.why) for x in batch.undone.kept] == [(hour, "used")]
    book = desk.store.past(desk.book)
    assert articles.get_article(book, kit).archived
    changed = ARTICLES.replace("250.00", "260.00").replace("2.5 HOUR", "3 HOUR")
    again = refused(desk, changed, "articles", update=True)
    assert {x.refused.code for x in again.findings} == {"article_archived"}


@pytest.mark.feature("M7")
def test_an_updated_composition_is_put_back(desk: Desk) -> None:
    kit = take(desk, ARTICLES, "articles").batch.completed.made[2]
    changed = ARTICLES.replace("250.00", "260.00").replace("2.5 HOUR", "3 HOUR")
    done = take(desk, changed, "articles", update=True).batch.completed
    assert len(done.changed) == 2
    undo_import(desk.store, desk.book, done.batch_id, desk.command())
    article = articles.get_article(desk.store.past(desk.book), kit)
    assert [x.quantity for x in article.components] == ["1", "2.5"]
    assert events(desk, ImportCompleted)[-1] == done
