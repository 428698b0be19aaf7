"""Why a FEC, or a line of it, is not taken in; and why one that was is not taken back."""

from datetime import date

from domain.book.refusal import Refused, words

LAW = "LPF art. A47 A-1"


class FecIsNoText(Refused, frozen=True, kw_only=True):
    """The file is no text in UTF-8, ISO 8859-15 or Windows-1252."""

    code = "fec_not_text"
    rule = LAW
    text = words(
        en="The file is no text in UTF-8 or ISO 8859-15.",
        fr="Le fichier n'est pas un texte en UTF-8 ou ISO 8859-15.",
        nl="Het bestand is geen tekst in UTF-8 of ISO 8859-15.",
    )


class FecColumnIsMissing(Refused, frozen=True, kw_only=True):
    """The first line does not name a column that the decree wants, or names one twice."""

    code = "fec_column_missing"
    rule = LAW
    text = words(
        en="The first line must name {column} once, behind tabs or |.",
        fr="La première ligne doit nommer {column} une fois, entre tabulations ou |.",
        nl="De eerste regel moet {column} één keer noemen, tussen tabs of |.",
    )

    column: str


class FecVariantIsUnsupported(Refused, frozen=True, kw_only=True):
    """The file is one of a treasury bookkeeping (BNC, BA): its lines need not be entries."""

    code = "fec_variant_unsupported"
    rule = LAW
    text = words(
        en="Column {column} belongs to the treasury variant (BNC, BA), which is not taken in.",
        fr="La colonne {column} est de la variante de trésorerie (BNC, BA), qui n'est pas reprise.",
        nl="Kolom {column} hoort bij de kasvariant (BNC, BA), die niet wordt ingelezen.",
    )

    column: str


class FecIsTooLarge(Refused, frozen=True, kw_only=True):
    """A line, an entry or the whole file is longer than anything that is meant."""

    code = "fec_too_large"
    rule = LAW
    text = words(
        en="More than {most} {what}.",
        fr="Plus de {most} {what}.",
        nl="Meer dan {most} {what}.",
    )

    most: int
    what: str


class FecLineIsBroken(Refused, frozen=True, kw_only=True):
    """A line has more or fewer fields than the first one."""

    code = "fec_line_broken"
    rule = LAW
    text = words(
        en="The line has {count} fields, the first one {expected}.",
        fr="La ligne a {count} zones, la première {expected}.",
        nl="De regel heeft {count} velden, de eerste {expected}.",
    )

    count: int
    expected: int


class FecDayIsUnknown(Refused, frozen=True, kw_only=True):
    """A date is no day of the calendar written AAAAMMJJ."""

    code = "fec_day_unknown"
    rule = LAW
    text = words(
        en="“{day}” is no day.",
        fr="« {day} » n'est pas une date.",
        nl="“{day}” is geen dag.",
    )

    day: str


class FecDayIsOutside(Refused, frozen=True, kw_only=True):
    """An entry is dated outside the exercise."""

    code = "fec_day_outside"
    rule = LAW
    text = words(
        en="{day} is not in the exercise from {first} to {until}.",
        fr="Le {day} n'est pas dans l'exercice du {first} au {until}.",
        nl="{day} ligt niet in het boekjaar van {first} tot {until}.",
    )

    day: date
    first: date
    until: date


class FecAmountIsWrong(Refused, frozen=True, kw_only=True):
    """An amount is not written with a decimal comma, or a line has two sides."""

    code = "fec_amount_wrong"
    rule = LAW
    text = words(
        en="“{amount}” is no amount with a decimal comma on one side of the line.",
        fr="« {amount} » n'est pas un montant à virgule décimale, d'un seul côté de la ligne.",
        nl="“{amount}” is geen bedrag met een komma aan één kant van de regel.",
    )

    amount: str


class FecAccountIsWrong(Refused, frozen=True, kw_only=True):
    """An account does not begin with three digits."""

    code = "fec_account_wrong"
    rule = LAW
    text = words(
        en="“{account}” is no account: three digits, then at most 17 digits or letters.",
        fr="« {account} » n'est pas un compte : trois chiffres, puis 17 chiffres ou lettres.",
        nl="“{account}” is geen rekening: drie cijfers, dan hoogstens 17 cijfers of letters.",
    )

    account: str


