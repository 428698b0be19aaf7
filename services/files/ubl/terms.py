"""How one business term is read from an element: text, identifier, number, amount, date.

Nothing raises. A term that is missing or unreadable is recorded as a finding and an empty value
stands in for it; a document with such an error never leaves the reader.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from services.files.ubl.document import Identifier
from services.files.ubl.finding import Findings
from services.files.ubl.xml import Element

LONGEST_IDENTIFIER = 200
LONGEST_TEXT = 5_000
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)

# xs:decimal in ASCII, bounded: no NaN, exponent, underscore or digits of other scripts.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,13}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_MARKS_PILED_UP = re.compile(rb"[^\0]{31}")
_XML_SPACE = " \t\r\n"
# Control, format (bidi, zero width), surrogate, private use, unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class Terms:
    """A cursor on one element, with the findings of the whole reading."""

    def __init__(self, element: Element, findings: Findings, exponent: int = 2) -> None:
        self._element = element
        self.findings = findings
        self.exponent = exponent

    @property
    def pointer(self) -> str:
        """Give the XPath of the element."""
        return self._element.pointer

    def each(self, name: str) -> list["Terms"]:
        """Give a cursor on each child of that name."""
        return [Terms(e, self.findings, self.exponent) for e in self._element.all(name)]

    def one(self, path: str) -> "Terms | None":
        """Give a cursor on the only element at `path`; a second one is an error."""
        element = self._find(path)
        return None if element is None else Terms(element, self.findings, self.exponent)

    def text(self, path: str = "", missing: str | None = None) -> str | None:
        """Give free text in NFC with white space folded, invisible characters taken out."""
        element = self._find(path)
        written = "" if element is None else element.text
        if element is not None and len(written) > LONGEST_TEXT:
            message = f"the text was cut to {LONGEST_TEXT} characters"
            self.findings.remark("TEXT-TOO-LONG", element.pointer, message)
            written = written[:LONGEST_TEXT]
        folded = self._folded(written, element)
        if element is not None and not folded.isprintable():
            clean = "".join(c for c in folded if unicodedata.category(c) not in _INVISIBLE)
            if clean != folded:
                message = "invisible or direction-changing characters were taken out of this text"
                self.findings.remark("TEXT-INVISIBLE", element.pointer, message)
                folded = self._folded(clean, element)
        if not folded:
            self._absent(path, missing)
        return folded or None

    def code(self, path: str = "", missing: str | None = None) -> str | None:
        """Give text that identifies something: short, and nothing invisible in it."""
        element = self._find(path)
        value = None if element is None else self._sound(element.text, element)
        if value is None:
            self._absent(path, missing)
        return value

    def identifier(self, path: str) -> Identifier | None:
        """Give an identifier with the scheme its `schemeID` attribute names."""
        value = self.code(path)
        return None if value is None else Identifier(value, self.attribute(path, "schemeID"))

    def attribute(self, path: str, name: str) -> str | None:
        """Give an attribute of the element at `path`, held to the same rules as a code."""
        element = self._find(path)
        return None if element is None else self._sound(element.attributes.get(name, ""), element)

    def raw(self, path: str) -> str | None:
        """Give the text of the element untouched, or None when there is no such element."""
        element = self._find(path)
        return None if element is None else element.text

    def number(self, path: str, missing: str | None = None) -> str | None:
        """Give a decimal number in canonical form: "10", "-0.75"; never an exponent."""
        element = self._find(path)
        if element is None:
            self._absent(path, missing)
            return None
        value = _decimal(element.text)
        if value is None:
            self.findings.error("NUMBER", element.pointer, "not a plain decimal number")
            return None
        return _canonical(value)

    def amount(self, path: str, currency: str, decimals: str, missing: str = "") -> int | None:
        """Give an amount in minor units of `currency`; `decimals` is its BR-DEC rule, or ""."""
        element = self._find(path)
        if element is None:
            self._absent(path, missing or None)
            return None
        value = _decimal(element.text)
        if value is None:
            self.findings.error("NUMBER", element.pointer, "not a plain decimal number")
            return None
        if element.attributes.get("currencyID") != currency:
            message = f"the amount is not marked as {currency or 'the currency of the document'}"
            self.findings.error("PEPPOL-EN16931-R051", element.pointer, message)
        return self._minor(value, element.pointer, decimals)

    def date(self, path: str, missing: str | None = None) -> date | None:
        """Give a date; a time zone is legal XML and means nothing on an invoice."""
        element = self._find(path)
        if element is None:
            self._absent(path, missing)
            return None
        found = _DATE.fullmatch(element.text.strip(_XML_SPACE))
        try:
            value = date.fromisoformat(found.group(1)) if found else None
        except ValueError:
            value = None
        if found is None or value is None or not EARLIEST <= value <= LATEST:
            self.findings.error("DATE", element.pointer, "not a date in the form YYYY-MM-DD")
            return None
        if found.group(2):
            message = "the time zone of the date was left out"
            self.findings.remark("PEPPOL-EN16931-F001", element.pointer, message)
        return value

    def truth(self, path: str) -> bool:
        """Give a mandatory true/false indicator."""
        element = self._find(path)
        value = None if element is None else _TRUTHS.get(element.text.strip(_XML_SPACE))
        if value is None:
            message = f"{path} must be true or false"
            self.findings.error("INDICATOR", self.pointer, message)
        return bool(value)

    def _find(self, path: str) -> Element | None:
        element = self._element
        for name in path.split("/") if path else ():
            found = element.all(name)
            if not found:
                return None
            if len(found) > 1:
                message = "given more than once; which one counts cannot be told"
                self.findings.error("UBL-REPEATED", found[1].pointer, message)
            element = found[0]
        return element

    def _absent(self, path: str, missing: str | None) -> None:
        """Record that a mandatory term is not there, under the rule that asks for it."""
        if missing is not None:
            where = f"{self.pointer}/{path}" if path else self.pointer
            self.findings.error(missing, where, "this mandatory term is missing or empty")

    def _sound(self, written: str, element: Element) -> str | None:
        """Give an identifier folded, or None when it is empty; a deceitful one is an error."""
        if len(written) > LONGEST_TEXT or len(written.strip()) > LONGEST_IDENTIFIER:
            message = f"longer than {LONGEST_IDENTIFIER} characters"
            self.findings.error("IDENTIFIER-TOO-LONG", element.pointer, message)
            return ""
        folded = self._folded(written, element)
        if not folded.isprintable() and any(unicodedata.category(c) in _INVISIBLE for c in folded):
            message = "holds an invisible character, so two different ones could look the same"
            self.findings.error("IDENTIFIER-INVISIBLE", element.pointer, message)
            return ""
        return folded or None

    def _folded(self, written: str, element: Element | None) -> str:
        """Give text in NFC with white space folded, unless it is built to make NFC slow."""
        words = " ".join(written.split())
        if words.isascii() or element is None:
            return words
        # Sorting a run of combining marks costs its length squared (UAX 15 bounds a run by 30).
        if _MARKS_PILED_UP.search(bytes(map(unicodedata.combining, words))):
            message = "more combining marks on one letter than any script has"
            self.findings.error("TEXT-MARKS", element.pointer, message)
            return ""
        return unicodedata.normalize("NFC", words)

    def _minor(self, value: Decimal, pointer: str, decimals: str) -> int:
        """Give minor units; what does not fit the currency is reported, never rounded."""
        minor = value.scaleb(self.exponent)
        written = value.as_tuple().exponent
        if minor != minor.to_integral_value():
            message = f"has more than the {self.exponent} decimals of its currency"
            self.findings.error(decimals or "DECIMALS", pointer, message)
        elif isinstance(written, int) and -written > self.exponent:
            message = f"is written with more than the {self.exponent} decimals of its currency"
            self.findings.remark(decimals or "DECIMALS", pointer, message)
        return int(minor)


def _decimal(text: str) -> Decimal | None:
    stripped = text.strip(_XML_SPACE)
    return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None


def _canonical(value: Decimal) -> str:
    plain = f"{value:f}".lstrip("+")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain
