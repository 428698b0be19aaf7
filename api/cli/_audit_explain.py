"""`paraphe audit explain`: what made a document, and the proof that it is in the book."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Company, Exit, backend, show, stop
from api.cli._judging import judging

if TYPE_CHECKING:
    from services.audit.explain import ExplainedEntry, Explanation


def explain(
    document: Annotated[str, typer.Argument(help="Its number, its id, or a position.")],
    company: Company,
    as_json: AsJson = False,
) -> None:
    """Show one document: its timeline, its entries, its lettering, its proof of inclusion."""
    from msgspec import to_builtins

    from services.audit.explain import NoSuchDocument
    from services.audit.explain import explain as find

    with backend() as opened, judging():
        try:
            found = find(opened.store, opened.shelf.find(company).book_id, document)
        except NoSuchDocument as error:
            stop(str(error), Exit.USAGE)
    show(to_builtins(found), _in_words(found), as_json=as_json)


def _in_words(found: "Explanation") -> str:
    lines = [f"{found.kind} {found.number or found.id} ({found.id})", "timeline"]
    for moment in found.timeline:
        when = f"{moment.recorded_at:%Y-%m-%d %H:%M:%S}"
        lines.append(f"  {moment.position}  {when}  {moment.type}  by {moment.actor or '-'}")
    for entry in found.entries:
        lines += _entry_lines(entry)
    for lettering in found.letterings:
        state = "holds" if lettering.holds else "undone"
        others = ", ".join(lettering.others) or "itself"
        lines.append(f"lettering {lettering.code} of {lettering.date}, {state}: with {others}")
    lines.append("proof")
    for proof in found.proofs:
        held = "holds" if proof.holds() else "DOES NOT HOLD"
        leaf = f"leaf {proof.leaf}, {len(proof.path)} hashes to root {proof.root}"
        lines.append(f"  event {proof.position} of {proof.size} {held}: {leaf}")
    return "\n".join(lines)


def _entry_lines(entry: "ExplainedEntry") -> list[str]:
    from domain.values.money import written

    lines = [f"entry {entry.series} {entry.number} of {entry.date}, event {entry.position}"]
    for line in entry.lines:
        debit, credit = (
            written(amount, entry.currency) if amount else ""
            for amount in (line.debit, line.credit)
        )
        left = line.debit - line.credit - line.lettered
        state = f"open {written(left, entry.currency)}" if line.party else ""
        lines.append(f"  {line.account:8} {debit:>14} {credit:>14}  {line.label}  {state}".rstrip())
    return lines
