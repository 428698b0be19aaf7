"""A template that a document names is looked at as soon as it is named (M11, M18)."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals, Refused
from domain.orders.order import NewOrder
from domain.parties.particulars import AssignedTemplates
from domain.quotes.quote import NewQuote
from domain.sales.template import (
    HOUSE,
    NewTemplate,
    TemplateIsOfAnotherKind,
    TemplateIsUnknown,
    TemplateKind,
)
from services import invoicing, ordering, quoting, templates
from tests.domain.steps import CUSTOMER, new_line
from tests.services.use_cases.conftest import Desk

Drafting = Callable[[str], Any]


def made(desk: Desk, *kinds: TemplateKind) -> str:
    """A new template's id."""
    look = NewTemplate(name="Sobre", kinds=kinds)
    return templates.make_template(desk.store, desk.book, look, desk.command()).answer.template_id


def drafting(desk: Desk, kind: str) -> Drafting:
    """A command that writes a document of a kind with a template."""
    use_case: dict[str, tuple[Any, Any]] = {
        "invoice": (invoicing.draft_invoice, desk.asked()),
        "quote": (
            quoting.draft_quote,
            NewQuote(customer_id=desk.customer, lines=(new_line(),)),
        ),
        "order": (
            ordering.confirm_order,
            NewOrder(customer_id=desk.customer, lines=(new_line(),)),
        ),
    }
    command, new = use_case[kind]
    return lambda template: command(
        desk.store, desk.book, replace(new, template=template), desk.command()
    )


def refused(drafted: Drafting, template: str) -> Refused:
    with pytest.raises(Refusals) as raised:
        drafted(template)
    return raised.value.refused


@pytest.mark.feature("M11", "M18")
@pytest.mark.parametrize("kind", ["invoice", "quote", "order"])
def test_a_document_names_a_template_that_is_there_and_its_own(desk: Desk, kind: Any):
    reminders, own, free = made(desk, "reminder"), made(desk, kind, "reminder"), made(desk)
    draft, size = drafting(desk, kind), desk.size
    for unknown in ("tpl_none", f"{own}@2"):
        assert refused(draft, unknown) == TemplateIsUnknown(template=unknown, pointer="/template")
    other = refused(draft, reminders)
    assert isinstance(other, TemplateIsOfAnotherKind)
    assert (other.kinds, other.kind, other.pointer) == ("reminder", kind, "/template")
    assert desk.size == size
    for name in (own, f"{own}@1", free, HOUSE, ""):
        draft(name)


@pytest.mark.feature("M18")
def test_a_draft_may_take_the_template_of_any_invoice(desk: Desk):
    drafting(desk, "invoice")(made(desk, "situation"))


@pytest.mark.feature("M18")
def test_a_revised_draft_names_its_template_too(desk: Desk):
    invoice_id, wrong = desk.drafted(), replace(desk.asked(), template=made(desk, "quote"))
    with pytest.raises(Refusals) as raised:
        invoicing.revise_invoice(desk.store, desk.book, invoice_id, wrong, desk.command())
    assert isinstance(raised.value.refused, TemplateIsOfAnotherKind)


@pytest.mark.feature("M4", "M18")
def test_the_template_of_a_customer_is_looked_at_too(desk: Desk):
    desk.customer = desk.contact(replace(CUSTOMER, templates=AssignedTemplates(invoice="tpl_gone")))
    assert isinstance(refused(drafting(desk, "invoice"), ""), TemplateIsUnknown)
    drafting(desk, "quote")("")
