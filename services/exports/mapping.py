"""Our codes as the firm's software calls them: journals, accounts and third parties, checked."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from domain.book.refusal import Refusals, Refused, words
from projections.accounting_view import AccountingLine

SHOWN = 10


class CodesAreNotMapped(Refused, frozen=True, kw_only=True):
    """A mapping that is given names every code of its kind that the period uses."""

    code = "codes_not_mapped"
    rule = "V21"
    text = words(
        en="The mapping of {what} lacks {codes}.",
        fr="Il manque à la correspondance ({what}) : {codes}.",
        nl="In de omzetting van {what} ontbreken {codes}.",
    )

    what: str
    codes: str


class CodesDoNotFit(Refused, frozen=True, kw_only=True):
    """A code is not one that the other software takes, or two third parties share one."""

    code = "codes_do_not_fit"
    rule = "V21"
    text = words(
        en="The firm's software cannot take these codes ({what}): {codes}.",
        fr="Le logiciel du cabinet ne peut prendre ces codes ({what}) : {codes}.",
        nl="De software van het kantoor kan deze codes niet aan ({what}): {codes}.",
    )

    what: str
    codes: str


class Codes(Struct, frozen=True, kw_only=True):
    """Our codes to theirs; an empty mapping leaves codes as they are."""

    journals: Mapping[str, str] = {}
    credit_journals: Mapping[str, str] = {}
    accounts: Mapping[str, str] = {}
    third_parties: Mapping[str, str] = {}


class Translator:
    """Translates codes and remembers what is wrong with them, to refuse it all at once."""

    def __init__(self, codes: Codes, fits: Mapping[str, Callable[[str], bool]]) -> None:
        self._codes = codes
        self._fits = fits
        self._missing: dict[str, set[str]] = {}
        self._wrong: dict[str, set[str]] = {}
        self._parties: dict[str, str] = {}

    def journal(self, line: AccountingLine) -> str:
        """The journal; credit notes may have one of their own."""
        of_credit = line.document_kind in ("credit_note", "bill_credit_note")
        if of_credit and line.journal in self._codes.credit_journals:
            return self._checked("journals", self._codes.credit_journals[line.journal])
        return self._of("journals", self._codes.journals, line.journal)

    def account(self, line: AccountingLine) -> str:
        """The general account."""
        return self._of("accounts", self._codes.accounts, line.account)

    def third_party(self, line: AccountingLine) -> str:
        """The third party's code: that of the mapping, its auxiliary account, or one of its own."""
        if not line.party:
            return ""
        own = self._codes.third_parties.get(line.party) or line.auxiliary
        code = self._checked("third_parties", own or f"P{line.since:06d}")
        if self._parties.setdefault(code, line.party) != line.party:
            self._wrong.setdefault("third_parties", set()).add(code)
        return code

    def take_vat(self, used: Iterable[str], missing: Iterable[str]) -> None:
        """Takes over what was found of VAT codes: those in use, and treatments without one."""
        for code in used:
            self._checked("vat_codes", code)
        if codes := set(missing):
            self._missing["vat_codes"] = codes

    def require_sound(self) -> None:
        """Raises Refusals when a code was missing or does not fit."""
        for what, codes in self._missing.items():
            raise Refusals(CodesAreNotMapped(what=what, codes=_some(codes)))
        for what, codes in self._wrong.items():
            raise Refusals(CodesDoNotFit(what=what, codes=_some(codes)))

    def _of(self, what: str, mapping: Mapping[str, str], code: str) -> str:
        if mapping and code not in mapping:
            self._missing.setdefault(what, set()).add(code)
            return code
        return self._checked(what, mapping.get(code, code))

    def _checked(self, what: str, code: str) -> str:
        if not self._fits[what](code):
            self._wrong.setdefault(what, set()).add(code)
        return code


def _some(codes: Iterable[str]) -> str:
    found = sorted(codes)
    more = f"… ({len(found)})" if len(found) > SHOWN else ""
    return ", ".join(code[:20] for code in found[:SHOWN]) + more
