"""What a draft keeps of the documents it comes from, whatever is revised of it (M25, M62)."""

from msgspec.structs import replace

from domain.book.refusal import Refused, judge, words
from domain.sales.content import TOTAL_RULES, InvoiceContent
from domain.sales.document import add_up
from domain.sales.instalments import check_instalments


class SituationHasItsOwnRevision(Refused, frozen=True, kw_only=True):
    """A situation follows the progress of its quote: its progress is revised, not its lines."""

    code = "situation_revision"
    rule = "M65"
    text = words(
        en="A situation is revised by the progress of its quote.",
        fr="Une situation se révise par l'avancement de son devis.",
        nl="Een vorderingsstaat wordt herzien via de vordering van de offerte.",
    )


class CustomerIsBound(Refused, frozen=True, kw_only=True):
    """A draft made from other documents is for their customer."""

    code = "customer_bound"
    rule = "M25"
    text = words(
        en="The draft comes from documents of {customer_id}: it is for the same customer.",
        fr="Le brouillon provient de documents de {customer_id} : il est pour le même client.",
        nl="Het ontwerp komt van documenten van {customer_id}: het is voor dezelfde klant.",
    )

    customer_id: str


def keep(before: InvoiceContent, after: InvoiceContent) -> InvoiceContent | Refused:
    """The revised content with the links, the kind and the deducted deposits of the draft."""
    if before.situation is not None:
        return SituationHasItsOwnRevision(pointer="/lines")
    if before.links and before.customer_id != after.customer_id:
        return CustomerIsBound(customer_id=before.customer_id, pointer="/customer_id")
    deducted = tuple(line for line in before.lines if line.kind == "deposit")
    kept = replace(after, kind=before.kind, links=before.links, lines=(*after.lines, *deducted))
    return judge(TOTAL_RULES, add_up(kept.lines)) or check_parts(kept) or kept


def check_parts(content: InvoiceContent) -> Refused | None:
    """Refuses instalments that do not add up to what is left to pay, deposits deducted (M33)."""
    return check_instalments(content.instalments, add_up(content.lines).gross)
