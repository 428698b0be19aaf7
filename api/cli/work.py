"""`paraphe work`: a worker without HTTP, which keeps the registers at the head of every book."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import backend, say

if TYPE_CHECKING:
    from services.backend import Backend


def _to_head(opened: "Backend") -> None:
    """Brings the registers of every book to its head."""
    for book_id in opened.engine.behind():
        opened.engine.run_to_head(str(book_id))


def work(
    until_done: Annotated[
        bool, typer.Option("--until-done", help="Stop once books, prints and jobs are up to date.")
    ] = False,
) -> None:
    """Follow all books and keep their registers up to date, until stopped."""
    with backend() as opened:
        if until_done:
            _to_head(opened)
            if opened.settings.prints:
                opened.printer.run_due()
            opened.worker.run_due()
            _to_head(opened)  # prints and jobs are events too
            return
        from services.standing import publish

        publish(opened)
        told = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: told.set())  # a worker that was told has done well
        opened.follow()
        if opened.outbox is None:
            say("taking in every book; set PARAPHE_NATS_URL to share them with other workers")
        else:
            say("sharing the books with other workers, and publishing events, through NATS")
        say("working; stop with Ctrl-C")
        told.wait()
