"""The envelope of a mail: from whom, to whom, under which id for ever; its headers are set once."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from msgspec import Struct

from services.mailing import MailNotSent


class Envelope(Struct, frozen=True, kw_only=True):
    """Who a mail is from and to, where answers go, its id for ever, and when it is written."""

    sender: str
    to: str
    reply_to: str
    message_id: str
    now: datetime

    def open(self, name: str, subject: str) -> EmailMessage:
        """A message without a body, from a company of that name.

        Raises MailNotSent without an address, or for one that no header can hold.
        """
        if not self.to:
            raise MailNotSent("there is no address any more", final=True)
        message = EmailMessage(policy=SMTP)
        known, address = parseaddr(self.sender)
        message["From"] = formataddr((name or known, address))
        try:
            message["To"] = self.to
            if self.reply_to:
                message["Reply-To"] = self.reply_to
        except ValueError as error:
            raise MailNotSent("no such address can be", final=True) from error
        message["Subject"] = subject
        message["Date"] = format_datetime(self.now)
        message["Message-ID"] = self.message_id
        message["Auto-Submitted"] = "auto-generated"
        return message


def message_id_of(book_id: str, document_id: str, domain: str) -> str:
    """The id of the mail about something: the same however often it is tried, to count once."""
    return f"<{document_id}.{book_id}@{domain}>"
