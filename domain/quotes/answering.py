"""What the customer answers to a quote, how likely it is, and a second chance (M19, M23, M24)."""

from datetime import date

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.parties.company import Company
from domain.parties.options import check_on
from domain.quotes.quote import (
    Accepted,
    Declined,
    Draft,
    Quote,
    QuoteAccepted,
    QuoteProbabilitySet,
    QuoteRefused,
    QuoteRestored,
    QuoteSent,
    Sent,
)
from domain.quotes.quoting import QuoteIsUnknown, not_a_draft
from domain.values import faults
from domain.values.text import tidy


class QuoteIsAnswered(Refused, frozen=True, kw_only=True):
    """The customer accepted or refused the quote before: he is not asked again."""

    code = "quote_answered"
    rule = "M23"
    text = words(
        en="Quote {number} was accepted or refused before.",
        fr="Le devis {number} a déjà été accepté ou refusé.",
        nl="Offerte {number} is al aanvaard of geweigerd.",
    )

    number: str


class QuoteIsNotRefused(Refused, frozen=True, kw_only=True):
    """Only a refused quote is restored."""

    code = "quote_not_refused"
    rule = "M24"
    text = words(
        en="Quote {number} was not refused: there is nothing to restore.",
        fr="Le devis {number} n'a pas été refusé : il n'y a rien à restaurer.",
        nl="Offerte {number} is niet geweigerd: er is niets te herstellen.",
    )

    number: str


class QuoteIsExpired(Refused, frozen=True, kw_only=True):
    """A quote is accepted until its last day of validity."""

    code = "quote_expired"
    rule = "M23"
    text = words(
        en="Quote {number} was valid until {valid_until}.",
        fr="Le devis {number} était valable jusqu'au {valid_until}.",
        nl="Offerte {number} was geldig tot {valid_until}.",
    )

    number: str
    valid_until: date


class ProbabilityIsWrong(Refused, frozen=True, kw_only=True):
    """A probability is a whole number of percent from 0 to 100."""

    code = "probability_wrong"
    rule = "M19"
    text = words(
        en="{probability} is not a probability from 0 to 100.",
        fr="{probability} n'est pas une probabilité de 0 à 100.",
        nl="{probability} is geen waarschijnlijkheid van 0 tot 100.",
    )

    probability: int


def send(quote: Quote | None, quote_id: str, company: Company) -> Decision:
    """Notes that a draft quote has gone to the customer (M23)."""
    if not isinstance(quote, Draft):
        return not_a_draft(quote, quote_id)
    return check_on(company, "quotes") or [QuoteSent(quote_id=quote_id)]


def accept(quote: Quote | None, quote_id: str, company: Company, today: date) -> Decision:
    """Notes the customer's agreement, within the validity of the quote (M23)."""
    if not isinstance(quote, Draft | Sent):
        return _answered(quote, quote_id)
    until = quote.content.valid_until
    if until is not None and until < today:
        return QuoteIsExpired(number=quote.number, valid_until=until, position=quote.position)
    return check_on(company, "quotes") or [QuoteAccepted(quote_id=quote_id, accepted_on=today)]


def refuse(quote: Quote | None, quote_id: str, reason: str) -> Decision:
    """Notes that the customer declines: the quote is cancelled (M24)."""
    reason = tidy(reason)
    if not isinstance(quote, Draft | Sent):
        return _answered(quote, quote_id)
    return faults.unreadable(reason) or [QuoteRefused(quote_id=quote_id, reason=reason)]


def restore(quote: Quote | None, quote_id: str, company: Company) -> Decision:
    """Makes a refused quote a draft again (M24)."""
    if quote is None:
        return QuoteIsUnknown(quote_id=quote_id)
    if not isinstance(quote, Declined):
        return QuoteIsNotRefused(number=quote.number, position=quote.position)
    return check_on(company, "quotes") or [QuoteRestored(quote_id=quote_id)]


def set_probability(
    quote: Quote | None, quote_id: str, probability: int, company: Company
) -> Decision:
    """Says how likely an unanswered quote is to be accepted, for those who follow deals (M19)."""
    refused = check_on(company, "deals")
    if refused is not None:
        return refused
    if not isinstance(quote, Draft | Sent):
        return _answered(quote, quote_id)
    if not 0 <= probability <= 100:
        return ProbabilityIsWrong(probability=probability, pointer="/probability")
    if probability == quote.probability:
        return []
    return [QuoteProbabilitySet(quote_id=quote_id, probability=probability)]


def _answered(quote: Accepted | Declined | None, quote_id: str) -> Refused:
    if quote is None:
        return QuoteIsUnknown(quote_id=quote_id)
    return QuoteIsAnswered(number=quote.number, position=quote.position)
