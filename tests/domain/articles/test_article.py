"""Articles: taken in once, changed alone or many at once, composed without end or circle."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as hypothesise
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.articles import article as articles
from domain.articles import assortment, composing
from domain.articles.article import (
    Article,
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleComposed,
    ArticleCreated,
    ArticleDetails,
    ArticleIsArchived,
    ArticleIsUnknown,
    ArticleRestored,
    ArticleVatChanged,
    Component,
    article_tag,
)
from domain.articles.assortment import ArticleIsIncomplete, CodeIsTaken, NoSuchLine
from domain.articles.composing import CompositionIsCyclic, CompositionIsTooLarge
from domain.book.event import Decision
from domain.book.refusal import Refusals
from domain.parties.contact import ExternalIdIsTaken
from domain.parties.particulars import AccountingData
from domain.sales.document import NewLine, price
from domain.values import faults
from tests.domain.spec import Story, given
from tests.domain.steps import CUSTOMER

DESK = ArticleDetails(
    code="DESK",
    label="Bureau",
    unit="C62",
    unit_price="250.00",
    unit_cost="140",
    vat_rate="20.00",
    nature="goods",
    sales_account="707000",
)
HOUR = ArticleDetails(code="HOUR", label="Pose", unit="HUR", unit_price="48.5", vat_rate="10")
KIT = ArticleDetails(code="KIT", label="Bureau posé")


def find(story: Story, article_id: str) -> Article | None:
    nothing: Article | None = None
    return story.fold(articles.evolve, nothing, article_tag(article_id))


def create(
    story: Story,
    details: ArticleDetails,
    article_id: str = "art_1",
    same: Article | None = None,
    namesake: Article | None = None,
) -> Decision:
    return assortment.create(article_id, details, same, namesake)


def change(story: Story, details: ArticleDetails, article_id: str = "art_1") -> Decision:
    return assortment.change(find(story, article_id), article_id, details, None, None)


def archive(story: Story, article_id: str = "art_1") -> Decision:
    return assortment.archive(find(story, article_id), article_id)


def restore(story: Story, article_id: str = "art_1") -> Decision:
    return assortment.restore(find(story, article_id), article_id)


def tax(story: Story, rate: str, article_id: str = "art_1", **more: Any) -> Decision:
    more.setdefault("category", "S")
    return assortment.change_vat(find(story, article_id), article_id, rate=rate, **more)


def book(story: Story, account: str, side: Any = "sales", article_id: str = "art_1") -> Decision:
    return assortment.change_account(
        find(story, article_id), article_id, side=side, account=account
    )


def compose(story: Story, article_id: str, *parts: tuple[str, str]) -> Decision:
    components = [Component(article_id=part, quantity=quantity) for part, quantity in parts]
    return composing.compose(
        find(story, article_id), article_id, components, lambda wanted: find(story, wanted)
    )


def stocked() -> Story:
    """A desk (art_1), an hour (art_2) and a kit (art_3) of one desk and three hours."""
    story = given().when(create, DESK).then(ArticleCreated)
    story.when(create, HOUR, "art_2").then(ArticleCreated)
    story.when(create, KIT, "art_3").then(ArticleCreated)
    return story.when(compose, "art_3", ("art_1", "1"), ("art_2", "3.00")).then(ArticleComposed)


def exploded(story: Story, article_id: str, quantity: str) -> tuple[NewLine, ...]:
    article = find(story, article_id)
    assert article is not None
    return composing.explode(article, quantity, lambda wanted: find(story, wanted))


@pytest.mark.feature("M7")
def test_an_article_is_kept_in_canonical_form():
    story = (
        given().when(create, replace(DESK, code=" DESK ", unit_price="250.10")).then(ArticleCreated)
    )
    known = find(story, "art_1")
    assert known is not None
    assert (known.details.code, known.details.unit_price, known.details.vat_rate) == (
        "DESK",
        "250.1",
        "20",
    )
    assert story.newest(ArticleCreated).tags == ("article:art_1", "article_code:DESK")


@pytest.mark.feature("M7")
@pytest.mark.parametrize(
    ("wrong", "kind", "pointer"),
    [
        ({"code": ""}, faults.FieldIsMissing, "/code"),
        ({"label": " "}, faults.FieldIsMissing, "/label"),
        ({"label": "\u202e"}, faults.TextIsUnreadable, "/label"),
        ({"code": "=1+1"}, ArticleIsIncomplete, "/code"),
        ({"code": "x" * 41}, ArticleIsIncomplete, "/code"),
        ({"unit_price": "-1"}, ArticleIsIncomplete, "/unit_price"),
        ({"unit_price": ""}, ArticleIsIncomplete, "/unit_price"),
        ({"unit_cost": "1e3"}, ArticleIsIncomplete, "/unit_cost"),
        ({"vat_rate": "101"}, ArticleIsIncomplete, "/vat_rate"),
        ({"vat_code": "a b"}, ArticleIsIncomplete, "/vat_code"),
        ({"sales_account": "70A"}, ArticleIsIncomplete, "/sales_account"),
        ({"purchase_account": "6"}, ArticleIsIncomplete, "/purchase_account"),
    ],
)
def test_what_an_article_says_is_checked(wrong, kind, pointer):
    given().when(create, replace(DESK, **wrong)).refused(kind, pointer=pointer)


@pytest.mark.feature("M7")
def test_a_code_and_an_external_id_are_taken_once():
    story = given().when(create, replace(DESK, external_id="x")).then(ArticleCreated)
    first = find(story, "art_1")
    story.when(create, DESK, "art_2", first).refused(CodeIsTaken, holder="art_1", position=1)
    new = replace(HOUR, external_id="x")
    story.when(create, new, "art_2", None, first).refused(ExternalIdIsTaken, holder="art_1")


@pytest.mark.feature("M7")
def test_an_article_is_changed_put_away_and_taken_back():
    story = given().when(create, DESK).then(ArticleCreated)
    story.when(change, DESK).then()
    story.when(change, replace(DESK, unit_price="260")).then(ArticleChanged)
    story.when(archive).then(ArticleArchived)
    story.when(archive).then()
    story.when(change, DESK).refused(ArticleIsArchived, article="DESK", position=3)
    story.when(tax, "10").refused(ArticleIsArchived)
    story.when(restore).then(ArticleRestored)
    story.when(restore).then()
    for step in (archive, restore):
        story.when(step, "art_9").refused(ArticleIsUnknown, article_id="art_9")
    story.when(change, DESK, "art_9").refused(ArticleIsUnknown)


@pytest.mark.feature("M9")
def test_vat_and_accounts_change_in_bulk_one_event_an_article():
    story = stocked()
    story.when(tax, "20.0").then()
    story.when(tax, "5.5", vat_code="FR-55").then(ArticleVatChanged)
    story.when(tax, "200").refused(ArticleIsIncomplete, pointer="/vat_rate")
    story.when(tax, "5.5", "art_9").refused(ArticleIsUnknown)
    story.when(book, "707000").then()
    story.when(book, "707100").then(ArticleAccountChanged)
    story.when(book, "607100", "purchases").then(ArticleAccountChanged)
    story.when(book, "70").refused(ArticleIsIncomplete, pointer="/account")
    story.when(book, "707100", article_id="art_9").refused(ArticleIsUnknown)
    known = find(story, "art_1")
    assert known is not None
    assert known.details == replace(
        DESK,
        unit_price="250",
        vat_rate="5.5",
        vat_code="FR-55",
        sales_account="707100",
        purchase_account="607100",
    )


@pytest.mark.feature("M8")
def test_a_composed_article_becomes_a_heading_and_a_line_for_each_part():
    heading, desk, hours = exploded(stocked(), "art_3", "2")
    assert (heading.kind, heading.description, heading.article_id) == (
        "text",
        "2 × Bureau posé",
        "art_3",
    )
    assert (desk.quantity, desk.unit_price, desk.vat_rate, desk.account, desk.unit_cost) == (
        "2",
        "250",
        "20",
        "707000",
        "140",
    )
    assert (hours.quantity, hours.unit, hours.vat_rate, hours.article_id) == (
        "6",
        "HUR",
        "10",
        "art_2",
    )
    (alone,) = exploded(stocked(), "art_1", "4")
    assert (alone.kind, alone.quantity) == ("item", "4")


@pytest.mark.feature("M8")
def test_a_composition_has_an_end():
    story = stocked()
    story.when(create, replace(KIT, code="ROOM"), "art_4").then(ArticleCreated)
    story.when(compose, "art_4", ("art_3", "2"), ("art_1", "1")).then(ArticleComposed)
    assert [line.quantity for line in exploded(story, "art_4", "2")] == ["2", "4", "12", "2"]
    story.when(compose, "art_4", ("art_3", "2"), ("art_1", "1.0")).then()
    refused = story.when(compose, "art_3", ("art_4", "1")).refused(CompositionIsCyclic)
    assert "KIT → ROOM → KIT" in refused.explain()
    story.when(compose, "art_3", ("art_3", "1")).refused(CompositionIsCyclic)
    story.when(compose, "art_3", ("art_9", "1")).refused(
        ArticleIsUnknown, pointer="/components/0/article_id"
    )
    story.when(compose, "art_9", ("art_1", "1")).refused(ArticleIsUnknown)
    for quantity in ("0", "-1", "one"):
        story.when(compose, "art_3", ("art_1", quantity)).refused(
            faults.NumberIsMalformed, pointer="/components/0/quantity"
        )
    story.when(compose, "art_3", *[("art_1", "1")] * 501).refused(CompositionIsTooLarge)
    story.when(compose, "art_3").then(ArticleComposed)
    assert len(exploded(story, "art_3", "1")) == 1


@pytest.mark.feature("M8")
def test_an_archived_part_is_said_when_it_is_needed():
    story = stocked().when(archive, "art_2").then(ArticleArchived)
    with pytest.raises(Refusals) as refusal:
        exploded(story, "art_3", "1")
    assert isinstance(refusal.value.refused, ArticleIsArchived)
    story.when(compose, "art_1", ("art_2", "1")).refused(ArticleIsArchived)


@pytest.mark.feature("M4", "M20")
def test_a_line_takes_from_its_article_what_the_caller_left_empty():
    story = stocked()
    asked = NewLine(description="", quantity="3", article_id="art_1")

    def lookup(wanted: str) -> Article | None:
        return find(story, wanted)

    (line,) = composing.lines_of(asked, lookup, None)
    assert (line.description, line.unit_price, line.vat_rate, line.nature, line.quantity) == (
        "Bureau",
        "250",
        "20",
        "goods",
        "3",
    )
    own = replace(
        asked, description="Bureau usagé", unit_price="90", vat_rate="0", account="707900"
    )
    (line,) = composing.lines_of(own, lookup, None)
    assert (line.description, line.unit_price, line.vat_rate, line.account, line.unit) == (
        "Bureau usagé",
        "90",
        "0",
        "707900",
        "C62",
    )
    for wanted, pointer in (("art_9", "/lines/0/article_id"), ("art_3", "/lines/0/quantity")):
        wrong = replace(asked, article_id=wanted, quantity="x")
        with pytest.raises(Refusals) as refusal:
            composing.lines_of(wrong, lookup, None, "/lines/0")
        assert refusal.value.refused.pointer == pointer


@pytest.mark.feature("M20")
def test_a_line_becomes_an_article_of_its_own():
    line = price(
        NewLine(description="Carte", quantity="3", unit_price="2.50", vat_rate="21"), "EUR"
    )
    text = price(NewLine(description="Note", kind="text"), "EUR")

    def take(_: Story, nth: int) -> Decision:
        return assortment.create_from_line("art_1", "CARD", (text, line), nth, None)

    story = given().when(take, 1).then(ArticleCreated)
    known = find(story, "art_1")
    assert known is not None
    assert (known.details.label, known.details.unit_price) == ("Carte", "2.5")
    for nth in (-1, 0, 2):
        given().when(take, nth).refused(NoSuchLine, pointer="/line", line=nth)


@pytest.mark.feature("M4")
def test_a_customers_vat_and_account_go_before_the_articles():
    story = stocked()
    abroad = replace(
        CUSTOMER,
        vat_category="K",
        vat_rate="0",
        vat_code="FR-K",
        accounting=AccountingData(sales_account="707200"),
    )
    asked = NewLine(description="", quantity="1", article_id="art_3", discount_percent="10")
    lines = composing.lines_of(asked, lambda wanted: find(story, wanted), abroad)
    assert [line.kind for line in lines] == ["text", "item", "item"]
    assert {(x.vat_category, x.vat_rate, x.vat_code, x.account) for x in lines[1:]} == {
        ("K", "0", "FR-K", "707200")
    }
    assert {line.discount_percent for line in lines[1:]} == {"10"}
    (free,) = composing.lines_of(NewLine(description="Divers", unit_price="5"), find_none, abroad)
    assert (free.vat_category, free.vat_rate) == ("K", "0")


def find_none(_: str) -> Article | None:
    return None


@pytest.mark.feature("M8")
@hypothesise(
    st.lists(st.integers(1, 99_99), min_size=1, max_size=5),
    st.lists(st.integers(1, 99_99), min_size=1, max_size=5),
    st.integers(1, 500),
)
def test_exploding_multiplies_and_loses_nothing(inner, outer, asked):
    """Nested twice: each line is the product of what stands above it; two decimals stay exact."""

    def article(name: str, *parts: tuple[str, str]) -> Article:
        return Article(
            position=1,
            article_id=name,
            details=replace(DESK, code=name),
            components=tuple(Component(article_id=p, quantity=q) for p, q in parts),
        )

    def hundredths(amount: int) -> str:
        return f"{amount // 100}.{amount % 100:02}"

    one = article("one")
    kit = article("kit", *(("one", hundredths(amount)) for amount in inner))
    room = article("room", *(("kit", str(amount)) for amount in outer), ("one", "1"))
    known = {each.article_id: each for each in (one, kit, room)}
    heading, *lines = composing.explode(room, hundredths(asked), known.get)
    assert heading.kind == "text"
    assert len(lines) == len(inner) * len(outer) + 1
    total = Fraction(asked, 100) * (Fraction(sum(inner), 100) * sum(outer) + 1)
    assert sum(Fraction(line.quantity) for line in lines) == total
