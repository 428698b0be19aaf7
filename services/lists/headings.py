"""The headings of columns and the readers' words for our codes, in English, French and Dutch."""

from collections.abc import Mapping
from typing import Any

from domain.book.refusal import words
from services.files.table import Column, Kind, Words

HEADINGS: dict[str, tuple[Kind, str, str, str]] = {
    "account": ("text", "Account", "Compte", "Rekening"),
    "amount": ("amount", "Amount", "Montant", "Bedrag"),
    "balance": ("amount", "Balance", "Solde", "Saldo"),
    "base": ("amount", "Base", "Base HT", "Maatstaf"),
    "category": ("text", "VAT category", "Catégorie TVA", "Btw-categorie"),
    "codes": ("text", "Lettering", "Lettrage", "Afpunting"),
    "credit": ("amount", "Credit", "Crédit", "Credit"),
    "credited": ("amount", "Credited", "Crédité", "Gecrediteerd"),
    "currency": ("text", "Currency", "Devise", "Munt"),
    "customer_id": ("text", "Customer id", "Id client", "Klant-id"),
    "customer_name": ("text", "Customer", "Client", "Klant"),
    "date": ("date", "Date", "Date", "Datum"),
    "debit": ("amount", "Debit", "Débit", "Debet"),
    "direction": ("code", "Direction", "Sens", "Richting"),
    "document_id": ("text", "Document id", "Id pièce", "Stuk-id"),
    "document_kind": ("code", "Document", "Pièce", "Stuk"),
    "document_number": ("text", "Document number", "N° pièce", "Stuknummer"),
    "due_date": ("date", "Due date", "Échéance", "Vervaldatum"),
    "entry": ("number", "Entry", "Écriture", "Boeking"),
    "entry_date": ("date", "Entry date", "Date comptable", "Boekingsdatum"),
    "exemption": ("text", "Exemption", "Exonération", "Vrijstelling"),
    "external_id": ("text", "External id", "Id externe", "Externe id"),
    "gross": ("amount", "Total incl. VAT", "Total TTC", "Totaal incl. btw"),
    "id": ("text", "Id", "Id", "Id"),
    "issue_date": ("date", "Issued on", "Émise le", "Uitgereikt op"),
    "journal": ("text", "Journal", "Journal", "Dagboek"),
    "kind": ("code", "Kind", "Nature", "Soort"),
    "label": ("text", "Label", "Libellé", "Omschrijving"),
    "line": ("number", "Line", "Ligne", "Regel"),
    "net": ("amount", "Total excl. VAT", "Total HT", "Totaal excl. btw"),
    "number": ("text", "Number", "Numéro", "Nummer"),
    "open": ("amount", "Open", "Reste dû", "Openstaand"),
    "paid": ("truth", "Paid", "Payée", "Betaald"),
    "party": ("text", "Third party id", "Id tiers", "Derde-id"),
    "party_name": ("text", "Third party", "Tiers", "Derde"),
    "period": ("text", "Period", "Période", "Periode"),
    "piece": ("number", "Piece", "Pièce n°", "Stuk nr."),
    "position": ("number", "Position in the book", "Position au livre", "Positie in het boek"),
    "quote_id": ("text", "Quote id", "Id devis", "Offerte-id"),
    "rate": ("decimal", "VAT rate", "Taux TVA", "Btw-tarief"),
    "series": ("text", "Series", "Série", "Reeks"),
    "settled_how": ("code", "Settled by", "Soldée par", "Vereffend door"),
    "side": ("code", "Side", "Côté", "Kant"),
    "state": ("code", "State", "État", "Staat"),
    "tax": ("amount", "VAT", "TVA", "Btw"),
    "type": ("code", "Type", "Type", "Type"),
    "valid_until": ("date", "Valid until", "Valable jusqu'au", "Geldig tot"),
}

