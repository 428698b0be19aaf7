"""What holds for a FEC as a whole: one name for each account, letterings and the file balanced."""

from collections.abc import Iterator

from services.files.fec.fields import Fault, Fields
from services.files.fec.naming import Frame


class Totals:
    """Sums of the lines so far; a lettering that is balanced again takes no room."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._debit = self._credit = 0
        self._accounts: dict[str, str] = {}
        self._journals: dict[str, str] = {}
        self._letterings: dict[tuple[str, str, str], tuple[int, int]] = {}

    def take(self, line: int, fields: Fields) -> Iterator[Fault]:
        """The faults of a line beside those before it."""
        self._debit += max(fields.amount, 0)
        self._credit += max(-fields.amount, 0)
        if self._accounts.setdefault(fields.account, fields.account_label) != fields.account_label:
            yield "account_of_two_names", fields.account
        if self._journals.setdefault(fields.journal, fields.journal_label) != fields.journal_label:
            yield "journal_of_two_names", fields.journal
        if self._must_balance(fields):
            key = (fields.account, fields.auxiliary, fields.code)
            first, balance = self._letterings.pop(key, (line, 0))
            if balance + fields.amount:
                self._letterings[key] = (first, balance + fields.amount)

    def end(self) -> Iterator[tuple[int, str, str]]:
        """The line, rule and detail of each fault of the whole."""
        if self._debit != self._credit:
            yield 0, "file_unbalanced", f"debit {self._debit}, credit {self._credit} cents"
        for (account, auxiliary, code), (line, balance) in sorted(self._letterings.items()):
            yield line, "lettering_unbalanced", f"{account} {auxiliary} {code}: {balance} cents"

    def _must_balance(self, fields: Fields) -> bool:
        """Whether a lettering is whole in this file.

        One in small letters is partial; one after the close has lines in a later exercise.
        """
        if not fields.code or fields.lettered_on is None or fields.lettered_on > self._frame.last:
            return False
        return not fields.code.islower()
