"""Every word that the page of a document prints, in French, Dutch and English."""

from domain.sales.pricing import Language
from domain.sales.template import TemplateKind
from domain.values.vat import VatCategory

Words = dict[Language, str]


def _in(fr: str, nl: str, en: str) -> Words:
    return {"fr": fr, "nl": nl, "en": en}


TITLES: dict[TemplateKind, Words] = {
    "quote": _in("Devis", "Offerte", "Quotation"),
    "order": _in("Commande", "Bestelling", "Order"),
    "delivery": _in("Bon de livraison", "Leveringsbon", "Delivery note"),
    "deposit_request": _in("Demande d’acompte", "Voorschotaanvraag", "Deposit request"),
    "invoice": _in("Facture", "Factuur", "Invoice"),
    "deposit": _in("Facture d’acompte", "Voorschotfactuur", "Deposit invoice"),
    "situation": _in("Facture de situation", "Factuur vorderingsstaat", "Progress invoice"),
    "balance": _in("Facture de solde", "Eindfactuur", "Final invoice"),
    "credit_note": _in("Avoir", "Creditnota", "Credit note"),
    "reminder": _in("Rappel", "Herinnering", "Reminder"),
}
REMINDER_TITLES: tuple[Words, ...] = (
    TITLES["reminder"],
    _in("Deuxième rappel", "Tweede herinnering", "Second reminder"),
    _in("Mise en demeure", "Ingebrekestelling", "Formal notice"),
)
"""What a reminder is called, by its level."""
BELGIAN_CREDIT_NOTE = _in("Note de crédit", "Creditnota", "Credit note")

LABELS: dict[str, Words] = {
    "number": _in("N°", "Nr.", "No."),
    "page": _in("Page", "Pagina", "Page"),
    "duplicate": _in("DUPLICATA", "DUPLICAAT", "DUPLICATE"),
    "draft": _in("PROJET", "ONTWERP", "DRAFT"),
    "customer": _in("Adressé à", "Gericht aan", "Addressed to"),
    "delivered_to": _in("Livré à", "Geleverd aan", "Delivered to"),
    "issued_on": _in("Date", "Datum", "Date"),
    "due_on": _in("Échéance", "Vervaldag", "Due date"),
    "valid_until": _in("Valable jusqu’au", "Geldig tot", "Valid until"),
    "supplied_on": _in("Date d’opération", "Datum van levering", "Date of supply"),
    "delivered_on": _in("Livré le", "Geleverd op", "Delivered on"),
    "expected_on": _in("Livraison prévue", "Verwachte levering", "Expected delivery"),
    "your_reference": _in("Votre référence", "Uw referentie", "Your reference"),
    "customer_vat": _in("N° TVA client", "Btw-nr. klant", "Customer VAT no."),
    "customer_siren": _in("SIREN client", "SIREN klant", "Customer SIREN"),
    "customer_enterprise": _in("N° entreprise client", "Ond.nr. klant", "Customer enterprise no."),
    "nature": _in("Nature des opérations", "Aard van de handelingen", "Nature of supply"),
    "goods": _in("Livraison de biens", "Levering van goederen", "Goods"),
    "services": _in("Prestation de services", "Dienstverrichting", "Services"),
    "mixed": _in("Biens et services", "Goederen en diensten", "Goods and services"),
    "credits": _in("Annule ou réduit", "Crediteert", "Credits"),
    "dated": _in("du", "van", "of"),
    "reason": _in("Motif", "Reden", "Reason"),
    "quote": _in("Devis", "Offerte", "Quotation"),
    "order": _in("Commande", "Bestelling", "Order"),
    "delivery": _in("Bon de livraison", "Leveringsbon", "Delivery note"),
    "deposit_request": _in("Demande d’acompte", "Voorschotaanvraag", "Deposit request"),
    "invoice": _in("Facture", "Factuur", "Invoice"),
    "description": _in("Désignation", "Omschrijving", "Description"),
    "quantity": _in("Quantité", "Aantal", "Quantity"),
    "ordered": _in("Commandé", "Besteld", "Ordered"),
    "unit_price": _in("Prix unit. HT", "Eenheidsprijs", "Unit price"),
    "discount": _in("Remise", "Korting", "Discount"),
    "vat": _in("TVA", "Btw", "VAT"),
    "net": _in("Montant HT", "Bedrag excl.", "Amount excl."),
    "quoted": _in("Marché HT", "Overeenkomst", "Contract"),
    "progress": _in("Avanc.", "Voortgang", "Progress"),
    "cumulative": _in("Cumul HT", "Cumul", "To date"),
    "before": _in("Déjà facturé", "Reeds gefact.", "Billed before"),
    "this_situation": _in("Situation HT", "Deze staat", "This invoice"),
    "amount": _in("Montant", "Bedrag", "Amount"),
    "deposit_on_quote": _in("Acompte sur devis accepté", "Voorschot op aanvaarde offerte",
                            "Deposit on the accepted quotation"),
    "before_deposits": _in("Total HT avant acomptes", "Totaal vóór voorschotten",
                           "Total before deposits"),
    "deposits": _in("Acomptes déduits", "Verrekende voorschotten", "Deposits deducted"),
    "rate": _in("Taux de TVA", "Btw-tarief", "VAT rate"),
    "base": _in("Base HT", "Maatstaf", "Net"),
    "tax": _in("TVA", "Btw", "VAT"),
    "total_net": _in("Total HT", "Totaal excl. btw", "Total excl. VAT"),
    "total_tax": _in("Total TVA", "Totaal btw", "Total VAT"),
    "total_gross": _in("Total TTC", "Totaal incl. btw", "Total incl. VAT"),
    "to_pay": _in("Net à payer", "Te betalen", "Amount due"),
    "to_your_credit": _in("Net en votre faveur", "In uw voordeel", "Credited to you"),
    "requested": _in("Acompte demandé", "Gevraagd voorschot", "Deposit requested"),
    "paid": _in("Déjà réglé", "Reeds betaald", "Already paid"),
    "settled": _in("Acquittée", "Voldaan", "Paid"),
    "schedule": _in("Échéancier", "Betalingsplan", "Instalments"),
    "payment": _in("Règlement", "Betaling", "Payment"),
    "scan_to_pay": _in("Payer avec votre app bancaire", "Betaal met uw bankapp",
                       "Pay with your banking app"),
    "reference": _in("Référence à rappeler", "Mededeling", "Payment reference"),
    "communication": _in("Communication", "Mededeling", "Structured communication"),
    "open": _in("Reste dû", "Openstaand", "Outstanding"),
    "principal": _in("Principal restant dû", "Openstaande hoofdsom", "Principal outstanding"),
    "open_credits": _in("Règlements et avoirs non imputés",
                        "Niet-toegewezen betalingen en creditnota’s", "Unallocated credits"),
    "interest": _in("Intérêts", "Interest", "Interest"),
    "indemnity": _in("Indemnité", "Vergoeding", "Indemnity"),
    "seal": _in("Scellé du livre", "Zegel van het boek", "Seal of the book"),
    "previous_seal": _in("Scellé précédent", "Vorig zegel", "Previous seal"),
    "seal_about": _in(
        "événements scellés · code de contrôle",
        "verzegelde gebeurtenissen · controlecode",
        "events sealed · check code",
    ),
    "capital": _in("au capital de", "met een kapitaal van", "with a capital of"),
    "vat_no": _in("TVA", "Btw", "VAT"),
    "agreed": _in("Bon pour accord, date et signature", "Voor akkoord, datum en handtekening",
                  "Agreed, date and signature"),
    "received": _in("Reçu en bon état, date et signature",
                    "In goede staat ontvangen, datum en handtekening",
                    "Received in good order, date and signature"),
    "no_vat_document": _in(
        "Ce document n’est pas une facture : aucune TVA n’y est due ni déductible.",
        "Dit document is geen factuur: er is geen btw op verschuldigd of aftrekbaar.",
        "This document is not an invoice: no VAT is due on it or deductible.",
    ),
}  # fmt: skip

