"""`paraphe quote`: quotes from draft to answer, and what comes of them."""

from typing import Annotated

import typer

from api.cli._console import AsJson, Company, DryRun
from api.cli._documents import INVOICE, ORDER, QUOTE, desk, tell
from api.cli._selling import Document, asking, asking_of, ending, listing, moving, seeing

app = typer.Typer(no_args_is_help=True, help="Quotes: draft, send, answer, invoice.")

_BODY = "api.models.quotes:QuoteIn"

asking(
    app, "draft", QUOTE, "Begin a quote today under the next number of its series (M14, M15).",
    use_case="services.quoting:draft_quote", model=_BODY,
)  # fmt: skip
asking_of(
    app, "revise", QUOTE, "Replace what a draft quote says, whole; its number and date stay (M22).",
    use_case="services.quoting:revise_quote", model=_BODY,
)  # fmt: skip
moving(
    app, "duplicate", QUOTE, "Begin another quote that says the same, under its own number.",
    use_case="services.quoting:duplicate_quote",
)  # fmt: skip
moving(
    app, "send", QUOTE, "Note that a quote has gone to the customer (M23).",
    use_case="services.quoting:send_quote",
)  # fmt: skip
moving(
    app, "accept", QUOTE, "Note that the customer agrees; the deposit asked for is opened (M57).",
    use_case="services.quoting:accept_quote",
)  # fmt: skip
ending(
    app, "refuse", QUOTE, "Note that the customer declines; the quote may be restored (M24).",
    use_case="services.quoting:refuse_quote",
)  # fmt: skip
moving(
    app, "restore", QUOTE, "Make a refused quote a draft again, with its number (M24).",
    use_case="services.quoting:restore_quote",
)  # fmt: skip
asking_of(
    app, "invoice", QUOTE,
    "Draft the invoice of a whole quote, less its paid deposits (M25, M62). While one is not paid, "
    "say -s deposit=paid, unpaid or delete.",
    use_case="services.situations:invoice_quote",
    model="api.models.situations:QuoteInvoicingIn", gives=INVOICE,
)  # fmt: skip
asking_of(
    app, "situation", QUOTE,
    "Draft the invoice of the progress since the last one (M65), such as "
    '-s progress:=\'[{"line": 0, "percent": "50"}]\'.',
    use_case="services.situations:invoice_situation",
    model="api.models.situations:SituationIn", gives=INVOICE,
)  # fmt: skip
moving(
    app, "order", QUOTE, "Take an accepted quote as an order, which is delivered and invoiced.",
    use_case="services.ordering:order_quote", gives=ORDER,
)  # fmt: skip


@app.command("probability")
def probability(
    document: Document,
    company: Company,
    percent: Annotated[int, typer.Argument(min=0, max=100, help="From 0, no chance, to 100.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Say how likely a quote is to be accepted, where deals are followed (M19)."""
    with desk(company, dry_run=dry_run) as at:
        written = at.do("services.quoting:set_probability", at.find(QUOTE, document), percent)
    tell(QUOTE, written.answer, written.position, as_json=as_json)


seeing(app, QUOTE, "Show a quote with its deposits and its invoices.")
listing(app, QUOTE, "List quotes, the oldest first (M12).")
