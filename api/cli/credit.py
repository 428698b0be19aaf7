"""`paraphe credit`: credit notes, the only way back from a validated invoice."""

from typing import TYPE_CHECKING

import typer

from api.cli._documents import CREDIT_NOTE, INVOICE
from api.cli._selling import asking_of, listing, seeing

if TYPE_CHECKING:
    from api.models.credit_notes import CreditNoteOut
    from domain.sales.credit_note import CreditNote

app = typer.Typer(no_args_is_help=True, help="Credit notes: issue, see.")


class Shown:
    """A credit note as the API shows it."""

    @staticmethod
    def of(note: "CreditNote") -> "CreditNoteOut":
        """Its document, which is all there is of it."""
        from api.models.credit_notes import CreditNoteOut

        return CreditNoteOut.of(note.document)


asking_of(
    app, "issue", INVOICE,
    "Credit an invoice for a reason, such as -s reason=Retour: all that is left of it, or some "
    "lines (M31).",
    use_case="services.invoicing:issue_credit_note",
    model="api.models.credit_notes:CreditNoteIn", gives=CREDIT_NOTE,
)  # fmt: skip
seeing(app, CREDIT_NOTE, "Show a credit note.")
listing(app, CREDIT_NOTE, "List credit notes, the oldest first.")
