"""The problems of the HTTP door, as data: code, status, title and what to do, in three languages.

Refusals of the domain bring their own words; these are the others. `/problems/{code}` explains
every one of both kinds.
"""

from msgspec import Struct

from domain.book.refusal import words


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of problem: its stable code, HTTP status, and words by language."""

    code: str
    status: int
    title: dict[str, str]
    detail: dict[str, str]


def _kind(
    code: str, status: int, title: tuple[str, str, str], detail: tuple[str, str, str]
) -> Kind:
    return Kind(code=code, status=status, title=words(*title), detail=words(*detail))


MALFORMED_BODY = _kind(
    "malformed_body",
    400,
    ("Malformed body", "Corps malformé", "Ongeldige body"),
    (
        "The body is not well-formed JSON in UTF-8, or holds numbers that JSON does not have.",
        "Le corps n'est pas du JSON bien formé en UTF-8, ou contient des nombres impossibles.",
        "De body is geen geldige JSON in UTF-8, of bevat getallen die JSON niet kent.",
    ),
)
PARAMETER_INVALID = _kind(
    "parameter_invalid",
    400,
    ("Invalid parameter", "Paramètre invalide", "Ongeldige parameter"),
    (
        "A query parameter or header does not have the form that is documented for it.",
        "Un paramètre ou un en-tête n'a pas la forme documentée.",
        "Een parameter of header heeft niet de beschreven vorm.",
    ),
)
UNKNOWN_PARAMETER = _kind(
    "unknown_parameter",
    400,
    ("Unknown parameter", "Paramètre inconnu", "Onbekende parameter"),
    (
        "A query parameter is not known here, or is given twice; nothing is silently ignored.",
        "Un paramètre est inconnu ici, ou donné deux fois ; rien n'est ignoré en silence.",
        "Een parameter is hier onbekend of staat er twee keer; niets wordt stil genegeerd.",
    ),
)
IDEMPOTENCY_KEY_MISSING = _kind(
    "idempotency_key_missing",
    400,
    ("Idempotency-Key missing", "Idempotency-Key manquante", "Idempotency-Key ontbreekt"),
    (
        "Send a header Idempotency-Key of your own, so that a repeat makes nothing twice.",
        "Envoyez un en-tête Idempotency-Key : une répétition ne créera rien deux fois.",
        "Stuur een eigen header Idempotency-Key: een herhaling maakt niets twee keer.",
    ),
)
CURSOR_INVALID = _kind(
    "cursor_invalid",
    400,
    ("Invalid cursor", "Curseur invalide", "Ongeldige cursor"),
    (
        "The cursor was not made by this server. Start again without one.",
        "Le curseur n'a pas été fait par ce serveur. Recommencez sans curseur.",
        "De cursor is niet door deze server gemaakt. Begin opnieuw zonder cursor.",
    ),
)
CURSOR_MISMATCH = _kind(
    "cursor_mismatch",
    400,
    ("Cursor of another list", "Curseur d'une autre liste", "Cursor van een andere lijst"),
    (
        "The cursor belongs to other filters or another order. Keep them, or start again.",
        "Le curseur vient d'autres filtres ou d'un autre tri. Gardez-les, ou recommencez.",
        "De cursor hoort bij andere filters of een andere volgorde. Houd ze, of begin opnieuw.",
    ),
)
UNAUTHENTICATED = _kind(
    "unauthenticated",
    401,
    ("Who are you?", "Qui êtes-vous ?", "Wie bent u?"),
    (
        "Send `Authorization: Bearer pk_live_…` with a key that is neither expired nor revoked.",
        "Envoyez `Authorization: Bearer pk_live_…` avec une clé ni expirée ni révoquée.",
        "Stuur `Authorization: Bearer pk_live_…` met een sleutel die niet vervallen is.",
    ),
)
SCOPE_MISSING = _kind(
    "scope_missing",
    403,
    ("Not allowed with this key", "Clé sans ce droit", "Niet toegestaan met deze sleutel"),
    (
        "The key lacks the scope that this operation asks for.",
        "La clé n'a pas le droit que demande cette opération.",
        "De sleutel heeft niet het recht dat deze bewerking vraagt.",
    ),
)
FIRM_KEY_REQUIRED = _kind(
    "firm_key_required",
    403,
    ("Firm key required", "Clé de cabinet requise", "Kantoorsleutel vereist"),
    (
        "Only a key for all companies may open a company.",
        "Seule une clé valable pour toutes les sociétés peut en ouvrir une.",
        "Alleen een sleutel voor alle ondernemingen kan er een openen.",
    ),
)
NOT_FOUND = _kind(
    "not_found",
    404,
    ("Not found", "Introuvable", "Niet gevonden"),
    (
        "There is nothing here that this key can see.",
        "Il n'y a rien ici que cette clé puisse voir.",
        "Hier is niets dat deze sleutel kan zien.",
    ),
)
METHOD_NOT_ALLOWED = _kind(
    "method_not_allowed",
    405,
    ("Method not allowed", "Méthode non admise", "Methode niet toegestaan"),
    (
        "This address does not take this method; the header Allow says which it takes.",
        "Cette adresse n'admet pas cette méthode ; voir l'en-tête Allow.",
        "Dit adres aanvaardt deze methode niet; zie de header Allow.",
    ),
)
JOB_UNFINISHED = _kind(
    "job_unfinished",
    409,
    ("Not there yet", "Pas encore prêt", "Nog niet klaar"),
    (
        "The job has not ended, or has failed: it has no file. Look at its status.",
        "Le travail n'est pas terminé, ou a échoué : il n'a pas de fichier. Voyez son état.",
        "De taak is niet klaar of is mislukt: er is geen bestand. Bekijk haar status.",
    ),
)
PRECONDITION_FAILED = _kind(
    "precondition_failed",
    412,
    ("Changed meanwhile", "Modifié entre-temps", "Intussen gewijzigd"),
    (
        "It has changed since you read it. Read it again and send its new ETag in If-Match.",
        "L'objet a changé depuis votre lecture. Relisez-le et envoyez son ETag dans If-Match.",
        "Het is gewijzigd sinds u het las. Lees het opnieuw en stuur de ETag in If-Match.",
    ),
)
BODY_TOO_LARGE = _kind(
    "body_too_large",
    413,
    ("Body too large", "Corps trop grand", "Body te groot"),
    (
        "The body is larger than is taken here: 1 MiB of JSON, 20 MiB of files, more of a FEC.",
        "Le corps dépasse la limite : 1 Mio de JSON, 20 Mio de fichiers, davantage pour un FEC.",
        "De body is groter dan hier mag: 1 MiB JSON, 20 MiB bestanden, meer voor een FEC.",
    ),
)
UNSUPPORTED_MEDIA_TYPE = _kind(
    "unsupported_media_type",
    415,
    ("Unsupported media type", "Type de contenu non admis", "Mediatype niet ondersteund"),
    (
        "Send the media type that is documented for this operation in Content-Type.",
        "Indiquez dans Content-Type le type documenté pour cette opération.",
        "Geef in Content-Type het type dat voor deze bewerking beschreven is.",
    ),
)
LINK_EXPIRED = _kind(
    "link_expired",
    410,
    ("The link has expired", "Le lien a expiré", "De link is vervallen"),
    (
        "This link could be opened until a day that is over. Ask its sender for another one.",
        "Ce lien était ouvert jusqu'à un jour passé. Demandez-en un autre à son expéditeur.",
        "Deze link was open tot een dag die voorbij is. Vraag de afzender een andere.",
    ),
)
RANGE_NOT_SATISFIABLE = _kind(
    "range_not_satisfiable",
    416,
    ("No such range", "Plage impossible", "Onmogelijk bereik"),
    (
        "The file has no bytes in this range; the header Content-Range says how long it is.",
        "Le fichier n'a pas d'octets dans cette plage ; Content-Range donne sa longueur.",
        "Het bestand heeft geen bytes in dit bereik; Content-Range zegt hoe lang het is.",
    ),
)
BODY_INVALID = _kind(
    "body_invalid",
    422,
    ("Invalid body", "Corps invalide", "Ongeldige body"),
    (
        "The body does not have the documented form; `errors` says where.",
        "Le corps n'a pas la forme documentée ; `errors` dit où.",
        "De body heeft niet de beschreven vorm; `errors` zegt waar.",
    ),
)
IDEMPOTENCY_KEY_REUSED = _kind(
    "idempotency_key_reused",
    422,
    ("Idempotency-Key reused", "Idempotency-Key réutilisée", "Idempotency-Key hergebruikt"),
    (
        "This Idempotency-Key came before with another request. Take a new one.",
        "Cette Idempotency-Key a déjà servi pour une autre requête. Prenez-en une nouvelle.",
        "Deze Idempotency-Key diende al voor een andere aanvraag. Neem een nieuwe.",
    ),
)
PRECONDITION_REQUIRED = _kind(
    "precondition_required",
    428,
    ("If-Match required", "If-Match requis", "If-Match vereist"),
    (
        "Send the ETag you read in a header If-Match, so that no other change is overwritten.",
        "Envoyez l'ETag lu dans un en-tête If-Match, pour n'écraser aucune autre modification.",
        "Stuur de gelezen ETag in een header If-Match, zodat geen andere wijziging verdwijnt.",
    ),
)
TOO_MANY_REQUESTS = _kind(
    "too_many_requests",
    429,
    ("Too many requests", "Trop de requêtes", "Te veel aanvragen"),
    (
        "This key asks faster than it may. Retry-After says in how many seconds to go on.",
        "Cette clé demande plus vite que permis. Retry-After dit dans combien de secondes.",
        "Deze sleutel vraagt sneller dan mag. Retry-After zegt na hoeveel seconden het kan.",
    ),
)
INTERNAL = _kind(
    "internal",
    500,
    ("Our fault", "Erreur de notre part", "Onze fout"),
    (
        "Something went wrong here. Repeating with the same Idempotency-Key is safe.",
        "Une erreur s'est produite ici. Répéter avec la même Idempotency-Key est sans risque.",
        "Hier ging iets mis. Herhalen met dezelfde Idempotency-Key is veilig.",
    ),
)
STORE_UNAVAILABLE = _kind(
    "store_unavailable",
    503,
    ("Database unreachable", "Base de données injoignable", "Databank onbereikbaar"),
    (
        "The database does not answer. Repeat with the same Idempotency-Key: nothing is lost.",
        "La base ne répond pas. Répétez avec la même Idempotency-Key : rien n'est perdu.",
        "De databank antwoordt niet. Herhaal met dezelfde Idempotency-Key: niets gaat verloren.",
    ),
)
STORAGE_FULL = _kind(
    "storage_full",
    507,
    ("Disk full", "Disque plein", "Schijf vol"),
    (
        "There is no room for what you send; nothing was written. Repeat it later, unchanged.",
        "Il n'y a plus de place ; rien n'a été écrit. Répétez plus tard, sans rien changer.",
        "Er is geen plaats meer; er is niets geschreven. Herhaal het later, ongewijzigd.",
    ),
)
BOOK_UNSOUND = _kind(
    "book_unsound",
    500,
    ("Book is not sound", "Livre altéré", "Boek is niet gaaf"),
    (
        "What is stored is not what was recorded, so nothing is proved: see the operator.",
        "Ce qui est stocké n'est pas ce qui fut inscrit ; rien n'est prouvé : voir l'opérateur.",
        "Wat er staat is niet wat werd ingeschreven; niets wordt bewezen: zie de beheerder.",
    ),
)
PRINTING_UNAVAILABLE = _kind(
    "printing_unavailable",
    503,
    ("Nothing can be printed", "Impression impossible", "Afdrukken lukt niet"),
    (
        "The page could not be made: too long, or this server lacks the libraries for PDF.",
        "La page n'a pu être faite : trop longue, ou le serveur n'a pas de quoi faire un PDF.",
        "De pagina kon niet gemaakt worden: te lang, of de server mist wat voor PDF nodig is.",
    ),
)
PROJECTION_BEHIND = _kind(
    "projection_behind",
    503,
    ("Register behind", "Registre en retard", "Register loopt achter"),
    (
        "The answer would not reach the position in Min-Position yet. Try again shortly.",
        "La réponse n'atteindrait pas encore la position de Min-Position. Réessayez bientôt.",
        "Het antwoord zou de positie van Min-Position nog niet bereiken. Probeer zo opnieuw.",
    ),
)
KINDS: dict[str, Kind] = {
    kind.code: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
