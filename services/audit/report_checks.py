"""What each check of the audit replay looks at, in the words of its readers: title, explanation."""

from typing import Final

CHECKS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "container-intact": {
        "fr": ("Fichier entier", "Chaque pièce du fichier a l'empreinte que dit son manifeste."),
        "nl": ("Bestand volledig", "Elk onderdeel heeft de vingerafdruk uit het manifest."),
        "en": ("File intact", "Each member of the file has the digest its manifest says."),
    },
    "sequence-gapless": {
        "fr": (
            "Suite sans trou",
            "Les événements et chaque série se suivent sans numéro manquant.",
        ),
        "nl": ("Reeks zonder gaten", "Gebeurtenissen en reeksen volgen elkaar zonder gat op."),
        "en": (
            "No gap",
            "Events, and the numbers of each series, follow each other without a gap.",
        ),
    },
    "timestamps-monotonic": {
        "fr": ("Dates croissantes", "Aucun événement n'est daté avant celui qui le précède."),
        "nl": (
            "Oplopende tijden",
            "Geen gebeurtenis draagt een tijd vóór die van haar voorganger.",
        ),
        "en": ("Times in order", "No event is recorded before the one before it."),
    },
    "hash-chain": {
        "fr": ("Chaînage", "Les empreintes recalculées donnent la chaîne et la racine du livre."),
        "nl": ("Ketting", "De herberekende vingerafdrukken geven de ketting en de wortel."),
        "en": ("Hash chain", "Digests computed again give the chain and the root of the book."),
    },
    "well-formed-events": {
        "fr": ("Forme des événements", "Chaque événement est dans sa forme unique, équilibré."),
        "nl": ("Vorm van gebeurtenissen", "Elke gebeurtenis heeft haar ene vorm, in evenwicht."),
        "en": ("Form of events", "Each event is in its one canonical form; entries balance."),
    },
    "originals-kept": {
        "fr": ("Pièces d'origine", "Chaque pièce nommée est là, octet pour octet."),
        "nl": ("Originele stukken", "Elk genoemd stuk is er, byte voor byte."),
        "en": ("Originals kept", "Each original that an event names is there, byte for byte."),
    },
    "checkpoint-signatures": {
        "fr": ("Sceaux", "Chaque sceau est signé par une clé reconnue et correspond au livre."),
        "nl": ("Zegels", "Elk zegel is met een erkende sleutel getekend en past bij het boek."),
        "en": ("Seals", "Each seal is signed by a trusted key and agrees with the book."),
    },
    "schema-known": {
        "fr": ("Événements connus", "Chaque type d'événement est connu ; aucun n'est sauté."),
        "nl": ("Bekende gebeurtenissen", "Elk soort gebeurtenis is bekend; geen is overgeslagen."),
        "en": ("Events known", "Each type of event is known; none is skipped."),
    },
    "debits-equal-credits": {
        "fr": ("Débit = crédit", "Chaque écriture est équilibrée."),
        "nl": ("Debet = credit", "Elke boeking is in evenwicht."),
        "en": ("Debits equal credits", "Each entry balances."),
    },
    "entries-derive": {
        "fr": ("Écritures recalculées", "L'écriture de chaque document est redéduite et comparée."),
        "nl": ("Boekingen herberekend", "De boeking van elk document is opnieuw afgeleid."),
        "en": (
            "Entries derived again",
            "The entry of each document is derived again and compared.",
        ),
    },
    "vat-recomputes": {
        "fr": ("TVA recalculée", "Montants et TVA par taux de chaque document sont recalculés."),
        "nl": ("Btw herberekend", "Bedragen en btw per tarief van elk document zijn herberekend."),
        "en": ("VAT computed again", "Amounts and VAT per rate of each document are recomputed."),
    },
    "invoice-numbers-gapless": {
        "fr": ("Numérotation", "Numéros sans trou, et dates de vente dans l'ordre des numéros."),
        "nl": ("Nummering", "Nummers zonder gaten, verkoopdata in de volgorde van de nummers."),
        "en": ("Numbering", "Numbers without gaps; sales dated in the order of their numbers."),
    },
    "immutability": {
        "fr": ("Documents inchangés", "Aucun événement ne modifie un document émis."),
        "nl": ("Onveranderd", "Geen gebeurtenis wijzigt een uitgegeven document."),
        "en": ("Nothing changed", "No event changes a document that was issued."),
    },
    "letterings-balance": {
        "fr": ("Lettrages", "Chaque lettrage est équilibré et ne dépasse pas ses lignes."),
        "nl": ("Afpuntingen", "Elke afpunting is in evenwicht en gaat haar regels niet te boven."),
        "en": ("Letterings", "Each lettering sums to zero and takes no more than its lines have."),
    },
    "receipts-vat-recomputes": {
        "fr": ("TVA sur encaissements", "La TVA exigible suit les sommes reçues, recalculée."),
        "nl": ("Btw op ontvangsten", "De opeisbare btw volgt het ontvangen geld, herberekend."),
        "en": ("VAT on receipts", "VAT due with the money is computed again from what was paid."),
    },
    "closed-periods-untouched": {
        "fr": ("Périodes fermées", "Rien n'est daté dans une période verrouillée ou clôturée."),
        "nl": ("Gesloten perioden", "Niets draagt een datum in een vergrendelde periode."),
        "en": ("Closed periods", "Nothing is dated in a period that was locked or closed before."),
    },
    "closings-follow": {
        "fr": ("Clôtures", "Clôtures dans l'ordre, totaux et grand total perpétuel recalculés."),
        "nl": ("Afsluitingen", "Afsluitingen in volgorde, totalen en eeuwig totaal herberekend."),
        "en": ("Closings", "Closings in order; their totals and the perpetual total recomputed."),
    },
    "registers-replay": {
        "fr": ("Registres rejoués", "Tous les registres sont refaits de zéro et recomptés."),
        "nl": ("Registers opnieuw", "Alle registers zijn van nul opnieuw gemaakt en nageteld."),
        "en": ("Registers replayed", "All registers are made again from zero and counted."),
    },
    "exports-reproduce": {
        "fr": ("Exports refaits", "Chaque export noté au livre est refait, octet pour octet."),
        "nl": ("Exports opnieuw", "Elke export uit het boek is opnieuw gemaakt, byte voor byte."),
        "en": ("Exports made again", "Each export noted in the book comes out again, to the byte."),
    },
    "live-log-agrees": {
        "fr": ("Même livre en base", "La base contient les mêmes premiers événements."),
        "nl": ("Zelfde boek in databank", "De databank bevat dezelfde eerste gebeurtenissen."),
        "en": ("Same book in the database", "The database begins with these very events."),
    },
    "projections-agree": {
        "fr": ("Registres identiques", "Les registres en service égalent ceux qui sont rejoués."),
        "nl": ("Registers gelijk", "De registers in gebruik zijn gelijk aan de opnieuw gemaakte."),
        "en": ("Registers agree", "The registers in use equal the replayed ones, row by row."),
    },
}
