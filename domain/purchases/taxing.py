"""The VAT of a supplier's document by treatment and account: what is owed, what is deducted.

A line names its rate where the document has several and the lines differ; else nobody could say
which grid of a return a purchase belongs to.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.book.refusal import Refused, words
from domain.countries import exigibility, purchase_code
from domain.countries.atlas import RULES
from domain.countries.purchase_code import PurchaseCode
from domain.countries.purchase_nature import nature_of
from domain.countries.vat_code import place_of
from domain.parties.company import Company
from domain.purchases.lines import BillLine, PurchaseShare
from domain.values import faults
from domain.values.days import is_in_force
from domain.values.money import half_up
from domain.values.quantity import exact, is_percent, shortest
from domain.values.vat import Exigible, Nature, Rate, VatAmount, VatCategory, round_together, tax_on

TaxPoint = Literal["", "issue", "payment"]


class LineRateIsMissing(Refused, frozen=True, kw_only=True):
    """Lines differ in account or treatment, the rates are several, and a line names none."""

    code = "line_rate_missing"
    rule = "V24"
    text = words(
        en="Line {line} must say its VAT rate: the document has several, and its lines differ.",
        fr="La ligne {line} doit dire son taux de TVA : il y en a plusieurs et les lignes "
        "diffèrent.",
        nl="Regel {line} moet haar btw-tarief noemen: er zijn er meer en de regels verschillen.",
    )

    line: int


class LinesMissRate(Refused, frozen=True, kw_only=True):
    """The lines that name a rate are not what the document says of that rate."""

    code = "lines_miss_rate"
    rule = "BR-S-08"
    text = words(
        en="The lines at {category} {rate} % sum to {net}, the VAT base is {base}.",
        fr="Les lignes à {category} {rate} % totalisent {net}, la base de TVA est {base}.",
        nl="De regels aan {category} {rate} % zijn samen {net}, de btw-grondslag is {base}.",
    )

    category: str
    rate: str
    net: int
    base: int


class PurchaseCodeIsUnknown(Refused, frozen=True, kw_only=True):
    """The country has no such code for purchases on that day."""

    code = "purchase_code_unknown"
    rule = "V24"
    text = words(
        en="{vat_code} is no VAT code of a purchase.",
        fr="{vat_code} n'est pas un code TVA d'achat.",
        nl="{vat_code} is geen btw-code van een aankoop.",
    )

    vat_code: str


class Taxing(Struct, frozen=True, kw_only=True):
    """What decides on the treatment of a purchase beside its lines.

    `on_debits` says that the supplier owes VAT on services as he invoices them; `tax_point` what
    the document itself says (empty: nothing), which goes before that and before its nature.
    """

    company: Company
    supplier_country: str
    day: date
    on_debits: bool = False
    tax_point: TaxPoint = ""


Group = tuple[str, str, str, str, Nature]
"""What lines have in common for VAT: account, code, rate due, percent deductible, nature."""


def share_out(
    lines: Sequence[BillLine], vat: Sequence[VatAmount], taxing: Taxing
) -> tuple[PurchaseShare, ...] | Refused:
    """The shares of each rate of a document: Σ base and Σ tax are those of the rate, exactly."""
    malformed = (_malformed(index, line, taxing) for index, line in enumerate(lines))
    refused = next((each for each in malformed if each is not None), None)
    if refused is not None:
        return refused
    named, free = _named(lines, taxing), _free(lines, taxing)
    left = _left(vat, named)
    unknown = next((key for key, _ in named if key not in _rates(vat)), None)
    if unknown is not None or (left and not free):
        return _missed(unknown or next(iter(left)), named, vat)
    if len(free) > 1 and len(left) > 1:
        line = next(index for index, line in enumerate(lines) if not line.rate)
        return LineRateIsMissing(line=line + 1, pointer=f"/lines/{line}/rate")
    groups = dict(named)
    for key, base in left.items():
        # The rest of a rate is that of the one treatment; or one rate has all that is left.
        for group, net in free.items():
            groups[key, group] = groups.get((key, group), 0) + (net if len(free) > 1 else base)
    any_group = next(iter(free), None) or next(group for _, group in named)
    return tuple(share for whole in vat for share in _shares(whole, groups, any_group, taxing))


def undivided(vat: Iterable[VatAmount], account: str = "") -> tuple[PurchaseShare, ...]:
    """One domestic share for each rate, all of it deductible."""
    return tuple(
        PurchaseShare(
            category=whole.category,
            rate=whole.rate,
            code="DOM",
            account=account,
            base=whole.base,
            tax=whole.tax,
            due=0,
            deductible=whole.tax,
        )
        for whole in vat
    )


def _malformed(index: int, line: BillLine, taxing: Taxing) -> Refused | None:
    for name in ("rate", "due_rate", "deductible"):
        text = getattr(line, name)
        if text and not is_percent(text):
            return faults.NumberIsMalformed(pointer=f"/lines/{index}/{name}")
    known = purchase_code.find(taxing.company.country, line.vat_code, taxing.day)
    if line.vat_code and known is None:
        return PurchaseCodeIsUnknown(
            vat_code=line.vat_code[:20], pointer=f"/lines/{index}/vat_code"
        )
    return None


def _named(lines: Sequence[BillLine], taxing: Taxing) -> dict[tuple[Rate, Group], int]:
    sums: dict[tuple[Rate, Group], int] = {}
    for line in lines:
        if line.rate:
            key = (line.category or "S", shortest(line.rate)), _group(line, taxing)
            sums[key] = sums.get(key, 0) + line.net
    return sums


def _free(lines: Sequence[BillLine], taxing: Taxing) -> dict[Group, int]:
    sums: dict[Group, int] = {}
    for line in lines:
        if not line.rate:
            group = _group(line, taxing)
            sums[group] = sums.get(group, 0) + line.net
    return sums


def _group(line: BillLine, taxing: Taxing) -> Group:
    """In the franchise nothing is deducted."""
    company = taxing.company
    deductible = "0" if company.vat_regime == "franchise" else shortest(line.deductible)
    account = line.account or company.accounts["purchases"]
    nature = line.nature or nature_of(company.country, line.account)
    return account, line.vat_code, shortest(line.due_rate), deductible, nature


def _rates(vat: Iterable[VatAmount]) -> dict[Rate, int]:
    return {(whole.category, whole.rate): whole.base for whole in vat}


def _left(vat: Iterable[VatAmount], named: dict[tuple[Rate, Group], int]) -> dict[Rate, int]:
    """What of each rate's base no line names."""
    left = _rates(vat)
    for (key, _), net in named.items():
        left[key] = left.get(key, 0) - net
    return {key: base for key, base in left.items() if base}


