"""The third parties' accounts of a FEC become those of the company, so that both sides meet."""

from collections.abc import Iterator

from msgspec.structs import replace

from domain.book.refusal import Refused
from domain.imports.fec import MappedAccount
from domain.ledger.chart import AccountRole
from domain.parties import company as companies
from domain.parties.company import Company
from services.imports.fec_survey import CUSTOMERS, DOUBTFUL, SUPPLIERS, Survey
from services.loading import load_company
from services.store.pen import Pen

PREFIXES: tuple[tuple[AccountRole, tuple[str, ...]], ...] = (
    ("customers", CUSTOMERS),
    ("doubtful", DOUBTFUL),
    ("suppliers", SUPPLIERS),
)


def map_accounts(pen: Pen, survey: Survey, *, in_use: bool) -> tuple[MappedAccount, ...]:
    """Makes the book know whose side each account of third parties in the file stands on.

    The one with most lines is posted on from now on, unless the book was `in_use` before: then the
    company's own is. What no role can have stays an account like others.
    """
    mapped = []
    for role, prefixes in PREFIXES:
        before = load_company(pen).accounts[role]
        for account in _wanted(load_company(pen), role, prefixes, survey, in_use=in_use):
            decision = companies.map_account(load_company(pen), role, account)
            if not isinstance(decision, Refused):
                pen.append(decision)
        after = load_company(pen).accounts[role]
        if after != before:
            mapped.append(MappedAccount(role=role, before=before, after=after))
    return tuple(mapped)


def put_back(
    pen: Pen, mapped: tuple[MappedAccount, ...], used: frozenset[str]
) -> tuple[MappedAccount, ...]:
    """Gives roles the accounts that they had, unless somebody has posted on the newer ones."""
    done = []
    for each in mapped:
        company = load_company(pen)
        if company.accounts[each.role] != each.after or each.after in used:
            continue
        decision = companies.map_account(company, each.role, each.before)
        if not isinstance(decision, Refused):
            pen.append(decision)
            done.append(replace(each, before=each.after, after=each.before))
    return tuple(done)


def _wanted(
    company: Company,
    role: AccountRole,
    prefixes: tuple[str, ...],
    survey: Survey,
    *,
    in_use: bool,
) -> Iterator[str]:
    """The accounts to give a role one after the other: the last one stays."""
    own = company.accounts[role]
    counted = [(n, each) for each, n in survey.party_lines.items() if each.startswith(prefixes)]
    accounts = [each for _, each in sorted(counted)]
    if not accounts:
        return
    stays = own if in_use or own in accounts else accounts[-1]
    strange = [each for each in accounts if each not in company.third_party and each != stays]
    yield from strange
    if strange or stays != own:
        yield stays
