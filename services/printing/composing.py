"""From what there is to print to the sheet: every word and figure chosen, in one language."""

from collections.abc import Iterator

from domain.book.seal_code import Stamp, code_of
from domain.parties.company import Company
from domain.sales.template import NewTemplate
from services.audit.seal_picture import qr_svg
from services.printing import identity, letters, words
from services.printing.mentions import mentions_of
from services.printing.paper import Paper
from services.printing.payment import payment_of
from services.printing.sheet import Detail, Labels, Look, Mark, RateRow, Sealed, Sheet
from services.printing.table import columns_of, rows_of
from services.printing.writing import Writing

_WITHOUT_VAT = ("delivery", "deposit_request", "reminder")


def compose(
    paper: Paper,
    company: Company,
    look: NewTemplate,
    *,
    mark: Mark = "",
    stamp: Stamp | None = None,
    logo: str = "",
) -> Sheet:
    """The sheet of a document of a company, in the look of its template.

    `company` is as it stood when the document was issued, `logo` a data: URL.
    """
    write = Writing(paper.language, company.country, paper.currency)
    return Sheet(
        language=paper.language,
        title=title_of(paper, write),
        number=paper.number,
        mark=mark,
        labels=labels_of(mark, write),
        day=paper.issue_date.isoformat() if paper.issue_date is not None else "",
        seller=identity.seller_block(paper, company, write),
        seller_line=identity.legal_lines(paper, company, write),
        customer=identity.customer_block(paper, write),
        details=tuple(details_of(paper, write)),
        introduction=letters.text_above(paper.reminder, look.introduction),
        columns=columns_of(paper, write),
        rows=rows_of(paper, write),
        rates=tuple(rates_of(paper, write)),
        totals=tuple(totals_of(paper, write)),
        payment=payment_of(paper, company, look, write),
        note=paper.note,
        closing=look.closing,
        signature=signature_of(paper, write),
        mentions=mentions_of(paper, company, write),
        footer=look.footer,
        seal=None if stamp is None else sealed_of(stamp, write),
        look=Look(colour=look.colour, typeface=look.typeface, logo=logo),
    )


def labels_of(mark: Mark, write: Writing) -> Labels:
    """The words over the parts of a document."""
    return Labels(
        mark=write.word(mark) if mark else "",
        customer=write.word("customer"),
        rates=(write.word("rate"), write.word("base"), write.word("tax")),
        payment=write.word("payment"),
        schedule=write.word("schedule"),
        scan=write.word("scan_to_pay"),
        seal=write.word("seal"),
    )


def title_of(paper: Paper, write: Writing) -> str:
    """What the document is called, and the how-manieth situation it is."""
    if paper.reminder is not None:
        return letters.title_of(paper.reminder, write)
    title = write.title(paper.kind)
    if paper.situation is not None:
        number = write.word("number").lower()
        return f"{title} {number}\u00a0{paper.situation.ordinal}"
    return title


def details_of(paper: Paper, write: Writing) -> Iterator[Detail]:
    """The facts above the lines: dates, references, the customer's numbers, the nature."""
    dates = {
        "issued_on": paper.issue_date,
        "due_on": paper.due_date if len(paper.instalments) < 2 else None,
        "valid_until": paper.valid_until,
        "expected_on" if paper.document_kind == "order" else "supplied_on": paper.supply_date,
    }
    for name, day in dates.items():
        if day is not None:
            yield Detail(write.word(name), write.day(day))
    for link in paper.links:
        if link.kind == "copy":
            continue
        name = "credits" if paper.document_kind == "credit_note" else link.kind
        said = link.number or link.id
        if link.issue_date is not None:
            said = f"{said} {write.word('dated')}\u00a0{write.short_day(link.issue_date)}"
        yield Detail(write.word(name), said)
    if paper.delivered_to is not None:
        where = identity.address_lines(paper.delivered_to, paper.seller.address.country, write)
        yield Detail(write.word("delivered_to"), ", ".join(where))
    if paper.buyer_reference:
        yield Detail(write.word("your_reference"), paper.buyer_reference)
    yield from identity.customer_numbers(paper, write)
    if paper.reason:
        yield Detail(write.word("reason"), paper.reason)
    if nature := nature_of(paper):
        yield Detail(write.word("nature"), write.word(nature))


def nature_of(paper: Paper) -> str:
    """Whether a document charges goods, services or both; empty where its lines do not say."""
    if not paper.is_charged:
        return ""
    natures = {line.nature for line in paper.lines if line.kind == "item" and line.nature}
    return "mixed" if len(natures) > 1 else next(iter(natures), "")


def rates_of(paper: Paper, write: Writing) -> Iterator[RateRow]:
    """The VAT per rate, with the legal words where there is none."""
    if paper.totals is None or paper.document_kind in _WITHOUT_VAT:
        return
    for amount in paper.totals.vat:
        known = words.CATEGORIES.get(amount.category)
        yield RateRow(
            rate=known[paper.language] if known is not None else write.percent(amount.rate),
            base=write.amount(amount.base),
            tax=write.amount(amount.tax),
            why=amount.exemption,
        )


def totals_of(paper: Paper, write: Writing) -> Iterator[Detail]:
    """The totals, the last of which is what the document comes to."""
    totals = paper.totals
    if totals is None or paper.document_kind == "delivery":
        return
    if paper.reminder is not None:
        yield from letters.totals_of(paper.reminder, write)
        return
    if paper.document_kind == "deposit_request":
        yield Detail(write.word("requested"), write.money(totals.gross))
        return
    yield Detail(write.word("total_net"), write.money(totals.net))
    yield Detail(write.word("total_tax"), write.money(totals.tax))
    if paper.document_kind == "credit_note":
        name = "to_your_credit"
    elif paper.is_settled:
        name = "settled"
    else:
        name = "to_pay" if paper.document_kind == "invoice" else "total_gross"
    if name != "total_gross":
        yield Detail(write.word("total_gross"), write.money(totals.gross))
    yield Detail(write.word(name), write.money(totals.gross))


def signature_of(paper: Paper, write: Writing) -> str:
    """The words over the place to sign, where a document is to be signed."""
    names = {"quote": "agreed", "order": "agreed", "delivery": "received"}
    name = names.get(paper.document_kind)
    return write.word(name) if name is not None else ""


def sealed_of(stamp: Stamp, write: Writing) -> Sealed:
    """The seals of a stamp: how many events each covers, and its short code."""
    seals = [stamp.seal, *([stamp.previous] if stamp.previous is not None else [])]
    return Sealed(
        lines=tuple(Detail(str(seal.size), code_of(seal)) for seal in seals),
        about=write.word("seal_about"),
        code=qr_svg(stamp),
    )
