"""The sentences that the law wants on a document beside its figures, in the document's language."""

from collections.abc import Iterator

from domain.countries.country import Country
from domain.parties.company import Company
from domain.sales.pricing import Language
from services.printing.paper import Paper
from services.printing.writing import Writing

Sentences = dict[Language, str]

# C. com. L441-9 and L441-10: discount, penalties. A company's own terms take their place.
LATE_FR: Sentences = {
    "fr": "Escompte pour paiement anticipé : néant. Tout retard de paiement entraîne, sans rappel, "
    "des pénalités au taux de refinancement de la Banque centrale européenne majoré de dix points "
    "(art. L441-10 du code de commerce).",
    "nl": "Geen korting voor contante betaling. Bij laattijdige betaling is, zonder aanmaning, "
    "interest verschuldigd tegen de herfinancieringsrente van de Europese Centrale Bank, verhoogd "
    "met tien punten (art. L441-10 code de commerce).",
    "en": "No discount for early payment. Late payment bears interest without reminder at the "
    "refinancing rate of the European Central Bank plus ten points (art. L441-10 code de "
    "commerce).",
}
# C. com. D441-5: printed whatever the company's terms say.
FORTY_FR: Sentences = {
    "fr": "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 € "
    "(art. D441-5 du code de commerce).",
    "nl": "Forfaitaire vergoeding voor invorderingskosten bij laattijdige betaling: 40 € "
    "(art. D441-5 code de commerce).",
    "en": "Fixed compensation for recovery costs in case of late payment: €40 "
    "(art. D441-5 code de commerce).",
}
LATE_BE: Sentences = {
    "fr": "Tout retard de paiement entraîne de plein droit des intérêts et une indemnité "
    "forfaitaire de 40 € (loi du 2 août 2002).",
    "nl": "Bij laattijdige betaling zijn van rechtswege interest en een forfaitaire vergoeding "
    "van 40 € verschuldigd (wet van 2 augustus 2002).",
    "en": "Late payment bears interest and a fixed compensation of €40 by operation of law "
    "(Belgian law of 2 August 2002).",
}
# AR/KB n° 4, art. 4: what a Belgian credit note says of the VAT it gives back.
REPAY_BE: Sentences = {
    "fr": "TVA à reverser à l’État dans la mesure où elle a été initialement portée en déduction.",
    "nl": "Btw terug te storten aan de Staat in de mate waarin ze oorspronkelijk in aftrek werd "
    "gebracht.",
    "en": "VAT to be repaid to the State in so far as it was originally deducted.",
}
# CGI, annexe II, art. 242 nonies A, 11° bis.
DEBITS_FR: Sentences = {
    "fr": "Option pour le paiement de la taxe d’après les débits.",
    "nl": "Keuze voor betaling van de belasting volgens de facturatie (d’après les débits).",
    "en": "VAT is accounted for on invoicing (option pour le paiement de la taxe d’après les "
    "débits).",
}


def mentions_of(paper: Paper, company: Company, write: Writing) -> tuple[str, ...]:
    """The sentences of a document, in the order in which they are printed."""
    return tuple(dict.fromkeys((*paper.mentions, *_mentions(paper, company, write))))


def _mentions(paper: Paper, company: Company, write: Writing) -> Iterator[str]:
    language, country = paper.language, company.country
    if paper.document_kind == "deposit_request":
        yield write.word("no_vat_document")
    if paper.is_charged and country == "FR" and "vat_on_debits" in company.options:
        yield DEBITS_FR[language]
    if (
        paper.document_kind == "credit_note"
        and country == "BE"
        and paper.totals
        and paper.totals.tax
    ):
        yield REPAY_BE[language]
    if paper.document_kind == "invoice" and not paper.is_settled:
        yield from _of_late_payment(company, language, country, is_business=_is_business(paper))


def _of_late_payment(
    company: Company, language: Language, country: Country, *, is_business: bool
) -> Iterator[str]:
    """Consumers owe neither by these laws: only what the company's own terms say."""
    if company.profile.terms:
        yield company.profile.terms
    if not is_business:
        return
    if country == "BE":
        yield LATE_BE[language]
    else:
        if not company.profile.terms:
            yield LATE_FR[language]
        yield FORTY_FR[language]


def _is_business(paper: Paper) -> bool:
    return bool(paper.customer.registration or paper.customer.vat_number)
