"""Belgium: what invoices and credit notes must say beside their lines."""

from datetime import date

from domain.countries.notes import LegalNote
from domain.values.language import worded

_EVER = date(2000, 1, 1)

NOTES = (
    LegalNote(
        document="invoice",
        law="AR n° 1, art. 20, § 2",
        vat_code="45",
        text=worded(
            fr="En l'absence de contestation par écrit, dans un délai d'un mois à compter de la "
            "réception de la facture, le client est présumé reconnaître qu'il est un assujetti "
            "tenu au dépôt de déclarations périodiques. Si tel n'est pas le cas, il endossera la "
            "responsabilité quant au paiement de la taxe, des intérêts et des amendes dus.",
            nl="Bij gebrek aan schriftelijke betwisting binnen een termijn van één maand na de "
            "ontvangst van de factuur wordt de afnemer geacht te erkennen dat hij een "
            "belastingplichtige is gehouden tot de indiening van periodieke aangiften. Als dat "
            "niet zo is, is hij aansprakelijk voor de betaling van de verschuldigde belasting, "
            "interesten en geldboeten.",
            en="Unless he objects in writing within one month of receiving the invoice, the "
            "customer is deemed to acknowledge that he is a taxable person who files periodic "
            "returns. If he is not, he is liable for the tax, interest and fines due.",
        ),
        valid_from=date(2023, 1, 1),
    ),
    LegalNote(
        document="invoice",
        law="Loi du 2 août 2002, art. 5 and 6",
        business=True,
        text=worded(
            fr="En cas de retard de paiement : intérêts au taux de la loi du 2 août 2002 et "
            "indemnité forfaitaire de 40 €",
            nl="Bij laattijdige betaling: intrest volgens de wet van 2 augustus 2002 en een "
            "forfaitaire vergoeding van 40 €",
            en="On late payment: interest under the law of 2 August 2002 and a fixed charge of €40",
        ),
        valid_from=date(2013, 3, 16),
    ),
    LegalNote(
        document="credit_note",
        law="AR n° 4, art. 4",
        text=worded(
            fr="TVA à reverser à l'Etat dans la mesure où elle a été initialement portée en "
            "déduction",
            nl="Btw terug te storten aan de Staat in de mate waarin ze oorspronkelijk in aftrek "
            "werd gebracht",
            en="VAT to be paid back to the State in so far as it was deducted at first",
        ),
        valid_from=_EVER,
    ),
    LegalNote(
        document="write_off",
        law="CTVA art. 77, § 1, 7°",
        text=worded(
            fr="Créance perdue : {net} hors TVA ; TVA de {tax} régularisée à la grille 62",
            nl="Verloren schuldvordering: {net} zonder btw; btw van {tax} geregulariseerd in "
            "rooster 62",
            en="Debt lost: {net} before VAT; VAT of {tax} regularised in grid 62",
        ),
        valid_from=_EVER,
    ),
)
