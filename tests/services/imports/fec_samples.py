"""FECs for tests, written line by line as other programs write them."""

from collections.abc import Iterable

HEADING = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|"
    "PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
# Journal, number, day, account, third party, piece, label, amount, lettering.
SHORT = """
AN 1 20250101 101000 - - A-nouveaux -1000,00 -
AN 1 20250101 41100000 C001 F24-9 F24-9 300,00 AA
AN 1 20250101 512000 - AN A-nouveaux 700,00 -
VT VT1 20250105 41100000 C001 F25-1 F25-1 120,00 AB
VT VT1 20250105 706000 - F25-1 F25-1 -100,00 -
VT VT1 20250105 445710 - F25-1 F25-1 -20,00 -
BQ BQ1 20250115 512000 - VIR1 Virement 300,00 -
BQ BQ1 20250115 41100000 C001 VIR1 Virement -300,00 AA
VT VT2 20250210 41100000 C+2 F25-2 F25-2 240,00 ac
VT VT2 20250210 706000 - F25-2 F25-2 -240,00 -
BQ BQ2 20250301 512000 - VIR2 Acompte 40,00 -
BQ BQ2 20250301 41100000 C+2 VIR2 Acompte -40,00 ac
HA HA1 20250312 401000 - - Papier -60,00 -
HA HA1 20250312 606400 - B-7 Papier 60,00 -
BQ BQ3 20250320 512000 - VIR3 Virement 120,00 -
BQ BQ3 20250320 41100000 C001 VIR3 Virement -120,00 AB
""".strip().splitlines()
JOURNALS = {"AN": "A-nouveaux", "VT": "Ventes", "BQ": "Banque", "HA": "Achats"}
NAMES = {"C001": "Café Éric", "C+2": "Duval & Fils"}


def written(short: str) -> str:
    """A line of the file in full."""
    journal, number, day, account, party, piece, label, amount, code = short.split()
    party, piece, code = (each.removeprefix("-") for each in (party, piece, code))
    debit, credit = ("0,00", amount[1:]) if amount.startswith("-") else (amount, "0,00")
    lettered = "20250320" if code else ""
    valid = f"{day[:6]}28"
    cells = [journal, JOURNALS[journal], number, day, account, f"Compte {account}", party]
    cells += [NAMES.get(party, ""), piece, day, label, debit, credit, code, lettered, valid, "", ""]
    return "|".join(cells)


LINES = [written(short) for short in SHORT]
NAME = "900000019FEC20251231.txt"
OPEN = {"C+2": (1, 20_000), "401000": (1, -6_000)}
"""What is open at the end, by the code of the third party: items and cents."""


def fec(
    lines: Iterable[str] = LINES,
    *,
    heading: str = HEADING,
    separator: str = "|",
    encoding: str = "utf-8",
    end: str = "\r\n",
    mark: bool = False,
) -> bytes:
    """A file of these lines."""
    text = end.join([heading, *lines, ""]).replace("|", separator)
    return (b"\xef\xbb\xbf" if mark else b"") + text.encode(encoding)


def changed(nth: int, column: int, value: str) -> list[str]:
    """The lines with another value in a column of the nth of them, both from 0."""
    lines = list(LINES)
    cells = lines[nth].split("|")
    cells[column] = value
    lines[nth] = "|".join(cells)
    return lines
