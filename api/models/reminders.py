"""Reminders, who is due which, disputes and late fees, as they come in and go out."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.fields import Day, In, Money, Out, Truth, money
from api.ids import Contact
from api.ids import Reminder as ReminderName
from api.language import Language
from api.listing import Meta, meta
from api.models.sales import Party, party_out
from api.models.treasury import EntryPosition, LineIndex
from domain.reminders.policy import LEVELS, LONGEST, ReminderPolicy
from domain.reminders.reminder import Failed, Issued, Reminder, ReminderItem, Sent
from domain.reminders.reminding import Named, NewReminder
from services.reminders.jobs import MOST
from services.reminders.reminding import Held, Proposal, Proposals

Channel = Literal["email", "post"]
Days = Annotated[int, Field(strict=True, ge=1, le=LONGEST)]
LateRate = Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9]{1,3}(\.[0-9]{1,2})?)?$")]
Level = Annotated[int, Field(strict=True, ge=1, le=LEVELS)]


class NamedIn(In):
    """An instalment: a customer's line of an invoice's entry."""

    entry: EntryPosition = Field(description="Position of the entry (`entry` in the registers).")
    line: LineIndex = Field(description="Its place in the entry, from 0.")


class ReminderIn(In):
    """A letter to one customer at one level."""

    customer_id: Contact = Field(description="Who is reminded.")
    level: Level = Field(description="1 reminder, 2 second reminder, 3 formal notice.")
    items: Annotated[list[NamedIn], Field(min_length=1, max_length=MOST)] = Field(
        description="The overdue instalments, all at that level, in one currency."
    )
    channel: Channel | Literal[""] = Field(
        default="", description="Empty: by mail where the customer has an address."
    )

    def new(self) -> NewReminder:
        """The letter as the domain takes it."""
        items = dict.fromkeys(Named(item.entry, item.line) for item in self.items)
        return NewReminder(
            customer_id=self.customer_id,
            level=self.level,
            items=tuple(items),
            channel=self.channel,
        )


class RemindersIn(In):
    """Reminders that are to leave together."""

    reminders: Annotated[list[ReminderName], Field(min_length=1, max_length=MOST)] = Field(
        description="Their ids, each once."
    )


class PolicyIn(In):
    """When the company reminds."""

    after_due: Annotated[list[Days], Field(min_length=LEVELS, max_length=LEVELS)] = Field(
        description="How many days after its due date each level is due, rising."
    )
    between: Days = Field(description="How many days lie between two letters, at least.")
    consumer_terms: Truth = Field(
        description="Whether the terms with consumers provide an indemnity and interest."
    )
    business_rate: LateRate = Field(
        default="",
        description="Percent a year by contract with businesses; empty: the law's. In France never "
        "less than three times the legal rate.",
    )
    consumer_rate: LateRate = Field(
        default="",
        description="Percent a year by contract with consumers, at most what a business owes.",
    )

    def new(self) -> ReminderPolicy:
        """The policy as the domain takes it."""
        first, second, third = self.after_due
        return ReminderPolicy(
            after_due=(first, second, third),
            between=self.between,
            consumer_terms=self.consumer_terms,
            business_rate=self.business_rate,
            consumer_rate=self.consumer_rate,
        )


class PolicyOut(Out):
    """When the company reminds."""

    after_due: list[int] = Field(description="Days after the due date, by level.")
    between: int = Field(description="Days between two letters, at least.")
    consumer_terms: bool = Field(
        description="Whether the terms with consumers provide an indemnity and interest."
    )
    business_rate: str = Field(description="Percent a year by contract, or empty.")
    consumer_rate: str = Field(description="The same with consumers.")

    @classmethod
    def of(cls, policy: ReminderPolicy) -> "PolicyOut":
        """A policy as it goes out."""
        return cls(
            after_due=list(policy.after_due),
            between=policy.between,
            consumer_terms=policy.consumer_terms,
            business_rate=policy.business_rate,
            consumer_rate=policy.consumer_rate,
        )


class ReminderItemOut(Out):
    """An overdue instalment as a letter asks for it."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    invoice_id: str = Field(description="Its invoice.")
    invoice_number: str = Field(description="The invoice's number.")
    issue_date: Day = Field(description="The invoice's date.")
    due_date: Day = Field(description="When it fell due.")
    subject: str = Field(description="What was supplied.")
    amount: Money = Field(description="The instalment.")
    open: Money = Field(description="What is left of it.")
    interest: Money = Field(description="Interest so far, less what was claimed.")
    interest_until: Day | None = Field(description="The last day it is reckoned for, or null.")
    indemnity: Money = Field(description="Once an invoice: its first item bears it.")
    announced: Money = Field(description="The indemnity that may follow a consumer's reminder.")

    @classmethod
    def of(cls, item: ReminderItem, currency: str) -> "ReminderItemOut":
        """An item as it goes out."""
        said: dict[str, Any] = {name: getattr(item, name) for name in item.__struct_fields__}
        amounts = ("amount", "open", "interest", "indemnity", "announced")
        return cls(**said | {name: money(said[name], currency) for name in amounts})


