"""A payment on a bank journal: money received from or sent to a third party."""

from datetime import date
from typing import ClassVar, Literal

from domain.book.event import Event
from domain.ledger.entry import document_tag

Direction = Literal["received", "sent"]
ThirdParty = Literal["customers", "suppliers", "suspense"]


class PaymentRecorded(Event, frozen=True, kw_only=True):
    """Money moved on a bank account; `amount` is positive, in minor units.

    `role` says on which third-party account the other side stands; without a known party it is
    the suspense account.
    """

    stored_as: ClassVar[str] = "payment.recorded.v1"

    payment_id: str
    journal: str
    direction: Direction
    date: date
    amount: int
    currency: str
    role: ThirdParty
    party: str
    party_name: str
    reference: str
    label: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("payment", self.payment_id),)