IN_BELGIUM: dict[str, str] = {
    "unit_price": "Prix unit. HTVA",
    "net": "Montant HTVA",
    "quoted": "Marché HTVA",
    "cumulative": "Cumul HTVA",
    "this_situation": "État HTVA",
    "before_deposits": "Total HTVA avant acomptes",
    "base": "Base HTVA",
    "total_net": "Total HTVA",
    "total_gross": "Total TVAC",
}
"""French words that Belgians write otherwise."""

CATEGORIES: dict[VatCategory, Words] = {
    "Z": _in("0 %", "0 %", "0%"),
    "E": _in("Exonéré", "Vrijgesteld", "Exempt"),
    "AE": _in("Autoliq.", "Verlegd", "Reverse ch."),
    "K": _in("Intra-UE", "Intra-EU", "Intra-EU"),
    "G": _in("Export", "Export", "Export"),
    "O": _in("Hors TVA", "Buiten btw", "No VAT"),
}

STATES: dict[str, Words] = {
    "draft": _in("Brouillons", "Ontwerpen", "Drafts"),
    "discarded": _in("Abandonnés", "Verworpen", "Discarded"),
    "sent": _in("Envoyés", "Verstuurd", "Sent"),
    "accepted": _in("Acceptés", "Aanvaard", "Accepted"),
    "refused": _in("Refusés", "Geweigerd", "Refused"),
    "expired": _in("Expirés", "Vervallen", "Expired"),
    "confirmed": _in("Confirmés", "Bevestigd", "Confirmed"),
    "partly_delivered": _in("Livrés en partie", "Deels geleverd", "Partly delivered"),
    "delivered": _in("Livrés", "Geleverd", "Delivered"),
    "issued": _in("Émis", "Uitgereikt", "Issued"),
    "invoiced": _in("Facturés", "Gefactureerd", "Invoiced"),
    "validated": _in("En attente de règlement", "Te ontvangen", "Awaiting payment"),
    "partly_paid": _in("Réglés en partie", "Deels betaald", "Partly paid"),
    "settled": _in("Réglés", "Betaald", "Settled"),
    "cancelled": _in("Annulés", "Geannuleerd", "Cancelled"),
    "written_off": _in("Irrécouvrables", "Oninbaar", "Written off"),
}
"""The states of the list of sales documents, as headings."""

UNITS: dict[str, Words] = {
    "C62": _in("", "", ""),
    "H87": _in("pce", "st.", "pc"),
    "HUR": _in("h", "u", "h"),
    "DAY": _in("j", "d", "days"),
    "WEE": _in("sem.", "wk.", "wks"),
    "MON": _in("mois", "maand", "months"),
    "ANN": _in("an", "jaar", "years"),
    "MTR": _in("m", "m", "m"),
    "MTK": _in("m²", "m²", "m²"),
    "MTQ": _in("m³", "m³", "m³"),
    "KMT": _in("km", "km", "km"),
    "KGM": _in("kg", "kg", "kg"),
    "TNE": _in("t", "t", "t"),
    "LTR": _in("l", "l", "l"),
    "KWH": _in("kWh", "kWh", "kWh"),
    "LS": _in("forfait", "forfait", "lump sum"),
    "SET": _in("ens.", "set", "set"),
}


def unit(code: str, language: Language) -> str:
    """The name of a unit (UN/ECE 20), or what the line itself calls it."""
    return UNITS.get(code, {}).get(language, code)
