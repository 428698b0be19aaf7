"""`paraphe delivery`: what is handed over, with an order or without, and its invoice."""

from typing import Annotated

import typer

from api.cli._console import AsJson, Company, DryRun
from api.cli._documents import DELIVERY, INVOICE, desk, tell
from api.cli._selling import asking, ending, listing, seeing

app = typer.Typer(no_args_is_help=True, help="Deliveries: issue, invoice, cancel.")

asking(
    app, "issue", DELIVERY,
    "Hand over lines, or what is left of an order: -s order_id=BC-2026-00001 (M46).",
    use_case="services.ordering:issue_delivery", model="api.models.orders:DeliveryIn",
)  # fmt: skip
ending(
    app, "cancel", DELIVERY, "Take a delivery back that is on no invoice; it is left again (M46).",
    use_case="services.ordering:cancel_delivery",
)  # fmt: skip
seeing(app, DELIVERY, "Show a delivery.")
listing(app, DELIVERY, "List deliveries, the oldest first.")


@app.command("invoice")
def invoice(
    documents: Annotated[list[str], typer.Argument(help="Their numbers or ids.")],
    company: Company,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Draft one invoice of several deliveries to one customer (M46)."""
    with desk(company, dry_run=dry_run) as at:
        found = [at.find(DELIVERY, each) for each in documents]
        written = at.do("services.ordering:invoice_deliveries", found)
    tell(INVOICE, written.answer, written.position, as_json=as_json)
