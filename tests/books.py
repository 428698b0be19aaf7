"""Books for tests: a small company whose events are valid as a whole, made at random from a seed.

The lines keep what is open, so that letterings are always possible and never too much.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import uuid4
from zoneinfo import ZoneInfo

from domain.book.event import Event, Recorded
from domain.ledger.entry import DocumentKind, DocumentReference, EntryLine, EntryPosted
from domain.parties.company import (
    Address,
    BooksSynchronised,
    CompanyOpened,
    Journal,
    Profile,
)
from domain.parties.contact import ContactChanged, ContactCreated, ContactDetails
from domain.purchases.bill import BillLine, BillRecorded
from domain.sales.content import InvoiceContent
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line, PrintedParty, Totals
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, LetteredPart
from domain.treasury.payment import PaymentRecorded
from domain.values.vat import VatAmount
from services.store.pen import Command, Pen
from services.store.store import Store

FIRST_DAY = date(2026, 1, 5)
HERE = Address(street="1, rue du Test", postal_code="75001", city="Paris", country="FR")
JOURNALS = (
    Journal(code="VE", kind="sale", label="Ventes"),
    Journal(code="HA", kind="purchase", label="Achats"),
    Journal(code="BQ1", kind="bank", label="Banque", account="512100"),
    Journal(code="BQ2", kind="bank", label="Seconde banque", account="512200"),
    Journal(code="OD", kind="miscellaneous", label="Opérations diverses"),
)
ACCOUNTS = {
    "customers": "411000",
    "suppliers": "401000",
    "deposits_received": "419100",
    "vat_collected": "445710",
    "vat_deductible": "445660",
    "sales": "706000",
    "purchases": "607000",
    "bank": "512100",
    "suspense": "471000",
}
RATES = (("S", "20.00"), ("S", "5.5"), ("S", "10"), ("Z", "0"))


@dataclass
class OpenLine:
    """A third party's line and what is still open on it, debit positive."""

    entry: int
    line: int
    account: str
    party: str
    currency: str
    day: date
    open: int


