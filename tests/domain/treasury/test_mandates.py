"""Mandates: what may be signed, when they lapse, which turn a collection is; creditor ids."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.book.event import Decision
from domain.parties.contact import ContactCreated, ContactIsUnknown
from domain.parties.particulars import BankAccount
from domain.treasury import creditor, mandate, mandating
from domain.treasury.collection import CollectedLine, CollectionCreated, mandate_tag
from domain.treasury.creditor import CREDITOR_TAG, CreditorIdentified
from domain.treasury.mandate import Mandate, MandateRevoked, MandateSigned, usable_mandate
from domain.treasury.mandating import (
    MandateIsRevoked,
    MandateIsUnknown,
    MandateIsWrong,
    MandateReferenceIsTaken,
    NewMandate,
)
from domain.treasury.payment import DateIsInFuture
from domain.values.faults import IdentifierIsWrong
from domain.values.identifiers import creditor_id
from tests.domain.spec import Story
from tests.domain.steps import CUSTOMER, DAY, contact, create_contact, opened
from tests.golden.events.remittances import LINE, REMITTANCE

IBAN = "BE68 5390 0754 7034"


def sign(story: Story, mandate_id: str = "mdt_1", **others: object) -> Decision:
    fields = {"contact_id": "ctc_1", "iban": IBAN, "signed_on": DAY, **others}
    new = NewMandate(**fields)  # type: ignore[arg-type]
    reference = new.reference or mandate.reference_of(mandate_id)
    namesake = story.last(mandate.reference_tag(reference))
    return mandating.sign(mandate_id, new, contact(story, new.contact_id), namesake, DAY)


def revoke(story: Story, mandate_id: str = "mdt_1", reason: str = "clôture") -> Decision:
    return mandating.revoke(known(story, mandate_id), mandate_id, reason)


def known(story: Story, mandate_id: str = "mdt_1") -> Mandate | None:
    nothing: Mandate | None = None
    return story.fold(mandate.evolve, nothing, mandate_tag(mandate_id))


def collected(day: date) -> CollectionCreated:
    line = CollectedLine(
        **LINE,
        end_to_end="PR-2026-00001-1",
        mandate_id="mdt_1",
        mandate_reference="MDT-1",
        sequence="FRST",
    )
    fields = {**REMITTANCE, "execution_date": day}
    return CollectionCreated(
        remittance_id="col_1",
        series="remittances:PR-2026",
        document_number="PR-2026-00001",
        scheme="CORE",
        creditor_id="FR72ZZZ123456",
        lines=(line,),
        **fields,
    )


@pytest.mark.feature("M42")
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("FR72 ZZZ 123456", "FR72ZZZ123456"),
        ("fr72abc123456", "FR72ABC123456"),  # the business code is outside of the key
        ("ES23ZZZ47690558N", "ES23ZZZ47690558N"),
        ("FR12ZZZ123456", None),  # its key is 72
        ("FR72ZZZ12345", None),
        ("FR72ZZZ", None),
        ("7272ZZZ123456", None),
        ("", None),
    ],
)
def test_the_key_of_a_creditor_identifier_leaves_the_business_code_out(written, kept):
    assert creditor_id(written) == kept


@pytest.mark.feature("M42")
def test_a_company_says_its_identifier_once():
    def identify(story: Story, said: str) -> Decision:
        return creditor.identify(creditor.of_fact(story.last(CREDITOR_TAG)), said)

    story = opened()
    story.when(identify, "FR12ZZZ123456").refused(IdentifierIsWrong, pointer="/creditor_id")
    story.when(identify, "FR72ZZZ123456").then(CreditorIdentified)
    story.when(identify, "FR 72 ZZZ 123456").then()


@pytest.mark.feature("M42")
def test_a_mandate_is_signed_with_a_reference_of_its_own():
    story = opened().when(sign).then(MandateSigned)
    signed = story.newest(MandateSigned)
    assert (signed.reference, signed.account) == ("MDT-1", BankAccount(iban="BE68539007547034"))
    story.when(sign, "mdt_2", reference="mdt-1").refused(MandateReferenceIsTaken)
    story.when(sign, "mdt_2", reference="RUM:2026/7").then(MandateSigned)


@pytest.mark.feature("M42")
def test_the_account_of_a_mandate_is_sealed_with_the_contacts_own():
    signed = opened().when(sign).then(MandateSigned).newest(MandateSigned)
    assert signed.subject == "ctc_1"
    assert signed.in_clear() == {"bank_accounts": signed.account}
    assert signed.with_sealed({}).in_clear() == {}


@pytest.mark.feature("M42")
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"contact_id": "ctc_9"}, ContactIsUnknown),
        ({"iban": "BE68 5390 0754 7035"}, IdentifierIsWrong),
        ({"bic": "X"}, IdentifierIsWrong),
        ({"reference": "é"}, MandateIsWrong),
        ({"reference": "x" * 36}, MandateIsWrong),
        ({"reference": "/RUM"}, MandateIsWrong),
        ({"reference": "RUM//7"}, MandateIsWrong),
        ({"signed_on": date(2026, 3, 17)}, DateIsInFuture),
    ],
)
def test_a_mandate_that_cannot_be_right_is_refused(changes, kind):
    opened().when(sign, **changes).refused(kind)


@pytest.mark.feature("M42")
def test_only_professionals_sign_mandates_between_businesses():
    person = replace(CUSTOMER, nature="private")
    story = opened().when(create_contact, person, "ctc_3").then(ContactCreated)
    story.when(sign, contact_id="ctc_3", scheme="B2B").refused(MandateIsWrong, pointer="/scheme")
    story.when(sign, scheme="B2B").then(MandateSigned)


@pytest.mark.feature("M42")
def test_a_mandate_is_revoked_once_and_used_no_more():
    story = opened().when(sign).then(MandateSigned)
    story.when(revoke, "mdt_9").refused(MandateIsUnknown)
    story.when(revoke).then(MandateRevoked)
    story.when(revoke).refused(MandateIsRevoked, reference="MDT-1")
    found = known(story)
    assert found is not None
    assert found.status(DAY) == "revoked"
    assert usable_mandate([found], "CORE", DAY) is None


@pytest.mark.feature("M42")
def test_a_mandate_lapses_after_36_months_without_a_collection():
    """The day before and the day of the change, from the signature and from the last use."""
    story = opened().when(sign).then(MandateSigned)
    found = known(story)
    assert found is not None
    assert found.lapses_on(DAY) == date(2029, 3, 16)
    assert found.status(date(2029, 3, 15)) == "active"
    assert found.status(date(2029, 3, 16)) == "lapsed"
    used = known(story.happened(collected(date(2028, 2, 29))))
    assert used is not None
    assert used.collections == ("col_1",)
    assert used.lapses_on(DAY) == date(2031, 3, 1)
    assert used.status(date(2031, 2, 28)) == "active"
    december = known(opened().when(sign, signed_on=date(2025, 12, 31)).then(MandateSigned))
    assert december is not None
    assert december.lapses_on(DAY) == date(2028, 12, 31)
    assert usable_mandate([used, december], "B2B", DAY) is None
    assert usable_mandate([used, december], "CORE", date(2030, 1, 1)) == used
