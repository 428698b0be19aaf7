"""A SEPA mandate: a customer lets the company collect from his account, until he takes it back."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct, field
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.parties.particulars import BankAccount
from domain.privacy.personal import PersonalEvent, Sealed, SealedFields
from domain.treasury.collection import CollectionCreated, Scheme, mandate_tag
from domain.values.days import is_in_force

NOWHERE = BankAccount(iban="")


class Lapse(Struct, frozen=True, kw_only=True):
    """After so many months without a collection a mandate is void, by the rules of those days."""

    months: int
    valid_from: date
    valid_to: date | None = None


# EPC016-06 and EPC222-07, section 4.1: thirty-six months from the last collection presented.
LAPSES = (Lapse(months=36, valid_from=date(2009, 11, 2)),)


class MandateSigned(PersonalEvent, frozen=True, kw_only=True):
    """A customer has signed a mandate; `reference` is its RUM, the account is stored sealed."""

    stored_as: ClassVar[str] = "mandate.signed.v1"

    mandate_id: str
    reference: str
    contact_id: str
    contact_name: str
    scheme: Scheme
    signed_on: date
    account: BankAccount = NOWHERE

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            mandate_tag(self.mandate_id),
            mandates_tag(self.contact_id),
            reference_tag(self.reference),
        )

    @property
    def subject(self) -> str:
        """The contact's id: the account is one of his bank accounts, and erased with them."""
        return self.contact_id

    def in_clear(self) -> dict[str, Any]:
        """The account, among the contact's bank accounts."""
        return {"bank_accounts": self.account} if self.account.iban else {}

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event without it, and it sealed beside."""
        return replace(self, account=NOWHERE, sealed=sealed)


class MandateRevoked(Event, frozen=True, kw_only=True):
    """A mandate is taken back: nothing more is collected by it."""

    stored_as: ClassVar[str] = "mandate.revoked.v1"

    mandate_id: str
    contact_id: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (mandate_tag(self.mandate_id), mandates_tag(self.contact_id))


class Mandate(Struct, frozen=True, kw_only=True):
    """A mandate as of now.

    `collections` are those that used it, the newest last, `used_on` the day of the latest.
    """

    position: int
    document: MandateSigned
    revoked: MandateRevoked | None = None
    collections: tuple[str, ...] = ()
    used_on: date | None = None
    sealed: SealedFields = field(default_factory=dict)

    def lapses_on(self, day: date) -> date:
        """The first day on which it is void unless it is used, as the rules of `day` have it."""
        return lapses_on(self.used_on or self.document.signed_on, day)

    def status(self, day: date) -> Literal["active", "revoked", "lapsed"]:
        """Whether it may be used for a collection on `day`."""
        if self.revoked is not None:
            return "revoked"
        return "active" if day < self.lapses_on(day) else "lapsed"


def usable_mandate(mandates: Sequence[Mandate], scheme: Scheme, day: date) -> Mandate | None:
    """The newest mandate of a scheme that may be used on `day`."""
    fitting = (
        known
        for known in reversed(mandates)
        if known.document.scheme == scheme and known.status(day) == "active"
    )
    return next(fitting, None)


def lapses_on(used_on: date, day: date) -> date:
    """The first day on which a mandate last used on `used_on` is void, by the rules of `day`."""
    months = next(
        rule.months for rule in LAPSES if is_in_force(rule.valid_from, rule.valid_to, day)
    )
    return _months_later(used_on, months)


def evolve(before: Mandate | None, fact: Recorded) -> Mandate | None:
    """The mandate after one more event of its tag."""
    match fact.event:
        case MandateSigned() as signed:
            return Mandate(position=fact.position, document=signed, sealed=signed.sealed)
        case MandateRevoked() as revoked if before is not None:
            return replace(before, revoked=revoked)
        case CollectionCreated(remittance_id=used, execution_date=day) if before is not None:
            latest = max(day, before.used_on or day)
            return replace(before, collections=(*before.collections, used), used_on=latest)
    return before


def signed_by(before: tuple[str, ...], fact: Recorded) -> tuple[str, ...]:
    """The ids of a contact's mandates, the newest last, after one more event of their tag."""
    if isinstance(fact.event, MandateSigned):
        return (*before, fact.event.mandate_id)
    return before


def reference_of(mandate_id: str) -> str:
    """The reference (RUM) of a mandate that was given none: its own id."""
    return mandate_id.upper().replace("_", "-")


def mandates_tag(contact_id: str) -> str:
    """The tag of all mandates of a contact."""
    return f"mandates:{contact_id}"


def reference_tag(reference: str) -> str:
    """The tag of a reference, however it is written: banks heed no capitals."""
    return f"mandate_reference:{reference.upper()}"


def _months_later(day: date, months: int) -> date:
    """The same day months later; of a day that month lacks, the first of the next."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)
