"""Import of suppliers' documents: a UBL invoice or credit note becomes a bill, its file kept."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refusals, Refused, words
from domain.parties import introducing
from domain.parties.company import COMPANY_TAG, Address, Company
from domain.parties.contact import Contact, ContactDetails
from domain.parties.particulars import ContactRole
from domain.purchases.bill import Bill, BillKind, BillLine, BillRecorded, Remark, reference_tag
from domain.purchases.recording import NewBill
from domain.purchases.taxing import TaxPoint
from domain.values import identifiers
from domain.values.vat import Nature, VatAmount
from services.directory import find_contact
from services.files.ubl import Finding, UblDocument, is_iban, read, supplier_key
from services.files.ubl.document import AllowanceCharge, Party
from services.files.ubl.supplier import belgian_enterprise, french_siren
from services.identity import new_id
from services.loading import load_company
from services.purchasing import Original, append_bill
from services.store.pen import Command, Pen
from services.store.store import Store

XML = "application/xml"
TAX_POINTS: dict[str, TaxPoint] = {"3": "issue", "35": "issue", "432": "payment"}
"""BT-8 in UBL: the date of the invoice, of delivery, of payment (UNTDID 2005)."""
DEPOSITS = ("386", "500")
NATURES: dict[str, Nature] = {"B": "goods", "S": "services"}
"""How BT-23 begins in France (BR-FR-08); M is both, so that the lines' accounts decide."""


class UblIsRefused(Refused, frozen=True, kw_only=True):
    """The file cannot be booked; `findings` name each rule it breaks."""

    code = "ubl_refused"
    rule = "EN16931"
    text = words(
        en="The file is refused: {summary}.",
        fr="Le fichier est refusé : {summary}.",
        nl="Het bestand wordt geweigerd: {summary}.",
    )

    summary: str
    findings: tuple[Finding, ...]


class Imported(Struct, frozen=True, kw_only=True):
    """What a file became: its bill, and whether that bill was in the book already."""

    bill: Bill
    already: bool
    position: int


def import_bill(
    store: Store,
    book_id: str,
    content: bytes,
    command: Command,
    *,
    name: str = "",
    same_reference: bool = False,
) -> Imported:
    """Records a UBL file as a supplier's bill, with its supplier where he is new, in one command.

    The file and what it embeds are kept byte for byte. The same document again is no second bill.
    Another document under a reference that its supplier has used is refused, unless
    `same_reference` says that a person has looked: the bill then carries a remark. Raises Refusals.
    """
    reading = read(content)
    if reading.accepted is None:
        raise Refusals(_refused(reading.errors))
    remarks = tuple(Remark(code=f.code, text=f.message) for f in reading.remarks)
    originals = tuple(_originals(reading.accepted, content, name))
    incoming = Incoming(reading.accepted, originals, remarks, same_reference=same_reference)
    written = store.write(book_id, command, incoming.decide, lambda _: None, [COMPANY_TAG])
    for fact in written.events:
        if isinstance(fact.event, BillRecorded):
            bill = Bill(position=fact.position, document=fact.event)
            return Imported(bill=bill, already=written.replayed, position=written.position)
    if incoming.known is None:
        raise LookupError(command.id)
    return Imported(bill=incoming.known, already=True, position=incoming.known.position)


def command_for(content: bytes, actor: str) -> Command:
    """The command of importing these bytes: the same file is the same command."""
    digest = sha256(content).hexdigest()
    return Command(id=f"import:{digest}", actor=actor, cause="import", request=digest[:32])


class Incoming:
    """A document on its way into a book; ids are drawn once, so that `decide` may run again."""

    def __init__(
        self,
        document: UblDocument,
        originals: Sequence[Original],
        remarks: tuple[Remark, ...],
        *,
        same_reference: bool,
    ) -> None:
        self.known: Bill | None = None
        self._document = document
        self._originals = originals
        self._remarks = remarks
        self._same_reference = same_reference
        self._bill_id = new_id("bil")
        self._contact_id = new_id("ctc")

    def decide(self, pen: Pen) -> None:
        """Finds or makes the supplier, then records the bill unless it is there already."""
        company = load_company(pen)
        supplier_id = self._supplier(pen)
        new = as_bill(self._document, supplier_id)
        remarks = [*self._remarks, *_about_buyer(self._document, company), *_about_due(new)]
        last = pen.last(reference_tag(supplier_id, new.kind, new.supplier_reference))
        if last is not None and isinstance(last.event, BillRecorded):
            self.known = Bill(position=last.position, document=last.event)
            if is_same(last.event, new, self._document.sha256):
                return
            if self._same_reference:
                text = f"the supplier used this reference for {last.event.document_number} too"
                remarks.append(Remark(code="SAME-REFERENCE", text=text))
        self.known = None
        files = tuple(pen.keep(o.content, o.media_type, o.name) for o in self._originals)
        credited = _credited(pen, self._document, new)
        whole = replace(new, files=files, remarks=tuple(remarks), credited_bill_id=credited)
        append_bill(pen, self._bill_id, whole, same_reference=self._same_reference)

    def _supplier(self, pen: Pen) -> str:
        details = as_supplier(self._document.seller)
        known = _find(pen, details)
        if known is None:
            pen.append(introducing.create(self._contact_id, details, None))
            return self._contact_id
        if "supplier" not in known.details.roles:
            roles: tuple[ContactRole, ...] = (*known.details.roles, "supplier")
            now = replace(known.details, roles=roles)
            pen.append(introducing.change(known, known.contact_id, now, None))
        return known.contact_id


