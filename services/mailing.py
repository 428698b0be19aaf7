"""Mail by SMTP: one message to one address, over TLS, and in a word why it did not leave."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from domain.book.refusal import Refusals
from domain.reminders.refusals import MailIsNotSetUp
from services.settings import Settings

SECONDS = 30.0
"""For each answer of the server."""
PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(Exception):
    """A message did not leave: `code` is the server's reply, 0 without one.

    Where it is `final` the same message would be refused again.
    """

    def __init__(self, words: str, *, code: int = 0, final: bool = False) -> None:
        super().__init__(words)
        self.code = code
        self.final = final


class Server(NamedTuple):
    """Where mail is handed over; `tls` at once, or else by STARTTLS."""

    host: str
    port: int
    user: str
    password: str
    tls: bool


class Mailer:
    """Hands messages over to one server. A password, and mail, only ever leave encrypted.

    Only on this machine itself (a loopback address) may a server do without TLS.
    """

    def __init__(self, server: Server, sender: str) -> None:
        self.sender = sender
        self._server = server

    @property
    def domain(self) -> str:
        """The domain of the sender's address, for the ids of messages."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    def send(self, message: EmailMessage) -> None:
        """Hands a message over; raises MailNotSent."""
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
        except ssl.SSLError as error:  # some of these are values that are wrong, too
            raise MailNotSent("the server cannot be trusted") from error
        except smtplib.SMTPRecipientsRefused as error:
            code = max((reply[0] for reply in error.recipients.values()), default=0)
            raise MailNotSent("the address is refused", code=code, final=code >= 500) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            code = error.smtp_code
            raise MailNotSent("the message is refused", code=code, final=code >= 500) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise MailNotSent("the message cannot be sent", final=True) from error
        except smtplib.SMTPResponseException as error:
            raise MailNotSent("the server refuses us", code=error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent("the server cannot be reached") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        smtp = _connect(self._server)
        try:
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()  # what was accepted is sent, however the server takes its leave
        finally:
            smtp.close()


def open_mailer(settings: Settings) -> Mailer | None:
    """The mailer of the settings; None without a server or a sender. Raises ValueError."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Mailer(read_url(settings.smtp_url.get_secret_value()), settings.mail_from)


def require(mailer: Mailer | None) -> Mailer:
    """The mailer; raises Refusals where none is set up."""
    if mailer is None:
        raise Refusals(MailIsNotSetUp())
    return mailer


def read_url(url: str) -> Server:
    """The server that smtp://user:password@host:port names, or smtps://; raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("PARAPHE_SMTP_URL is smtp://user:password@host:port, or smtps://…")
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
    )


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    smtp.ehlo()
    if smtp.has_extn("starttls") or not _is_here(server.host):
        smtp.starttls(context=context)
        smtp.ehlo()
    return smtp


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
