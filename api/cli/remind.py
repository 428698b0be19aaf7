"""`paraphe remind`: who is due which reminder today; issue, send and print them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, backend, operator, say, show, stop

if TYPE_CHECKING:
    from services.backend import Backend
    from services.reminders.reminding import Proposals


def remind(
    company: Company,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say who is due what; nothing is written.")
    ] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Issue and mail to those who have an address.")
    ] = False,
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", help="Issue and print the others into this PDF; without --send all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Remind of overdue invoices, each instalment once at each of three levels (M43).

    What was issued before and has not left leaves too.
    """
    if dry_run == (send or pdf is not None):
        stop("choose --dry-run, or --send, --pdf FILE or both", Exit.USAGE)
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        opened.engine.run_to_head(book_id)
        proposals = _propose(opened, book_id)
        if dry_run:
            show(_shown(proposals), "\n".join(_in_words(proposals)), as_json=as_json)
            return
        result = _leave(opened, book_id, proposals, send=send, pdf=pdf)
        lines = [f"{number}: {outcome}" for number, outcome in result["reminders"].items()]
        show(result, "\n".join(lines) or "nobody is due a reminder", as_json=as_json)
        say(f"{len(proposals.held)} overdue instalments are held back: see --dry-run")
        if "issued" in result["reminders"].values():
            stop("some reminders have not left: run it again", Exit.INCOMPLETE)


def _propose(opened: "Backend", book_id: str) -> "Proposals":
    from services.reminders.reminding import propose

    return propose(opened.store, opened.readers, book_id)


def _leave(
    opened: "Backend", book_id: str, proposals: "Proposals", *, send: bool, pdf: Path | None
) -> dict[str, Any]:
    """Issues what is due, lets it leave, and says what came of each reminder."""
    from services.reminders.jobs import LETTERS, MAIL

    if send:
        from services.mailing import require

        require(opened.postman.mailer)
    issued = _issue(opened, book_id, proposals, send=send, by_post=pdf is not None)
    mails = [key for key, channel in issued.items() if channel == "email" and send]
    letters = [key for key, channel in issued.items() if channel == "post" and pdf is not None]
    if mails:
        _do(opened, book_id, MAIL, mails)
    printed = _do(opened, book_id, LETTERS, letters) if letters else b""
    if printed and pdf is not None:
        pdf.write_bytes(printed)
    return {"reminders": _outcomes(opened, book_id, issued), "pdf": str(pdf) if printed else None}


def _issue(
    opened: "Backend", book_id: str, proposals: "Proposals", *, send: bool, by_post: bool
) -> dict[str, str]:
    """The reminders that are to leave by id with their channel: those waiting, and new ones."""
    from services.reminders.reminding import issue_reminder

    issued = {each.document.reminder_id: str(each.document.channel) for each in proposals.unsent}
    for proposal in proposals.letters:
        channel = proposal.channel if send else "post"
        if channel == "post" and not by_post:
            say(f"{proposal.customer_name} has no mail address: print with --pdf")
            continue
        written = issue_reminder(
            opened.store,
            opened.readers,
            book_id,
            proposal.new(channel),
            operator(f"remind:{uuid4()}"),
        )
        document = written.answer.document
        issued[document.reminder_id] = document.channel
    return issued


def _do(opened: "Backend", book_id: str, kind: str, reminders: list[str]) -> bytes:
    """Does a job now; its file, or nothing where it is tried again later."""
    from services.reminders.jobs import MOST, ask_for

    if len(reminders) > MOST:
        say(f"{len(reminders) - MOST} reminders wait for the next run")
    job, _ = ask_for(
        opened.store,
        opened.desk,
        book_id,
        reminders[:MOST],
        operator(f"remind:{uuid4()}"),
        kind=kind,
        postman=opened.postman,
    )
    opened.worker.run_due()
    done = opened.desk.find(book_id, job.job_id, [kind])
    if done is None or done.file is None:
        return b""
    return b"".join(opened.desk.read(done, 0, done.file.size - 1))


def _outcomes(opened: "Backend", book_id: str, issued: dict[str, str]) -> dict[str, str]:
    from services.reminders.loading import get_reminder

    now = opened.store.past(book_id)
    known = [get_reminder(now, reminder_id) for reminder_id in issued]
    return {each.document.document_number: type(each).__name__.lower() for each in known}


def _shown(proposals: "Proposals") -> dict[str, Any]:
    import msgspec

    held = [{**msgspec.to_builtins(each), "refused": each.refused.code} for each in proposals.held]
    return {
        "letters": msgspec.to_builtins(proposals.letters),
        "held": held,
        "unsent": [each.document.document_number for each in proposals.unsent],
    }


def _in_words(proposals: "Proposals") -> list[str]:
    from domain.values.money import written

    lines = []
    for letter in proposals.letters:
        total = sum(item.open + item.interest + item.indemnity for item in letter.items)
        amount = f"{written(total, letter.currency)} {letter.currency}"
        numbers = ", ".join(dict.fromkeys(item.invoice_number for item in letter.items))
        lines.append(
            f"level {letter.level}, {letter.channel}: {letter.customer_name}, {amount}, {numbers}"
        )
    lines += [f"held: {each.refused.explain()}" for each in proposals.held]
    lines += [f"unsent: {each.document.document_number}" for each in proposals.unsent]
    return lines or ["nobody is due a reminder"]
