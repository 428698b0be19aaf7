"""Deposits of a quote: opened, requested, settled in one command, deducted to the cent."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book.refusal import Refused
from domain.deposits.deposit import (
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositInstalmentOpened,
    DepositRequested,
)
from domain.deposits.depositing import (
    DepositIsDeleted,
    DepositIsSettled,
    DepositIsUnknown,
    NewDeposit,
)
from domain.deposits.settling import DepositDateIsAhead
from domain.deposits.terms import Amount, DepositTermsAreWrong, per_rate
from domain.ledger.entry import EntryPosted
from domain.ledger.numbering import DateIsBehindSeries
from domain.parties.company import AccountMapped
from domain.parties.opening import NewCompany
from domain.quotes.balance import (
    DepositChoiceIsRequired,
    DepositComesFirst,
    InvoicingTerms,
    QuoteIsInvoiced,
    QuoteIsNotAccepted,
    check_accepted,
)
from domain.quotes.billing import Issued
from domain.quotes.quote import DepositTerms, QuoteInvoiced
from domain.sales.content import NewInstalment
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine, add_up
from domain.sales.invoice import InvoiceDiscarded, InvoiceDrafted, InvoiceValidated
from domain.values.quantity import shortest
from tests.domain.quote_steps import (
    QUOTE,
    RESETTLED,
    SETTLED,
    accepted,
    billing_of,
    change_deposit,
    content_of,
    delete_deposit,
    entry_of,
    invoice_quote,
    open_deposit,
    quote_of,
    quoted,
    request_deposit,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.spec import Story
from tests.domain.steps import (
    BELGIAN,
    DAY,
    FRENCH,
    credit,
    discard,
    invoiced,
    new_line,
    opened,
)

HALF = DepositTerms(percent="50")


@pytest.mark.feature("M58")
def test_a_payment_request_is_no_invoice():
    story = accepted(deposit=HALF)
    story.when(request_deposit).then(DepositRequested)
    asked = story.newest(DepositRequested)
    assert asked.document_number == "DA-2026-00001"
    assert (asked.gross, asked.percent, asked.currency) == (6000, "50", "EUR")
    assert asked.quote.number == "DE-2026-00001"
    assert asked.customer.name == "Café Éric"
    assert not story.all(EntryPosted)


@pytest.mark.feature("M59", "M60", "M63")
def test_a_deposit_is_invoiced_and_settled_in_one_command():
    story = accepted(deposit=HALF).when(request_deposit).then(DepositRequested)
    story.when(settle_deposit).then(*SETTLED)
    invoice = story.newest(InvoiceValidated)
    assert (invoice.kind, invoice.document_number) == ("deposit", "FA-2026-00001")
    assert (invoice.totals.net, invoice.totals.tax) == (5000, 1000)
    assert [link.kind for link in invoice.links] == ["quote", "deposit_request"]
    assert entry_of(story, "inv_dep_1") == [("411000", 6000), ("419100", -5000), ("445710", -1000)]
    story.when(settle_deposit).refused(DepositIsSettled, invoice_number="FA-2026-00001")
    story.when(delete_deposit).refused(DepositIsSettled)
    story.when(request_deposit).refused(DepositIsSettled)
    story.when(change_deposit, NewDeposit(percent="10")).refused(DepositIsSettled)


@pytest.mark.feature("A2.2", "M60", "M16")
def test_a_deposit_invoice_is_dated_from_the_last_number_to_today():
    story = invoiced(accepted(deposit=HALF), invoice_id="inv_0", today=DAY)
    later = DAY + timedelta(days=5)
    before, after = DAY - timedelta(days=1), later + timedelta(days=1)
    story.when(settle_deposit, confirm_date=before, today=later).refused(DateIsBehindSeries)
    story.when(settle_deposit, confirm_date=after, today=later).refused(
        DepositDateIsAhead, pointer="/confirm_date"
    )
    story.when(settle_deposit, confirm_date=DAY + timedelta(days=2), today=later).then(*SETTLED)
    assert story.newest(InvoiceValidated).issue_date == DAY + timedelta(days=2)


@pytest.mark.feature("M56")
def test_deposits_are_added_changed_and_deleted_until_the_quote_is_invoiced():
    story = accepted()
    story.when(open_deposit, NewDeposit(percent="30"), "dep_1").then(DepositInstalmentOpened)
    story.when(change_deposit, NewDeposit(amount=5000)).then(DepositInstalmentChanged)
    story.when(open_deposit, NewDeposit(amount=7001)).refused(DepositTermsAreWrong, most=7000)
    story.when(open_deposit, NewDeposit(amount=7000)).then(DepositInstalmentOpened)
    story.when(delete_deposit).then(DepositInstalmentDeleted)
    story.when(delete_deposit).refused(DepositIsDeleted)
    story.when(delete_deposit, "dep_2").then(DepositInstalmentDeleted)
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(open_deposit, NewDeposit(percent="10"), "dep_3").refused(
        QuoteIsInvoiced, invoice_id="inv_1"
    )
    story.when(settle_deposit, "dep_9").refused(DepositIsUnknown)


@pytest.mark.feature("M23", "M25")
def test_only_an_accepted_quote_is_invoiced():
    story = quoted()
    assert isinstance(check_accepted(quote_of(story), QUOTE), QuoteIsNotAccepted)


@pytest.mark.feature("M25")
def test_a_quote_becomes_a_draft_invoice_once_and_a_discarded_draft_gives_it_back():
    story = accepted().when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    content = content_of(story)
    assert (content.kind, content.links[0].number) == ("invoice", "DE-2026-00001")
    assert content.lines == quote_of(story).content.lines  # type: ignore[union-attr]
    story.when(invoice_quote, "inv_2").refused(QuoteIsInvoiced, invoice_id="inv_1")
    story.when(discard).then(InvoiceDiscarded)
    story.when(invoice_quote, "inv_2").then(InvoiceDrafted, QuoteInvoiced)
    story.when(validate_of_quote, "inv_2").then(InvoiceValidated, EntryPosted)
    story.when(credit, NewCreditNote(reason="Annulé"), "inv_2").then(CreditNoteIssued, EntryPosted)
    story.when(invoice_quote, "inv_3").then(InvoiceDrafted, QuoteInvoiced)


@pytest.mark.feature("M26", "M61", "M35")
def test_an_unsettled_deposit_wants_a_choice_and_comes_first():
    story = accepted(deposit=HALF)
    story.when(invoice_quote).refused(DepositChoiceIsRequired, deposit_id="dep_1")
    story.when(invoice_quote, leave_open=True).then(InvoiceDrafted, QuoteInvoiced)
    assert content_of(story).kind == "invoice"
    story.when(validate_of_quote).refused(DepositComesFirst, deposit_id="dep_1")
    story.when(settle_deposit).then(*RESETTLED)
    assert content_of(story).kind == "balance"
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).totals.gross == 6000


@pytest.mark.feature("M61", "M56")
def test_an_unsettled_deposit_may_go_until_the_invoice_is_validated():
    story = accepted(deposit=HALF).when(invoice_quote, leave_open=True)
    story = story.then(InvoiceDrafted, QuoteInvoiced)
    story.when(delete_deposit).then(DepositInstalmentDeleted)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).totals.gross == 12000
    assert isinstance(billing_of(story).whole, Issued)


@pytest.mark.feature("M56")
def test_a_validated_invoice_freezes_the_deposits():
    story = accepted(deposit=HALF).when(invoice_quote, leave_open=True)
    story = story.then(InvoiceDrafted, QuoteInvoiced)
    billing = billing_of(story)
    story.when(delete_deposit).then(DepositInstalmentDeleted)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert billing.open_deposits
    story.happened(billing.open_deposits[0].opened)  # as if one were open still
    story.when(delete_deposit).refused(QuoteIsInvoiced)
    story.when(settle_deposit).refused(QuoteIsInvoiced)
    story.when(request_deposit).refused(QuoteIsInvoiced)


@pytest.mark.feature("M62")
def test_the_balance_invoice_deducts_each_deposit_and_names_it():
    story = accepted(new_line("100.00", "20"), new_line("100.00", "5.5"), deposit=HALF)
    story.when(settle_deposit).then(*SETTLED)
    terms = InvoicingTerms(instalments=(NewInstalment(percent="50", days=10), NewInstalment()))
    story.when(invoice_quote, terms=terms).then(InvoiceDrafted, QuoteInvoiced)
    content = content_of(story)
    assert content.kind == "balance"
    off = [line for line in content.lines if line.kind == "deposit"]
    assert [(line.vat_rate, line.net, line.tax, line.deducts) for line in off] == [
        ("20", -5000, -1000, "inv_dep_1"),
        ("5.5", -5000, -275, "inv_dep_1"),
    ]
    assert off[0].description == "Acompte facturé FA-2026-00001 du 16/03/2026"
    link = content.links[-1]
    assert (link.kind, link.number, link.issue_date) == ("invoice", "FA-2026-00001", DAY)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert len(story.newest(InvoiceValidated).instalments) == 2
    assert ("419100", 10000) in entry_of(story, "inv_1")


@pytest.mark.feature("F5")
def test_the_gross_of_a_deposit_is_the_truth():
    story = accepted(
        new_line("1000.00", "21"),
        deposit=DepositTerms(amount=10000),
        story=opened(BELGIAN),
    )
    story.when(settle_deposit).then(*SETTLED)
    totals = story.newest(InvoiceValidated).totals
    assert (totals.net, totals.tax, totals.gross) == (8264, 1736, 10000)


@pytest.mark.feature("M64")
@pytest.mark.parametrize("nature", ["goods", "services"])
@pytest.mark.parametrize(("country", "vat"), [(FRENCH, "445710"), (BELGIAN, "451000")])
def test_the_vat_of_a_deposit_is_due_as_it_is_paid(country: NewCompany, vat: str, nature: str):
    rate = "20" if country is FRENCH else "21"
    story = accepted(new_line("100.00", rate, nature=nature), deposit=HALF, story=opened(country))
    story.when(settle_deposit).then(*SETTLED)
    accounts = [account for account, _ in entry_of(story, "inv_dep_1")]
    assert accounts[2] == vat
    assert story.newest(InvoiceValidated).paid_on == DAY


@pytest.mark.feature("F6", "M64")
def test_a_deposit_of_two_rates_adds_up():
    story = accepted(
        new_line("23.90", "6", "25"),
        new_line("17.00", "21", "25"),
        deposit=HALF,
        story=opened(BELGIAN),
    )
    assert add_up(quote_of(story).content.lines).gross == 114760  # type: ignore[union-attr]
    story.when(settle_deposit).then(*SETTLED)
    totals = story.newest(InvoiceValidated).totals
    assert totals.gross == 57380 == totals.net + totals.tax
    assert [(vat.rate, vat.base, vat.tax) for vat in totals.vat] == [
        ("6", 29875, 1793),
        ("21", 21250, 4462),
    ]


@pytest.mark.feature("F12")
def test_two_halves_leave_a_final_invoice_of_nothing():
    story = accepted(new_line("12870.59", "0", vat_category="E", exemption="Art. 44"), deposit=HALF)
    story.when(open_deposit, NewDeposit(percent="50")).then(DepositInstalmentOpened)
    grosses = [opened.gross for opened in story.all(DepositInstalmentOpened)]
    assert grosses == [643530, 643529]
    story.when(settle_deposit).then(*SETTLED)
    story.when(settle_deposit, "dep_2").then(*SETTLED)
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert story.newest(InvoiceValidated).totals.gross == 0
    story.when(invoice_quote, "inv_2").refused(QuoteIsInvoiced)


@pytest.mark.feature("A2.3")
def test_a_credited_deposit_is_not_deducted():
    story = accepted(deposit=HALF).when(settle_deposit).then(*SETTLED)
    story.when(credit, NewCreditNote(reason="Annulé"), "inv_dep_1").then(
        CreditNoteIssued, EntryPosted
    )
    assert ("419100", 5000) in [
        (line.account, line.debit - line.credit) for line in story.newest(EntryPosted).lines
    ]
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    assert add_up(content_of(story).lines).gross == 12000


@pytest.mark.feature("A2.3")
def test_of_a_deposit_credited_in_part_the_rest_is_deducted():
    story = accepted(deposit=HALF).when(settle_deposit).then(*SETTLED)
    part = NewCreditNote(reason="Trop", lines=(CreditedLine(line=0, net=2000),))
    story.when(credit, part, "inv_dep_1").then(CreditNoteIssued, EntryPosted)
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    assert add_up(content_of(story).lines).gross == 12000 - 3600


@given(
    prices=st.lists(
        st.tuples(st.integers(1, 10**6), st.sampled_from(["20", "10", "5.5"])),
        min_size=1,
        max_size=5,
    ),
    shares=st.lists(st.integers(1, 60), max_size=5),
    amounts=st.lists(st.integers(1, 10**5), max_size=2),
)
def test_deposits_and_balance_are_the_quote_to_the_cent(
    prices: list[tuple[int, str]], shares: list[int], amounts: list[int]
):
    """Whatever deposits are asked for, Σ documents is the quote, net and VAT of each rate."""
    story = accepted(*_lines(prices))
    news = [NewDeposit(percent=str(share)) for share in shares]
    news += [NewDeposit(amount=amount) for amount in amounts]
    for at, new in enumerate(news):
        asked = story.when(open_deposit, new, f"dep_{at}")
        if not isinstance(asked.decision, Refused):
            asked.then(DepositInstalmentOpened)
            story.when(settle_deposit, f"dep_{at}").then(*SETTLED)
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert _summed(story) == per_rate(add_up(quote_of(story).content.lines))  # type: ignore[union-attr]
    for issued in story.all(InvoiceValidated):
        assert issued.totals.gross == issued.totals.net + issued.totals.tax >= 0
        assert all(vat.base >= 0 and vat.tax >= 0 for vat in issued.totals.vat)
    _check_deposits_account(story)


def _lines(prices: list[tuple[int, str]]) -> list[NewLine]:
    return [new_line(shortest(f"{cents // 100}.{cents % 100:02d}"), rate) for cents, rate in prices]


def _summed(story: Story) -> dict[object, Amount]:
    """The sums of all invoices per rate."""
    sums: dict[object, Amount] = {}
    for issued in story.all(InvoiceValidated):
        for rate, amount in per_rate(issued.totals).items():
            sums[rate] = sums.get(rate, Amount()).plus(amount.net, amount.tax)
    return sums


def _check_deposits_account(story: Story) -> None:
    """What deposits put on their account, the balance takes off it."""
    assert Fraction(0) == sum(
        line.debit - line.credit
        for entry in story.all(EntryPosted)
        for line in entry.lines
        if line.account == "419100"
    )


@pytest.mark.feature("M63")
def test_the_account_of_deposits_is_the_company_s_choice():
    story = accepted(deposit=HALF)
    story.happened(AccountMapped(role="deposits_received", account="419500"))
    story.when(settle_deposit).then(*SETTLED)
    assert ("419500", -5000) in entry_of(story, "inv_dep_1")
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert ("419500", 5000) in entry_of(story, "inv_1")
