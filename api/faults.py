"""What can be wrong with one field of a request: stable codes, in three languages."""

from domain.book.refusal import words

FAULTS: dict[str, dict[str, str]] = {
    "missing": words("This is missing.", "Ceci manque.", "Dit ontbreekt."),
    "unknown_field": words(
        "There is no such field here.", "Ce champ n'existe pas ici.", "Dit veld bestaat hier niet."
    ),
    "wrong_type": words(
        "This is of another type than documented.",
        "Le type diffère de celui qui est documenté.",
        "Dit is van een ander type dan beschreven.",
    ),
    "wrong_format": words(
        "This does not have the documented form.",
        "La forme diffère de celle qui est documentée.",
        "Dit heeft niet de beschreven vorm.",
    ),
    "wrong_length": words(
        "This is too long, too short, or empty.",
        "C'est trop long, trop court, ou vide.",
        "Dit is te lang, te kort of leeg.",
    ),
    "out_of_bounds": words(
        "This number is out of bounds.", "Nombre hors limites.", "Dit getal valt buiten de grenzen."
    ),
    "not_one_of": words(
        "This is none of the documented values.",
        "Ce n'est aucune des valeurs documentées.",
        "Dit is geen van de beschreven waarden.",
    ),
    "mixed_currencies": words(
        "One document is in one currency.",
        "Un document est dans une seule devise.",
        "Eén document is in één munteenheid.",
    ),
    "unreadable_text": words(
        "This text holds control or direction characters.",
        "Ce texte contient des caractères de contrôle ou de direction.",
        "Deze tekst bevat stuur- of richtingstekens.",
    ),
}
