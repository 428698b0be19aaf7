"""Why a reminder is not issued, or does not leave."""

from datetime import date

from domain.book.refusal import Refused, words


class InstalmentIsMisplaced(Refused, frozen=True, kw_only=True):
    """A line is no instalment of an invoice of that customer in that currency."""

    code = "instalment_misplaced"
    rule = "M43"
    text = words(
        en="Line {line} of entry {entry} is no instalment of this customer in {currency}.",
        fr="La ligne {line} de l'écriture {entry} n'est pas une échéance de ce client en "
        "{currency}.",
        nl="Regel {line} van boeking {entry} is geen termijn van deze klant in {currency}.",
    )

    entry: int
    line: int
    currency: str


class InstalmentIsSettled(Refused, frozen=True, kw_only=True):
    """Nothing is owed of the instalment any more: lettering stops reminders."""

    code = "instalment_settled"
    rule = "M43"
    text = words(
        en="Nothing is open of the instalment of {number} due {due}.",
        fr="Il ne reste rien dû sur l'échéance du {due} de {number}.",
        nl="Er staat niets open op de termijn van {number} vervallen op {due}.",
    )

    number: str
    due: date


class InstalmentIsNotDue(Refused, frozen=True, kw_only=True):
    """The instalment falls due later, or today."""

    code = "instalment_not_due"
    rule = "M43"
    text = words(
        en="The instalment of {number} is due on {due}: it is not overdue.",
        fr="L'échéance de {number} est au {due} : elle n'est pas dépassée.",
        nl="De termijn van {number} vervalt op {due}: hij is niet te laat.",
    )

    number: str
    due: date


class BankIsNotBooked(Refused, frozen=True, kw_only=True):
    """The bank is not booked past that day: the customer may have paid."""

    code = "bank_not_booked"
    rule = "M43"
    text = words(
        en="The bank must be booked past {needed} before {number} is reminded.",
        fr="La banque doit être saisie au-delà du {needed} avant de relancer {number}.",
        nl="De bank moet geboekt zijn tot na {needed} voor {number} wordt aangemaand.",
    )

    number: str
    needed: date


class CreditCoversDebt(Refused, frozen=True, kw_only=True):
    """What the customer paid or was credited, and nobody lettered, covers what is reminded."""

    code = "credit_covers_debt"
    rule = "M43"
    text = words(
        en="{customer} has {credits} that is not lettered, and owes {owed}: letter it first.",
        fr="{customer} a {credits} non lettrés et doit {owed} : lettrez d'abord.",
        nl="{customer} heeft {credits} niet afgepunt en is {owed} schuldig: punt eerst af.",
    )

    customer: str
    credits: int
    owed: int


class LevelIsIssued(Refused, frozen=True, kw_only=True):
    """An instalment is reminded once at each level."""

    code = "reminder_level_issued"
    rule = "M43"
    text = words(
        en="Level {level} of {number} was issued as {reminder}.",
        fr="Le niveau {level} de {number} a été émis : {reminder}.",
        nl="Niveau {level} van {number} is uitgegaan als {reminder}.",
    )

    level: int
    number: str
    reminder: str


class LevelIsOutOfOrder(Refused, frozen=True, kw_only=True):
    """The level before has not been issued."""

    code = "reminder_level_order"
    rule = "M43"
    text = words(
        en="The next level of {number} is {expected}, not {level}.",
        fr="Le prochain niveau de {number} est {expected}, pas {level}.",
        nl="Het volgende niveau van {number} is {expected}, niet {level}.",
    )

    level: int
    number: str
    expected: int


class ReminderIsUnsent(Refused, frozen=True, kw_only=True):
    """The level before was issued and has not left."""

    code = "reminder_unsent"
    rule = "M43"
    text = words(
        en="{reminder}, the level before for {number}, has not been sent.",
        fr="{reminder}, le niveau précédent de {number}, n'est pas envoyé.",
        nl="{reminder}, het vorige niveau van {number}, is niet verstuurd.",
    )

    reminder: str
    number: str


class ReminderIsTooEarly(Refused, frozen=True, kw_only=True):
    """The days after the due date, or after the letter before, are not over."""

    code = "reminder_too_early"
    rule = "M43"
    text = words(
        en="Level {level} of {number} may be issued from {earliest} on.",
        fr="Le niveau {level} de {number} peut être émis à partir du {earliest}.",
        nl="Niveau {level} van {number} kan vanaf {earliest} uitgaan.",
    )

    level: int
    number: str
    earliest: date


class MailAddressIsMissing(Refused, frozen=True, kw_only=True):
    """A mail needs an address."""

    code = "mail_address_missing"
    rule = "M43"
    text = words(
        en="{customer} has no mail address: remind by post.",
        fr="{customer} n'a pas d'adresse électronique : relancez par courrier.",
        nl="{customer} heeft geen e-mailadres: maan aan per post.",
    )

    customer: str


class ReminderIsUnknown(Refused, frozen=True, kw_only=True):
    """No reminder has that id in this book."""

    code = "reminder_unknown"
    rule = "M43"
    text = words(
        en="There is no reminder {reminder_id}.",
        fr="Il n'y a pas de relance {reminder_id}.",
        nl="Er is geen aanmaning {reminder_id}.",
    )

    reminder_id: str


class ReminderIsSent(Refused, frozen=True, kw_only=True):
    """The letter left already."""

    code = "reminder_sent"
    rule = "M43"
    text = words(
        en="Reminder {number} was sent.",
        fr="La relance {number} est envoyée.",
        nl="Aanmaning {number} is verstuurd.",
    )

    number: str


class ReminderHasFailed(Refused, frozen=True, kw_only=True):
    """The letter never leaves: its level is issued anew."""

    code = "reminder_failed"
    rule = "M43"
    text = words(
        en="Reminder {number} failed for good: issue its level anew.",
        fr="La relance {number} a échoué définitivement : émettez de nouveau son niveau.",
        nl="Aanmaning {number} is definitief mislukt: geef het niveau opnieuw uit.",
    )

    number: str


class ReminderIsStale(Refused, frozen=True, kw_only=True):
    """Since the letter was issued something of it was paid, disputed or lost."""

    code = "reminder_stale"
    rule = "M43"
    text = words(
        en="Reminder {number} no longer says what is owed: it is not sent.",
        fr="La relance {number} ne dit plus ce qui est dû : elle n'est pas envoyée.",
        nl="Aanmaning {number} zegt niet meer wat verschuldigd is: ze wordt niet verstuurd.",
    )

    number: str


class ChannelIsWrong(Refused, frozen=True, kw_only=True):
    """Letters by post are printed, those by mail are sent."""

    code = "reminder_channel_wrong"
    rule = "M43"
    text = words(
        en="Reminder {number} goes by {channel}.",
        fr="La relance {number} part par {channel}.",
        nl="Aanmaning {number} gaat via {channel}.",
    )

    number: str
    channel: str


class MailIsNotSetUp(Refused, frozen=True, kw_only=True):
    """This installation knows no mail server, or no sender."""

    code = "mail_not_set_up"
    rule = "M43"
    text = words(
        en="No mail server is set up: PARAPHE_SMTP_URL and PARAPHE_MAIL_FROM.",
        fr="Aucun serveur de courrier n'est réglé : PARAPHE_SMTP_URL et PARAPHE_MAIL_FROM.",
        nl="Er is geen mailserver ingesteld: PARAPHE_SMTP_URL en PARAPHE_MAIL_FROM.",
    )
