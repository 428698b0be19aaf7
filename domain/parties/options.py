"""Options: parts of the product that a company switches on and off; what exists stays readable."""

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.parties.company import BookIsNotOpen, Company, OptionSet
from domain.parties.optional import Option


class FeatureIsOff(Refused, frozen=True, kw_only=True):
    """The company has switched this part off: nothing new begins in it."""

    code = "feature_off"
    rule = "M10"
    text = words(
        en="The option “{option}” is switched off for this company.",
        fr="L'option « {option} » est désactivée pour cette société.",
        nl="De optie “{option}” staat uit voor deze onderneming.",
    )

    option: str


def set_option(company: Company | None, option: Option, *, on: bool) -> Decision:
    """Switches an option; nothing happens when it stands so already (M10, M46, M50)."""
    if company is None:
        return BookIsNotOpen()
    if (option in company.options) == on:
        return []
    return [OptionSet(option=option, on=on)]


def check_on(company: Company, option: Option) -> FeatureIsOff | None:
    """Refuses what needs an option that is off."""
    return None if option in company.options else FeatureIsOff(option=option)
