"""`paraphe send`: documents to their customers, each by mail as a link to its PDF."""

import json
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, backend, operator, show, stop
from api.cli.print_ import Numbers, find_documents

if TYPE_CHECKING:
    from services.backend import Backend
    from services.link_jobs import NewMails

Days = Annotated[int, typer.Option(min=1, max=365, help="So many days each link can be opened.")]
Tongue = Annotated[str, typer.Option(help="fr, nl or en; else that of each document.")]


def send(
    numbers: Numbers,
    company: Company,
    *,
    days: Days = 30,
    language: Tongue = "",
    as_json: AsJson = False,
) -> None:
    """Mail customers a link to the PDF of their documents, each once in effect (C10).

    What the mail server cannot take now is tried again while a server or worker runs.
    """
    if language not in ("", "fr", "nl", "en"):
        stop("--language is fr, nl or en", Exit.USAGE)
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        new = _asked(opened, book_id, numbers, days, language)
        outcomes = _send(opened, book_id, new)
    sent = dict(zip(dict.fromkeys(numbers), outcomes, strict=True))
    lines = [f"{number}: {outcome}" for number, outcome in sent.items()]
    show({"documents": sent}, "\n".join(lines), as_json=as_json)
    if any(outcome != "sent" for outcome in sent.values()):
        stop("some mails have not left", Exit.INCOMPLETE)


def _asked(
    opened: "Backend", book_id: str, numbers: list[str], days: int, language: str
) -> "NewMails":
    import msgspec

    from services.link_jobs import NewMails

    found = find_documents(opened, book_id, numbers)
    said: dict[str, Any] = {"documents": msgspec.to_builtins(found), "days": days}
    return msgspec.convert({**said, "language": language or None}, NewMails)


def _send(opened: "Backend", book_id: str, new: "NewMails") -> list[str]:
    """Does the job now, and says what came of each mail; some wait for the next attempt."""
    from services.link_jobs import LINKS

    job, _ = opened.links.ask(opened.desk, book_id, new, operator(f"send:{uuid4()}"))
    opened.worker.run_due()
    done = opened.desk.find(book_id, job.job_id, [LINKS])
    if done is None or done.file is None:
        return ["waiting" for _ in new.documents]
    content = b"".join(opened.desk.read(done, 0, done.file.size - 1))
    return [each["outcome"] for each in json.loads(content)["data"]]