class ReminderOut(Out):
    """A letter: what it says is frozen."""

    id: str = Field(description="The reminder's id.")
    number: str = Field(description="Its number.")
    status: Literal["issued", "sent", "failed"] = Field(
        description="`issued`: it is to leave; `failed`: it never will, issue its level anew."
    )
    issue_date: Day = Field(description="When it was issued.")
    customer_id: str = Field(description="Who is reminded.")
    customer: Party = Field(description="The customer, as it was then.")
    nature: str = Field(description="`company`, `private` or `public`: what the law lets ask.")
    level: int = Field(description="1 to 3.")
    channel: Channel = Field(description="How it goes.")
    language: str = Field(description="Its language.")
    template: str = Field(description="The version of the template.")
    items: list[ReminderItemOut] = Field(description="The instalments.")
    credits: Money = Field(description="What the customer has paid that is not lettered.")
    due: Money = Field(description="What the letter asks for.")
    text: str = Field(description="Its words.")
    mentions: list[str] = Field(description="What the law wants on it.")
    earliest_next: Day = Field(description="When the next level may follow.")
    sent_on: Day | None = Field(description="When it left, or null.")
    message_id: str = Field(description="The mail's Message-ID, or empty.")
    failure: str = Field(description="`refused`, `unreachable`, `stale`, or empty.")
    failure_code: int = Field(description="The mail server's answer, or 0.")

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderOut":
        """A reminder as it stands."""
        issued = reminder.document
        sent = reminder.sent if isinstance(reminder, Sent) else None
        failed = reminder.failed if isinstance(reminder, Issued | Failed) else None
        return cls(
            id=issued.reminder_id,
            number=issued.document_number,
            status="sent" if sent else "failed" if isinstance(reminder, Failed) else "issued",
            issue_date=issued.issue_date,
            customer_id=issued.customer_id,
            customer=party_out(issued.customer),
            nature=issued.nature,
            level=issued.level,
            channel=issued.channel,
            language=issued.language,
            template=issued.template,
            items=[ReminderItemOut.of(item, issued.currency) for item in issued.items],
            credits=money(issued.credits, issued.currency),
            due=money(issued.due, issued.currency),
            text=issued.text,
            mentions=list(issued.mentions),
            earliest_next=sent.earliest_next if sent else issued.earliest_next,
            sent_on=sent.sent_on if sent else None,
            message_id=sent.delivery.message_id if sent else "",
            failure=failed.reason if failed else "",
            failure_code=failed.code if failed else 0,
        )


class ProposalOut(Out):
    """A letter that is due today, with the figures that it would have."""

    customer_id: str = Field(description="Who is due it.")
    customer_name: str = Field(description="The customer's name.")
    level: int = Field(description="1 to 3.")
    channel: str = Field(description="By mail where there is an address, else by post.")
    items: list[ReminderItemOut] = Field(description="The instalments.")
    credits: Money = Field(description="What the customer has paid that is not lettered.")
    rates_known: bool = Field(description="False: later days bear interest at unknown rates.")

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalOut":
        """A proposal as it goes out."""
        return cls(
            customer_id=proposal.customer_id,
            customer_name=proposal.customer_name,
            level=proposal.level,
            channel=proposal.channel,
            items=[ReminderItemOut.of(item, proposal.currency) for item in proposal.items],
            credits=money(proposal.credits, proposal.currency),
            rates_known=proposal.is_whole,
        )


class HeldOut(Out):
    """An overdue instalment that no letter names today."""

    customer_id: str = Field(description="Whose it is.")
    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    invoice_number: str = Field(description="Its invoice.")
    due_date: Day = Field(description="When it fell due.")
    code: str = Field(description="The refusal that holds it back.")
    detail: str = Field(description="The same in the language of Accept-Language.")

    @classmethod
    def of(cls, held: Held, language: Language) -> "HeldOut":
        """What is held back, as it goes out."""
        return cls(
            customer_id=held.customer_id,
            entry=held.entry,
            line=held.line,
            invoice_number=held.invoice_number,
            due_date=held.due_date,
            code=held.refused.code,
            detail=held.refused.explain(language),
        )


class ProposalsOut(Out):
    """Who is due which letter today."""

    data: list[ProposalOut] = Field(description="The letters that are due.")
    held: list[HeldOut] = Field(description="What is overdue and not reminded today, and why.")
    unsent: list[str] = Field(description="Reminders that were issued and have not left.")
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, found: Proposals, language: Language) -> "ProposalsOut":
        """The proposals as they go out."""
        return cls(
            data=[ProposalOut.of(each) for each in found.letters],
            held=[HeldOut.of(each, language) for each in found.held],
            unsent=[each.document.reminder_id for each in found.unsent],
            meta=meta(found.until),
        )
