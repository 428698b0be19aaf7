"""Why a file of bank statements is refused: where in it, and what is wrong there."""

from typing import NoReturn

from domain.book.refusal import Refusals, Refused, words

REASONS: dict[str, dict[str, str]] = {
    "not_a_statement": words(
        en="this is no CODA, CAMT.053, MT940 or list of movements",
        fr="ce n'est ni du CODA, ni du CAMT.053, ni du MT940, ni une liste de mouvements",
        nl="dit is geen CODA, CAMT.053, MT940 of lijst van bewegingen",
    ),
    "too_large": words(
        en="the file is too large", fr="le fichier est trop grand", nl="het bestand is te groot"
    ),
    "undecodable": words(
        en="there are bytes that are no text",
        fr="des octets ne sont pas du texte",
        nl="er staan bytes die geen tekst zijn",
    ),
    "record_length": words(
        en="a record has 128 characters, trailing spaces included",
        fr="un enregistrement compte 128 caractères, espaces finaux compris",
        nl="een record telt 128 tekens, spaties op het einde inbegrepen",
    ),
    "record_unknown": words(
        en="there is no such record", fr="cet enregistrement n'existe pas", nl="onbekend record"
    ),
    "record_order": words(
        en="this record does not belong here",
        fr="cet enregistrement n'a pas sa place ici",
        nl="dit record hoort hier niet",
    ),
    "version": words(en="this version is not known", fr="version inconnue", nl="onbekende versie"),
    "malformed": words(
        en="{detail} is malformed", fr="{detail} est malformé", nl="{detail} is ongeldig"
    ),
    "missing": words(en="{detail} is missing", fr="{detail} manque", nl="{detail} ontbreekt"),
    "account_changes": words(
        en="the closing balance is of another account than the opening balance",
        fr="le solde final est celui d'un autre compte que le solde initial",
        nl="het eindsaldo is van een andere rekening dan het beginsaldo",
    ),
    "balance": words(
        en="opening balance and lines make {detail}",
        fr="le solde initial et les lignes font {detail}",
        nl="beginsaldo en regels maken {detail}",
    ),
    "total": words(
        en="the lines make {detail}", fr="les lignes font {detail}", nl="de regels maken {detail}"
    ),
    "record_count": words(
        en="there are {detail} records",
        fr="il y a {detail} enregistrements",
        nl="er zijn {detail} records",
    ),
    "cut_off": words(
        en="the file ends before its end",
        fr="le fichier est tronqué",
        nl="het bestand is afgebroken",
    ),
    "currency": words(
        en="the currency is another one, or unknown",
        fr="la devise est une autre, ou inconnue",
        nl="de munt is een andere, of onbekend",
    ),
    "xml_malformed": words(
        en="the XML is not well-formed", fr="le XML est malformé", nl="de XML is ongeldig"
    ),
    "xml_forbidden": words(
        en="document types and entities are not allowed",
        fr="les DTD et entités sont interdites",
        nl="documenttypes en entiteiten zijn niet toegelaten",
    ),
    "too_complex": words(
        en="there is more in it than in any statement",
        fr="le contenu dépasse celui de tout extrait",
        nl="er staat meer in dan in om het even welk uittreksel",
    ),
    "no_layout": words(
        en="nobody has said how the lists of {detail} are written",
        fr="le format des listes de {detail} n'a pas été décrit",
        nl="de indeling van de lijsten van {detail} is niet beschreven",
    ),
    "empty": words(
        en="there are no movements", fr="il n'y a aucun mouvement", nl="er zijn geen bewegingen"
    ),
}


class StatementFileIsWrong(Refused, frozen=True, kw_only=True):
    """A file of bank statements cannot be read; nothing of it is booked.

    `line` and `column` count from 1 (0: the file as a whole); `reason` is a stable name of the
    fault, `detail` what it is about.
    """

    code = "statement_file_wrong"
    rule = "C3"
    text = words(
        en="{source}, line {line}, column {column}: {reason} {detail}.",
        fr="{source}, ligne {line}, colonne {column} : {reason} {detail}.",
        nl="{source}, regel {line}, kolom {column}: {reason} {detail}.",
    )

    source: str
    line: int
    column: int
    reason: str
    detail: str = ""

    def explain(self, language: str = "en") -> str:
        """The refusal in words."""
        reasons = REASONS[self.reason]
        why = (reasons.get(language) or reasons["en"]).format(detail=self.detail)
        text = self.text.get(language) or self.text["en"]
        return text.replace("{reason} {detail}", "{why}").format(**{**self.values(), "why": why})


def refuse(source: str, line: int, column: int, reason: str, detail: str = "") -> NoReturn:
    """Raises Refusals for a fault at a place of the file."""
    raise Refusals(
        StatementFileIsWrong(
            source=source,
            line=line,
            column=column,
            reason=reason,
            detail=detail[:80],
            pointer="/file",
        )
    )