class FecEntryIsUnbalanced(Refused, frozen=True, kw_only=True):
    """The lines of an entry do not balance, or there is only one."""

    code = "fec_entry_unbalanced"
    rule = LAW
    text = words(
        en="Entry {number} has {count} lines, debit {debit} and credit {credit} cents.",
        fr="L'écriture {number} a {count} lignes, débit {debit} et crédit {credit} centimes.",
        nl="Boeking {number} heeft {count} regels, debet {debit} en credit {credit} cent.",
    )

    number: str
    count: int
    debit: int
    credit: int


class FecEntryIsTorn(Refused, frozen=True, kw_only=True):
    """Two lines of an entry have different dates."""

    code = "fec_entry_torn"
    rule = LAW
    text = words(
        en="Entry {number} has lines of {day} and of {other}.",
        fr="L'écriture {number} a des lignes du {day} et du {other}.",
        nl="Boeking {number} heeft regels van {day} en van {other}.",
    )

    number: str
    day: date
    other: date


class FecNumberIsDouble(Refused, frozen=True, kw_only=True):
    """Two entries of a journal have the same EcritureNum."""

    code = "fec_number_double"
    rule = LAW
    text = words(
        en="Entry {number} of journal {journal} is in the file already, from line {first} on.",
        fr="L'écriture {number} du journal {journal} est déjà dans le fichier, ligne {first}.",
        nl="Boeking {number} van dagboek {journal} staat al in het bestand, vanaf regel {first}.",
    )

    number: str
    journal: str
    first: int


class FecIsOfAnother(Refused, frozen=True, kw_only=True):
    """The name of the file tells another company."""

    code = "fec_of_another"
    rule = LAW
    text = words(
        en="The file is named after SIREN {siren}, the company's is {own}.",
        fr="Le fichier porte le SIREN {siren}, celui de la société est {own}.",
        nl="Het bestand draagt SIREN {siren}, dat van de onderneming is {own}.",
    )

    siren: str
    own: str


class FecExerciseDiffers(Refused, frozen=True, kw_only=True):
    """The exercise does not close on the day on which the company's fiscal year ends."""

    code = "fec_exercise_differs"
    rule = LAW
    text = words(
        en="The file closes on {closing}, the company's fiscal year on {until}.",
        fr="Le fichier clôture le {closing}, l'exercice de la société le {until}.",
        nl="Het bestand sluit op {closing}, het boekjaar van de onderneming op {until}.",
    )

    closing: date
    until: date


class FecPeriodIsTaken(Refused, frozen=True, kw_only=True):
    """The book has entries of that exercise or of one before, or another FEC stands in it."""

    code = "fec_period_taken"
    rule = "M53"
    text = words(
        en="The book has entries of {exercise} or before, or of another FEC: figures would double.",
        fr="Le livre a des écritures de {exercise} ou avant, ou d'un autre FEC : il y aurait "
        "des doublons.",
        nl="Het boek heeft boekingen van {exercise} of eerder, of van een ander FEC: cijfers "
        "zouden dubbel tellen.",
    )

    exercise: int


class FecImportIsUnfinished(Refused, frozen=True, kw_only=True):
    """Another import was begun and not ended: it is to be gone on with, or undone."""

    code = "fec_import_unfinished"
    rule = "M53"
    text = words(
        en="Import {batch_id} is not finished: take its file in again, or undo it.",
        fr="L'import {batch_id} n'est pas terminé : reprenez son fichier, ou annulez-le.",
        nl="Import {batch_id} is niet af: lees zijn bestand opnieuw in, of maak hem ongedaan.",
    )

    batch_id: str


class FecImportIsUsed(Refused, frozen=True, kw_only=True):
    """Something stands on what was taken in: a lettering joins one of its lines."""

    code = "fec_import_used"
    rule = "M53"
    text = words(
        en="Lettering {letters} joins a line of the import: undo that first.",
        fr="Le lettrage {letters} porte sur une ligne de l'import : défaites-le d'abord.",
        nl="Afpunting {letters} betreft een regel van de import: maak die eerst ongedaan.",
    )

    letters: str
