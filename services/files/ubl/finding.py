"""What the reader has to say about a file, and the one place that says what is refused.

The policy, in the order in which an accountant would defend it:

* **Refused** (``error``), because there is nothing that could be booked:
  the file is hostile or is not UBL; a term is missing without which no bill exists (number,
  date, currency, parties, lines, VAT breakdown, totals); an amount cannot be held in its currency.
* **Refused**, because the document contradicts itself and any figure we booked would be a
  choice the supplier did not make: totals that do not add up (BR-CO-10 to BR-CO-16), VAT or a
  taxable base wrong by a whole unit of currency or more, which official validators refuse too.
* **Refused**, because it names nobody: a Belgian or French identifier (enterprise number, SIREN,
  SIRET, VAT number, IBAN) whose check digits are wrong. That includes the buyer's electronic
  address: a Peppol access point may not deliver such a document (PEPPOL-COMMON-R043 is fatal), so
  it did not come the way it claims, and perhaps it was not meant for us.
* **Taken with a remark**: everything else. VAT off by less than one unit of currency passes every
  official validator, so such bills do arrive; the totals are consistent, the supplier's
  document is a fact that we may neither change nor lose, and the buyer must be able to contest it.
  The remark names the rule and the exact amount, so nobody deducts the wrong VAT unseen.
  Identifiers of other countries get a remark only: we hold no authority on them, and the
  published examples themselves carry invented ones.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "remark"]

# A file can hold hundreds of thousands of faults; nobody reads more errors, or remarks, than this.
MOST_FINDINGS = 500


class Finding(Struct, frozen=True):
    """One thing wrong with a file: a stable rule code, where, and what in plain English."""

    code: str
    severity: Severity
    pointer: str
    message: str


class GaveUp(Exception):
    """So many errors that reading on would only cost time; never leaves the reader."""


class Findings:
    """Findings gathered while a file is read; `GaveUp` is raised after `MOST_FINDINGS` errors."""

    def __init__(self) -> None:
        self._kept: dict[Finding, None] = {}  # a dict is a set that keeps the order
        self._count: dict[Severity, int] = {"error": 0, "remark": 0}

    def add(self, finding: Finding) -> None:
        """Keep a finding once, and only while its severity has fewer than `MOST_FINDINGS`."""
        if finding in self._kept:
            return
        self._count[finding.severity] += 1
        if self._count[finding.severity] <= MOST_FINDINGS:
            self._kept[finding] = None
        elif finding.severity == "error":
            raise GaveUp

    def error(self, code: str, pointer: str, message: str) -> None:
        """Record a reason to refuse the file."""
        self.add(Finding(code, "error", pointer, message))

    def remark(self, code: str, pointer: str, message: str) -> None:
        """Record something the accountant should see on a file that is taken."""
        self.add(Finding(code, "remark", pointer, message))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Record each of `findings`."""
        for finding in findings:
            self.add(finding)

    @property
    def refused(self) -> bool:
        """Whether any error was recorded, kept or not."""
        return self._count["error"] > 0

    def all(self) -> tuple[Finding, ...]:
        """Give the findings, errors first, each severity in the order of the file."""
        return tuple(sorted(self._kept, key=lambda finding: finding.severity != "error"))


def graded(difference: int, unit: int) -> Severity:
    """Say how bad a difference in minor units is, where official validators tolerate one `unit`."""
    return "error" if abs(difference) >= unit else "remark"
