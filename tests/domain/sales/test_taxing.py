"""Invoices as they are taxed and booked: codes, words, shares, accounts, what waits for money."""

from datetime import date

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.parties.company import OptionSet
from domain.parties.contact import ContactChanged
from domain.parties.options import set_option
from domain.sales import mentions
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.pricing import Discount, Shipping
from domain.values.vat import Taxable, break_down, share_out
from tests.domain.spec import Story
from tests.domain.steps import (
    BELGIAN,
    CUSTOMER,
    DAY,
    NAMUR,
    PARIS,
    change_contact,
    company,
    credit,
    draft,
    new_invoice,
    new_line,
    opened,
    validate,
)

BELGIAN_BUYER = replace(CUSTOMER, address=NAMUR, vat_number="BE0202239951")
FRENCH_BUYER = replace(CUSTOMER, address=PARIS, vat_number="FR44732829320")


def issued(story: Story, *lines: NewLine, **content: object) -> InvoiceValidated:
    """A drafted and validated invoice of the story."""
    number = len(story.all(InvoiceDrafted)) + 1
    story.when(draft, new_invoice(*lines, **content), f"inv_{number}").then(InvoiceDrafted)
    story.when(validate, f"inv_{number}").then(InvoiceValidated, EntryPosted)
    return story.newest(InvoiceValidated)


def booked(story: Story) -> list[tuple[str, int]]:
    """The accounts of the newest entry, each with debit minus credit."""
    return [(x.account, x.debit - x.credit) for x in story.newest(EntryPosted).lines]


def opt_for_debits(story: Story):
    return set_option(company(story), "vat_on_debits", on=True)


@pytest.mark.feature("M64", "M63")
def test_french_services_wait_for_their_payment_and_goods_do_not():
    story = opened()
    invoice = issued(
        story, new_line("100"), new_line("50", nature="services"), new_line("10", rate="5.5")
    )
    assert [(s.code, s.nature, s.exigible, s.base, s.tax) for s in invoice.vat_shares] == [
        ("COL", "goods", "issue", 10000, 2000),
        ("COL", "services", "payment", 5000, 1000),
        ("COL", "goods", "issue", 1000, 55),
    ]
    assert booked(story) == [
        ("411000", 19055),
        ("707000", -11000),
        ("706000", -5000),
        ("445710", -2000),
        ("445740", -1000),
        ("445710", -55),
    ]


@pytest.mark.feature("M64", "M69")
def test_the_option_for_debits_makes_services_due_at_once_and_says_so():
    story = opened().when(opt_for_debits).then(OptionSet)
    invoice = issued(story, new_line("50", nature="services"))
    assert [share.exigible for share in invoice.vat_shares] == ["issue"]
    assert "Option pour le paiement de la taxe d'après les débits" in invoice.mentions
    assert not any("débits" in said for said in issued(story, new_line("50")).mentions)


@pytest.mark.feature("M63")
def test_a_line_on_the_account_of_services_is_a_service():
    invoice = issued(opened(), new_line("50", account="706000"), new_line("50", account="706100"))
    assert [line.nature for line in invoice.lines] == ["services", "goods"]


@pytest.mark.feature("M21", "M63")
def test_shipping_and_a_discount_go_to_their_accounts():
    story = opened()
    issued(
        story,
        new_line("100", nature="services"),
        discount=Discount(percent="10"),
        shipping=Shipping(amount=500),
    )
    assert booked(story) == [
        ("411000", 11400),
        ("706000", -9000),
        ("708500", -500),
        ("445740", -1900),
    ]


@pytest.mark.feature("M69")
def test_belgian_lines_carry_the_code_that_makes_their_grid():
    story = opened(BELGIAN)
    story.when(change_contact, replace(CUSTOMER, address=NAMUR, vat_number="BE0403019261")).then(
        ContactChanged
    )
    invoice = issued(
        story, new_line("10", rate="21"), new_line("10", rate="0", vat_category="AE"), language="nl"
    )
    assert [line.vat_code for line in invoice.lines] == ["03", "45"]
    assert invoice.lines[1].exemption == "Btw verlegd"
    assert any(
        said.startswith("Bij gebrek aan schriftelijke betwisting") for said in invoice.mentions
    )
    assert [share.exigible for share in invoice.vat_shares] == ["issue", "issue"]


@pytest.mark.feature("M69")
def test_a_named_code_decides_the_category_and_brings_its_words():
    invoice = issued(opened(BELGIAN), new_line("10", rate="", vat_code="00/44"))
    line = invoice.lines[0]
    assert (line.vat_category, line.vat_rate) == ("E", "0")
    assert line.exemption == "Exonération de TVA – art. 44 CTVA"
    assert invoice.totals.tax == 0


