"""What leaves as a file comes in again as the same, in every language and both formats."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.articles import assortment
from domain.articles.article import Article, ArticleDetails, Component
from domain.imports.source import ImportSource
from domain.parties.company import Address
from domain.parties.contact import Contact, ContactDetails
from domain.parties.introducing import canonical
from domain.parties.particulars import (
    AccountingData,
    AssignedTemplates,
    BankAccount,
    LinkedAddress,
)
from domain.values.quantity import shortest
from services.files.delimited import FORMULA
from services.files.table import Table
from services.imports import article_lines, contact_lines
from services.imports.articles import ArticleLines
from services.imports.columns import match
from services.imports.contacts import ContactLines
from services.imports.planning import Lines, _read
from services.imports.sheet import read_sheet
from services.lists.export import WRITERS

# What people write: no line ends within names, and no apostrophe that hides a formula.
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
TEXT = (
    st.text(LETTERS, max_size=30)
    .map(lambda text: text.replace("|", "/").strip())
    .filter(lambda text: not text.startswith(tuple(f"'{sign}" for sign in FORMULA)))
)
NAME = TEXT.filter(bool)
CODE = st.from_regex(r"[0-9A-Za-z._-]{0,20}", fullmatch=True).filter(
    lambda x: not x.startswith("-")
)
ACCOUNT = st.sampled_from(["", "411500", "707000"])
ADDRESSES = st.builds(
    Address, street=TEXT, postal_code=TEXT, city=TEXT, country=st.sampled_from(["FR", "BE", "DE"])
)
RATES = st.sampled_from(["0", "5.5", "20", "21"])
BANKS = st.builds(
    BankAccount,
    iban=st.sampled_from(["FR7630006000011234567890189", "BE71096123456769"]),
    bic=st.sampled_from(["", "BNPAFRPPXXX", "GKCCBEBB"]),
)
CONTACTS = st.builds(
    ContactDetails,
    name=NAME,
    roles=st.lists(
        st.sampled_from(["customer", "supplier", "partner"]), min_size=1, unique=True
    ).map(tuple),
    address=ADDRESSES,
    nature=st.sampled_from(["company", "private", "public"]),
    email=st.sampled_from(["", "a@b.example"]),
    phone=st.sampled_from(["", "+32 81 24 60 00", "0123456789"]),
    language=st.sampled_from(["", "fr", "nl", "en"]),
    addresses=st.lists(
        st.builds(
            LinkedAddress,
            use=st.sampled_from(["billing", "delivery", "other"]),
            address=ADDRESSES,
            label=TEXT,
        ),
        max_size=3,
    ).map(tuple),
    bank_accounts=st.lists(BANKS, max_size=3).map(tuple),
    accounting=st.builds(
        AccountingData, auxiliary=CODE, purchase_account=ACCOUNT, sales_account=ACCOUNT
    ),
    templates=st.builds(AssignedTemplates, quote=CODE, invoice=CODE, reminder=CODE),
    vat_category=st.sampled_from(["", "S", "K"]),
    vat_rate=RATES,
    vat_code=CODE,
    payment_days=st.integers(0, 365),
    end_of_month=st.booleans(),
    day_of_month=st.integers(0, 31),
    payment_means=st.sampled_from(["transfer", "direct_debit", "cheque", "card", "cash"]),
    external_id=CODE,
)
PRICE = st.from_regex(r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,6})?", fullmatch=True).map(shortest)
ARTICLES = st.builds(
    ArticleDetails,
    code=st.from_regex(r"[0-9A-Za-zé][0-9A-Za-z ./+#-]{0,30}[0-9A-Z]", fullmatch=True),
    label=NAME,
    unit=st.sampled_from(["", "HUR", "m²"]),
    unit_price=PRICE,
    unit_cost=st.just("") | PRICE,
    vat_category=st.sampled_from(["S", "E"]),
    vat_rate=RATES,
    exemption=TEXT,
    nature=st.sampled_from(["goods", "services"]),
    sales_account=ACCOUNT,
    external_id=CODE,
)


def through(
    kind: Lines, lines: list[Any], *, form: Any, language: Any, folder: Path
) -> list[dict[str, Any]]:
    """The lines written to a file and read again, as the values of their cells."""
    fields = kind.fields
    columns = tuple(field.column for field in fields)
    path = folder / "list"
    writer = WRITERS[form](path, columns, language)
    for line in lines:
        writer.add(line)
    table = Table(title="x", columns=columns, facts=(), language=language, recorded_at=None)
    writer.close(table)
    sheet = read_sheet(path.read_bytes())
    heading = match(sheet.heading, fields, kind.needed)
    assert heading.ignored == ()
    read = [_read(kind, heading, cells, ImportSource(file="", line=n)) for n, cells in sheet.rows]
    assert [each.refused for each in read] == [None] * len(lines)
    return [dict(each.values) for each in read]


@pytest.mark.feature("M6")
@settings(max_examples=60)
@given(
    st.lists(CONTACTS.map(canonical), min_size=1, max_size=4),
    st.sampled_from(["csv", "xlsx"]),
    st.sampled_from(["fr", "nl", "en"]),
)
def test_contacts_come_in_as_they_left(tmp_path_factory, contacts, form, language):
    folder = tmp_path_factory.mktemp("lists")
    lines = [
        contact_lines.flattened(Contact(position=1, contact_id="c", details=each), language)
        for each in contacts
    ]
    read = through(ContactLines(), lines, form=form, language=language, folder=folder)
    base = contact_lines.ContactLine()
    assert [
        canonical(contact_lines.details_of(replace(base, **values))) for values in read
    ] == contacts


@pytest.mark.feature("M7")
@settings(max_examples=60)
@given(
    st.lists(ARTICLES.map(assortment.canonical), min_size=1, max_size=4),
    st.sampled_from(["csv", "xlsx"]),
    st.sampled_from(["fr", "nl", "en"]),
)
def test_articles_come_in_as_they_left(tmp_path_factory, details, form, language):
    folder = tmp_path_factory.mktemp("lists")
    parts = tuple(Component(article_id=each.code, quantity="2.5") for each in details)
    articles = [
        Article(position=1, article_id="a", details=each, components=parts) for each in details
    ]
    lines = [article_lines.flattened(each, str) for each in articles]
    read = through(ArticleLines(), lines, form=form, language=language, folder=folder)
    back = [replace(article_lines.ArticleLine(), **values) for values in read]
    assert [assortment.canonical(article_lines.details_of(line)) for line in back] == details
    assert [tuple(article_lines.components_of(line, str)) for line in back] == [parts] * len(back)
