"""What a draft invoice says, from what was asked for: checked and with its amounts calculated."""

from datetime import date
from typing import Literal

from msgspec import Struct, structs

from domain.book.refusal import Refused, judge, words
from domain.countries.atlas import RULES
from domain.parties.company import Company
from domain.sales.document import Line, NewLine, Totals, add_up, malformed
from domain.sales.instalments import NewInstalment as NewInstalment  # noqa: PLC0414
from domain.sales.pricing import Discount, Language, Shipping, by_code, price_lines
from domain.values import faults
from domain.values.text import tidy

MOST_LINES = 1000
USUAL_LANGUAGE: Language = "fr"
"""Of a document whose customer has none."""


InvoiceKind = Literal["invoice", "deposit", "situation", "balance"]
LinkKind = Literal["quote", "order", "delivery", "deposit_request", "invoice", "copy"]


class DocumentLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that another one comes from: the reliable audit trail (CGI 289 VII 1°).

    `copy` is an invoice that was only taken as a pattern: nothing of it is invoiced again.
    """

    kind: LinkKind
    id: str
    number: str = ""
    issue_date: date | None = None


class SituationLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a line of the quote is billed: its whole net, what was billed before, and after.

    `percent` is the cumulated progress as a decimal string; amounts are in minor units (M65).
    """

    quoted: int
    before: int
    cumulative: int
    percent: str


class Situation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The n-th situation of a quote (from 1), with one `SituationLine` for each line (M65, M66)."""

    ordinal: int
    lines: tuple[SituationLine, ...]


class NewContent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every sales document says, as it is asked for.

    An empty currency is the company's; an empty language or template is the customer's.
    """

    customer_id: str
    lines: tuple[NewLine, ...]
    discount: Discount | None = None
    shipping: Shipping | None = None
    currency: str = ""
    note: str = ""
    buyer_reference: str = ""
    external_id: str = ""
    language: Language | Literal[""] = ""
    template: str = ""


