"""The lines of a document as a table: goods and services, situations, deliveries, deductions."""

from collections.abc import Iterator

from domain.sales.content import SituationLine
from domain.sales.document import Line
from domain.sales.pricing import Language
from services.printing import letters, words
from services.printing.paper import Paper
from services.printing.sheet import Cell, Row
from services.printing.writing import Writing

_ITEMS = ("description", "quantity", "unit_price", "discount", "vat", "net")
_SITUATION = ("description", "quoted", "progress", "cumulative", "before", "this_situation", "vat")
_QUANTITIES = ("description", "quantity")
_REQUEST = ("description", "amount")


def columns_of(paper: Paper, write: Writing) -> tuple[Cell, ...]:
    """The headings; the column of discounts only where a line has one."""
    if paper.reminder is not None:
        return letters.columns_of(paper.reminder, write)
    return tuple(
        Cell(name=name, heading=write.word(name), figures=name != "description")
        for name in _names(paper)
    )


def rows_of(paper: Paper, write: Writing) -> tuple[Row, ...]:
    """The lines in their order, deposits last, under what they are taken off."""
    if paper.reminder is not None:
        return letters.rows_of(paper.reminder, write)
    names = _names(paper)[1:]
    if paper.document_kind == "deposit_request":
        return (_request(paper, write),)
    situations = paper.situation.lines if paper.situation is not None else ()
    rows = [
        _row(line, _figures_of(line, situation, paper.language, write), names)
        for line, situation in _paired(paper.lines, situations)
        if line.kind != "deposit"
    ]
    return (*rows, *_deductions(paper, names, write))


def _names(paper: Paper) -> tuple[str, ...]:
    if paper.document_kind == "delivery":
        return _QUANTITIES
    if paper.document_kind == "deposit_request":
        return _REQUEST
    if paper.situation is not None:
        return _SITUATION
    discounted = any(line.discount_percent not in ("", "0") for line in paper.lines)
    return _ITEMS if discounted else tuple(name for name in _ITEMS if name != "discount")


def _request(paper: Paper, write: Writing) -> Row:
    """What a request for a deposit asks for: an amount, and perhaps a part of its quote."""
    part = f" ({write.percent(paper.percent)})" if paper.percent else ""
    amount = "" if paper.totals is None else write.amount(paper.totals.gross)
    return Row(kind="item", description=f"{write.word('deposit_on_quote')}{part}", cells=(amount,))


def _paired(
    lines: tuple[Line, ...], situations: tuple[SituationLine, ...]
) -> Iterator[tuple[Line, SituationLine | None]]:
    """Each line with its progress; lines that come after the quote's have none."""
    for index, line in enumerate(lines):
        yield line, situations[index] if index < len(situations) else None


def _row(line: Line, known: dict[str, str], names: tuple[str, ...]) -> Row:
    if line.kind == "text":
        return Row(kind="text", description=line.description)
    cells = tuple(known.get(name, "") for name in names)
    return Row(kind=line.kind, description=line.description, cells=cells)


def _figures_of(
    line: Line, situation: SituationLine | None, language: Language, write: Writing
) -> dict[str, str]:
    """Every figure of a line that has a column somewhere."""
    net = write.amount(line.net)
    known = {"vat": vat_of(line, language, write), "net": net, "this_situation": net}
    if line.kind == "item":
        unit = words.unit(line.unit, language)
        known["quantity"] = f"{write.quantity(line.quantity)} {unit}".strip()
        known["unit_price"] = write.price(line.unit_price)
        if line.discount_percent not in ("", "0"):
            known["discount"] = write.percent(line.discount_percent)
    if situation is not None:
        known["quoted"] = write.amount(situation.quoted)
        known["progress"] = write.percent(situation.percent)
        known["cumulative"] = write.amount(situation.cumulative)
        known["before"] = write.amount(situation.before)
    return known


def vat_of(line: Line, language: Language, write: Writing) -> str:
    """The rate of a line, or in a word why it has none."""
    if line.vat_category == "S":
        return write.percent(line.vat_rate)
    known = words.CATEGORIES.get(line.vat_category)
    return write.percent(line.vat_rate) if known is None else known[language]


def _deductions(paper: Paper, names: tuple[str, ...], write: Writing) -> Iterator[Row]:
    """What the document is worth before deposits, and each deposit taken off (M62)."""
    deposits = [line for line in paper.lines if line.kind == "deposit"]
    if not deposits:
        return
    before = sum(line.net for line in paper.lines if line.kind not in ("deposit", "text"))
    amounts = {"net": write.amount(before), "this_situation": write.amount(before)}
    yield Row(
        kind="subtotal",
        description=write.word("before_deposits"),
        cells=tuple(amounts.get(name, "") for name in names),
    )
    yield Row(kind="heading", description=write.word("deposits"))
    for line in deposits:
        yield _row(line, _figures_of(line, None, paper.language, write), names)
