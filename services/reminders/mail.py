"""The mail that brings a reminder: what the letter says in plain text, the letter as PDF beside."""

from email.message import EmailMessage

from domain.countries.country import Country
from domain.reminders.reminder import ReminderIssued, ReminderItem
from services.envelope import Envelope
from services.printing.identity import address_lines, registration
from services.printing.letters import title_of, totals_of
from services.printing.writing import Writing


def compose(
    issued: ReminderIssued, pdf: bytes, country: Country, envelope: Envelope
) -> EmailMessage:
    """The message; raises MailNotSent without an address, or for one that no header can hold."""
    write = Writing(issued.language, country, issued.currency)
    subject = f"{title_of(issued, write)} {issued.document_number}"
    message = envelope.open(issued.seller.name, subject)
    message.set_content(text_of(issued, write))
    message.add_attachment(
        pdf, maintype="application", subtype="pdf", filename=f"{issued.document_number}.pdf"
    )
    return message


def text_of(issued: ReminderIssued, write: Writing) -> str:
    """The body: words, instalments, what it comes to, the sentences of the law, and who writes."""
    totals = [f"{total.label} : {total.text}" for total in totals_of(issued, write)]
    seller = issued.seller
    where = address_lines(seller.address, issued.customer.address.country, write)
    paragraphs = [
        issued.text,
        "\n".join(_item(item, write) for item in issued.items),
        "\n".join(totals),
        "\n".join(issued.mentions),
        "\n".join(filter(None, [seller.name, *where, registration(seller, issued.language)])),
    ]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _item(item: ReminderItem, write: Writing) -> str:
    dated = f"{item.invoice_number} {write.word('dated')} {write.short_day(item.issue_date)}"
    due = f"{write.word('due_on')} {write.short_day(item.due_date)}"
    said = f"- {write.word('invoice')} {dated}, {due} : {write.money(item.open)}"
    return f"{said}\n  {item.subject}" if item.subject else said
