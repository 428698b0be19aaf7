"""Use cases of links to documents: each leaves by mail once in effect, and is opened (C10)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Literal

from msgspec import Struct, structs

from domain.book.refusal import Refusals
from domain.parties.contact import Contact
from domain.sales import document_link
from domain.sales.document_link import (
    DocumentLinkSent,
    PublicAddressIsNotSetUp,
    RecipientIsMissing,
    SentLink,
    link_tag,
)
from domain.sales.pricing import Language
from domain.sales.printing import PrintedKind
from domain.values.days import legal_day
from services.directory import get_contact
from services.envelope import Envelope, message_id_of
from services.link_mail import compose
from services.link_seal import Link, seal, unseal
from services.loading import load_company
from services.mailing import Mailer, MailNotSent
from services.printing.originals import Printshop, require_issue
from services.printing.paper import Paper
from services.printing.papers import load_paper
from services.reminders.loading import today_in
from services.store.pen import Command, KeptFile, Pen, Reader
from services.store.store import StorageFull, Store

TAKE = "SELECT pg_try_advisory_xact_lock(hashtextextended('paraphe.link.' || %s, 0))"
PLACE = "/v1/document_links"
"""Where links are opened, behind the public address."""
Outcome = Literal["sent", "refused", "unreachable", "no_address", "elsewhere"]
"""What came of a mail; `elsewhere`: another process sends it right now."""

log = logging.getLogger(__name__)


class LinkHasExpired(Exception):
    """The link was ours, and is over."""


class NewLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link that is to leave, under its id; without a language in the document's own."""

    link_id: str
    kind: PrintedKind
    id: str
    expires_at: datetime
    language: Language | None = None


class LinkOffice:
    """Mails and opens the links of any book."""

    def __init__(
        self,
        store: Store,
        shop: Printshop,
        secret: Callable[[], bytes],
        public_url: str | None,
    ) -> None:
        self._store = store
        self._shop = shop
        self._secret = secret
        self._public_url = public_url

    def mail(self, book_id: str, new: NewLink, actor: str, mailer: Mailer) -> Outcome:
        """Mails a link unless it left before, and notes that it did; raises PressFailed.

        A process that is killed between the two sends it again: the same link and Message-ID.
        """
        with self._alone(book_id, new.link_id) as mine:
            if not mine:
                return "elsewhere"
            if find_link(self._store.past(book_id), new.link_id) is not None:
                return "sent"
            told = self._prepare(book_id, new, mailer.domain)
            if not told.email:
                return "no_address"
            try:
                mailer.send(self._message(book_id, told, mailer.sender))
            except MailNotSent as error:
                log.info("link %s did not leave: %s (%d)", new.link_id, error, error.code)
                return "refused" if error.final else "unreachable"
            self._note_sent(book_id, told, actor)
            return "sent"

    def open(self, sealed: str) -> KeptFile:
        """The file that a link gives; notes its first opening, whoever it was that opened it.

        Raises LinkIsWrong, and LinkHasExpired. Where the disk is full it is given all the same.
        """
        link = unseal(self._secret(), sealed)
        if link.expires_at <= self._store.clock(datetime.now(UTC)):
            raise LinkHasExpired
        file = self._store.file(link.book_id, link.original)
        if file is None:
            raise LookupError(f"book {link.book_id} has lost file {link.original}")
        known = find_link(self._store.past(link.book_id), link.link_id)
        if known is not None and not known.opened:
            with suppress(StorageFull):
                self._note_opened(link)
        return file

    def require_address(self) -> str:
        """The address under which customers reach this server; raises Refusals without one."""
        if self._public_url is None:
            raise Refusals(PublicAddressIsNotSetUp())
        return self._public_url.rstrip("/")

    def _prepare(self, book_id: str, new: NewLink, domain: str) -> DocumentLinkSent:
        """What it will tell once it left; prints the original where there is none yet."""
        now = self._store.past(book_id)
        paper = load_paper(now, new.kind, new.id)
        return DocumentLinkSent(
            link_id=new.link_id,
            document_kind=new.kind,
            document_id=new.id,
            number=paper.number,
            issued_at=require_issue(now, new.kind, new.id),
            original=self._shop.original(book_id, new.kind, new.id).digest,
            customer_id=paper.customer_id,
            language=new.language or paper.language,
            sent_on=today_in(self._store, book_id, load_company(now)),
            expires_at=new.expires_at,
            message_id=message_id_of(book_id, new.link_id, domain),
            email=get_contact(now, paper.customer_id).details.email,
        )

    def _message(self, book_id: str, told: DocumentLinkSent, sender: str) -> EmailMessage:
        now = self._store.past(book_id)
        company = load_company(now)
        paper = load_paper(now, told.document_kind, told.document_id)
        link = Link(
            book_id=book_id,
            link_id=told.link_id,
            original=told.original,
            expires_at=told.expires_at,
        )
        envelope = Envelope(
            sender=sender,
            to=told.email,
            reply_to=company.profile.email,
            message_id=told.message_id,
            now=datetime.now(UTC),
        )
        return compose(
            structs.replace(paper, language=told.language),
            company,
            envelope,
            url=f"{self.require_address()}{PLACE}/{seal(self._secret(), link)}",
            until=legal_day(told.expires_at, company.time_zone),
        )

    def _note_sent(self, book_id: str, told: DocumentLinkSent, actor: str) -> None:
        def decide(pen: Pen) -> None:
            pen.append(document_link.note_sent(find_link(pen, told.link_id), told))

        command = Command(id=f"link sent {told.link_id}", actor=actor, cause="job")
        self._store.write(book_id, command, decide, lambda _: None, [link_tag(told.link_id)])

    def _note_opened(self, link: Link) -> None:
        def decide(pen: Pen) -> None:
            pen.append(document_link.note_opened(find_link(pen, link.link_id)))

        command = Command(id=f"link opened {link.link_id}", actor="link", cause="http")
        self._store.write(link.book_id, command, decide, lambda _: None, [link_tag(link.link_id)])

    @contextmanager
    def _alone(self, book_id: str, link_id: str) -> Iterator[bool]:
        """Whether nobody else sends this one now; the lock dies with its holder."""
        with self._store.entered(book_id) as conn:
            ((mine,),) = conn.execute(TAKE, (link_id,)).fetchall()
            yield bool(mine)


def find_link(reader: Reader, link_id: str) -> SentLink | None:
    """A link that left, by its id."""
    return reader.fold(document_link.evolve, None, link_tag(link_id))


def check_recipient(reader: Reader, kind: PrintedKind, document_id: str) -> None:
    """Raises Refusals for what is unknown or not issued, and for a customer without an address."""
    require_issue(reader, kind, document_id)
    paper: Paper = load_paper(reader, kind, document_id)
    customer: Contact = get_contact(reader, paper.customer_id)
    if not customer.details.email:
        raise Refusals(RecipientIsMissing(customer=customer.details.name))
