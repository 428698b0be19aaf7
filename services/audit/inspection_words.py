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

ITEMS: Final[tuple[Item, ...]] = (
    Item(
        "missing",
        (),
        {
            "fr": "Fichier des écritures comptables (FEC) et sa description",
            "nl": "Bestand van de boekingen (FEC) en zijn beschrijving",
            "en": "File of accounting entries (FEC) and its description",
        },
        {
            "fr": "à joindre : la commande `paraphe fec` l'écrit pour une société française",
            "nl": "toe te voegen: `paraphe fec` schrijft het voor een Franse onderneming",
            "en": "to be added: `paraphe fec` writes it for a French company",
        },
    ),
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
        ("lists/vat_accounts.csv",),
        {
            "fr": "Rapprochement de la TVA : documents et comptes 4457/4456, par mois",
            "nl": "Afstemming van de btw: documenten en rekeningen, per maand",
            "en": "VAT reconciliation: documents and accounts, by month",
        },
        {
            "fr": "les déclarations (CA3) ne sont pas encore dans le livre",
            "nl": "de aangiften staan nog niet in het boek",
            "en": "the returns are not in the book yet",
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
            "fr": "les PDF imprimés sont joints ; fichiers Factur-X, UBL et statuts manquent",
            "nl": "de gedrukte PDF's zijn bijgevoegd; Factur-X, UBL en statussen ontbreken",
            "en": "the printed PDFs are there; files of Factur-X or UBL and statuses are not",
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
        "missing",
        (),
        {
            "fr": "Duplicatas de créances irrécouvrables",
            "nl": "Duplicaten van oninbare vorderingen",
            "en": "Duplicates for bad debts",
        },
        {
            "fr": "ce logiciel ne les établit pas encore",
            "nl": "deze software maakt ze nog niet",
            "en": "this software does not make them yet",
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
        ("lists/payments.csv",),
        {
            "fr": "Relevés bancaires",
            "nl": "Bankafschriften",
            "en": "Bank statements",
        },
        {
            "fr": "les paiements enregistrés sont là, les relevés eux-mêmes non",
            "nl": "de geboekte betalingen zijn er, de afschriften zelf niet",
            "en": "recorded payments are there, the statements themselves are not",
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
