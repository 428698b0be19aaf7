"""What an inspector asks for, item by item, in the words of its readers."""

from typing import Final, Literal, NamedTuple

State = Literal["there", "partly", "missing"]


class Item(NamedTuple):
    """Something an inspector asks for: whether it is in the pack, in which files, and what is not.

    Files are members of the pack; a name that ends in `/` is a folder.
    """

    state: State
    files: tuple[str, ...]
    words: dict[str, str]
    lacks: dict[str, str]


NONE: Final[dict[str, str]] = {"fr": "", "nl": "", "en": ""}

FEC: Final = {
    "fr": "Fichier des écritures comptables (FEC) et sa description",
    "nl": "Bestand van de boekingen (FEC) en zijn beschrijving",
    "en": "File of accounting entries (FEC) and its description",
}
LISTINGS: Final = {
    "fr": "Listings TVA : clients et livraisons intracommunautaires (la Belgique n'a pas de FEC)",
    "nl": "Btw-listings: klanten en intracommunautaire handelingen (België kent geen FEC)",
    "en": "VAT listings: customers and sales to the Union (Belgium has no FEC)",
}
ALWAYS: Final[tuple[Item, ...]] = (
    Item(
        "partly",
        ("lists/software.csv",),
        {
            "fr": "Attestation individuelle et historique des versions du logiciel",
            "nl": "Individueel attest en versiegeschiedenis van de software",
            "en": "Individual attestation, and history of software versions",
        },
        {
            "fr": "l'attestation est à fournir par l'éditeur",
            "nl": "het attest moet de uitgever leveren",
            "en": "the attestation has to come from the publisher",
        },
    ),
    Item(
        "partly",
        ("lists/technical_journal.csv", "lists/exports.csv"),
        {
            "fr": "Utilisateurs et droits, journal des événements techniques, exports",
            "nl": "Gebruikers en rechten, logboek van technische gebeurtenissen, exports",
            "en": "Users and rights, journal of technical events, exports",
        },
        {
            "fr": "les titulaires des clés d'accès ne sont pas dans le livre",
            "nl": "wie de toegangssleutels houdt staat niet in het boek",
            "en": "who holds the access keys is not in the book",
        },
    ),
    Item(
        "there",
        ("lists/series.csv", "lists/discarded_drafts.csv"),
        {
            "fr": "Séries de numéros (premier, dernier, manquants) et brouillons abandonnés",
            "nl": "Nummerreeksen (eerste, laatste, ontbrekende) en opgegeven ontwerpen",
            "en": "Number series (first, last, missing) and discarded drafts",
        },
        NONE,
    ),
    Item(
        "there",
        ("report.html", "report.json", "lists/closings.csv"),
        {
            "fr": "Rapport d'intégrité : événements, chaînage, sceaux, clôtures",
            "nl": "Integriteitsverslag: gebeurtenissen, ketting, zegels, afsluitingen",
            "en": "Integrity report: events, chain, seals, closings",
        },
        NONE,
    ),
    Item(
        "there",
        ("book.zip", "SHA256SUMS"),
        {
            "fr": "Archive du livre avec ses empreintes et deux vérificateurs",
            "nl": "Archief van het boek met zijn vingerafdrukken en twee nakijkers",
            "en": "Archive of the book with its digests and two verifiers",
        },
        NONE,
    ),
    Item(
        "partly",
        ("lists/vat_accounts.csv", "lists/vat_entries.csv", "lists/vat_returns.csv"),
        {
            "fr": "Rapprochement de la TVA : documents, comptes et déclarations déposées, par mois",
            "nl": "Afstemming van de btw: documenten, rekeningen, ingediende aangiften, per maand",
            "en": "VAT reconciliation: documents, accounts and filed returns, by month",
        },
        {
            "fr": "une période non déposée dans ce logiciel n'a pas de déclaration ici",
            "nl": "een periode die niet in deze software is ingediend heeft hier geen aangifte",
            "en": "a period that was not filed in this software has no return here",
        },
    ),
    Item(
        "partly",
        ("lists/invoices.csv", "lists/prints.csv", "originals/"),
        {
            "fr": "Factures émises, telles qu'envoyées, et leurs statuts",
            "nl": "Verkoopfacturen zoals verstuurd, en hun statussen",
            "en": "Invoices as sent, and their lifecycle statuses",
        },
        {
            "fr": "les PDF déjà imprimés sont joints ; fichiers Factur-X, UBL et statuts manquent",
            "nl": "PDF's die gedrukt zijn, zijn bijgevoegd; Factur-X, UBL en statussen ontbreken",
            "en": "PDFs that were printed are there; files of Factur-X or UBL and statuses are not",
        },
    ),
    Item(
        "missing",
        (),
        {
            "fr": "Documentation de la piste d'audit fiable",
            "nl": "Documentatie van het betrouwbare controlespoor",
            "en": "Documentation of the reliable audit trail",
        },
        {
            "fr": "à rédiger par l'entreprise ; « paraphe audit explain » montre chaque piste",
            "nl": "door de onderneming op te stellen; ‘paraphe audit explain’ toont elk spoor",
            "en": "for the company to write; `paraphe audit explain` shows each trail",
        },
    ),
    Item(
        "there",
        ("lists/deposits.csv",),
        {
            "fr": "Acomptes reçus non imputés (4191)",
            "nl": "Nog niet verrekende ontvangen voorschotten",
            "en": "Deposits received and outstanding",
        },
        NONE,
    ),
    Item(
        "there",
        ("lists/credit_notes.csv",),
        {
            "fr": "Avoirs avec leurs factures d'origine",
            "nl": "Creditnota's met hun oorspronkelijke facturen",
            "en": "Credit notes with their original invoices",
        },
        NONE,
    ),
    Item(
        "partly",
        ("lists/write_offs.csv",),
        {
            "fr": "Créances irrécouvrables, TVA reprise, duplicatas",
            "nl": "Oninbare vorderingen, teruggenomen btw, duplicaten",
            "en": "Bad debts, the VAT taken back on them, duplicates",
        },
        {
            "fr": "les mentions du duplicata sont dans la liste ; le papier lui-même manque",
            "nl": "de vermeldingen staan in de lijst; het duplicaat zelf ontbreekt",
            "en": "the words of each duplicate are in the list; the paper itself is not there",
        },
    ),
    Item(
        "there",
        ("lists/purchases.csv", "originals/"),
        {
            "fr": "Factures d'achat et leurs originaux",
            "nl": "Aankoopfacturen en hun originelen",
            "en": "Purchase invoices and their originals",
        },
        NONE,
    ),
    Item(
        "partly",
        ("lists/payments.csv", "lists/statements.csv", "originals/"),
        {
            "fr": "Paiements et relevés bancaires",
            "nl": "Betalingen en bankafschriften",
            "en": "Payments and bank statements",
        },
        {
            "fr": "les relevés importés sont joints ; un paiement saisi sans relevé n'en a pas",
            "nl": "ingelezen afschriften zijn er; een betaling zonder afschrift heeft er geen",
            "en": "imported statements are there; a payment entered without one has none",
        },
    ),
    Item(
        "partly",
        ("FORMAT.md",),
        {
            "fr": "Documentation du logiciel",
            "nl": "Documentatie van de software",
            "en": "Documentation of the software",
        },
        {
            "fr": "le format du livre est là ; le reste accompagne le logiciel",
            "nl": "het formaat van het boek is er; de rest komt met de software",
            "en": "the format of the book is there; the rest comes with the software",
        },
    ),
)