def is_same(bill: BillRecorded, new: NewBill, digest: str) -> bool:
    """Whether a recorded bill is this document: the same file, or the same date and money."""
    if digest in bill.files:
        return True
    money = (new.issue_date, new.currency, new.payable, sum(line.net for line in new.lines))
    return money == (bill.issue_date, bill.currency, bill.payable, bill.totals.net)


def as_bill(document: UblDocument, supplier_id: str) -> NewBill:
    """The document as a bill; one with a negative total is the opposite kind, positive."""
    sign = -1 if document.totals.tax_inclusive < 0 else 1
    kinds: tuple[BillKind, BillKind] = ("invoice", "credit_note")
    kind = kinds[(document.kind == "credit_note") != (sign < 0)]
    lines = [BillLine(description=line.name, net=sign * line.net) for line in document.lines]
    lines += [_as_line(part, sign) for part in document.allowances_charges]
    lines = [replace(line, nature=_nature(document)) for line in lines]
    return NewBill(
        supplier_id=supplier_id,
        supplier_reference=document.number,
        kind=kind,
        issue_date=document.issue_date,
        due_date=document.due_date,
        currency=document.currency,
        lines=tuple(lines),
        vat=tuple(
            VatAmount(
                category=part.category,  # type: ignore[arg-type]  # a code of the list: BR-CL-17
                rate=part.rate or "0",
                base=sign * part.base,
                tax=sign * part.tax,
                exemption=part.exemption_reason or part.exemption_code or "",
            )
            for part in document.vat
        ),
        payable=sign * document.totals.payable,
        payment_reference=next(iter(document.payment.references), ""),
        ibans=tuple(a.identifier for a in document.payment.accounts if is_iban(a.identifier)),
        tax_point=_tax_point(document),
    )


def _nature(document: UblDocument) -> Nature:
    """What a French BT-23 says of all lines: a letter and a digit, B1 or S4; others say nothing."""
    letter, digit = (document.process or "")[:1], (document.process or "")[1:]
    return NATURES.get(letter, "") if digit.isdecimal() else ""


def _tax_point(document: UblDocument) -> TaxPoint:
    """BT-8 of the document; a deposit that has none is due as it is paid (CGI 269, 2)."""
    unsaid: TaxPoint = "payment" if document.type_code in DEPOSITS else ""
    return TAX_POINTS.get(document.tax_point_code or "", unsaid)


def _credited(pen: Pen, document: UblDocument, new: NewBill) -> str:
    """The bill of this supplier that a credit note names (BG-3); empty where it is not one."""
    if new.kind != "credit_note" or len(document.preceding_invoices) != 1:
        return ""
    number = document.preceding_invoices[0].number
    last = pen.last(reference_tag(new.supplier_id, "invoice", number))
    if last is None or not isinstance(last.event, BillRecorded):
        return ""
    return last.event.bill_id if last.event.currency == new.currency else ""


def as_supplier(seller: Party) -> ContactDetails:
    """The seller as a contact; numbers we cannot check stay in the file alone."""
    vat = identifiers.vat_number(seller.vat_number) if seller.vat_number else None
    registrations = belgian_enterprise(seller) | french_siren(seller)
    return ContactDetails(
        name=seller.name,
        roles=("supplier",),
        address=Address(
            street=", ".join(seller.address.lines),
            postal_code=seller.address.postcode or "",
            city=seller.address.city or "",
            country=seller.address.country,
        ),
        registration=registrations.pop() if len(registrations) == 1 else "",
        vat_number=vat or "",
        external_id=f"ubl:{supplier_key(seller)}",
    )


def _find(pen: Pen, details: ContactDetails) -> Contact | None:
    """The contact that this supplier is known as: by VAT number, registration, then his key."""
    return (
        find_contact(pen, "vat", details.vat_number)
        or find_contact(pen, "registration", details.registration)
        or find_contact(pen, "external", details.external_id)
    )


def _as_line(part: AllowanceCharge, sign: int) -> BillLine:
    default = "Charge" if part.is_charge else "Allowance"
    return BillLine(description=part.reason or default, net=sign * part.signed)


def _originals(document: UblDocument, content: bytes, name: str) -> Iterator[Original]:
    yield Original(content=content, media_type=XML, name=name)
    for attachment in document.attachments:
        if attachment.content is not None:
            yield Original(
                content=attachment.content,
                media_type=attachment.mime or "application/octet-stream",
                name=attachment.filename or attachment.id,
            )


def _about_buyer(document: UblDocument, company: Company) -> Iterator[Remark]:
    """A bill that names another buyer is taken, for suppliers err, but never unseen."""
    buyer = document.buyer
    if company.registration not in belgian_enterprise(buyer) | french_siren(buyer):
        text = f"the buyer on the document is {buyer.name}, not {company.name}"
        yield Remark(code="OTHER-BUYER", text=text)


def _about_due(new: NewBill) -> Iterator[Remark]:
    """What is booked is the gross; a prepayment is its own fact, settled by its payment."""
    gross = sum(line.net for line in new.lines) + sum(part.tax for part in new.vat)
    if new.payable is not None and new.payable != gross:
        text = f"the supplier asks for {new.payable} of {gross} (prepaid or rounded)"
        yield Remark(code="BT-115", text=text)


def _refused(errors: Sequence[Finding]) -> UblIsRefused:
    summary = "; ".join(f"{error.code} {error.message}" for error in errors[:3])
    more = f" and {len(errors) - 3} more" if len(errors) > 3 else ""
    return UblIsRefused(summary=summary + more, findings=tuple(errors))
