"""France: what invoices and their duplicates must say beside their lines."""

from datetime import date

from domain.countries.notes import LegalNote
from domain.values.language import worded

_EVER = date(2000, 4, 1)

NOTES = (
    LegalNote(
        document="invoice",
        law="CGI ann. II 242 nonies A, I, 11° bis",
        on_debits=True,
        text=worded(
            fr="Option pour le paiement de la taxe d'après les débits",
            nl="Keuze voor betaling van de btw volgens de debiteringen",
            en="Option to pay the tax on debits",
        ),
        valid_from=_EVER,
    ),
    LegalNote(
        document="invoice",
        law="C. com. art. L441-10, II and D441-5",
        business=True,
        text=worded(
            fr="En cas de retard de paiement : pénalités au taux de refinancement de la BCE majoré "
            "de 10 points et indemnité forfaitaire pour frais de recouvrement de 40 €",
            nl="Bij laattijdige betaling: verwijlintrest aan de herfinancieringsrente van de ECB "
            "plus 10 punten en een forfaitaire invorderingsvergoeding van 40 €",
            en="On late payment: penalties at the ECB refinancing rate plus 10 points and a fixed "
            "recovery charge of €40",
        ),
        valid_from=date(2013, 1, 1),
    ),
    LegalNote(
        document="invoice",
        law="C. com. art. L441-9",
        business=True,
        text=worded(
            fr="Escompte pour paiement anticipé : néant",
            nl="Geen korting voor vervroegde betaling",
            en="No discount for early payment",
        ),
        valid_from=_EVER,
    ),
    LegalNote(
        document="write_off",
        law="CGI 272, 1; BOI-TVA-DED-40-10-20",
        text=worded(
            fr="Facture demeurée impayée pour la somme de {net} (prix net) et pour la somme de "
            "{tax} (TVA correspondante) qui ne peut faire l'objet d'une déduction (article 272 du "
            "CGI)",
            nl="Factuur onbetaald gebleven voor {net} (nettoprijs) en voor {tax} (overeenkomstige "
            "btw), die niet in aftrek gebracht mag worden (artikel 272 van de Franse CGI)",
            en="Invoice left unpaid for {net} (net price) and for {tax} (the VAT on it), which may "
            "not be deducted (article 272 of the French CGI)",
        ),
        valid_from=_EVER,
    ),
)