@pytest.mark.feature("M64", "M69")
def test_a_code_must_be_the_countrys_and_fit():
    story = opened()
    for code, rate in (("03", "20"), ("no such", "20")):
        story.when(draft, new_invoice(new_line(rate=rate, vat_code=code))).then(InvoiceDrafted)
        story.when(validate).refused(mentions.VatCodeIsWrong, pointer="/lines/0/vat_code")
    story.when(draft, new_invoice(new_line(rate="20", vat_code="COL-CORSE"))).then(InvoiceDrafted)
    story.when(validate).refused(mentions.RateIsNotInForce)


@pytest.mark.feature("M69")
def test_services_to_a_company_of_another_member_state_are_taxed_there():
    story = opened()
    story.when(change_contact, BELGIAN_BUYER).then(ContactChanged)
    line = new_line("10", rate="0", vat_category="AE", nature="services")
    invoice = issued(story, line, language="en")
    assert invoice.lines[0].vat_code == "IC-S"
    assert invoice.lines[0].exemption == "Reverse charge – article 283, 2 of the French CGI"
    assert invoice.vat_shares[0].exigible == "issue"


@pytest.mark.feature("V25")
def test_a_private_customer_abroad_is_charged_his_own_rate():
    story = opened(BELGIAN)
    abroad = replace(CUSTOMER, address=PARIS, nature="private")
    story.when(change_contact, abroad).then(ContactChanged)
    assert issued(story, new_line("10", rate="5.5", vat_code="OSS")).totals.tax == 55
    story.when(draft, new_invoice(new_line("10", rate="21", vat_code="OSS")), "inv_9").then(
        InvoiceDrafted
    )
    story.when(validate, "inv_9").refused(mentions.RateIsNotInForce)


@pytest.mark.feature("M69")
def test_rate_and_words_are_those_of_the_day_of_supply():
    story = opened(replace(BELGIAN, vat_regime="franchise"))
    line = new_line("10", rate="0", vat_category="E")
    before = issued(story, line, supply_date=date(2024, 12, 31))
    assert before.lines[0].exemption.startswith("Petite entreprise")
    after = issued(story, line, supply_date=date(2027, 1, 1))
    assert after.lines[0].exemption == "Régime particulier de la franchise de taxe"


@pytest.mark.feature("M69")
def test_business_customers_read_what_late_payment_costs():
    story = opened()
    invoice = issued(story)
    assert any("40 €" in said for said in invoice.mentions)
    assert "Escompte pour paiement anticipé : néant" in invoice.mentions
    story.when(change_contact, replace(CUSTOMER, nature="private")).then(ContactChanged)
    assert issued(story).mentions == ()


@pytest.mark.feature("M31", "M64")
def test_a_credit_note_takes_vat_back_where_it_waits():
    story = opened()
    issued(story, new_line("100"), new_line("50", nature="services"))
    story.when(credit, NewCreditNote(reason="x", lines=(CreditedLine(line=1, net=1000),))).then(
        CreditNoteIssued, EntryPosted
    )
    note = story.newest(CreditNoteIssued)
    assert [(s.nature, s.exigible, s.base, s.tax) for s in note.vat_shares] == [
        ("services", "payment", 1000, 200)
    ]
    assert booked(story) == [("411000", -1200), ("706000", 1000), ("445740", 200)]


@pytest.mark.feature("M31", "M69")
def test_a_belgian_credit_note_says_that_vat_goes_back_to_the_state():
    story = opened(BELGIAN)
    issued(story, new_line("10", rate="21"), language="nl")
    story.when(credit, NewCreditNote(reason="x")).then(CreditNoteIssued, EntryPosted)
    note = story.newest(CreditNoteIssued)
    (said,) = note.mentions
    assert said.startswith("Btw terug te storten aan de Staat in de mate waarin")
    assert (note.language, note.invoice_date) == ("nl", DAY)


@pytest.mark.feature("F15")
def test_early_payment_discount_is_exempt_and_the_totals_hold():
    story = opened(BELGIAN)
    kept = new_line("1850", rate="21", discount_percent="3")
    given_away = new_line("55.50", rate="", vat_code="FD")
    totals = issued(story, kept, given_away).totals
    assert (totals.net, totals.tax, totals.gross) == (185000, 37685, 222685)
    assert totals.gross == totals.net + totals.tax


NETS = some.integers(-50_000, 200_000)
LINES = some.lists(
    some.tuples(
        some.sampled_from(["20", "5.5", "2.1"]),
        NETS,
        some.sampled_from(["goods", "services"]),
        some.none() | some.integers(-2_000, 5_000),
    ),
    min_size=1,
    max_size=8,
)


@over(LINES)
def test_shares_add_up_to_each_rate(lines):
    amounts = [
        Taxable("S", rate, net, tax=tax, nature=nature, exigible="issue")
        for rate, net, nature, tax in lines
    ]
    vat = break_down(amounts)
    shares = share_out(amounts, vat)
    for whole in vat:
        of_rate = [share for share in shares if share.rate == whole.rate]
        assert sum(share.base for share in of_rate) == whole.base
        assert sum(share.tax for share in of_rate) == whole.tax
