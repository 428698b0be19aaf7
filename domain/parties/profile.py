"""What a company prints about itself beside its numbers, checked whenever it says it."""

import re

from domain.book.refusal import Refused, words
from domain.parties.company import Profile

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_WEBSITE = re.compile(r"[^\s<>\"']{1,200}")


class ProfileIsWrong(Refused, frozen=True, kw_only=True):
    """A part of the profile cannot be right: capital, mail address, BIC, website or logo."""

    code = "profile_wrong"
    rule = "R123-237"
    text = words(
        en="{pointer} cannot be right.",
        fr="{pointer} ne peut être exact.",
        nl="{pointer} kan niet juist zijn.",
    )


def wrong_profile(profile: Profile) -> ProfileIsWrong | None:
    """Refuses the first part of a profile that cannot be right."""
    sound = {
        "capital": profile.capital is None or 0 <= profile.capital <= 10**15,
        "email": not profile.email or _EMAIL.fullmatch(profile.email) is not None,
        "bic": not profile.bic or _BIC.fullmatch(profile.bic) is not None,
        "website": not profile.website or _WEBSITE.fullmatch(profile.website) is not None,
        "logo": not profile.logo or _DIGEST.fullmatch(profile.logo) is not None,
    }
    wrong = next((name for name, right in sound.items() if not right), None)
    return None if wrong is None else ProfileIsWrong(pointer=f"/profile/{wrong}")
