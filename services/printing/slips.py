"""A cheque deposit as a slip for the bank: one row a cheque, the account, the total (M41)."""

from msgspec.structs import replace

from domain.parties.company import Company
from domain.sales.pricing import Language
from domain.treasury.cheque_deposit import ChequeDepositCreated, DepositedCheque
from services.printing import writing
from services.printing.sheet import Block, Cell, Detail, Row, Sheet
from services.printing.words import Words
from services.printing.writing import Writing


def _in(fr: str, nl: str, en: str) -> Words:
    return {"fr": fr, "nl": nl, "en": en}


TITLE = _in("Remise de chèques", "Chequeafgifte", "Cheque deposit")
TO = _in("À créditer sur le compte", "Te crediteren op rekening", "To be credited to account")
CHEQUES = _in("Chèques", "Cheques", "Cheques")
DRAWER = _in("Tireur", "Trekker", "Drawer")
BANK = _in("Banque", "Bank", "Bank")
NUMBER = _in("N° de chèque", "Nr. cheque", "Cheque no.")
PAYS = _in("Factures", "Facturen", "Invoices")
TOTAL = _in("Total remis", "Totaal afgegeven", "Total deposited")
SIGNED = _in("Date et signature", "Datum en handtekening", "Date and signature")


def as_slip(sheet: Sheet, deposit: ChequeDepositCreated, company: Company) -> Sheet:
    """The sheet of the company with what a slip says on it in place of an invoice's."""
    said: Language = sheet.language
    write = Writing(said, company.country, deposit.currency)
    holder = (company.name, writing.iban(deposit.iban), company.profile.bic if deposit.iban else "")
    return replace(
        sheet,
        title=TITLE[said],
        labels=replace(sheet.labels, customer=TO[said]),
        customer=Block(name=holder[0], lines=tuple(filter(None, holder[1:]))),
        details=(
            Detail(write.word("issued_on"), write.day(deposit.issue_date)),
            Detail(CHEQUES[said], str(len(deposit.cheques))),
        ),
        introduction="",
        columns=(
            Cell(name="description", heading=DRAWER[said], figures=False),
            *(
                Cell(name=name, heading=heading[said])
                for name, heading in (("bank", BANK), ("number", NUMBER), ("pays", PAYS))
            ),
            Cell(name="amount", heading=write.word("amount")),
        ),
        rows=tuple(_row(cheque, write) for cheque in deposit.cheques),
        rates=(),
        totals=(Detail(TOTAL[said], write.money(deposit.total)),),
        payment=None,
        note="",
        closing="",
        signature=SIGNED[said],
        mentions=(),
        footer="",
    )


def _row(cheque: DepositedCheque, write: Writing) -> Row:
    cells = (cheque.bank, cheque.number, "\n".join(cheque.documents), write.amount(cheque.amount))
    return Row(kind="item", description=cheque.drawer, cells=cells)
