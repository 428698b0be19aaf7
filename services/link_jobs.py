"""Jobs of links: a batch of documents, each mailed to its own customer as a link (C10)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, structs

from domain.book.refusal import Refusals
from domain.sales.pricing import Language
from domain.sales.printing import SelectionIsWrong
from services.document_links import LinkOffice, NewLink, Outcome, check_recipient
from services.identity import new_id
from services.jobs.desk import Desk
from services.jobs.job import Job, Product, Work
from services.mailing import require
from services.printing.selection import MOST, Chosen
from services.reminders.jobs import MailIsDelayed
from services.reminders.post import Postman
from services.store.pen import Command
from services.store.store import Store

LINKS = "send_documents"
"""The kind of these jobs."""
MOST_DAYS = 365


class NewMails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Documents whose links are to leave, each open for so many days.

    `language` is that of the mails; without it each is written in its document's own.
    """

    documents: tuple[Chosen, ...]
    days: int = 30
    language: Language | None = None


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a job was asked for: the links have their ids, so that a repeat sends the same ones."""

    links: tuple[NewLink, ...]
    actor: str


class LinkCounter:
    """Where links are asked for, and the job that mails them; its mailer is the reminders' own."""

    def __init__(self, store: Store, office: LinkOffice, postman: Postman) -> None:
        self._store = store
        self._office = office
        self._postman = postman

    def ask(
        self, desk: Desk, book_id: str, new: NewMails, command: Command, *, dry: bool = False
    ) -> tuple[Job, bool]:
        """Queues links to be mailed; raises Refusals for a document that cannot be.

        Says the job, and whether the same command asked for it before. `dry`: nothing is queued.
        """
        count = len(new.documents)
        if not 1 <= count <= MOST or len(set(new.documents)) < count:
            raise Refusals(SelectionIsWrong(count=count, pointer="/documents"))
        require(self._postman.mailer)
        self._office.require_address()
        self._check(book_id, new.documents)
        asked = msgspec.to_builtins(Asked(links=self._links(new), actor=command.actor))
        if dry:
            return desk.rehearse(book_id, LINKS, asked, command), False
        return desk.ask(book_id, LINKS, asked, command)

    def __call__(self, work: Work) -> Product:
        """Mails what was not mailed yet; raises MailIsDelayed while some are out of reach."""
        asked, mailer = msgspec.convert(work.asked, Asked), require(self._postman.mailer)
        outcomes: list[Outcome] = []
        for done, link in enumerate(asked.links):
            work.progress(done, len(asked.links))
            outcomes.append(self._office.mail(work.book_id, link, asked.actor, mailer))
        waiting = [each for each in outcomes if each in ("unreachable", "elsewhere")]
        if waiting:
            raise MailIsDelayed(f"{len(waiting)} of {len(outcomes)} mails wait for the server")
        told = [
            {"kind": link.kind, "id": link.id, "link": link.link_id, "outcome": outcome}
            for link, outcome in zip(asked.links, outcomes, strict=True)
        ]
        content = json.dumps({"data": told}, indent=1).encode()
        return Product(name="mails.json", media_type="application/json", content=[content])

    def _check(self, book_id: str, documents: Sequence[Chosen]) -> None:
        now = self._store.past(book_id)
        for nth, document in enumerate(documents):
            try:
                check_recipient(now, document.kind, document.id)
            except Refusals as error:
                place = f"/documents/{nth}/id"
                raise Refusals(structs.replace(error.refused, pointer=place)) from None

    def _links(self, new: NewMails) -> tuple[NewLink, ...]:
        until = self._store.clock(datetime.now(UTC)) + timedelta(days=new.days)
        return tuple(
            NewLink(
                link_id=new_id("lnk"),
                kind=each.kind,
                id=each.id,
                expires_at=until.replace(microsecond=0),
                language=new.language,
            )
            for each in new.documents
        )
