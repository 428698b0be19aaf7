"""A quote: drafted under its number, revised, sent, accepted or refused, then invoiced (M23)."""

from datetime import date
from typing import Any, ClassVar, TypeVar

from msgspec import Struct, structs

from domain.book.event import Event, Recorded
from domain.ledger.entry import series_tag
from domain.sales.content import Content, DocumentLink, NewContent
from domain.sales.instalments import NewInstalment

QUOTES = "DE"


class DepositTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The deposit a quote asks for: a percentage or an amount of its gross, in minor units (M21).

    It falls due `days` after the customer's acceptance.
    """

    percent: str = ""
    amount: int | None = None
    days: int = 0


class NewQuote(NewContent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A quote as it is asked for; `issue_date`, if it is given, can only be today (M15, M16)."""

    issue_date: date | None = None
    valid_until: date | None = None
    deposit: DepositTerms | None = None
    instalments: tuple[NewInstalment, ...] = ()


class QuoteContent(Content, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a quote says; `valid_until` is the last day on which it can be accepted.

    `instalments` are those of its invoice, Σ = gross; paid deposits take off the first (M33).
    """

    valid_until: date | None = None
    deposit: DepositTerms | None = None
    instalments: tuple[NewInstalment, ...] = ()


class QuoteDrafted(Event, frozen=True, kw_only=True):
    """A quote begins, under the next number of its own series and with today's date (M14, M15)."""

    stored_as: ClassVar[str] = "quote.drafted.v1"

    quote_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    content: QuoteContent
    links: tuple[DocumentLink, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (quote_tag(self.quote_id), series_tag(self.series))


class _OfQuote(Event, frozen=True, kw_only=True):
    """What happens to a quote."""

    quote_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (quote_tag(self.quote_id),)


class QuoteRevised(_OfQuote, frozen=True, kw_only=True):
    """What a draft quote says is replaced, whole; its number and date stay."""

    stored_as: ClassVar[str] = "quote.revised.v1"

    content: QuoteContent


class QuoteSent(_OfQuote, frozen=True, kw_only=True):
    """The quote has gone to the customer."""

    stored_as: ClassVar[str] = "quote.sent.v1"


class QuoteAccepted(_OfQuote, frozen=True, kw_only=True):
    """The customer agrees; `accepted_on` is the day on which he did."""

    stored_as: ClassVar[str] = "quote.accepted.v1"

    accepted_on: date


class QuoteRefused(_OfQuote, frozen=True, kw_only=True):
    """The customer declines: the quote is cancelled, and may be restored (M24)."""

    stored_as: ClassVar[str] = "quote.refused.v1"

    reason: str


class QuoteRestored(_OfQuote, frozen=True, kw_only=True):
    """A refused quote is a draft again, with its number, its date and its history (M24)."""

    stored_as: ClassVar[str] = "quote.restored.v1"


class QuoteProbabilitySet(_OfQuote, frozen=True, kw_only=True):
    """How likely the quote is to be accepted, from 0 to 100 percent (M19)."""

    stored_as: ClassVar[str] = "quote.probability_set.v1"

    probability: int


class QuoteInvoiced(_OfQuote, frozen=True, kw_only=True):
    """A draft invoice takes over all that the quote says (M25); discarding it gives it back."""

    stored_as: ClassVar[str] = "quote.invoiced.v1"

    invoice_id: str


class SituationInvoiced(_OfQuote, frozen=True, kw_only=True):
    """A draft invoice takes over a part of the quote, by its progress; `ordinal` from 1 (M65)."""

    stored_as: ClassVar[str] = "quote.situation_invoiced.v1"

    invoice_id: str
    ordinal: int


QUOTE_EVENTS: tuple[type[Event], ...] = (
    QuoteDrafted,
    QuoteRevised,
    QuoteSent,
    QuoteAccepted,
    QuoteRefused,
    QuoteRestored,
    QuoteProbabilitySet,
    QuoteInvoiced,
    SituationInvoiced,
)


class Proposal(Struct, frozen=True, kw_only=True):
    """What is known of a quote at every stage; `position` is what last changed it."""

    position: int
    document: QuoteDrafted
    content: QuoteContent
    probability: int | None = None

    @property
    def quote_id(self) -> str:
        """The quote's id."""
        return self.document.quote_id

    @property
    def number(self) -> str:
        """The number as people read it: DE-2026-00001."""
        return self.document.document_number

    @property
    def link(self) -> DocumentLink:
        """How documents that come from the quote name it."""
        return DocumentLink(
            kind="quote", id=self.quote_id, number=self.number, issue_date=self.document.issue_date
        )


class Draft(Proposal, frozen=True, kw_only=True):
    """A quote that is still being written (M14)."""


class Sent(Proposal, frozen=True, kw_only=True):
    """A quote that the customer has before him."""


class Declined(Proposal, frozen=True, kw_only=True):
    """A quote that the customer refused, and why."""

    reason: str


class Accepted(Proposal, frozen=True, kw_only=True):
    """A quote that the customer agreed to: what of it is invoiced, its invoices know (M25)."""

    accepted_on: date


Quote = Draft | Sent | Declined | Accepted
Stage = TypeVar("Stage", Draft, Sent)


def evolve(quote: Quote | None, fact: Recorded) -> Quote | None:
    """The quote after one more event of its tag; what comes from it changes nothing of it."""
    match fact.event:
        case QuoteDrafted(content=content) as drafted:
            return Draft(position=fact.position, document=drafted, content=content)
    if quote is None:
        return None
    return _moved(quote, fact)


def quote_tag(quote_id: str) -> str:
    """The tag of a quote's own events and of its deposits."""
    return f"quote:{quote_id}"


def _moved(quote: Quote, fact: Recorded) -> Quote:
    position = fact.position
    match fact.event:
        case QuoteRevised(content=content):
            return structs.replace(quote, position=position, content=content)
        case QuoteProbabilitySet(probability=probability):
            return structs.replace(quote, position=position, probability=probability)
        case QuoteSent():
            return _at(Sent, quote, position)
        case QuoteRestored():
            return _at(Draft, quote, position)
        case QuoteRefused(reason=reason):
            return Declined(**_known(quote, position), reason=reason)
        case QuoteAccepted(accepted_on=day):
            return Accepted(**_known(quote, position), accepted_on=day)
    return quote


def _at(stage: type[Stage], quote: Quote, position: int) -> Stage:
    return stage(**_known(quote, position))


def _known(quote: Quote, position: int) -> dict[str, Any]:
    """What a quote keeps from one stage to the next."""
    return {
        "position": position,
        "document": quote.document,
        "content": quote.content,
        "probability": quote.probability,
    }
