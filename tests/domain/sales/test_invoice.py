"""A customer invoice from draft to validation, and every reason to refuse one."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.ledger.numbering import DateIsBehindSeries
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.contact import ContactChanged, ContactIsUnknown, ExternalIdIsTaken
from domain.sales import mentions
from domain.sales.content import (
    AccountIsThirdParty,
    CurrencyIsForeign,
    LinesAreWrong,
    TotalIsNegative,
)
from domain.sales.document import NewLine
from domain.sales.frozen import (
    CustomerIsFrozen,
    DateIsFrozen,
    IssuedIsNotDeleted,
    LinesAreFrozen,
    NumberIsFrozen,
    WordsAreFrozen,
)
from domain.sales.instalments import DueBeforeIssue, NewInstalment
from domain.sales.invoice import (
    Discarded,
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceIsUnknown,
    InvoiceRevised,
    InvoiceValidated,
    NotADraft,
)
from domain.sales.named_parties import CustomerStreetIsMissing
from domain.sales.pricing import Discount
from domain.values import faults
from tests.domain.spec import Story
from tests.domain.steps import (
    BELGIAN,
    CUSTOMER,
    DAY,
    FRENCH,
    NAMUR,
    change_contact,
    discard,
    draft,
    invoice_of,
    invoiced,
    lock,
    new_invoice,
    new_line,
    opened,
    revise,
    validate,
)


def drafted(*lines: NewLine, story: Story | None = None, **content: object) -> Story:
    story = story or opened()
    return story.when(draft, new_invoice(*lines, **content)).then(InvoiceDrafted)


@pytest.mark.feature("M14", "M15", "M22", "A2.4")
def test_a_draft_takes_its_number_at_validation_only():
    story = drafted().when(discard, reason="erreur").then(InvoiceDiscarded)
    assert isinstance(invoice_of(story, "inv_1"), Discarded)
    story = invoiced(story, invoice_id="inv_2")
    assert story.newest(InvoiceValidated).document_number == "FA-2026-00001"
    story = invoiced(story, invoice_id="inv_3")
    assert story.newest(InvoiceValidated).document_number == "FA-2026-00002"
    assert story.newest(EntryPosted).series == "entries:VE-2026"
    assert story.newest(EntryPosted).number == 2


@pytest.mark.feature("M15", "M30")
def test_validation_freezes_the_document_and_books_it():
    story = invoiced(opened(), new_line("100.00"), new_line("10.00", rate="5.5"))
    issued, entry = story.newest(InvoiceValidated), story.newest(EntryPosted)
    assert issued.issue_date == DAY
    assert issued.due_date == date(2026, 4, 15)
    assert issued.totals.gross == 12000 + 1055
    assert issued.customer.name == "Café Éric"
    assert issued.payment_reference == "RF79FA202600001"
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == [
        ("411000", 13055, 0),
        ("707000", 0, 11000),
        ("445710", 0, 2000),
        ("445710", 0, 55),
    ]
    assert entry.lines[0].party == "ctc_1"
    assert entry.lines[0].due_date == issued.due_date
    assert entry.document.number == issued.document_number


def test_a_belgian_invoice_uses_belgian_accounts_and_a_structured_communication():
    story = invoiced(opened(BELGIAN), new_line("100.00", rate="21"))
    issued, entry = story.newest(InvoiceValidated), story.newest(EntryPosted)
    assert issued.payment_reference == "+++202/6000/00192+++"
    assert [line.account for line in entry.lines] == ["400000", "700000", "451000"]
    assert entry.journal == "VEN"


def test_lines_may_name_their_own_sales_account():
    story = invoiced(opened(), new_line("10.00"), new_line("5.00", account="706000"))
    assert [line.account for line in story.newest(EntryPosted).lines] == [
        "411000",
        "707000",
        "706000",
        "445710",
        "445740",
    ]


@pytest.mark.feature("M30")
def test_a_validated_invoice_is_never_a_draft_again():
    story = invoiced(opened())
    place = story.place(InvoiceValidated)
    story.when(validate).refused(NumberIsFrozen, position=place, number="FA-2026-00001")
    story.when(discard).refused(IssuedIsNotDeleted, position=place)
    story.when(validate, "inv_9").refused(InvoiceIsUnknown)


@pytest.mark.feature("M30")
@pytest.mark.parametrize(
    ("asked", "kind", "pointer"),
    [
        (new_invoice(customer_id="ctc_2"), CustomerIsFrozen, "/customer_id"),
        (new_invoice(new_line("7.00")), LinesAreFrozen, "/lines"),
        (new_invoice(new_line(), new_line()), LinesAreFrozen, "/lines"),
        (new_invoice(new_line("x")), LinesAreFrozen, "/lines"),
        (new_invoice(discount=Discount(percent="5")), LinesAreFrozen, "/lines"),
        (new_invoice(due_date=date(2026, 5, 1)), DateIsFrozen, "/due_date"),
        (new_invoice(supply_date=DAY), DateIsFrozen, "/supply_date"),
        (new_invoice(instalments=(NewInstalment(),)), DateIsFrozen, "/instalments"),
        (new_invoice(note="Merci"), WordsAreFrozen, ""),
        (new_invoice(), WordsAreFrozen, ""),
    ],
)
def test_each_part_of_a_validated_invoice_is_frozen_by_its_own_name(asked, kind, pointer):
    story = invoiced(opened())
    place = story.place(InvoiceValidated)
    story.when(revise, asked).refused(kind, position=place, pointer=pointer)


@pytest.mark.feature("M30")
def test_a_discarded_draft_stays_discarded():
    story = drafted().when(discard).then(InvoiceDiscarded)
    place = story.place(InvoiceDiscarded)
    for step in (validate, discard):
        story.when(step).refused(NotADraft, position=place)
    story.when(revise, new_invoice()).refused(NotADraft, position=place)


@pytest.mark.feature("M30")
def test_what_the_customer_is_called_later_does_not_change_an_issued_invoice():
    story = invoiced(opened())
    story.when(change_contact, replace(CUSTOMER, name="Autre nom")).then(ContactChanged)
    assert story.newest(InvoiceValidated).customer.name == "Café Éric"


def test_a_draft_is_revised_whole():
    story = drafted().when(revise, new_invoice(new_line("7.00"))).then(InvoiceRevised)
    story.when(validate).then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).totals.net == 700


@pytest.mark.feature("M16")
def test_dates_of_a_series_never_go_back():
    story = drafted(story=invoiced(opened(), invoice_id="inv_0"))
    story.when(validate, today=date(2026, 3, 15)).refused(
        DateIsBehindSeries, position=story.place(InvoiceValidated)
    )


@pytest.mark.feature("M16")
def test_a_new_fiscal_year_begins_a_new_series():
    story = invoiced(opened(), today=date(2026, 12, 31))
    story = invoiced(story, invoice_id="inv_2", today=date(2027, 1, 1))
    assert story.newest(InvoiceValidated).document_number == "FA-2027-00001"


@pytest.mark.feature("M16")
def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends():
    story = invoiced(opened(replace(FRENCH, fiscal_year_start_month=7)), today=date(2026, 7, 1))
    assert story.newest(InvoiceValidated).document_number == "FA-2027-00001"


@pytest.mark.feature("M32")
def test_an_invoice_is_not_due_before_it_is_issued():
    story = drafted(due_date=date(2026, 3, 15))
    story.when(validate).refused(DueBeforeIssue, pointer="/due_date")
    story = drafted(due_date=DAY).when(validate).then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).due_date == DAY


@pytest.mark.feature("V16")
def test_a_locked_day_takes_no_invoice():
    story = drafted().when(lock, date(2026, 3, 31), today=date(2026, 4, 1)).then(PeriodLocked)
    story.when(validate).refused(PeriodIsLocked, position=story.place(PeriodLocked))


@pytest.mark.feature("M17")
def test_a_customer_is_mandatory():
    opened().when(draft, new_invoice(customer_id="ctc_9")).refused(
        ContactIsUnknown, pointer="/customer_id"
    )


def test_an_external_id_names_one_invoice():
    story = drafted(external_id="shop-1")
    story.when(draft, new_invoice(external_id="shop-1"), "inv_2").refused(
        ExternalIdIsTaken, position=story.place(InvoiceDrafted), holder="inv_1"
    )


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"quantity": "1e3"}, "/lines/0/quantity"),
        ({"quantity": "1.23456"}, "/lines/0/quantity"),
        ({"net": "-1"}, "/lines/0/unit_price"),
        ({"net": "1,5"}, "/lines/0/unit_price"),
        ({"rate": "101"}, "/lines/0/vat_rate"),
        ({"rate": "NaN"}, "/lines/0/vat_rate"),
        ({"discount_percent": "100.5"}, "/lines/0/discount_percent"),
        ({"account": "70A"}, "/lines/0/account"),
    ],
)
def test_numbers_are_strict(line: dict[str, str], pointer: str):
    opened().when(draft, new_invoice(new_line(**line))).refused(
        faults.NumberIsMalformed, pointer=pointer
    )


def test_what_a_draft_cannot_be():
    story = opened()
    story.when(draft, replace(new_invoice(), lines=())).refused(LinesAreWrong)
    story.when(draft, new_invoice(currency="USD")).refused(CurrencyIsForeign)
    story.when(draft, new_invoice(new_line(account="411000"))).refused(AccountIsThirdParty)
    story.when(draft, new_invoice(new_line(quantity="-1"))).refused(TotalIsNegative)
    story.when(draft, new_invoice(note="a\u202eb")).refused(
        faults.TextIsUnreadable, pointer="/note"
    )
    story.when(draft, new_invoice(due_date=date(2100, 1, 1))).refused(faults.DayIsOutOfBounds)
    huge = new_line("9999999999", quantity="999999999")
    story.when(draft, new_invoice(huge)).refused(faults.AmountIsOutOfBounds)
    nameless = replace(new_line(), description="  ")
    story.when(draft, new_invoice(nameless)).refused(
        faults.FieldIsMissing, pointer="/lines/0/description"
    )


@pytest.mark.feature("M69")
def test_rates_must_be_in_force_on_the_day():
    for rate in ("19.6", "21", "0", "20.01"):
        story = drafted(new_line(rate=rate))
        story.when(validate).refused(mentions.RateIsNotInForce, pointer="/lines/0/vat_rate")
    story = drafted(new_line(rate="20", vat_category="AE"))
    story.when(validate).refused(mentions.RateIsNotInForce)
    story = drafted(new_line(rate="0", vat_category="L"))
    story.when(validate).refused(mentions.RateIsNotInForce)


@pytest.mark.feature("M69")
def test_a_number_is_not_taken_before_the_mentions_are_there():
    story = opened()
    nowhere = replace(CUSTOMER, address=replace(CUSTOMER.address, street=""))
    story.when(change_contact, nowhere).then(ContactChanged)
    drafted(story=story).when(validate).refused(CustomerStreetIsMissing)
    drafted(new_line(rate="0", vat_category="E")).when(validate).refused(
        mentions.ExemptionIsUnexplained, pointer="/lines/0/exemption"
    )
    drafted(new_line(rate="0", vat_category="AE")).when(validate).refused(
        mentions.CustomerVatIsMissing
    )
    drafted(new_line(rate="0", vat_category="G")).when(validate).refused(mentions.PlaceIsWrong)


@pytest.mark.feature("M69")
def test_an_intra_community_supply_says_why_it_bears_no_vat():
    story = opened()
    abroad = replace(CUSTOMER, address=NAMUR, vat_number="BE0202239951")
    story.when(change_contact, abroad).then(ContactChanged)
    story = drafted(new_line(rate="0", vat_category="K"), story=story)
    story.when(validate).then(InvoiceValidated, EntryPosted)
    issued = story.newest(InvoiceValidated)
    assert issued.lines[0].exemption == "Exonération de TVA, article 262 ter, I du CGI"
    assert issued.totals.vat[0].exemption == issued.lines[0].exemption
    assert len(story.newest(EntryPosted).lines) == 2


@pytest.mark.feature("M69")
@pytest.mark.parametrize(
    ("new", "mention"),
    [
        (FRENCH, "TVA non applicable, art. 293 B du CGI"),
        (BELGIAN, "Régime particulier de la franchise de taxe"),
    ],
)
def test_a_company_in_the_franchise_charges_no_vat(new, mention):
    story = opened(replace(new, vat_regime="franchise"))
    rate = "20" if new.country == "FR" else "21"
    drafted(new_line(rate=rate), story=story).when(validate).refused(
        mentions.FranchiseChargesNoVat, pointer="/lines/0/vat_category"
    )
    story.when(draft, new_invoice(new_line(rate="0", vat_category="E")), "inv_2").then(
        InvoiceDrafted
    )
    story.when(validate, "inv_2").then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).lines[0].exemption == mention


def test_an_invoice_of_nothing_still_stands_in_the_history():
    story = invoiced(opened(), new_line("0"))
    assert [(line.account, line.party) for line in story.newest(EntryPosted).lines] == [
        ("411000", "ctc_1"),
        ("707000", ""),
    ]


def test_every_entry_balances_and_repeats_its_document():
    story = invoiced(opened(), new_line("33.33"), new_line("0.01", quantity="-3"))
    entry = story.newest(EntryPosted)
    assert sum(line.debit for line in entry.lines) == sum(line.credit for line in entry.lines)
    assert entry.document.id == "inv_1"
