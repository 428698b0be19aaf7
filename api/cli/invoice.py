"""`paraphe invoice`: invoices from draft to number, and deposits on drafts."""

import typer

from api.cli._documents import INVOICE
from api.cli._selling import asking, asking_of, ending, listing, moving, seeing

app = typer.Typer(no_args_is_help=True, help="Invoices: draft, validate, see.")

_BODY = "api.models.drafts:InvoiceIn"

asking(
    app, "draft", INVOICE, "Begin a draft; it takes its number at validation only (M14, A2.4).",
    use_case="services.invoicing:draft_invoice", model=_BODY,
)  # fmt: skip
asking_of(
    app, "revise", INVOICE, "Replace what a draft says, whole.",
    use_case="services.invoicing:revise_invoice", model=_BODY,
)  # fmt: skip
moving(
    app, "duplicate", INVOICE, "Begin a draft that says the same; of a situation, the next (M67).",
    use_case="services.situations:duplicate_invoice",
)  # fmt: skip
asking_of(
    app, "deposit", INVOICE, "Settle a deposit on a draft, which deducts it from now on (M34).",
    use_case="services.deposits:deposit_on_invoice",
    model="api.models.situations:InvoiceDepositIn",
)  # fmt: skip
ending(
    app, "discard", INVOICE, "Give a draft up; no number was taken, so none is missing (A2.4).",
    use_case="services.invoicing:discard_invoice",
)  # fmt: skip
moving(
    app, "validate", INVOICE, "Issue a draft today under its legal number; no way back (M15, M30).",
    use_case="services.invoicing:validate_invoice",
)  # fmt: skip
seeing(app, INVOICE, "Show an invoice at whatever stage.")
listing(app, INVOICE, "List invoices, the oldest first (M27).")
