"""A link to the PDF of an issued document, mailed to its customer: sent, then perhaps opened."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.privacy.personal import PersonalEvent, Sealed
from domain.sales.pricing import Language
from domain.sales.printing import PrintedKind


class DocumentLinkSent(PersonalEvent, frozen=True, kw_only=True):
    """A mail with a link to a document's original left for its customer on that day (C10).

    `original` is the SHA-256 (hex) of the bytes that the link gives until `expires_at`, `issued_at`
    the position that issued them. The address is stored sealed, under the key of the contact's own.
    """

    stored_as: ClassVar[str] = "document_link.sent.v1"

    link_id: str
    document_kind: PrintedKind
    document_id: str
    number: str
    issued_at: int
    original: str
    customer_id: str
    language: Language
    sent_on: date
    expires_at: datetime
    message_id: str
    email: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return (link_tag(self.link_id),)

    @property
    def subject(self) -> str:
        """The customer's id."""
        return self.customer_id

    def in_clear(self) -> dict[str, Any]:
        """The mail address."""
        return {"email": self.email} if self.email else {}

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event without it, and it sealed beside."""
        return replace(self, email="", sealed=sealed)


class DocumentLinkOpened(Event, frozen=True, kw_only=True):
    """Somebody opened a link for the first time: it says nothing of who, or from where (C10)."""

    stored_as: ClassVar[str] = "document_link.opened.v1"

    link_id: str
    document_kind: PrintedKind
    document_id: str
    issued_at: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (link_tag(self.link_id),)


class SentLink(Struct, frozen=True, kw_only=True):
    """A link that was mailed, and whether it was opened since."""

    position: int
    sent: DocumentLinkSent
    opened: bool = False


class RecipientIsMissing(Refused, frozen=True, kw_only=True):
    """A link goes to the customer's own mail address, which is not known, or was erased."""

    code = "recipient_missing"
    rule = "C10"
    text = words(
        en="{customer} has no mail address: nothing can be sent there.",
        fr="{customer} n'a pas d'adresse électronique : rien ne peut y être envoyé.",
        nl="{customer} heeft geen e-mailadres: er kan niets naartoe.",
    )

    customer: str


class PublicAddressIsNotSetUp(Refused, frozen=True, kw_only=True):
    """This installation does not know under which address customers reach it."""

    code = "public_address_not_set_up"
    rule = "C10"
    text = words(
        en="A link needs the address under which customers reach this server: PARAPHE_PUBLIC_URL.",
        fr="Un lien demande l'adresse publique de ce serveur : PARAPHE_PUBLIC_URL.",
        nl="Een link vraagt het openbare adres van deze server: PARAPHE_PUBLIC_URL.",
    )


def note_sent(link: SentLink | None, told: DocumentLinkSent) -> Decision:
    """Tells that a link left; told again it left only once."""
    return [told] if link is None else []


def note_opened(link: SentLink | None) -> Decision:
    """Tells that a link was opened: the first time only, and never of one that is not told of."""
    if link is None or link.opened:
        return []
    sent = link.sent
    return [
        DocumentLinkOpened(
            link_id=sent.link_id,
            document_kind=sent.document_kind,
            document_id=sent.document_id,
            issued_at=sent.issued_at,
        )
    ]


def evolve(link: SentLink | None, fact: Recorded) -> SentLink | None:
    """A link after one more event of its tag."""
    match fact.event:
        case DocumentLinkSent() as sent:
            return SentLink(position=fact.position, sent=sent)
        case DocumentLinkOpened() if link is not None:
            return replace(link, opened=True)
    return link


def link_tag(link_id: str) -> str:
    """The tag of a link's events."""
    return f"link:{link_id}"
