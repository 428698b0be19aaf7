"""Log lines: for people or as JSON, with the request they belong to, without secrets or persons.

Everything that logs comes through here, PostgreSQL's driver and the HTTP server included. An error
is told by its type and the lines of code it came through; of its own words only those that cannot
hold what somebody sent.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import psycopg
import structlog
from structlog.typing import Processor

from domain.book.refusal import Refusals
from services.settings import Settings

Event = MutableMapping[str, Any]

OURS = ("domain.", "projections.", "services.", "api.")
ROUTED = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
TALKATIVE = ("psycopg", "psycopg.pool", "nats", "asyncio", "weasyprint", "fontTools")
SECRET_NAMES = re.compile(
    r"pass|secret|token|authorization|cookie|key$|iban|email|phone|body", re.IGNORECASE
)
SECRETS = (
    (re.compile(r"pk_live_[\w.~-]+"), "pk_live_…"),
    (re.compile(r"PRIVATE\+KEY\+\S+"), "PRIVATE+KEY+…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 …"),
    (re.compile(r"(\w+://[^:/?#\s]*:)[^@/\s]+@"), r"\1…@"),
    (re.compile(r"(?i)\bpassword=\S+"), "password=…"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"), "IBAN …"),
)

SUSPECT = re.compile(r"@|pk_live_|PRIVATE\+KEY|[A-Z]{2}\d{2}|(?i:bearer|basic|password=)")
"""Something of this is in whatever a pattern above matches: most texts need one look alone."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends every log line of this process to a stream (stderr), in the form the settings ask."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_error,
        without_secrets,
    ]
    last: Processor = structlog.processors.JSONRenderer(sort_keys=True, default=str)
    if settings.log_format == "console":
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.addFilter(_name_errors)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ROUTED:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in (*ROUTED, *TALKATIVE):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def tell_error(_: Any, __: str, event: Event) -> Event:
    """An error in place of its traceback: type, harmless words, and where it came through."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = words_of(error)
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        if (cause := error.__cause__ or error.__context__) is not None:
            event["because"] = words_of(cause)
    return event


def without_secrets(_: Any, __: str, event: Event) -> Event:
    """The event with secrets, addresses and account numbers taken out, whoever put them there."""
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = masked(value)
    return event


def masked(text: str) -> str:
    """A text without what looks like a secret, an address or an account number."""
    if SUSPECT.search(text) is None:
        return text
    for pattern, put in SECRETS:
        text = pattern.sub(put, text)
    return text


def words_of(error: BaseException) -> str:
    """An error by its type, with words only where nobody's input can be in them."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if isinstance(error, psycopg.Error) and error.sqlstate:
        diag = error.diag
        about = filter(None, (diag.schema_name, diag.table_name, diag.constraint_name))
        return " ".join((name, error.sqlstate, *about))
    if isinstance(error, Refusals):
        return f"{name}: {error.refused.code}"
    if isinstance(error, OSError):
        return f"{name}: {error.strerror}"
    if isinstance(error, psycopg.Error) or kind.__module__.startswith(OURS):
        return f"{name}: {masked(str(error))}"
    return name


def _name_errors(record: logging.LogRecord) -> bool:
    """Errors among the arguments of a message are told like the others."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            words_of(arg) if isinstance(arg, BaseException) else arg for arg in record.args
        )
    return True
