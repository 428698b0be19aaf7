"""`paraphe order`: customers' orders, until nothing of them is left."""

import typer

from api.cli._documents import INVOICE, ORDER
from api.cli._selling import asking, asking_of, ending, listing, seeing

app = typer.Typer(no_args_is_help=True, help="Orders: confirm, invoice, cancel.")

asking(
    app, "confirm", ORDER, "Take an order today under the next number of its series (M46).",
    use_case="services.ordering:confirm_order", model="api.models.orders:OrderIn",
)  # fmt: skip
asking_of(
    app, "invoice", ORDER, "Draft an invoice of what is left of an order, or of some of it (M46).",
    use_case="services.ordering:invoice_order", model="api.models.orders:TakingIn", gives=INVOICE,
)  # fmt: skip
ending(
    app, "cancel", ORDER, "Give up what is left of an order (M46).",
    use_case="services.ordering:cancel_order",
)  # fmt: skip
seeing(app, ORDER, "Show an order with what of each line is left.")
listing(app, ORDER, "List orders, the oldest first.")