class Content(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every sales document says: discount and shipping are among its lines, and as asked."""

    customer_id: str
    lines: tuple[Line, ...]
    currency: str
    discount: Discount | None = None
    shipping: Shipping | None = None
    note: str = ""
    buyer_reference: str = ""
    external_id: str = ""
    language: Language = "fr"
    template: str = ""


class NewInvoice(NewContent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice as it is asked for. `supply_date` is when goods or services were supplied."""

    due_date: date | None = None
    supply_date: date | None = None
    instalments: tuple[NewInstalment, ...] = ()


class InvoiceContent(Content, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a draft says. Without a due date or instalments the customer's terms decide (M32).

    `paid_on` is when the money of a deposit came in, where the invoice comes after it: its tax is
    then due with the invoice.
    """

    kind: InvoiceKind = "invoice"
    due_date: date | None = None
    supply_date: date | None = None
    instalments: tuple[NewInstalment, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    situation: Situation | None = None
    paid_on: date | None = None


class LinesAreWrong(Refused, frozen=True, kw_only=True):
    """An invoice has at least one line, and not more than a person can check."""

    code = "lines_wrong"
    rule = "242-nonies-A"
    text = words(
        en="An invoice has from 1 to 1000 lines, not {count}.",
        fr="Une facture a de 1 à 1000 lignes, pas {count}.",
        nl="Een factuur heeft 1 tot 1000 regels, niet {count}.",
    )

    count: int


class CurrencyIsForeign(Refused, frozen=True, kw_only=True):
    """The company's own invoices are in its own currency: their VAT must be stated in it."""

    code = "currency_foreign"
    rule = "242-nonies-A"
    text = words(
        en="Invoices are issued in {own}, not in {currency}.",
        fr="Les factures sont émises en {own}, pas en {currency}.",
        nl="Facturen worden opgesteld in {own}, niet in {currency}.",
    )

    currency: str
    own: str


class AccountIsThirdParty(Refused, frozen=True, kw_only=True):
    """A document line names an account that is kept per third party."""

    code = "account_third_party"
    rule = "C14"
    text = words(
        en="{account} is kept per third party and cannot stand on a document line.",
        fr="{account} est un compte de tiers et ne peut figurer sur une ligne de document.",
        nl="{account} is een derdenrekening en kan niet op een documentregel staan.",
    )

    account: str


class TotalIsNegative(Refused, frozen=True, kw_only=True):
    """An invoice whose total is negative is a credit note."""

    code = "total_negative"
    rule = "M31"
    text = words(
        en="The total is {gross}: what is owed to the customer is a credit note.",
        fr="Le total est {gross} : ce qui est dû au client est un avoir.",
        nl="Het totaal is {gross}: wat men de klant schuldig is, is een creditnota.",
    )

    gross: int


def settle(new: NewInvoice, company: Company) -> InvoiceContent | Refused:
    """The content of a draft, or the refusal of the first rule it breaks."""
    new = tidy(new)
    settled = settle_content(new, company)
    if isinstance(settled, Refused):
        return settled
    refused = faults.out_of_years(new.due_date, "/due_date") or faults.out_of_years(
        new.supply_date, "/supply_date"
    )
    if refused is not None:
        return refused
    return InvoiceContent(
        **structs.asdict(settled),
        due_date=new.due_date,
        supply_date=new.supply_date,
        instalments=new.instalments,
    )


def settle_content(new: NewContent, company: Company) -> Content | Refused:
    """The content that any sales document has, or the refusal of the first rule it breaks."""
    new = tidy(new)
    rules = RULES[company.country]
    new = structs.replace(new, lines=tuple(by_code(line, rules) for line in new.lines))
    refused = judge(ASKED_RULES, new, company)
    if refused is not None:
        return refused
    currency, language = company.currency, new.language or USUAL_LANGUAGE
    lines = price_lines(new.lines, new.discount, new.shipping, currency=currency, language=language)
    if isinstance(lines, Refused):
        return lines
    refused = judge(TOTAL_RULES, add_up(lines))
    if refused is not None:
        return refused
    return Content(
        customer_id=new.customer_id,
        lines=lines,
        currency=currency,
        discount=new.discount,
        shipping=new.shipping,
        note=new.note,
        buyer_reference=new.buyer_reference,
        external_id=new.external_id,
        language=language,
        template=new.template,
    )


def on_third_party(account: str, company: Company, pointer: str) -> Refused | None:
    """Refuses an account kept per third party on the line of a document."""
    if account not in company.third_party:
        return None
    return AccountIsThirdParty(account=account, pointer=pointer)


def foreign(currency: str, own: str, pointer: str) -> Refused | None:
    """Refuses a currency that is neither empty nor the document's own."""
    if currency in ("", own):
        return None
    return CurrencyIsForeign(currency=currency[:10], own=own, pointer=pointer)


def _readable(new: NewContent, _: Company) -> Refused | None:
    return faults.unreadable(new)


def _with_lines(new: NewContent, _: Company) -> Refused | None:
    count = len(new.lines)
    return None if 1 <= count <= MOST_LINES else LinesAreWrong(count=count, pointer="/lines")


def _in_own_currency(new: NewContent, company: Company) -> Refused | None:
    return foreign(new.currency, company.currency, "/currency")


def _well_formed(new: NewContent, _: Company) -> Refused | None:
    refusals = (malformed(line, f"/lines/{index}") for index, line in enumerate(new.lines))
    return next((refused for refused in refusals if refused is not None), None)


def _on_accounts_of_its_own(new: NewContent, company: Company) -> Refused | None:
    refusals = (
        on_third_party(line.account, company, f"/lines/{index}/account")
        for index, line in enumerate(new.lines)
    )
    return next((refused for refused in refusals if refused is not None), None)


ASKED_RULES = (
    _readable,
    _with_lines,
    _in_own_currency,
    _well_formed,
    _on_accounts_of_its_own,
)


def _bounded(totals: Totals) -> Refused | None:
    return faults.out_of_bounds(totals.gross, "/lines")


def _not_negative(totals: Totals) -> Refused | None:
    return None if totals.gross >= 0 else TotalIsNegative(gross=totals.gross, pointer="/lines")


TOTAL_RULES = (_bounded, _not_negative)
