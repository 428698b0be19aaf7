"""Why a line is not remitted, and a remittance not settled, cancelled or returned (M41, M42)."""

from datetime import date

from domain.book.refusal import Refused, words

MOST_LINES = 1_000
"""Lines of one remittance: each is booked and lettered in the transaction that settles it."""


class RemittanceIsUnknown(Refused, frozen=True, kw_only=True):
    """No remittance has that id in this book."""

    code = "remittance_unknown"
    rule = "M42"
    text = words(
        en="There is no remittance {remittance_id}.",
        fr="Il n'y a pas de remise {remittance_id}.",
        nl="Er is geen afgifte {remittance_id}.",
    )

    remittance_id: str


class RemittanceIsClosed(Refused, frozen=True, kw_only=True):
    """The remittance was settled or cancelled."""

    code = "remittance_closed"
    rule = "M42"
    text = words(
        en="Remittance {number} is settled or cancelled already.",
        fr="La remise {number} est déjà comptabilisée ou annulée.",
        nl="Afgifte {number} is al verwerkt of geannuleerd.",
    )

    number: str


class NothingToRemit(Refused, frozen=True, kw_only=True):
    """There are no lines, more than one file may have, or the bank refused them all."""

    code = "nothing_to_remit"
    rule = "M42"
    text = words(
        en="A remittance has from 1 to {most} lines.",
        fr="Une remise compte de 1 à {most} lignes.",
        nl="Een afgifte telt 1 tot {most} regels.",
    )

    most: int = MOST_LINES


class LineIsNotRemittable(Refused, frozen=True, kw_only=True):
    """Only what is open of an invoice is collected, of a bill paid, in euro, each line once."""

    code = "line_not_remittable"
    rule = "M42"
    text = words(
        en="Line {line} of the entry at {entry} is not open for that much, in euro.",
        fr="La ligne {line} de l'écriture {entry} n'est pas due pour ce montant, en euros.",
        nl="Regel {line} van boeking {entry} staat niet open voor dat bedrag, in euro.",
    )

    entry: int
    line: int


class LineIsRemitted(Refused, frozen=True, kw_only=True):
    """The line waits in another remittance: it is never collected or paid twice."""

    code = "line_remitted"
    rule = "M42"
    text = words(
        en="{document} is in remittance {number} already.",
        fr="{document} figure déjà dans la remise {number}.",
        nl="{document} staat al in afgifte {number}.",
    )

    document: str
    number: str


class RemittanceDayIsWrong(Refused, frozen=True, kw_only=True):
    """Banks execute from the day after on, and collect nothing before it falls due."""

    code = "remittance_day_wrong"
    rule = "M42"
    text = words(
        en="{day} is too early: the first possible day is {first}.",
        fr="Le {day} est trop tôt : le premier jour possible est le {first}.",
        nl="{day} is te vroeg: de eerste mogelijke dag is {first}.",
    )

    day: date
    first: date


class RemittanceAccountIsMissing(Refused, frozen=True, kw_only=True):
    """The company has no account from which or to which the money goes, in that journal."""

    code = "remittance_account_missing"
    rule = "M42"
    text = words(
        en="No bank account of the company belongs to journal {journal}.",
        fr="Aucun compte bancaire de la société ne correspond au journal {journal}.",
        nl="Geen bankrekening van de onderneming hoort bij dagboek {journal}.",
    )

    journal: str


class LineIsReturned(Refused, frozen=True, kw_only=True):
    """There is no such line, or it came back already."""

    code = "line_returned"
    rule = "M42"
    text = words(
        en="Line {nth} of remittance {number} does not exist, or came back already.",
        fr="La ligne {nth} de la remise {number} n'existe pas ou est déjà revenue.",
        nl="Regel {nth} van afgifte {number} bestaat niet of is al teruggekomen.",
    )

    nth: int
    number: str


class BankLineDiffers(Refused, frozen=True, kw_only=True):
    """The bank's own line is not the money that is expected: another amount, way or currency."""

    code = "bank_line_differs"
    rule = "C4"
    text = words(
        en="The bank's line is {amount}, expected is {expected}.",
        fr="La ligne de la banque est de {amount}, {expected} est attendu.",
        nl="De regel van de bank is {amount}, verwacht wordt {expected}.",
    )

    amount: int
    expected: int
