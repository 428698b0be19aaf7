"""The audit replay finds nothing wrong in deposits, situations and their credit notes."""

import pytest

from domain.deposits.deposit import DepositRequested
from domain.ledger.entry import EntryPosted
from domain.quotes.progress import Progress
from domain.quotes.quote import DepositTerms
from domain.quotes.situation import NewSituation
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.pricing import Discount, Shipping
from services.audit.replay_amounts import VatRecomputes
from services.audit.replay_check import Check, Step
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from services.audit.replay_letterings import LetteringsBalance
from tests.domain.quote_steps import (
    SETTLED,
    accepted,
    invoice_situation,
    request_deposit,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.spec import Story
from tests.domain.steps import BELGIAN, credit, new_line, opened


def lived() -> Story:
    """A Belgian quote of two rates: a deposit, three situations, one of them credited in part."""
    story = accepted(
        new_line("333.33", "6"),
        new_line("1234.57", "21", nature="services"),
        discount=Discount(percent="7"),
        shipping=Shipping(amount=1999),
        deposit=DepositTerms(percent="30"),
        story=opened(BELGIAN),
    )
    story.when(request_deposit).then(DepositRequested)
    story.when(settle_deposit).then(*SETTLED)
    for at, percent in enumerate(("33", "66", "100")):
        progress = tuple(Progress(line=line, percent=percent) for line in (0, 1))
        outcome = story.when(invoice_situation, NewSituation(progress=progress), f"inv_{at}")
        story.happened(*outcome.decision)  # type: ignore[arg-type]
        issued = story.when(validate_of_quote, f"inv_{at}")
        story.happened(*issued.decision)  # type: ignore[arg-type]
        if at == 1:
            part = NewCreditNote(reason="Trop", lines=(CreditedLine(line=1, net=12345),))
            story.when(credit, part, "inv_1").then(CreditNoteIssued, EntryPosted)
    return story


@pytest.mark.feature("M54", "M65")
@pytest.mark.parametrize(
    "kind",
    [
        VatRecomputes,
        NumbersGapless,
        Immutability,
        DebitsEqualCredits,
        EntriesDerive,
        LetteringsBalance,
    ],
)
def test_quotes_replay_soundly(kind: type[Check]):
    check = kind()
    for fact in lived().facts:
        if not check.events or isinstance(fact.event, check.events):
            check.take(Step(fact, ""))
    check.end()
    assert (check.failed, list(check.failures)) == (0, [])
    assert check.checked
