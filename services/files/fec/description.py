"""The description that goes with a FEC: its fields, codes, journals and how it was made.

The office may ask for it with the file (BOI-CF-IOR-60-40-20, §10); it is in French as the file is.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from services.files.fec.line import COLUMNS, END_OF_LINE, Encoding, plain, write_amount
from services.files.fec.naming import Frame

CHARSETS: dict[Encoding, str] = {
    "iso-8859-15": "ISO 8859-15 (latin-9), les autres caractères étant translittérés",
    "utf-8": "UTF-8 sans marque d'ordre (BOM)",
}
MEANINGS = dict(
    zip(
        COLUMNS,
        (
            "code du journal",
            "libellé du journal",
            (
                "numéro de l'écriture : suite continue de 1 à n, dans l'ordre de validation, "
                "tous journaux confondus"
            ),
            "date de comptabilisation, AAAAMMJJ",
            "numéro de compte (PCG)",
            "libellé du compte",
            "compte auxiliaire du tiers : le code de sa fiche, sinon # et un numéro permanent",
            "nom du tiers",
            "référence de la pièce justificative",
            "date de la pièce justificative, AAAAMMJJ",
            "libellé de la ligne",
            "montant au débit",
            "montant au crédit",
            (
                "lettrage en vigueur à la position indiquée : en capitales il est total, en "
                "minuscules partiel ; un code suivi d'une année est d'un exercice ultérieur"
            ),
            "date du lettrage : celle de la ligne la plus récente, AAAAMMJJ",
            "date de validation : jour légal où l'écriture est devenue définitive, AAAAMMJJ",
            "montant en devise (non utilisé : les écritures sont en euros)",
            "devise (non utilisé)",
        ),
        strict=True,
    )
)


class JournalSum(Struct, frozen=True, kw_only=True):
    """What a journal counts in the file, in entries, lines and cents."""

    code: str
    label: str
    entries: int
    lines: int
    debit: int
    credit: int


class Described(Struct, frozen=True, kw_only=True):
    """What a description says about one file; `position` is that of the book it was made from."""

    frame: Frame
    company: str
    encoding: Encoding
    position: int
    sha256: str
    size: int
    journals: tuple[JournalSum, ...]
    validated_until: date | None
    opens: bool


def describe(said: Described) -> bytes:
    """The description as a text, in the encoding of the file."""
    lines = (plain(line, said.encoding) if line else "" for line in _lines(said))
    return "".join(f"{line}{END_OF_LINE}" for line in lines).encode(said.encoding)


def _lines(said: Described) -> Iterator[str]:
    frame = said.frame
    yield "Fichier des écritures comptables (FEC) : descriptif"
    yield "Article L. 47 A, I, et article A. 47 A-1 du livre des procédures fiscales"
    yield ""
    yield f"Société : {said.company}"
    yield f"SIREN : {frame.siren}"
    yield f"Exercice : du {_french(frame.first)} au {_french(frame.last)}"
    yield f"Fichier : {frame.name}"
    yield f"Taille : {said.size} octets ; SHA-256 : {said.sha256}"
    yield "Logiciel comptable : Paraphe"
    yield f"Établi sur le livre à la position {said.position}"
    yield from _provisional(said)
    yield ""
    yield "Format : fichier à plat, une ligne d'en-tête puis une ligne par enregistrement"
    yield f"Jeu de caractères : {CHARSETS[said.encoding]}"
    yield "Séparateur de champs : tabulation ; fin de ligne : CR LF ; pas de guillemets"
    yield "Montants : en euros, virgule décimale, deux décimales, sans séparateur de milliers"
    yield "Une ligne porte un montant au débit ou au crédit, 0,00 dans l'autre colonne"
    yield from _contents(said)
    yield ""
    yield "Champs :"
    for place, name in enumerate(COLUMNS, 1):
        yield f"{place} {name} : {MEANINGS[name]}"
    yield ""
    yield "Journaux :"
    yield from map(_journal, said.journals)
    yield from _sums(said.journals)


def _provisional(said: Described) -> Iterator[str]:
    until = said.validated_until
    if until is not None:
        yield f"Dernière validation : {_french(until)}"
        if until <= said.frame.last:
            yield "Fichier provisoire : l'exercice n'était pas achevé à la dernière validation"


def _contents(said: Described) -> Iterator[str]:
    yield (
        "Contenu : toutes les écritures validées de l'exercice, de tous les journaux, sans "
        "centralisation, dans l'ordre de leur validation"
    )
    if said.opens:
        yield (
            "Écriture no 1 : à-nouveaux, soldes de la clôture précédente ; tiers en détail, les "
            "lignes lettrées dans l'exercice étant reprises une à une ; charges et produits soldés "
            "par les comptes 120 et 129"
        )


def _journal(journal: JournalSum) -> str:
    return (
        f"{journal.code} {journal.label} : {journal.entries} écritures, {journal.lines} lignes, "
        f"débit {write_amount(journal.debit)}, crédit {write_amount(journal.credit)}"
    )


def _sums(journals: Iterable[JournalSum]) -> Iterator[str]:
    every = tuple(journals)
    whole = JournalSum(
        code="Total",
        label="",
        entries=sum(each.entries for each in every),
        lines=sum(each.lines for each in every),
        debit=sum(each.debit for each in every),
        credit=sum(each.credit for each in every),
    )
    yield _journal(whole)


def _french(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
