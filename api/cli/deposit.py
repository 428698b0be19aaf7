"""`paraphe deposit`: deposits of accepted quotes, asked for and paid."""

import typer

from api.cli._documents import DEPOSIT, QUOTE
from api.cli._selling import asking_of, ending, listing, moving, seeing

app = typer.Typer(no_args_is_help=True, help="Deposits: ask, request, settle, delete.")

_BODY = "api.models.quotes:DepositIn"

asking_of(
    app, "open", QUOTE, "Ask for one more deposit of an accepted quote: -s percent=30 (M56).",
    use_case="services.deposits:open_deposit", model=_BODY, gives=DEPOSIT,
)  # fmt: skip
asking_of(
    app, "change", DEPOSIT, "Ask for another amount, or on another day (M56).",
    use_case="services.deposits:change_deposit", model=_BODY,
)  # fmt: skip
moving(
    app, "request", DEPOSIT, "Write a payment request under the next number of its series (M58).",
    use_case="services.deposits:request_deposit",
)  # fmt: skip
asking_of(
    app, "settle", DEPOSIT,
    "Issue its invoice, record its payment and letter both: -s confirm_date=2026-03-16 (M59).",
    use_case="services.deposits:settle_deposit", model="api.models.quotes:SettlementIn",
)  # fmt: skip
ending(
    app, "delete", DEPOSIT, "Ask for a deposit no longer (M56, M61).",
    use_case="services.deposits:delete_deposit",
)  # fmt: skip
seeing(app, DEPOSIT, "Show a deposit.")
listing(app, DEPOSIT, "List the deposits that are asked for, the oldest first.")
