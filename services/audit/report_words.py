"""The words of the audit report, in French, Dutch and English."""

from typing import Final

LANGUAGES: Final = ("fr", "nl", "en")

LABELS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "title": "Rapport d'audit",
        "pass": "Le livre tient : {size} événements relus, aucun des {made} contrôles faits n'a "
        "trouvé d'anomalie.",
        "fail": "Le livre ne tient pas : {failed} des {made} contrôles faits ont trouvé des "
        "anomalies. {first}",
        "error": "Impossible de conclure : il manque de quoi décider. Rien n'est dit du livre.",
        "incomplete": "Contrôle inachevé : ce qui a été relu est sans anomalie, mais tout n'a pas "
        "été relu.",
        "first_at": "La première concerne l'événement {position}.",
        "first_whole": "Elle concerne le fichier entier.",
        "scope": "Portée",
        "company": "Société",
        "book": "Livre",
        "bundle": "Fichier",
        "digest": "SHA-256 du fichier",
        "events": "Événements",
        "chain": "Chaînage en tête",
        "root": "Racine",
        "keys": "Clés des sceaux",
        "software": "Logiciel",
        "code": "Empreinte du code",
        "made_on": "Fait du",
        "to": "au",
        "checks": "Contrôles faits",
        "check": "Contrôle",
        "result": "Résultat",
        "looked_at": "Examinés",
        "failures": "Anomalies",
        "event": "Événement",
        "document": "Document",
        "detail": "Détail (anglais)",
        "not_checked": "Ce qui n'a pas été contrôlé",
        "repeat": "Pour refaire ce contrôle",
        "repeat_ours": "Avec ce logiciel :",
        "repeat_own": "Sans ce logiciel, avec Python 3.9 ou plus récent et rien d'autre, ou en "
        "ouvrant verify.html dans un navigateur :",
        "status_pass": "sans anomalie",
        "status_fail": "anomalies",
        "status_stopped": "inachevé",
        "status_skipped": "non fait",
        "more": "et {more} autres",
    },
    "nl": {
        "title": "Auditverslag",
        "pass": "Het boek houdt stand: {size} gebeurtenissen herlezen, geen van de {made} gemaakte "
        "controles vond een afwijking.",
        "fail": "Het boek houdt geen stand: {failed} van de {made} gemaakte controles vonden "
        "afwijkingen. {first}",
        "error": "Geen uitspraak mogelijk: er ontbreekt iets. Over het boek is niets gezegd.",
        "incomplete": "Onvoltooid: wat herlezen is vertoont geen afwijking, maar niet alles is "
        "herlezen.",
        "first_at": "De eerste betreft gebeurtenis {position}.",
        "first_whole": "Ze betreft het bestand als geheel.",
        "scope": "Voorwerp",
        "company": "Onderneming",
        "book": "Boek",
        "bundle": "Bestand",
        "digest": "SHA-256 van het bestand",
        "events": "Gebeurtenissen",
        "chain": "Ketting aan het einde",
        "root": "Wortel",
        "keys": "Sleutels van de zegels",
        "software": "Software",
        "code": "Vingerafdruk van de code",
        "made_on": "Gemaakt van",
        "to": "tot",
        "checks": "Gemaakte controles",
        "check": "Controle",
        "result": "Resultaat",
        "looked_at": "Bekeken",
        "failures": "Afwijkingen",
        "event": "Gebeurtenis",
        "document": "Document",
        "detail": "Bijzonderheid (Engels)",
        "not_checked": "Wat niet is gecontroleerd",
        "repeat": "Zo doet u deze controle over",
        "repeat_ours": "Met deze software:",
        "repeat_own": "Zonder deze software, met Python 3.9 of nieuwer en niets anders, of door "
        "verify.html in een browser te openen:",
        "status_pass": "geen afwijking",
        "status_fail": "afwijkingen",
        "status_stopped": "onvoltooid",
        "status_skipped": "niet gemaakt",
        "more": "en {more} andere",
    },
    "en": {
        "title": "Audit report",
        "pass": "The book holds: {size} events were read again, none of the {made} checks made "
        "found anything wrong.",
        "fail": "The book does not hold: {failed} of the {made} checks made found something wrong. "
        "{first}",
        "error": "Undecidable: something needed is missing. Nothing is said of the book.",
        "incomplete": "Not finished: what was read shows nothing wrong, but not all was read.",
        "first_at": "The first is at event {position}.",
        "first_whole": "It is about the file as a whole.",
        "scope": "Scope",
        "company": "Company",
        "book": "Book",
        "bundle": "File",
        "digest": "SHA-256 of the file",
        "events": "Events",
        "chain": "Chain at the head",
        "root": "Root",
        "keys": "Keys of the seals",
        "software": "Software",
        "code": "Digest of the code",
        "made_on": "Made from",
        "to": "to",
        "checks": "Checks made",
        "check": "Check",
        "result": "Result",
        "looked_at": "Looked at",
        "failures": "Findings",
        "event": "Event",
        "document": "Document",
        "detail": "Detail",
        "not_checked": "What was not checked",
        "repeat": "How to repeat this",
        "repeat_ours": "With this software:",
        "repeat_own": "Without this software, with Python 3.9 or newer and nothing else, or by "
        "opening verify.html in a browser:",
        "status_pass": "nothing wrong",
        "status_fail": "findings",
        "status_stopped": "not finished",
        "status_skipped": "not made",
        "more": "and {more} more",
    },
}

