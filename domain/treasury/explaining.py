"""Why a line of the bank is thought to be somebody's: the rule, and words in three languages."""

from typing import Literal

from domain.book.refusal import words

Rule = Literal[
    "structured_and_account",
    "structured",
    "structured_in_text",
    "numbers",
    "numbers_in_part",
    "account_and_amount",
    "account_and_sum",
    "account_and_one_of",
    "account",
    "paid_before",
    "internal_transfer",
    "charges",
]

WORDS: dict[Rule, dict[str, str]] = {
    "structured_and_account": words(
        en="The structured communication is that of {numbers}, paid from an account of {party}.",
        fr="La communication structurée est celle de {numbers}, depuis un compte de {party}.",
        nl="De gestructureerde mededeling is die van {numbers}, van een rekening van {party}.",
    ),
    "structured": words(
        en="The structured communication is that of {numbers} ({party}).",
        fr="La communication structurée est celle de {numbers} ({party}).",
        nl="De gestructureerde mededeling is die van {numbers} ({party}).",
    ),
    "structured_in_text": words(
        en="The text holds the structured communication of {numbers} ({party}).",
        fr="Le texte contient la communication structurée de {numbers} ({party}).",
        nl="De tekst bevat de gestructureerde mededeling van {numbers} ({party}).",
    ),
    "numbers": words(
        en="The text names {numbers} ({party}), which make this amount exactly.",
        fr="Le texte nomme {numbers} ({party}), qui font exactement ce montant.",
        nl="De tekst noemt {numbers} ({party}), samen precies dit bedrag.",
    ),
    "numbers_in_part": words(
        en="{numbers} of {party} may be meant, but the amount or the third party is not sure.",
        fr="{numbers} de {party} peut être visé, mais le montant ou le tiers n'est pas sûr.",
        nl="{numbers} van {party} kan bedoeld zijn, maar bedrag of derde is niet zeker.",
    ),
    "account_and_amount": words(
        en="{party} uses this account, and only {numbers} has this amount.",
        fr="{party} utilise ce compte, et seul {numbers} a ce montant.",
        nl="{party} gebruikt deze rekening, en alleen {numbers} heeft dit bedrag.",
    ),
    "account_and_sum": words(
        en="{party} uses this account; {numbers} together make this amount.",
        fr="{party} utilise ce compte ; {numbers} font ensemble ce montant.",
        nl="{party} gebruikt deze rekening; {numbers} vormen samen dit bedrag.",
    ),
    "account_and_one_of": words(
        en="{party} uses this account; {numbers} is one of several ways to this amount.",
        fr="{party} utilise ce compte ; {numbers} est une possibilité parmi d'autres.",
        nl="{party} gebruikt deze rekening; {numbers} is één van de mogelijkheden.",
    ),
    "account": words(
        en="{party} uses this account; nothing open has this amount.",
        fr="{party} utilise ce compte ; rien d'ouvert n'a ce montant.",
        nl="{party} gebruikt deze rekening; niets dat openstaat heeft dit bedrag.",
    ),
    "paid_before": words(
        en="{numbers} of {party} is settled already: paid a second time.",
        fr="{numbers} de {party} est déjà soldé : payé une deuxième fois.",
        nl="{numbers} van {party} is al vereffend: een tweede keer betaald.",
    ),
    "internal_transfer": words(
        en="The other account is the company's own.",
        fr="L'autre compte est celui de la société.",
        nl="De andere rekening is van de onderneming zelf.",
    ),
    "charges": words(
        en="The bank's code says that these are its charges.",
        fr="Le code de la banque dit que ce sont ses frais.",
        nl="De code van de bank zegt dat dit haar kosten zijn.",
    ),
}


def explain(rule: Rule, *, party: str = "", numbers: str = "") -> dict[str, str]:
    """The words of a rule about these documents of that third party, by language."""
    return {
        language: text.format(party=party or "?", numbers=numbers)
        for language, text in WORDS[rule].items()
    }
