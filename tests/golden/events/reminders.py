"""Examples of the events about being late: reminders, disputes, policies, claimed fees."""

from datetime import date
from typing import Any

from domain.book.event import Event
from domain.parties.company import Address
from domain.privacy.personal import Sealed
from domain.reminders.dispute import DisputeSettled, InvoiceDisputed
from domain.reminders.late_fees import LateFeesClaimed, LineInterest
from domain.reminders.policy import (
    ReminderPolicy,
    ReminderPolicySet,
    RemindersResumed,
    RemindersSuspended,
)
from domain.reminders.reminder import (
    Delivery,
    ReminderFailed,
    ReminderIssued,
    ReminderItem,
    ReminderSent,
)
from domain.sales.document import PrintedParty

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
INVOICE: dict[str, Any] = {"invoice_id": "inv-1", "invoice_number": "FA-2026-00001"}

REMINDING: list[Event] = [
    ReminderPolicySet(policy=ReminderPolicy(after_due=(5, 15, 30), between=8, consumer_terms=True)),
    RemindersSuspended(customer_id="c-1", reason="Plan d’apurement"),
    RemindersResumed(customer_id="c-1", reason="Plan terminé"),
    InvoiceDisputed(**INVOICE, reason="Œuvre livrée abîmée"),
    DisputeSettled(**INVOICE, reason="Avoir accordé"),
    ReminderIssued(
        reminder_id="rem-1",
        series="RA-2026",
        number=1,
        document_number="RA-2026-00001",
        issue_date=date(2026, 5, 15),
        customer_id="c-1",
        seller=PrintedParty(
            name="Ateliers Müller SRL",
            address=Address(
                street="Rue Léopold 12", postal_code="4000", city="Liège", country="BE"
            ),
            registration="0403170701",
            vat_number="BE0403170701",
        ),
        customer=PrintedParty(
            name="Café de l’Étoile",
            address=Address(
                street="12 rue de l’Étoile", postal_code="75017", city="Paris", country="FR"
            ),
            registration="732829320",
            vat_number="FR44732829320",
        ),
        nature="company",
        level=2,
        channel="email",
        language="fr",
        template="tpl-1@3",
        currency="EUR",
        items=(
            ReminderItem(
                entry=12,
                line=0,
                invoice_id="inv-1",
                invoice_number="FA-2026-00001",
                issue_date=date(2026, 3, 1),
                due_date=date(2026, 3, 31),
                subject="Conseil — œuvre d’août",
                amount=120000,
                open=120000,
                interest=1553,
                interest_until=date(2026, 5, 15),
                indemnity=4000,
                announced=2000,
            ),
        ),
        credits=1000,
        earliest_next=date(2026, 5, 23),
        payment_reference="+++202/6000/00169+++",
        text="Malgré notre précédent rappel…",
        mentions=("Intérêts calculés jusqu'au 15/05/2026 inclus.",),
    ),
    ReminderSent(
        reminder_id="rem-1",
        customer_id="c-1",
        sent_on=date(2026, 5, 15),
        earliest_next=date(2026, 5, 23),
        delivery=Delivery(channel="email", message_id="<rem-1@paraphe.example>"),
        sealed={
            "email": Sealed(
                key="5d41402abc4b2a76", commitment=DIGEST, box="bm9uY2UgYW5kIGNpcGhlcnRleHQ="
            )
        },
    ),
    ReminderFailed(reminder_id="rem-1", reason="refused", code=550, final=True),
    LateFeesClaimed(
        late_fee_id="fee-1",
        **INVOICE,
        customer_id="c-1",
        customer_name="Café de l’Étoile",
        currency="EUR",
        issue_date=date(2026, 5, 16),
        until=date(2026, 5, 15),
        interest=(LineInterest(line=0, amount=1798),),
        indemnity=4000,
        law="L441-10",
    ),
]