NOT_CHECKED: Final[dict[str, dict[str, str]]] = {
    "entered": {
        "fr": "Que chaque opération a été saisie : aucun livre ne montre ce qui y manque.",
        "nl": "Dat elke verrichting is ingevoerd: geen boek toont wat er nooit in stond.",
        "en": "That every operation was entered: no book shows what never was.",
    },
    "tail": {
        "fr": "Que la fin du livre n'a pas été coupée, ou le tout refait : il faut une taille et "
        "une racine, ou un sceau, conservés ailleurs.",
        "nl": "Dat het einde niet is afgeknipt of alles opnieuw gemaakt: daarvoor is een elders "
        "bewaarde grootte en wortel, of een zegel, nodig.",
        "en": "That the end was not cut off, or all of it made again: this takes a size and root, "
        "or a seal, kept elsewhere.",
    },
    "whose_keys": {
        "fr": "À qui appartiennent les clés jointes au fichier : donnez une clé reçue autrement.",
        "nl": "Van wie de bijgevoegde sleutels zijn: geef een anders ontvangen sleutel.",
        "en": "Whose keys came with the file: give a key received in another way.",
    },
    "timestamps": {
        "fr": "La signature des jetons d'horodatage, et donc leur heure : il faut le certificat de "
        "l'autorité. Chacun porte bien sur son sceau.",
        "nl": "De handtekening van de tijdstempels, en dus hun uur: dat vergt het certificaat van "
        "de autoriteit. Elk gaat wel over zijn zegel.",
        "en": "The signature of the time stamps, and so their time: it takes the authority's "
        "certificate. Each is about its seal.",
    },
    "media_types": {
        "fr": "Le nom et le type des pièces d'origine : seuls leurs octets sont dans le livre.",
        "nl": "Naam en type van de originele stukken: alleen hun bytes staan in het boek.",
        "en": "Names and types of originals: only their bytes are in the book.",
    },
    "before": {
        "fr": "Les événements avant {why} : rejoués, car les suivants en dépendent, mais non jugés "
        "(--from).",
        "nl": "De gebeurtenissen vóór {why}: opnieuw gespeeld omdat latere erop steunen, maar niet "
        "beoordeeld (--from).",
        "en": "Events before {why}: replayed, for later ones build on them, but not judged "
        "(--from).",
    },
    "after": {
        "fr": "Le sens des événements après {why} (--to, --as-of) : leurs empreintes seules sont "
        "vérifiées.",
        "nl": "De betekenis van de gebeurtenissen na {why} (--to, --as-of): enkel hun "
        "vingerafdrukken zijn nagegaan.",
        "en": "What the events after {why} mean (--to, --as-of): only their hashes were verified.",
    },
    "resumed": {
        "fr": "Les {why} premiers événements ont été relus par un passage antérieur sur cette "
        "machine, repris ici (--resume).",
        "nl": "De eerste {why} gebeurtenissen zijn herlezen door een eerdere run op deze machine, "
        "hier voortgezet (--resume).",
        "en": "The first {why} events were read by an earlier run on this machine, resumed here "
        "(--resume).",
    },
}

WHY: Final[dict[str, dict[str, str]]] = {
    "not asked for": {"fr": "non demandé", "nl": "niet gevraagd", "en": "not asked for"},
    "no database was named (--company)": {
        "fr": "aucune base n'était indiquée (--company)",
        "nl": "er was geen databank genoemd (--company)",
        "en": "no database was named (--company)",
    },
    "the bundle has no seals": {
        "fr": "le fichier ne contient aucun sceau",
        "nl": "het bestand bevat geen zegels",
        "en": "the bundle has no seals",
    },
}
