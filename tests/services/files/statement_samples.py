"""Files of bank statements that are right, made from few words, to be broken where a test needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

OURS = "BE68539007547034"
THEIRS = "BE43730004200601"
SUPPLIER = "BE41063012345610"


@dataclass(frozen=True)
class Move:
    """A movement in cents; `structured` is twelve digits, `kind` and `detail` as in CODA."""

    amount: int
    text: str = ""
    structured: str = ""
    name: str = ""
    iban: str = ""
    day: date = date(2026, 3, 12)
    kind: str = "0"
    detail: str = "0000"
    family: str = "01"
    operation: str = "50"
    value: date | None = date(2026, 3, 12)


def coda(
    moves: Sequence[Move],
    *,
    opening: int = 500_000,
    number: int = 1,
    account: str = OURS,
    day: date = date(2026, 3, 12),
    duplicate: str = " ",
    further: str = "2",
) -> str:
    """A CODA file of one statement; movements of a kind from 5 to 9 are parts of the one before."""
    records = [header(day, duplicate), balance("1", account, opening, day, number)]
    nth = 0
    for move in moves:
        nth += move.detail == "0000"
        records += movement(nth, move)
    counted = [move.amount for move in moves if move.kind in "0123"]
    closing = opening + sum(counted)
    records.append(balance("8", account, closing, day, number))
    count = sum(record[0] in "1238" for record in records)
    debits = -sum(amount for amount in counted if amount < 0)
    credits_ = sum(amount for amount in counted if amount > 0)
    trailer = f"9{'':15}{count:06d}{debits * 10:015d}{credits_ * 10:015d}{'':75}{further}"
    return "".join(f"{record}\r\n" for record in [*records, trailer])


def header(day: date, duplicate: str = " ") -> str:
    """Record 0."""
    head = f"00000{day:%d%m%y}53905{duplicate}{'':7}0000178299{'ATELIER FICTIF SRL':26}"
    return f"{head}{'NICABEBB':11}00202239951 00000{'':39}2"


def balance(kind: str, account: str, amount: int, day: date, number: int) -> str:
    """Record 1 or 8."""
    where = f"{account:34}EUR"
    sign = "1" if amount < 0 else "0"
    money = f"{sign}{abs(amount) * 10:015d}{day:%d%m%y}"
    if kind == "1":
        return (
            f"12{number:03d}{where}{money}{'ATELIER FICTIF SRL':26}{'COMPTE A VUE':35}{number:03d}"
        )
    return f"8{number:03d}{where}{money}{'':64}0"


def movement(nth: int, move: Move) -> list[str]:
    """Records 2.1, 2.2 and 2.3."""
    place = f"{nth:04d}{move.detail}"
    sign = "1" if move.amount < 0 else "0"
    value = f"{move.value:%d%m%y}" if move.value else "000000"
    code = f"{move.kind}{move.family}{move.operation}000"
    said = f"1101{move.structured}" if move.structured else f"0{move.text[:53]}"
    more = "1" if move.name or move.iban or move.text[53:] else "0"
    first = (
        f"21{place}{f'OL{nth:08d}':21}{sign}{abs(move.amount) * 10:015d}{value}{code}"
        f"{said:54}{move.day:%d%m%y}0010{more} 0"
    )
    records = [first]
    if more == "1":
        rest = "" if move.structured else move.text[53:106]
        records.append(f"22{place}{rest:53}{'':35}{'KREDBEBB':11}{'':16}1 0")
        records.append(f"23{place}{move.iban:34}EUR{move.name:35}{'':43}0 0")
    return records


CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-12T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{name}</Id>{sequence}<CreDtTm>2026-03-12T20:00:00</CreDtTm>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{opening}
{closing}
{entries}
</Stmt></BkToCstmrStmt></Document>
"""


def camt(
    entries: Sequence[str],
    moved: int,
    *,
    version: str = "08",
    opening: int = 500_000,
    number: int = 1,
    name: str = "STM-1",
    account: str = OURS,
) -> bytes:
    """A CAMT.053 file of one statement whose entries move so many cents."""
    return CAMT.format(
        version=version,
        name=name,
        sequence=f"<ElctrncSeqNb>{number}</ElctrncSeqNb>" if number else "",
        account=account,
        opening=camt_balance("OPBD", opening, "2026-03-11"),
        closing=camt_balance("CLBD", opening + moved, "2026-03-12"),
        entries="\n".join(entries),
    ).encode()


def camt_balance(code: str, amount: int, day: str) -> str:
    """A balance."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{camt_amount(amount)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def camt_amount(amount: int) -> str:
    """An amount and its side."""
    side = "CRDT" if amount >= 0 else "DBIT"
    return (
        f'<Amt Ccy="EUR">{abs(amount) // 100}.{abs(amount) % 100:02d}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd>"
    )


def camt_entry(
    amount: int, details: str = "", *, version: str = "08", status: str = "BOOK", more: str = ""
) -> str:
    """An entry of the 12th of March."""
    state = f"<Sts><Cd>{status}</Cd></Sts>" if version == "08" else f"<Sts>{status}</Sts>"
    return (
        f"<Ntry>{camt_amount(amount)}{state}"
        "<BookgDt><Dt>2026-03-12</Dt></BookgDt><ValDt><Dt>2026-03-13</Dt></ValDt>"
        "<AcctSvcrRef>BANK-1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
        f"<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>{details}{more}</Ntry>"
    )


def camt_details(*transactions: str) -> str:
    """What explains an entry."""
    return f"<NtryDtls>{''.join(transactions)}</NtryDtls>"


def camt_transaction(
    amount: int,
    *,
    name: str = "",
    iban: str = "",
    text: str = "",
    reference: str = "",
    version: str = "08",
) -> str:
    """One transaction of an entry."""
    other = "Dbtr" if amount >= 0 else "Cdtr"
    named = f"<Pty><Nm>{name}</Nm></Pty>" if version == "08" else f"<Nm>{name}</Nm>"
    words = f"<Ustrd>{text}</Ustrd>" if text else ""
    if reference:
        kind = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
        words += f"<Strd><CdtrRefInf>{kind}<Ref>{reference}</Ref></CdtrRefInf></Strd>"
    return (
        f"<TxDtls>{camt_amount(amount)}<RltdPties><{other}>{named}</{other}>"
        f"<{other}Acct><Id><IBAN>{iban}</IBAN></Id></{other}Acct></RltdPties>"
        f"<RmtInf>{words}</RmtInf></TxDtls>"
    )


MT940 = """:20:STM1
:25:{account}
:28C:{number:05d}/001
:60F:C260311EUR{opening}
:61:2603120312C1210,00NTRFNONREF//BANK-1
:86:/TRTP/SEPA/IBAN/BE43730004200601/NAME/CLIENT BETA/REMI/FA-2026-00001/EREF/X
:61:2603120312D12,10NCHGNONREF//BANK-2
:86:FRAIS DE GESTION
:62F:C260312EUR{closing}
-
"""


def mt940(*, number: int = 1, opening: int = 500_000, account: str = OURS) -> str:
    """An MT940 message that receives 1210.00 and pays charges of 12.10."""
    closing = opening + 119_790
    return MT940.format(
        account=account, number=number, opening=_comma(opening), closing=_comma(closing)
    )


def _comma(amount: int) -> str:
    return f"{amount // 100},{amount % 100:02d}"
