"""SEPA files: direct debits (pain.008) and credit transfers (pain.001) of ISO 20022, by sepaxml.

The library draws random ids and reads the clock, so what it makes is named anew here: the same
order gives the same bytes. It checks neither the creditor's key nor the letters that banks take;
the file is validated by the schema it ships.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import sepaxml
from lxml import etree
from msgspec import Struct
from text_unidecode import unidecode

from domain.treasury.collection import Scheme
from domain.treasury.collection import Sequence as Turn
from domain.values.structured import structured

DIRECT_DEBIT = "pain.008.001.08"
TRANSFER = "pain.001.001.09"
MEDIA_TYPE = "application/xml"
_SCHEMAS = Path(sepaxml.__file__).parent / "schemas"
# What every bank of the area takes (EPC217-08); anything else may be refused or lost.
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
LONGEST_NAME, LONGEST_TEXT = 70, 140


class SepaFileIsWrong(Exception):
    """What was made is not valid by its schema: a fault of ours, never of a caller."""


class Principal(Struct, frozen=True, kw_only=True):
    """Who gives the file to the bank, for which account; `creditor_id` of direct debits only."""

    name: str
    iban: str
    bic: str = ""
    creditor_id: str = ""


class Order(Struct, frozen=True, kw_only=True):
    """A file: the number it is known by, when it was made and when the bank is to execute it."""

    principal: Principal
    number: str
    made_at: datetime
    execution_date: date


class Debit(Struct, frozen=True, kw_only=True):
    """An amount in cents to collect from an account, by a mandate."""

    name: str
    iban: str
    amount: int
    end_to_end: str
    text: str
    mandate_reference: str
    signed_on: date
    sequence: Turn
    bic: str = ""


class Credit(Struct, frozen=True, kw_only=True):
    """An amount in cents to send to an account; `text` may be an OGM or an RF reference."""

    name: str
    iban: str
    amount: int
    end_to_end: str
    text: str


def write_debits(order: Order, scheme: Scheme, debits: Sequence[Debit]) -> bytes:
    """A direct debit file; a group for each sequence. Raises SepaFileIsWrong."""
    config = {**_config(order.principal), "creditor_id": order.principal.creditor_id}
    file = sepaxml.SepaDD({**config, "instrument": scheme}, schema=DIRECT_DEBIT)
    for debit in debits:
        file.add_payment(
            {
                "name": readable(debit.name, LONGEST_NAME),
                "IBAN": debit.iban,
                "amount": debit.amount,
                "type": debit.sequence,
                "collection_date": order.execution_date,
                "mandate_id": debit.mandate_reference,
                "mandate_date": debit.signed_on,
                "description": readable(debit.text, LONGEST_TEXT),
                "endtoend_id": debit.end_to_end,
                **({"BIC": debit.bic} if debit.bic else {}),
            }
        )
    return _finished(file.export(validate=False), order, DIRECT_DEBIT)


def write_transfers(order: Order, credits_: Sequence[Credit]) -> bytes:
    """A credit transfer file; structured communications as such. Raises SepaFileIsWrong."""
    file = sepaxml.SepaTransfer(_config(order.principal), schema=TRANSFER)
    for credit in credits_:
        file.add_payment(
            {
                "name": readable(credit.name, LONGEST_NAME),
                "IBAN": credit.iban,
                "amount": credit.amount,
                "execution_date": order.execution_date,
                "description": structured(credit.text) or readable(credit.text, LONGEST_TEXT),
                "endtoend_id": credit.end_to_end,
            }
        )
    return _finished(file.export(validate=False), order, TRANSFER)


def readable(text: str, longest: int) -> str:
    """The text in the letters that banks take: Éric & Cie is "Eric Cie"; never empty."""
    plain = " ".join(_FOREIGN.sub(" ", unidecode(text)).split())
    return plain[:longest].strip() or "-"


def validate(content: bytes, schema: str) -> None:
    """Checks a file by its schema (`pain.008.001.08`); raises SepaFileIsWrong."""
    known = _schema(schema)
    if not known.validate(etree.fromstring(content)):
        raise SepaFileIsWrong(str(known.error_log.last_error))


def _config(principal: Principal) -> dict[str, object]:
    bic = {"BIC": principal.bic} if principal.bic else {}
    name = readable(principal.name, LONGEST_NAME)
    return {"name": name, "IBAN": principal.iban, "batch": True, "currency": "EUR", **bic}


def _finished(drawn: bytes, order: Order, schema: str) -> bytes:
    """The file under our own names and time, its communications as they are meant, validated."""
    space = f"{{urn:iso:std:iso:20022:tech:xsd:{schema}}}"
    root = etree.fromstring(drawn)
    _say(root, f"{space}MsgId", order.number)
    moment = order.made_at.astimezone(UTC).replace(tzinfo=None)
    _say(root, f"{space}CreDtTm", moment.isoformat(timespec="seconds"))
    for nth, group in enumerate(root.iter(f"{space}PmtInf"), 1):
        _say(group, f"{space}PmtInfId", f"{order.number}/{nth}")
    for agent in root.iter(f"{space}FinInstnId"):
        if len(agent) == 0:  # an account without its bank's code still has to say so
            other = etree.SubElement(agent, f"{space}Othr")
            etree.SubElement(other, f"{space}Id").text = "NOTPROVIDED"
    for said in list(root.iter(f"{space}Ustrd")):
        reference = structured(said.text or "")
        if reference:
            _structure(said, space, reference)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    validate(content, schema)
    return content


def _say(parent: etree._Element, name: str, text: str) -> None:
    """Gives the first element of that name another text."""
    found = next(parent.iter(name), None)
    if found is None:
        raise SepaFileIsWrong(f"there is no {name}")
    found.text = text


def _structure(said: etree._Element, space: str, reference: str) -> None:
    """Puts a creditor's reference in place of free text: OGM of the Belgians (BBA), RF of ISO."""
    around = said.getparent()
    if around is None:
        raise SepaFileIsWrong("a communication stands nowhere")
    around.remove(said)
    place = etree.SubElement(etree.SubElement(around, f"{space}Strd"), f"{space}CdtrRefInf")
    kind = etree.SubElement(place, f"{space}Tp")
    code = etree.SubElement(etree.SubElement(kind, f"{space}CdOrPrtry"), f"{space}Cd")
    code.text = "SCOR"
    issuer = etree.SubElement(kind, f"{space}Issr")
    issuer.text = "ISO" if reference.startswith("RF") else "BBA"
    etree.SubElement(place, f"{space}Ref").text = reference


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMAS / f"{name}.xsd"))