CODES: dict[str, Words] = {
    "accepted": words("accepted", "accepté", "aanvaard"),
    "balance": words("balance", "solde", "saldo"),
    "bank": words("bank", "banque", "bank"),
    "bill": words("bill", "facture d'achat", "aankoopfactuur"),
    "bill_credit_note": words("supplier's credit note", "avoir d'achat", "creditnota leverancier"),
    "cancelled": words("cancelled", "annulé", "geannuleerd"),
    "confirmed": words("confirmed", "confirmé", "bevestigd"),
    "credit_note": words("credit note", "avoir", "creditnota"),
    "customers": words("customers", "clients", "klanten"),
    "delivered": words("delivered", "livré", "geleverd"),
    "delivery": words("delivery", "livraison", "levering"),
    "deposit": words("deposit", "acompte", "voorschot"),
    "deposit_request": words("deposit request", "demande d'acompte", "voorschotverzoek"),
    "discarded": words("discarded", "abandonné", "verworpen"),
    "draft": words("draft", "brouillon", "ontwerp"),
    "entry": words("entry", "écriture", "boeking"),
    "expired": words("expired", "expiré", "vervallen"),
    "invoice": words("invoice", "facture", "factuur"),
    "invoiced": words("invoiced", "facturé", "gefactureerd"),
    "issued": words("issued", "émis", "uitgereikt"),
    "mixed": words("several", "plusieurs", "meerdere"),
    "opened": words("to be asked for", "à demander", "te vragen"),
    "order": words("order", "commande", "bestelling"),
    "partly_delivered": words("partly delivered", "livré en partie", "deels geleverd"),
    "partly_invoiced": words("partly invoiced", "facturé en partie", "deels gefactureerd"),
    "partly_paid": words("partly paid", "payé en partie", "deels betaald"),
    "payment": words("payment", "paiement", "betaling"),
    "purchases": words("purchases", "achats", "aankopen"),
    "quote": words("quote", "devis", "offerte"),
    "refused": words("refused", "refusé", "geweigerd"),
    "requested": words("asked for", "demandé", "gevraagd"),
    "sales": words("sales", "ventes", "verkopen"),
    "sent": words("sent", "envoyé", "verzonden"),
    "settled": words("settled", "soldé", "vereffend"),
    "situation": words("situation", "situation", "vorderingsstaat"),
    "suppliers": words("suppliers", "fournisseurs", "leveranciers"),
    "validated": words("validated", "validé", "gevalideerd"),
    "written_off": words("written off", "irrécouvrable", "oninbaar"),
}

ABOUT: dict[str, Words] = {
    "as_of": words("As of", "Situation au", "Toestand op"),
    "company": words("Company", "Société", "Onderneming"),
    "digest": words("Chain of the book", "Chaîne du livre", "Keten van het boek"),
    "filter": words("Filter", "Filtre", "Filter"),
    "list": words("List", "Liste", "Lijst"),
    "position": words("Position in the book", "Position au livre", "Positie in het boek"),
    "recorded_at": words("Recorded at", "Enregistré le", "Vastgelegd op"),
    "registration": words("Registration", "Immatriculation", "Ondernemingsnummer"),
    "rows": words("Rows", "Lignes", "Rijen"),
    "sort": words("Order", "Tri", "Volgorde"),
    "entries_until": words("Entries until", "Écritures jusqu'au", "Boekingen tot"),
    "bank_until": words("Bank until", "Banque jusqu'au", "Bank tot"),
    "on": words("Judged on", "Apprécié au", "Beoordeeld op"),
}


def columns(names: str, **kinds: Kind) -> tuple[Column, ...]:
    """Columns by name, with spaces between; `kinds` says where one holds something else."""
    return tuple(_column(name, kinds.get(name)) for name in names.split())


def _column(name: str, kind: Kind | None) -> Column:
    usual, *label = HEADINGS[name]
    values: Mapping[str, Any] = CODES if (kind or usual) == "code" else {}
    return Column(name, kind or usual, words(*label), values)
