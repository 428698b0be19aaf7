"""What a validated invoice never does again: a refusal for each of its frozen parts (M30)."""

from domain.book.refusal import Refused, words
from domain.sales.content import InvoiceContent


class NumberIsFrozen(Refused, frozen=True, kw_only=True):
    """An invoice is numbered once: it is not validated again."""

    code = "number_frozen"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: it keeps its number for ever.",
        fr="La facture {number} est validée : elle garde son numéro pour toujours.",
        nl="Factuur {number} is gevalideerd: ze houdt haar nummer voorgoed.",
    )

    number: str


class CustomerIsFrozen(Refused, frozen=True, kw_only=True):
    """A validated invoice is for the customer it was issued to."""

    code = "customer_frozen"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: its customer cannot change.",
        fr="La facture {number} est validée : son client ne peut changer.",
        nl="Factuur {number} is gevalideerd: de klant kan niet veranderen.",
    )

    number: str


class LinesAreFrozen(Refused, frozen=True, kw_only=True):
    """The lines and amounts of a validated invoice stand; a credit note takes them back."""

    code = "lines_frozen"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: only a credit note takes its lines back.",
        fr="La facture {number} est validée : seul un avoir peut reprendre ses lignes.",
        nl="Factuur {number} is gevalideerd: alleen een creditnota neemt haar regels terug.",
    )

    number: str


class DateIsFrozen(Refused, frozen=True, kw_only=True):
    """The days of a validated invoice stand: of issue, of supply, of each payment."""

    code = "date_frozen"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: its dates cannot change.",
        fr="La facture {number} est validée : ses dates ne peuvent changer.",
        nl="Factuur {number} is gevalideerd: haar datums kunnen niet veranderen.",
    )

    number: str


class WordsAreFrozen(Refused, frozen=True, kw_only=True):
    """The rest of a validated invoice stands too: note, references, language, template."""

    code = "words_frozen"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: nothing that it says can change.",
        fr="La facture {number} est validée : rien de ce qu'elle dit ne peut changer.",
        nl="Factuur {number} is gevalideerd: niets van wat ze zegt kan veranderen.",
    )

    number: str


class IssuedIsNotDeleted(Refused, frozen=True, kw_only=True):
    """A validated invoice cannot go away; a credit note cancels it."""

    code = "issued_not_deleted"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: it cannot be deleted, only credited.",
        fr="La facture {number} est validée : elle ne peut être supprimée, un avoir l'annule.",
        nl="Factuur {number} is gevalideerd: ze wordt niet gewist, een creditnota maakt ze "
        "ongedaan.",
    )

    number: str


class DepositComesTooLate(Refused, frozen=True, kw_only=True):
    """A validated invoice takes no new deposit: what is paid on it is a payment."""

    code = "deposit_too_late"
    rule = "M30"
    text = words(
        en="Invoice {number} is validated: it takes no deposit any more, only payments.",
        fr="La facture {number} est validée : elle ne reçoit plus d'acompte, mais des règlements.",
        nl="Factuur {number} is gevalideerd: ze krijgt geen voorschot meer, alleen betalingen.",
    )

    number: str


Frozen = (
    NumberIsFrozen
    | CustomerIsFrozen
    | LinesAreFrozen
    | DateIsFrozen
    | WordsAreFrozen
    | IssuedIsNotDeleted
    | DepositComesTooLate
)
_DATES = ("due_date", "instalments", "supply_date")


def changed_part(
    issued: InvoiceContent, asked: InvoiceContent | Refused
) -> tuple[type[Frozen], str]:
    """Which frozen part a revision would change, the gravest first, and where it names it.

    `asked` is what the revision settles to; a refusal of it is about lines that are not the
    invoice's. The deposits that the invoice deducts are not asked for again.
    """
    own = tuple(line for line in issued.lines if line.kind != "deposit")
    if isinstance(asked, Refused) or asked.lines != own:
        return LinesAreFrozen, "/lines"
    date = next((name for name in _DATES if getattr(asked, name) != getattr(issued, name)), None)
    return (WordsAreFrozen, "") if date is None else (DateIsFrozen, f"/{date}")
