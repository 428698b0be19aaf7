"""`paraphe invoice`: invoices from draft to number, and deposits on drafts."""

from typing import TYPE_CHECKING

import typer

from api.cli._documents import INVOICE, Kind
from api.cli._selling import asking, asking_of, ending, listing, moving, seeing

if TYPE_CHECKING:
    from api.models.treasury import PaymentOut
    from services.settling import Settlement

app = typer.Typer(no_args_is_help=True, help="Invoices: draft, validate, see.")


class Settled:
    """What a tick has made, as `settle` tells it: the payment."""

    @staticmethod
    def of(known: "Settlement") -> "PaymentOut":
        """The payment of a settlement."""
        from api.models.treasury import PaymentOut

        return PaymentOut.of(known.payment, known.reversal)


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
asking_of(
    app, "settle", INVOICE, "Tick an invoice, or one of its instalments, as settled (M38, M45).",
    use_case="services.settling:settle_invoice",
    model="api.models.settlements:TickIn",
    gives=Kind("", "pay", "", "api.cli.invoice:Settled"),
)  # fmt: skip
asking_of(
    app, "unsettle", INVOICE, "Untick one instalment: exactly what paid it is taken back (M39).",
    use_case="services.unticking:untick_invoice",
    model="api.models.settlements:UntickIn",
    gives=Kind("", "inv", "", "api.models.settlements:UntickedOut"),
)  # fmt: skip
seeing(app, INVOICE, "Show an invoice at whatever stage.")
listing(app, INVOICE, "List invoices, the oldest first (M27).")
