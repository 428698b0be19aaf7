"""Examples of the events of mandates, collections, transfer orders and cheque deposits."""

from datetime import date
from typing import Any

from domain.book.event import Event
from domain.privacy.personal import Sealed
from domain.treasury.cheque_deposit import (
    ChequeDepositCreated,
    ChequeDepositReversed,
    DepositedCheque,
)
from domain.treasury.collection import CollectedLine, CollectionCreated
from domain.treasury.creditor import CreditorIdentified
from domain.treasury.mandate import MandateRevoked, MandateSigned
from domain.treasury.remittance import (
    RemittanceCancelled,
    RemittanceLineReturned,
    RemittanceSettled,
    SettledLine,
)
from domain.treasury.transfer_order import TransferLine, TransferOrdered

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
LINE: dict[str, Any] = {
    "entry": 12,
    "line": 0,
    "account": "411000",
    "party": "c-1",
    "party_name": "Café de l’Étoile",
    "document_number": "FA-2026-00001",
    "amount": 32225,
}
REMITTANCE: dict[str, Any] = {
    "number": 1,
    "issue_date": date(2026, 4, 1),
    "execution_date": date(2026, 4, 15),
    "journal": "BQ",
    "iban": "FR7630006000011234567890189",
    "currency": "EUR",
    "total": 32225,
    "file": DIGEST,
}

DEPOSIT: dict[str, Any] = {
    "deposit_id": "d-1",
    "document_number": "RC-2026-00001",
    "journal": "BQ",
    "bank": "512000",
    "currency": "EUR",
    "total": 12000,
    "cheques": (
        DepositedCheque(
            payment_id="p-3",
            account="511200",
            amount=12000,
            party="c-1",
            drawer="Éric Müller",
            bank="Banque fictive",
            number="0001234",
            documents=("FA-2026-00002",),
        ),
    ),
}

REMITTING: list[Event] = [
    CreditorIdentified(creditor_id="FR72ZZZ123456"),
    MandateSigned(
        mandate_id="m-1",
        reference="RUM-0001",
        contact_id="c-1",
        contact_name="Café de l’Étoile",
        scheme="CORE",
        signed_on=date(2026, 3, 16),
        sealed={
            "bank_accounts": Sealed(
                key="7d793037a0760186", commitment=DIGEST, box="b3RoZXIgY2lwaGVydGV4dA=="
            )
        },
    ),
    MandateRevoked(mandate_id="m-1", contact_id="c-1", reason="Compte clôturé"),
    CollectionCreated(
        remittance_id="col-1",
        series="remittances:PR-2026",
        document_number="PR-2026-00001",
        scheme="CORE",
        creditor_id="FR72ZZZ123456",
        lines=(
            CollectedLine(
                **LINE,
                end_to_end="PR-2026-00001-1",
                mandate_id="m-1",
                mandate_reference="RUM-0001",
                sequence="FRST",
            ),
        ),
        **REMITTANCE,
    ),
    TransferOrdered(
        remittance_id="tro-1",
        series="remittances:VI-2026",
        document_number="VI-2026-00001",
        lines=(
            TransferLine(
                **{**LINE, "account": "401000", "document_number": "F-17"},
                end_to_end="VI-2026-00001-1",
                payee="BE68…7034",
                communication="+++090/9337/55493+++",
            ),
        ),
        **REMITTANCE,
    ),
    RemittanceSettled(
        remittance_id="col-1",
        date=date(2026, 4, 15),
        lines=(SettledLine(nth=0, payment_id="p-1", entry=20, line=1, lettering_id="l-1"),),
    ),
    RemittanceCancelled(remittance_id="tro-1", reason="Fichier non transmis"),
    RemittanceLineReturned(
        remittance_id="col-1",
        nth=0,
        amount=32225,
        date=date(2026, 4, 20),
        reason="AM04",
        payment_id="p-2",
        fee=1500,
    ),
    ChequeDepositCreated(
        series="cheques:RC-2026",
        number=1,
        issue_date=date(2026, 4, 2),
        iban="FR7630006000011234567890189",
        **DEPOSIT,
    ),
    ChequeDepositReversed(date=date(2026, 4, 3), reason="Bordereau refusé", **DEPOSIT),
]
