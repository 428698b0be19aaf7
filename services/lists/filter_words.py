"""The readers' words for the fields of filters, and for what is chosen in them."""

import re

from domain.book.refusal import words
from services.files.table import TRUTHS, Language, Words
from services.lists.headings import CODES, HEADINGS

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)

FILTERS: dict[str, Words] = {
    **{name: words(*(text.lower() for text in label)) for name, (_, *label) in HEADINGS.items()},
    "actor": words("by", "par", "door"),
    "amount_from": words("amount from", "montant à partir de", "bedrag vanaf"),
    "amount_to": words("amount up to", "montant jusqu'à", "bedrag tot"),
    "as_of": words("as of", "situation au", "toestand op"),
    "bands": words("bands of days", "tranches de jours", "schijven van dagen"),
    "by": words("age by", "âge selon", "ouderdom volgens"),
    "customer_id": words("customer", "client", "klant"),
    "date_from": words("from", "à partir du", "vanaf"),
    "date_to": words("until", "jusqu'au", "tot en met"),
    "document_id": words("document", "pièce", "stuk"),
    "due_from": words("due from", "échéance à partir du", "vervallend vanaf"),
    "due_to": words("due until", "échéance jusqu'au", "vervallend tot"),
    "gross_from": words("total from", "total à partir de", "totaal vanaf"),
    "gross_to": words("total up to", "total jusqu'à", "totaal tot"),
    "issued_from": words("issued from", "émises à partir du", "uitgereikt vanaf"),
    "issued_to": words("issued until", "émises jusqu'au", "uitgereikt tot"),
    "journal_kind": words("kind of journal", "type de journal", "soort dagboek"),
    "lettered": words("lettered", "lettrées", "afgepunt"),
    "made_from": words("lettered from", "lettrés à partir du", "afgepunt vanaf"),
    "made_to": words("lettered until", "lettrés jusqu'au", "afgepunt tot"),
    "number_from": words("number from", "numéro à partir de", "nummer vanaf"),
    "number_to": words("number up to", "numéro jusqu'à", "nummer tot"),
    "on": words("judged on", "appréciée au", "beoordeeld op"),
    "open_from": words("open from", "reste dû à partir de", "openstaand vanaf"),
    "open_to": words("open up to", "reste dû jusqu'à", "openstaand tot"),
    "overdue": words("overdue", "en retard", "achterstallig"),
    "paid": words("paid", "payées", "betaald"),
    "party": words("third party", "tiers", "derde"),
    "period": words("period", "période", "periode"),
    "period_from": words("periods from", "périodes à partir de", "periodes vanaf"),
    "period_to": words("periods until", "périodes jusqu'à", "periodes tot"),
    "q": words("words", "mots", "woorden"),
    "settled_from": words("settled from", "soldées à partir du", "vereffend vanaf"),
    "settled_to": words("settled until", "soldées jusqu'au", "vereffend tot"),
    "statement": words("bank statement", "extrait bancaire", "bankuittreksel"),
    "status": words("status", "statut", "status"),
    "undone_from": words("undone from", "défaits à partir du", "ongedaan gemaakt vanaf"),
    "undone_to": words("undone until", "défaits jusqu'au", "ongedaan gemaakt tot"),
    "valid_from": words("valid from", "valables à partir du", "geldig vanaf"),
    "valid_to": words("valid until", "valables jusqu'au", "geldig tot"),
    "year": words("fiscal year", "exercice", "boekjaar"),
}
"""By the name of the field; a field that is not here is shown by its own name."""


CHOSEN: dict[str, Words] = {
    "all": words("all", "toutes", "alle"),
    "open": words("open", "ouvertes", "openstaand"),
}
"""Words that stand in filters alone."""
DESCENDING = words("{}, descending", "{}, décroissant", "{}, aflopend")


def order_in_words(sort: str, language: Language) -> str:
    """An order as the reader says it: the column it goes by."""
    name = sort.removeprefix("-")
    word = FILTERS.get(name, {}).get(language, name)
    return DESCENDING[language].format(word) if sort.startswith("-") else word


def in_words(value: str, language: Language) -> str:
    """What was chosen, as the reader writes it: days, yes and no, and words of ours."""
    if value in ("true", "false"):
        return TRUTHS[value == "true"][language]
    if language != "en" and (day := _DAY.fullmatch(value)):
        return f"{day[3]}/{day[2]}/{day[1]}"
    return CHOSEN.get(value, CODES.get(value, {})).get(language, value)
