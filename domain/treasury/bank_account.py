"""Which journal a bank account is booked in, and what is wrong with the bank journals (C3, C12)."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.chart import Journal
from domain.parties.company import Company, JournalIsUnknown, find_journal
from domain.values import faults, identifiers

BANK_ACCOUNTS_TAG = "bank_accounts"
Journals = Mapping[str, str]
"""Account (IBAN) to the code of its journal."""
NO_JOURNALS: Journals = {}


class BankAccountLinked(Event, frozen=True, kw_only=True):
    """The statements of a bank account are booked in a journal of the bank from now on (C3)."""

    stored_as: ClassVar[str] = "bank_account.linked.v1"

    account: str
    journal: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (BANK_ACCOUNTS_TAG,)


class Diagnosis(Struct, frozen=True, kw_only=True):
    """What keeps a bank journal or account from being shown or up to date (C12)."""

    fault: Literal["no_bank_account", "no_ledger_account", "shared_ledger_account", "no_journal"]
    journal: str = ""
    account: str = ""


class BankAccountIsUnknown(Refused, frozen=True, kw_only=True):
    """No journal is linked to the account of a statement."""

    code = "bank_account_unknown"
    rule = "C12"
    text = words(
        en="No bank journal is linked to account {account}: link one first.",
        fr="Aucun journal de banque n'est lié au compte {account} : liez-en un d'abord.",
        nl="Er is geen bankdagboek gekoppeld aan rekening {account}: koppel er eerst een.",
    )

    account: str


class JournalIsLinked(Refused, frozen=True, kw_only=True):
    """The journal has another bank account already: a journal is one account's."""

    code = "journal_linked"
    rule = "C12"
    text = words(
        en="Journal {journal} is that of account {account} already.",
        fr="Le journal {journal} est déjà celui du compte {account}.",
        nl="Dagboek {journal} is al dat van rekening {account}.",
    )

    journal: str
    account: str


def link(company: Company, known: Journals, account: str, journal: str) -> Decision:
    """Links a bank account to a journal; nothing happens when it is so already."""
    iban = identifiers.iban(account)
    if iban is None:
        return faults.IdentifierIsWrong(kind="IBAN", pointer="/account")
    found = find_journal(company, "bank", journal)
    if isinstance(found, JournalIsUnknown):
        return found
    other = next((each for each, code in known.items() if code == journal and each != iban), None)
    if other is not None:
        return JournalIsLinked(journal=journal, account=other, pointer="/journal")
    if known.get(iban) == journal:
        return []
    return [BankAccountLinked(account=iban, journal=journal)]


def find(company: Company, known: Journals, account: str) -> Journal | Refused:
    """The journal of an account: the linked one; or the only one, for the company's only account.

    That an account is the company's own is what its own description says (`Company.ibans`).
    """
    code = known.get(account)
    if code is not None:
        return find_journal(company, "bank", code)
    banks = [journal for journal in company.journals if journal.kind == "bank"]
    if account in company.ibans and len(banks) == len(company.ibans) == 1 and not known:
        return banks[0]
    return BankAccountIsUnknown(account=account, pointer="/file")


def diagnose(company: Company, known: Journals) -> list[Diagnosis]:
    """Why a bank journal is not shown, or not to be trusted: each fault by itself (C12)."""
    banks = [journal for journal in company.journals if journal.kind == "bank"]
    default = company.accounts["bank"]
    booked = [journal.account or default for journal in banks]
    linked = {
        journal.code for account in company.ibans
        if isinstance(journal := find(company, known, account), Journal)
    } | set(known.values())  # fmt: skip
    found = []
    for journal in banks:
        if journal.code not in linked:
            found.append(Diagnosis(fault="no_bank_account", journal=journal.code))
        if not journal.account and len(banks) > 1:
            found.append(Diagnosis(fault="no_ledger_account", journal=journal.code))
        elif booked.count(journal.account or default) > 1:
            found.append(Diagnosis(fault="shared_ledger_account", journal=journal.code))
    return found + [
        Diagnosis(fault="no_journal", account=account)
        for account in company.ibans
        if not isinstance(find(company, known, account), Journal)
    ]


def evolve(known: Journals, fact: Recorded) -> Journals:
    """The links after one more event of their tag."""
    match fact.event:
        case BankAccountLinked(account=account, journal=journal):
            return {**known, account: journal}
    return known