def items_of(country: str, failed: dict[str, str]) -> tuple[Item, ...]:
    """What is in the pack of a company; `failed` says why its country's files are not, or nothing.

    Files of a country are those that its administration reads.
    """
    words = FEC if country == "FR" else LISTINGS
    if failed:
        return Item("missing", (), words, failed), *ALWAYS
    return Item("there", ("exports/",), words, NONE), *ALWAYS


TITLES: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "title": "Dossier de contrôle, exercice {exercise}",
        "intro": "Préparé à partir du livre de {company} : {size} événements, racine {root}.",
        "item": "Pièce",
        "state": "État",
        "files": "Fichiers",
        "lacks": "Ce qui manque",
        "there": "présent",
        "partly": "partiel",
        "missing": "absent",
    },
    "nl": {
        "title": "Controledossier, boekjaar {exercise}",
        "intro": "Gemaakt uit het boek van {company}: {size} gebeurtenissen, wortel {root}.",
        "item": "Stuk",
        "state": "Stand",
        "files": "Bestanden",
        "lacks": "Wat ontbreekt",
        "there": "aanwezig",
        "partly": "gedeeltelijk",
        "missing": "ontbreekt",
    },
    "en": {
        "title": "Inspection pack, fiscal year {exercise}",
        "intro": "Made from the book of {company}: {size} events, root {root}.",
        "item": "Item",
        "state": "State",
        "files": "Files",
        "lacks": "What is missing",
        "there": "there",
        "partly": "partly there",
        "missing": "missing",
    },
}
