"""What may be erased, and what the law keeps until when."""

from datetime import date

import pytest

from domain.book.event import Decision
from domain.countries.atlas import RULES
from domain.ledger.entry import DocumentKind
from domain.parties.contact import ContactCreated
from domain.parties.particulars import BankAccount
from domain.privacy.erasing import (
    NEEDED_BY,
    KeptDocument,
    NothingToErase,
    PersonalDataErased,
    PersonalDataIsKept,
    erase,
)
from domain.privacy.personal import Sealed
from tests.domain.spec import Story, given
from tests.domain.steps import CUSTOMER, DAY
from tests.golden.events.examples import DETAILS

KEYS = {"email": "k1", "bank_accounts": "k2"}


def document(kind: DocumentKind, day: date = DAY) -> KeptDocument:
    """A document of the contact."""
    return KeptDocument(position=9, kind=kind, number="F-17", day=day)


def erased(
    _: Story,
    *documents: KeptDocument,
    asked: tuple[str, ...] = (),
    keys: dict[str, str] = KEYS,
    today: date = DAY,
    basis: str = "GDPR art. 17(1)(b)",
) -> Decision:
    """The step of an erasure in a French book."""
    return erase(
        "ctc_1",
        keys,
        documents,
        asked=asked,
        rules=RULES["FR"].retention,
        start_month=1,
        today=today,
        basis=basis,
    )


def test_what_no_document_needs_is_erased_at_once() -> None:
    story = given().when(erased, document("invoice")).then(PersonalDataErased)
    event = story.newest(PersonalDataErased)
    assert event.fields == ("bank_accounts", "email")
    assert event.keys == ("k2", "k1")


def test_a_bank_account_stays_while_a_payment_has_to_be_kept() -> None:
    refused = (
        given()
        .when(erased, document("invoice"), document("payment"))
        .refused(
            PersonalDataIsKept,
            field="bank_accounts",
            until=date(2036, 12, 31),
            law="C. com. art. L123-22",
            position=9,
        )
    )
    assert "F-17" in refused.explain()
    assert "2036-12-31" in refused.explain("fr")


def test_the_mail_address_does_not_have_to_wait_for_the_bank_account() -> None:
    story = given().when(erased, document("payment"), asked=("email",)).then(PersonalDataErased)
    assert story.newest(PersonalDataErased).keys == ("k1",)


@pytest.mark.parametrize(("today", "kept"), [(date(2036, 12, 31), True), (date(2037, 1, 1), False)])
def test_retention_ends_with_its_last_day(today: date, kept: bool) -> None:
    step = given().when(erased, document("bill"), today=today)
    if kept:
        step.refused(PersonalDataIsKept, until=date(2036, 12, 31))
    else:
        step.then(PersonalDataErased)


def test_the_longest_kept_document_is_named() -> None:
    old, new = document("bill", date(2020, 1, 5)), document("payment", date(2026, 1, 5))
    given().when(erased, new, old).refused(PersonalDataIsKept, until=date(2036, 12, 31))


def test_nothing_is_erased_twice_or_without_a_basis() -> None:
    given().when(erased, keys={}).refused(NothingToErase, subject="ctc_1")
    given().when(erased, asked=("phone",)).refused(NothingToErase)
    assert not isinstance(erased(given(), basis=" "), list)


def test_every_personal_field_of_a_contact_has_its_rule() -> None:
    """A new field in `in_clear` has to say which documents need it."""
    details = {**{name: getattr(CUSTOMER, name) for name in CUSTOMER.__struct_fields__}}
    details |= {"email": "a@b.example", "phone": "+33 1 23 45 67 89"}
    details |= {"bank_accounts": (BankAccount(iban="FR7630006000011234567890189"),)}
    event = ContactCreated(contact_id="ctc_1", details=type(CUSTOMER)(**details))
    assert event.in_clear().keys() == NEEDED_BY.keys()
    sealed = event.with_sealed({"email": Sealed(key="k", commitment="c", box="b")})
    assert sealed.in_clear() == {}
    assert sealed.details.name == CUSTOMER.name
    assert ContactCreated(contact_id="c", details=DETAILS).in_clear() == {}
