"""What a reminder says beside its figures: its words by level, and the sentences of the law."""

from collections.abc import Iterator
from datetime import date

from domain.countries.late_payment import Channel, ConsumerLaw
from domain.sales.document import PrintedParty
from domain.values.language import Language, Wording, worded
from domain.values.money import written

_COURTESY = worded(
    fr="Sauf erreur de notre part, les échéances ci-dessous ne nous sont pas encore parvenues. "
    "Il s'agit sans doute d'un oubli : merci de bien vouloir les régler. Si votre paiement a "
    "croisé cette lettre, n'en tenez pas compte.",
    nl="Behoudens vergissing hebben wij de onderstaande termijnen nog niet ontvangen. Wellicht is "
    "het aan uw aandacht ontsnapt: gelieve ze te betalen. Kruiste uw betaling deze brief, dan mag "
    "u hem als niet geschreven beschouwen.",
    en="Unless we are mistaken, we have not received the instalments below. It has probably "
    "escaped your notice: please pay them. If your payment crossed this letter, please disregard "
    "it.",
)
_FIRM = worded(
    fr="Malgré notre précédent rappel, les échéances ci-dessous restent impayées. Nous vous prions "
    "de les régler sans délai, avec les frais de retard indiqués.",
    nl="Ondanks onze vorige herinnering blijven de onderstaande termijnen onbetaald. Gelieve ze "
    "onverwijld te betalen, met de vermelde kosten wegens laattijdigheid.",
    en="Despite our previous reminder, the instalments below are still unpaid. Please pay them "
    "without delay, with the late fees shown.",
)
_NOTICE = worded(
    fr="Mise en demeure : nos rappels étant restés sans effet, nous vous mettons en demeure de "
    "payer la somme ci-dessous dans les huit jours. À défaut, nous en poursuivrons le recouvrement "
    "par toutes les voies de droit.",
    nl="Ingebrekestelling: nu onze herinneringen zonder gevolg bleven, stellen wij u in gebreke om "
    "het onderstaande bedrag binnen acht dagen te betalen. Zo niet vorderen wij het in langs alle "
    "rechtsmiddelen.",
    en="Formal notice: our reminders having had no effect, we formally require you to pay the sum "
    "below within eight days. Failing that, we shall recover it by every legal means.",
)
_TEXTS = (_COURTESY, _FIRM, _NOTICE)

_CREDITOR = worded(
    fr="Créancier : {name}, numéro d'entreprise {number}.",
    nl="Schuldeiser: {name}, ondernemingsnummer {number}.",
    en="Creditor: {name}, enterprise number {number}.",
)
_FREE = worded(
    fr="Ce premier rappel est gratuit. Vous disposez, pour payer, de {days} jours calendrier à "
    "compter du {start}.",
    nl="Deze eerste herinnering is kosteloos. U hebt {days} kalenderdagen om te betalen, vanaf "
    "{start}.",
    en="This first reminder is free of charge. You have {days} calendar days to pay, from {start}.",
)
# Counted from when it leaves, so that a letter that leaves later is as right.
_START: dict[Channel, Wording] = {
    "email": worded(
        fr="jour calendrier qui suit l'envoi du présent message",
        nl="de kalenderdag na de verzending van dit bericht",
        en="the calendar day after this message is sent",
    ),
    "post": worded(
        fr="troisième jour ouvrable qui suit l'envoi de la présente lettre",
        nl="de derde werkdag na de verzending van deze brief",
        en="the third working day after this letter is sent",
    ),
}
_ANNOUNCED = worded(
    fr="Montant restant dû en principal : {principal}. À défaut de paiement dans ce délai, une "
    "indemnité de {indemnity} sera réclamée.",
    nl="Openstaande hoofdsom: {principal}. Bij gebrek aan betaling binnen deze termijn wordt een "
    "schadevergoeding van {indemnity} gevorderd.",
    en="Principal outstanding: {principal}. Without payment within that time an indemnity of "
    "{indemnity} will be claimed.",
)
_PRINCIPAL = worded(
    fr="Montant restant dû en principal : {principal}.",
    nl="Openstaande hoofdsom: {principal}.",
    en="Principal outstanding: {principal}.",
)
_INTEREST = worded(
    fr="Intérêts calculés jusqu'au {until} inclus, sur le solde impayé.",
    nl="Interest berekend tot en met {until}, op het onbetaalde saldo.",
    en="Interest reckoned until {until} included, on the unpaid balance.",
)
_RATE_MISSING = worded(
    fr="Le taux applicable après cette date n'étant pas connu, les intérêts suivants sont "
    "réservés.",
    nl="Omdat de rentevoet na die datum niet gekend is, wordt de verdere interest voorbehouden.",
    en="The rate after that day not being known, further interest is reserved.",
)


def text_of(level: int, language: Language) -> str:
    """The words above the figures."""
    return _TEXTS[level - 1][language]


def consumer_mentions(
    seller: PrintedParty,
    consumer: ConsumerLaw,
    channel: Channel,
    language: Language,
    *,
    principal: str,
    indemnity: str,
) -> tuple[str, ...]:
    """What a consumer's first reminder must say, or no costs may follow it (CDE XIX.2, § 3).

    The amounts are written ones; without terms that provide it, `indemnity` is empty.
    """
    owed: Wording = _ANNOUNCED if indemnity else _PRINCIPAL
    return (
        _CREDITOR[language].format(name=seller.name, number=seller.registration),
        _FREE[language].format(days=consumer.days, start=_START[channel][language]),
        owed[language].format(principal=principal, indemnity=indemnity),
    )


def interest_mentions(until: date | None, language: Language, *, is_whole: bool) -> Iterator[str]:
    """Until when interest is reckoned, and that more may come; nothing without interest."""
    if until is None:
        return
    yield _INTEREST[language].format(until=_day(until))
    if not is_whole:
        yield _RATE_MISSING[language]


def amount_in_words(amount: int, currency: str, language: Language) -> str:
    """An amount in a sentence: 45,00 EUR."""
    text = written(amount, currency)
    return f"{text if language == 'en' else text.replace('.', ',')} {currency}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
