"""The steps in which a FEC comes into a book: each writes some events, or recalls what it wrote.

Steps are put together to commands of bounded size. A command that was written before is not
decided again: its steps recall from the events what those behind them need to know.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol

from msgspec.structs import replace

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.imports import fec
from domain.imports.fec import FecImportStarted
from domain.imports.fec_source import FecSource
from domain.ledger.period import check_open
from domain.values.days import fiscal_year
from services.files.fec.line import OPENING_JOURNAL
from services.identity import Prefix
from services.imports.fec_accounts import map_accounts
from services.imports.fec_opening import opening_day
from services.imports.fec_parties import Parties, derived_id
from services.imports.fec_standing import Before
from services.imports.fec_survey import Survey
from services.imports.fec_text import PIECE
from services.loading import load_company, load_standing
from services.store.pen import Pen, Reader

MEDIA_TYPE = "text/plain"
KEPT = 5_000
"""What keeping a piece of the file weighs, in lines."""


class Coming:
    """A file on its way into a book: what its steps know of each other."""

    def __init__(
        self, survey: Survey, started: FecImportStarted, before: Before, file: BinaryIO
    ) -> None:
        self.survey = survey
        self.started = started
        self.before = before
        self.file = file
        self.parties = Parties(survey, started.batch_id)
        self.places = array("q", bytes(8 * survey.entries))
        """The position in the book of each entry of the file."""
        self.letterings = 0

    def begun_as(self, started: FecImportStarted) -> None:
        """Goes on with an import that was begun before."""
        self.started = started
        self.parties = Parties(self.survey, started.batch_id)

    def source(self, rows: Iterable[int], number: str = "") -> FecSource:
        """Where something comes from."""
        return FecSource(
            batch=self.started.batch_id, file=self.started.file, rows=tuple(rows), number=number
        )

    def own_id(self, prefix: Prefix, *words: object) -> str:
        """An id of this import."""
        return derived_id(prefix, self.started.batch_id, *words)


class Step(Protocol):
    """Some events of an import; `weight` is about how many lines they have."""

    @property
    def weight(self) -> int: ...

    def write(self, pen: Pen) -> None:
        """Appends them; raises Refusals."""
        ...

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Takes its entries from those of the command that wrote it; `then` is just after it."""
        ...


class Begin:
    """The import begins: the book is fit for it, and from now on knows of it."""

    weight = 0

    def __init__(self, coming: Coming) -> None:
        self._coming = coming

    def write(self, pen: Pen) -> None:
        """Checks the book and appends; raises Refusals."""
        coming, company = self._coming, load_company(pen)
        survey, start = coming.survey, company.fiscal_year_start_month
        coming.before.check(pen, fiscal_year(survey.until, start), start)
        opening = coming.started.mode == "opening"
        first = opening_day(survey) if opening else survey.first
        standing = load_standing(pen, company, OPENING_JOURNAL, first)
        refused = check_open(standing.lock, first, "/file")
        if refused is not None:
            raise Refusals(refused)
        mapped = map_accounts(pen, survey, in_use=coming.before.in_use)
        pen.append([replace(coming.started, mapped=mapped)])

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Nothing is needed of it."""


class Keep:
    """A piece of the file is kept with the book."""

    def __init__(self, coming: Coming, nth: int) -> None:
        self.weight = 0 if nth == 0 else KEPT
        self._coming = coming
        self._nth = nth

    def write(self, pen: Pen) -> None:
        """Keeps it."""
        coming = self._coming
        coming.file.seek(self._nth * PIECE)
        pen.keep(coming.file.read(PIECE), MEDIA_TYPE, coming.started.name)

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Nothing is needed of it."""


class Meet:
    """Contacts are found or made."""

    def __init__(self, coming: Coming, codes: Sequence[str]) -> None:
        self.weight = len(codes)
        self._coming = coming
        self._codes = codes

    def write(self, pen: Pen) -> None:
        """Appends those that are not known."""
        self._coming.parties.meet(pen, self._codes)

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:  # noqa: ARG002  as others
        """Finds them again."""
        self._coming.parties.recall(then, self._codes)


class End:
    """Everything is in."""

    weight = 0

    def __init__(self, coming: Coming) -> None:
        self._coming = coming

    def write(self, pen: Pen) -> None:
        """Says so."""
        coming, made = self._coming, self._coming.parties.made
        opening = coming.started.mode == "opening"
        pen.append(
            fec.complete(
                coming.started,
                entries=1 if opening else coming.survey.entries,
                letterings=coming.letterings,
                made=made,
                known=len(coming.parties.ids) - len(made),
            )
        )

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Nothing is needed of it."""