def _missed(key: Rate, named: dict[tuple[Rate, Group], int], vat: Iterable[VatAmount]) -> Refused:
    net = sum(amount for (rate, _), amount in named.items() if rate == key)
    base = _rates(vat).get(key, 0)
    return LinesMissRate(category=key[0], rate=key[1], net=net, base=base, pointer="/vat")


def _shares(
    whole: VatAmount, groups: dict[tuple[Rate, Group], int], any_group: Group, taxing: Taxing
) -> Iterable[PurchaseShare]:
    rate = whole.category, whole.rate
    own = {group: net for (key, group), net in groups.items() if key == rate} or {any_group: 0}
    total = sum(own.values())
    parts = [Fraction(whole.tax * net, total) if total else Fraction(0) for net in own.values()]
    if not total:
        parts[0] = Fraction(whole.tax)
    taxes = round_together(parts, whole.tax)
    for (group, net), tax in zip(own.items(), taxes, strict=True):
        yield _share(whole, group, net, tax, taxing)


def _share(whole: VatAmount, group: Group, base: int, tax: int, taxing: Taxing) -> PurchaseShare:
    account, name, due_rate, percent, nature = group
    treated = _code(name, whole.category, taxing)
    rate = due_rate or standard_rate(taxing)
    due = tax_on(base, rate) if treated.due_account else 0
    deductible = half_up((tax + due) * exact(percent) / 100)
    waits = deductible and treated.code == "DOM" and whole.category == "S"
    return PurchaseShare(
        category=whole.category,
        rate=whole.rate,
        code=treated.code,
        account=account,
        base=base,
        tax=tax,
        due=due,
        deductible=deductible,
        due_rate=rate if treated.due_account else "",
        due_account=treated.due_account,
        nature=nature,
        exigible=_exigible(nature, taxing) if waits else "issue",
    )


def _exigible(nature: Nature, taxing: Taxing) -> Exigible:
    """When the supplier's VAT is due, and so deductible: by the country's rules of sales (CGI 271).

    What the document says is what a supplier of services on receipts, or on debits, would say.
    """
    rules = RULES[taxing.company.country]
    said = taxing.tax_point
    sale = exigibility.Taxing(
        nature=("services" if said else nature) or "services",
        category="S",
        deposit=False,
        on_debits=said == "issue" or (not said and taxing.on_debits),
        day=taxing.day,
    )
    return rules.exigible(None, sale)


def _code(name: str, category: VatCategory, taxing: Taxing) -> PurchaseCode:
    country = taxing.company.country
    place = place_of(taxing.supplier_country, country)
    found = (
        purchase_code.find(country, name, taxing.day)
        if name
        else purchase_code.choose(country, category, place, taxing.day)
    )
    return found or PurchaseCode(code="DOM")


def standard_rate(taxing: Taxing) -> str:
    """The highest rate in force: what a purchase whose line names no rate owes."""
    rates = RULES[taxing.company.country].rates
    in_force = (r.rate for r in rates if is_in_force(r.valid_from, r.valid_to, taxing.day))
    return max(in_force, key=exact)
