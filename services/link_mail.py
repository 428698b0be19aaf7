"""The mail that brings a customer the link to a document: short, in his language, no attachment."""

from datetime import date
from email.message import EmailMessage

from domain.book.refusal import words
from domain.parties.company import Company
from services.envelope import Envelope
from services.printing.composing import title_of
from services.printing.identity import address_lines, registration
from services.printing.paper import Paper
from services.printing.writing import Writing

TEXT = words(
    en="Good day,\n\nYou can read and keep our document {title} {number} at this address:\n\n{url}"
    "\n\nThe address works until {until}.",
    fr="Bonjour,\n\nVous pouvez lire et conserver notre document {title} {number} à cette adresse :"
    "\n\n{url}\n\nL'adresse est valable jusqu'au {until}.",
    nl="Goedendag,\n\nU kunt ons document {title} {number} lezen en bewaren op dit adres:\n\n{url}"
    "\n\nHet adres werkt tot {until}.",
)


def compose(
    paper: Paper, company: Company, envelope: Envelope, *, url: str, until: date
) -> EmailMessage:
    """The message in the paper's language; raises MailNotSent for an address that cannot be."""
    write = Writing(paper.language, company.country, paper.currency)
    title, seller = title_of(paper, write), paper.seller
    message = envelope.open(seller.name, f"{title} {paper.number}")
    said = TEXT[paper.language].format(
        title=title, number=paper.number, url=url, until=write.short_day(until)
    )
    where = address_lines(seller.address, paper.customer.address.country, write)
    who = filter(None, [seller.name, *where, registration(seller, paper.language)])
    message.set_content(said + "\n\n" + "\n".join(who) + "\n")
    return message