@dataclass
class BookMaker:
    """Writes the events of one company, one after the other; position = place in `events`."""

    chance: random.Random
    events: list[Event] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    open_lines: list[OpenLine] = field(default_factory=list)
    living: list[EntriesLettered] = field(default_factory=list)
    day: date = FIRST_DAY
    numbers: dict[str, int] = field(default_factory=dict)

    def open_company(self) -> None:
        """The company opens its book."""
        self.events.append(
            CompanyOpened(
                name="Essai SARL",
                country="FR",
                legal_form="SARL",
                registration="732829320",
                establishment="73282932000074",
                vat_number="FR44732829320",
                vat_regime="normal",
                address=HERE,
                ibans=(),
                currency="EUR",
                time_zone="Europe/Paris",
                fiscal_year_start_month=1,
                accounts=ACCOUNTS,  # type: ignore[arg-type]
                journals=JOURNALS,
                profile=Profile(registry="RCS Paris", capital=800000),
            )
        )

    def add_contact(self) -> str:
        """A contact that is customer and supplier."""
        contact = f"con_{len(self.parties):04d}"
        self.parties.append(contact)
        self.events.append(ContactCreated(contact_id=contact, details=self._details(contact)))
        return contact

    def rename_contact(self) -> None:
        """A contact has another name."""
        contact = self.chance.choice(self.parties)
        name = f"{contact} \t\\N « nouveau {self.chance.randrange(99)} »\n"
        self.events.append(ContactChanged(contact_id=contact, details=self._details(name)))

    def synchronise(self) -> None:
        """The accountant says how far the entries go."""
        self.events.append(BooksSynchronised(entries_until=self.day))

    def invoice(self) -> None:
        """A customer invoice, drafted and validated, with its entry."""
        number, party = self._next("FA"), self.chance.choice(self.parties)
        lines, totals = self._content()
        invoice, due = f"inv_{number:05d}", self.day + timedelta(days=self.chance.randrange(60))
        content = InvoiceContent(customer_id=party, lines=lines, currency="EUR")
        self.events.append(InvoiceDrafted(invoice_id=invoice, content=content))
        self.events.append(
            InvoiceValidated(
                invoice_id=invoice,
                series="FA",
                number=number,
                document_number=f"FA-{number:05d}",
                issue_date=self.day,
                due_date=due,
                customer_id=party,
                seller=PrintedParty(name="Essai SARL", address=HERE),
                customer=PrintedParty(name=party, address=HERE),
                currency=self._currency(),
                lines=lines,
                totals=totals,
                payment_reference="",
                note="",
                buyer_reference="",
            )
        )
        self._post("VE", "invoice", invoice, party, totals, sign=1, due=due)

    def credit_note(self) -> None:
        """A credit note for a customer, with its entry."""
        number, party = self._next("AV"), self.chance.choice(self.parties)
        lines, totals = self._content()
        credit_note = f"crn_{number:05d}"
        self.events.append(
            CreditNoteIssued(
                credit_note_id=credit_note,
                invoice_id="inv_00001",
                invoice_number="FA-00001",
                invoice_date=FIRST_DAY,
                series="AV",
                number=number,
                document_number=f"AV-{number:05d}",
                issue_date=self.day,
                customer_id=party,
                seller=PrintedParty(name="Essai SARL", address=HERE),
                customer=PrintedParty(name=party, address=HERE),
                currency=self._currency(),
                lines=lines,
                totals=totals,
                reason="Retour",
            )
        )
        self._post("VE", "credit_note", credit_note, party, totals, sign=-1)

    def bill(self) -> None:
        """A supplier's invoice or credit note, with its entry."""
        number, party = self._next("HA"), self.chance.choice(self.parties)
        lines, totals = self._content()
        bill, credit = f"bil_{number:05d}", self.chance.random() < 0.2
        due = self.day + timedelta(days=30)
        self.events.append(
            BillRecorded(
                bill_id=bill,
                kind="credit_note" if credit else "invoice",
                supplier_id=party,
                supplier_name=party,
                supplier_reference=f"S/{number}",
                series="HA",
                number=number,
                document_number=f"HA-{number:05d}",
                issue_date=self.day - timedelta(days=self.chance.randrange(40)),
                entry_date=self.day,
                due_date=due,
                currency=self._currency(),
                lines=tuple(BillLine(description=x.description, net=x.net) for x in lines),
                totals=totals,
                payable=totals.gross,
                payment_reference="",
                ibans=(),
                files=("ab" * 32,),
                remarks=(),
            )
        )
        kind: DocumentKind = "bill_credit_note" if credit else "bill"
        self._post("HA", kind, bill, party, totals, sign=1 if credit else -1, due=due)

    def payment(self) -> None:
        """Money on one of the two banks, for a third party or for nobody known."""
        number, party = self._next("PAY"), self.chance.choice([*self.parties, ""])
        received, amount = self.chance.random() < 0.5, self.chance.randrange(1, 50_000)
        side = "customers" if received else "suppliers"
        bank = self.chance.choice(["BQ1", "BQ2"])
        payment = f"pay_{number:05d}"
        self.events.append(
            PaymentRecorded(
                payment_id=payment,
                journal=bank,
                direction="received" if received else "sent",
                date=self.day,
                amount=amount,
                currency=self._currency(),
                role=side if party else "suspense",  # type: ignore[arg-type]
                party=party,
                party_name=party,
                reference="",
                label="Virement",
            )
        )
        account = ACCOUNTS[side if party else "suspense"]
        other = "512100" if bank == "BQ1" else "512200"
        signed = -amount if received else amount
        self._enter(bank, "payment", payment, party, [(account, signed), (other, -signed)])

    def miscellaneous(self) -> None:
        """An entry between two third-party accounts and an account of charges."""
        number, party = self._next("OD"), self.chance.choice(self.parties)
        a, b = self.chance.randrange(-9_000, 9_000), self.chance.randrange(-9_000, 9_000)
        lines = [("411000", a), ("401000", b), ("658000", -a - b)]
        self._enter("OD", "entry", f"ent_{number:05d}", party, lines)

    def letter(self) -> None:
        """Some lines of one account and third party settle each other as far as they go."""
        line = self.chance.choice(self.open_lines or [OpenLine(0, 0, "", "", "", self.day, 0)])
        group = [x for x in self.open_lines if _group(x) == _group(line) and x.open]
        self.chance.shuffle(group)
        owed, paid = [x for x in group if x.open > 0][:3], [x for x in group if x.open < 0][:3]
        settled = min(sum(x.open for x in owed), -sum(x.open for x in paid))
        if settled == 0:
            return
        parts = [*_take(owed, settled, 1), *_take(paid, settled, -1)]
        number = self._next("letter")
        touched = [x for x in group if (x.entry, x.line) in {(p.entry, p.line) for p in parts}]
        lettering = EntriesLettered(
            lettering_id=f"let_{number:05d}",
            account=line.account,
            party=line.party,
            currency=line.currency,
            code=f"L{number:04d}",
            year=self.day.year,
            ordinal=number,
            complete=all(x.open == 0 for x in touched),
            date=max(x.day for x in touched),
            parts=tuple(parts),
        )
        self.living.append(lettering)
        self.events.append(lettering)

    def unletter(self) -> None:
        """A living lettering is undone."""
        if not self.living:
            return
        lettering = self.living.pop(self.chance.randrange(len(self.living)))
        lines = {(x.entry, x.line): x for x in self.open_lines}
        for part in lettering.parts:
            lines[part.entry, part.line].open += part.amount
        self.events.append(
            EntriesUnlettered(
                lettering_id=lettering.lettering_id,
                account=lettering.account,
                party=lettering.party,
                currency=lettering.currency,
                code=lettering.code,
                date=lettering.date,
                parts=lettering.parts,
                reason="Erreur",
            )
        )

    def _post(
        self,
        journal: str,
        kind: DocumentKind,
        document: str,
        party: str,
        totals: Totals,
        *,
        sign: int,
        due: date | None = None,
    ) -> None:
        sale = journal == "VE"
        lines = [
            (ACCOUNTS["customers" if sale else "suppliers"], sign * totals.gross),
            (ACCOUNTS["sales" if sale else "purchases"], -sign * totals.net),
            (ACCOUNTS["vat_collected" if sale else "vat_deductible"], -sign * totals.tax),
        ]
        self._enter(journal, kind, document, party, lines, due=due)

    def _enter(
        self,
        journal: str,
        kind: DocumentKind,
        document: str,
        party: str,
        amounts: list[tuple[str, int]],
        *,
        due: date | None = None,
    ) -> None:
        position, currency = len(self.events) + 1, self._currency()
        lines = []
        for nth, (account, amount) in enumerate(amounts):
            whose = party if account in {"411000", "401000"} else ""
            lines.append(
                EntryLine(
                    account=account, debit=max(amount, 0), credit=max(-amount, 0), party=whose
                )
            )
            if whose:
                self.open_lines.append(
                    OpenLine(position, nth, account, whose, currency, self.day, amount)
                )
        self.events.append(
            EntryPosted(
                journal=journal,
                series=f"entries:{journal}",
                number=self._next(f"entries:{journal}"),
                date=self.day,
                label=f"{kind} {document}",
                currency=currency,
                document=DocumentReference(
                    kind=kind,
                    id=document,
                    number=document.upper(),
                    issue_date=self.day,
                    due_date=due,
                    party=party,
                    party_name=party,
                    files=("ab" * 32,) if kind == "bill" else (),
                ),
                lines=tuple(lines),
            )
        )

    def _content(self) -> tuple[tuple[Line, ...], Totals]:
        chosen = self.chance.sample(RATES, self.chance.randrange(1, len(RATES)))
        nets = [self.chance.randrange(1, 100_000) for _ in chosen]
        lines = tuple(
            Line(
                description="Prestation",
                quantity="1",
                unit_price=f"{net // 100}.{net % 100:02d}",
                net=net,
                vat_category=category,  # type: ignore[arg-type]
                vat_rate=rate,
            )
            for (category, rate), net in zip(chosen, nets, strict=True)
        )
        vat = tuple(
            VatAmount(category=x.vat_category, rate=x.vat_rate, base=x.net, tax=x.net // 7)
            for x in lines
        )
        net, tax = sum(nets), sum(x.tax for x in vat)
        return lines, Totals(net=net, tax=tax, gross=net + tax, vat=vat)

    def _currency(self) -> str:
        return "USD" if len(self.numbers) and self.numbers.get("FA", 0) % 7 == 6 else "EUR"

    def _next(self, series: str) -> int:
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def _details(self, name: str) -> ContactDetails:
        return ContactDetails(name=name, roles=("customer", "supplier"), address=HERE)


def _group(line: OpenLine) -> tuple[str, str, str]:
    return line.account, line.party, line.currency


def _take(lines: list[OpenLine], settled: int, sign: int) -> Iterator[LetteredPart]:
    """Parts that take `settled` off these lines, first come first served."""
    for line in lines:
        taken = min(abs(line.open), settled)
        if taken:
            settled -= taken
            line.open -= sign * taken
            yield LetteredPart(entry=line.entry, line=line.line, amount=sign * taken)


def make_book(seed: int, size: int, contacts: int = 4) -> list[Event]:
    """About `size` events of a company; the same seed and size give the same events."""
    maker = BookMaker(random.Random(seed))
    maker.open_company()
    for _ in range(contacts):
        maker.add_contact()
    deeds = [maker.invoice, maker.bill, maker.payment, maker.letter]
    weights = [6, 3, 5, 5]
    deeds += [maker.credit_note, maker.miscellaneous, maker.unletter]
    weights += [1, 1, 1]
    deeds += [maker.rename_contact, maker.synchronise]
    weights += [1, 1]
    while len(maker.events) < size:
        maker.day += timedelta(days=maker.chance.randrange(3))
        maker.chance.choices(deeds, weights)[0]()
    return maker.events


def recorded(
    events: list[Event], book_id: str = "00000000-0000-0000-0000-000000000001"
) -> list[Recorded]:
    """The events as they would stand in a book, all written within today: the registers know
    the day of a record, and a book that is really written is written today."""
    today = datetime.now(ZoneInfo("Europe/Paris"))
    start = today.replace(hour=1, minute=0, second=0, microsecond=0).astimezone(UTC)
    return [
        Recorded(
            book_id=book_id,
            position=position,
            recorded_at=start + timedelta(seconds=position),
            event=event,
            actor="test",
        )
        for position, event in enumerate(events, 1)
    ]


def write_book(store: Store, events: list[Event], book_id: str | None = None) -> str:
    """Writes events into a new book, or on into an old one, 500 a command; gives the book's id."""
    book_id = book_id or str(uuid4())
    store.open_book(book_id)
    rest = iter(events)
    while chunk := list(islice(rest, 500)):

        def decide(pen: Pen, chunk: list[Event] = chunk) -> None:
            pen.append(chunk)

        command = Command(id=str(uuid4()), actor="test")
        store.write(book_id, command, decide, lambda reader: None)
    return book_id
