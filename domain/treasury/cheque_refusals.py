"""Why cheques are not deposited, and a slip not reversed (M41)."""

from datetime import date

from domain.book.refusal import Refused, words

MOST_CHEQUES = 200


class NothingToDeposit(Refused, frozen=True, kw_only=True):
    """A slip has from 1 to 200 cheques."""

    code = "nothing_to_deposit"
    rule = "M41"
    text = words(
        en="A slip has from 1 to {most} cheques.",
        fr="Un bordereau compte de 1 à {most} chèques.",
        nl="Een borderel telt 1 tot {most} cheques.",
    )

    most: int = MOST_CHEQUES


class ChequeIsNotDepositable(Refused, frozen=True, kw_only=True):
    """The payment is no cheque that was received, was taken back, or is named twice."""

    code = "cheque_not_depositable"
    rule = "M41"
    text = words(
        en="Payment {payment_id} is no cheque that waits to be collected in {currency}.",
        fr="Le paiement {payment_id} n'est pas un chèque à encaisser en {currency}.",
        nl="Betaling {payment_id} is geen te innen cheque in {currency}.",
    )

    payment_id: str
    currency: str


class ChequeIsDeposited(Refused, frozen=True, kw_only=True):
    """The cheque stands on a slip: that is reversed first, as one."""

    code = "cheque_deposited"
    rule = "M41"
    text = words(
        en="The cheque of payment {payment_id} stands on slip {number}.",
        fr="Le chèque du paiement {payment_id} figure sur le bordereau {number}.",
        nl="De cheque van betaling {payment_id} staat op borderel {number}.",
    )

    payment_id: str
    number: str


class ChequeDepositIsUnknown(Refused, frozen=True, kw_only=True):
    """No deposit has that id in this book."""

    code = "cheque_deposit_unknown"
    rule = "M41"
    text = words(
        en="There is no cheque deposit {deposit_id}.",
        fr="Il n'y a pas de remise de chèques {deposit_id}.",
        nl="Er is geen chequeafgifte {deposit_id}.",
    )

    deposit_id: str


class ChequeDepositIsReversed(Refused, frozen=True, kw_only=True):
    """The deposit was undone before."""

    code = "cheque_deposit_reversed"
    rule = "M41"
    text = words(
        en="Slip {number} is reversed already.",
        fr="Le bordereau {number} est déjà annulé.",
        nl="Borderel {number} is al tegengeboekt.",
    )

    number: str


class DepositDayIsWrong(Refused, frozen=True, kw_only=True):
    """A cheque is not deposited before it came, nor a slip reversed before its day."""

    code = "cheque_deposit_day_wrong"
    rule = "M41"
    text = words(
        en="{day} is before {first}.",
        fr="Le {day} précède le {first}.",
        nl="{day} ligt voor {first}.",
    )

    day: date
    first: date
