"""The money on an invoice: reading BG-20 to BG-23 and BG-25 to BG-30, amounts in minor units."""

from services.files.ubl.document import AllowanceCharge, Line, Totals, VatBreakdown
from services.files.ubl.terms import Terms

MOST_LINES = 10_000


class Money:
    """Reads the amounts of one document, which are all in its one currency."""

    def __init__(self, document: Terms, currency: str, *, credit_note: bool) -> None:
        self._document = document
        self._currency = currency
        self._line = "cac:CreditNoteLine" if credit_note else "cac:InvoiceLine"
        self._quantity = "cbc:CreditedQuantity" if credit_note else "cbc:InvoicedQuantity"

    def lines(self) -> tuple[Line, ...]:
        """Read BG-25; a document without lines is an error."""
        found = self._document.each(self._line)
        if not found:
            where = f"{self._document.pointer}/{self._line}"
            self._document.findings.error("BR-16", where, "the document has no line")
        if len(found) > MOST_LINES:
            message = f"more than {MOST_LINES} lines"
            self._document.findings.error("UBL-TOO-MANY", found[0].pointer, message)
            return ()
        return tuple(self._read_line(line) for line in found)

    def allowances_charges(self) -> tuple[AllowanceCharge, ...]:
        """Read BG-20 and BG-21, of the document as a whole."""
        rules = {
            False: ("BR-31", "BR-DEC-01", "BR-DEC-02"),
            True: ("BR-36", "BR-DEC-05", "BR-DEC-06"),
        }
        return self._allowances_charges(self._document, rules)

    def vat(self) -> tuple[VatBreakdown, ...]:
        """Read BG-23 from the tax total in the currency of the document."""
        total = self._tax_total(self._currency)
        found = [] if total is None else total.each("cac:TaxSubtotal")
        if not found:
            message = "the document has no VAT breakdown"
            self._document.findings.error(
                "BR-CO-18", f"{self._document.pointer}/cac:TaxTotal", message
            )
        return tuple(self._read_vat(subtotal) for subtotal in found)

    def totals(self, tax_currency: str | None, tax_exponent: int) -> Totals:
        """Read BG-22, BT-110 and BT-111; an absent optional amount is 0."""
        totals = self._document.one("cac:LegalMonetaryTotal") or self._document
        tax_total = self._tax_total(self._currency)
        tax = None
        if tax_total is not None:
            tax = tax_total.amount("cbc:TaxAmount", self._currency, "BR-DEC-13", missing="BR-CO-14")

        def amount(name: str, decimals: str, missing: str = "") -> int:
            return totals.amount(f"cbc:{name}", self._currency, decimals, missing) or 0

        return Totals(
            pointer=totals.pointer,
            lines=amount("LineExtensionAmount", "BR-DEC-09", "BR-12"),
            allowances=amount("AllowanceTotalAmount", "BR-DEC-10"),
            charges=amount("ChargeTotalAmount", "BR-DEC-11"),
            tax_exclusive=amount("TaxExclusiveAmount", "BR-DEC-12", "BR-13"),
            tax=tax or 0,
            tax_inclusive=amount("TaxInclusiveAmount", "BR-DEC-14", "BR-14"),
            prepaid=amount("PrepaidAmount", "BR-DEC-16"),
            rounding=amount("PayableRoundingAmount", "BR-DEC-17"),
            payable=amount("PayableAmount", "BR-DEC-18", "BR-15"),
            tax_in_tax_currency=self._tax_in(tax_currency, tax_exponent),
        )

    def _tax_in(self, tax_currency: str | None, tax_exponent: int) -> int | None:
        if tax_currency is None or tax_currency == self._currency:
            return None
        total = self._tax_total(tax_currency)
        if total is None:
            message = f"a VAT total in the tax currency {tax_currency} is announced and not given"
            self._document.findings.remark("BR-53", self._document.pointer, message)
            return None
        total.exponent = tax_exponent
        return total.amount("cbc:TaxAmount", tax_currency, "BR-DEC-15")

    def _tax_total(self, currency: str) -> Terms | None:
        """Give the tax total whose amount is in `currency`; a second one is an error."""
        found = [
            total
            for total in self._document.each("cac:TaxTotal")
            if total.attribute("cbc:TaxAmount", "currencyID") == currency
        ]
        if len(found) > 1:
            message = f"a second VAT total in {currency}; which one counts cannot be told"
            self._document.findings.error("UBL-REPEATED", found[1].pointer, message)
        return found[0] if found else None

    def _read_vat(self, subtotal: Terms) -> VatBreakdown:
        category = subtotal.one("cac:TaxCategory") or subtotal
        return VatBreakdown(
            pointer=subtotal.pointer,
            category=category.code("cbc:ID", missing="BR-47") or "",
            rate=category.number("cbc:Percent"),
            base=subtotal.amount("cbc:TaxableAmount", self._currency, "BR-DEC-19", "BR-45") or 0,
            tax=subtotal.amount("cbc:TaxAmount", self._currency, "BR-DEC-20", "BR-46") or 0,
            exemption_reason=category.text("cbc:TaxExemptionReason"),
            exemption_code=category.code("cbc:TaxExemptionReasonCode"),
        )

    def _read_line(self, line: Terms) -> Line:
        category = line.one("cac:Item/cac:ClassifiedTaxCategory")
        rules = {
            False: ("BR-41", "BR-DEC-24", "BR-DEC-25"),
            True: ("BR-43", "BR-DEC-27", "BR-DEC-28"),
        }
        if category is None:
            line.findings.error("BR-CO-04", line.pointer, "the line has no VAT category")
        return Line(
            pointer=line.pointer,
            id=line.code("cbc:ID", missing="BR-21") or "",
            name=line.text("cac:Item/cbc:Name", missing="BR-25") or "",
            description=line.text("cac:Item/cbc:Description"),
            note=line.text("cbc:Note"),
            quantity=line.number(self._quantity, missing="BR-22") or "0",
            unit=line.attribute(self._quantity, "unitCode"),
            price=line.number("cac:Price/cbc:PriceAmount", missing="BR-26") or "0",
            base_quantity=line.number("cac:Price/cbc:BaseQuantity") or "1",
            net=line.amount("cbc:LineExtensionAmount", self._currency, "BR-DEC-23", "BR-24") or 0,
            vat_category=category.code("cbc:ID", missing="BR-CO-04") or "" if category else "",
            vat_rate=category.number("cbc:Percent") if category else None,
            allowances_charges=self._allowances_charges(line, rules),
            accounting_cost=line.code("cbc:AccountingCost"),
        )

    def _allowances_charges(
        self, owner: Terms, rules: dict[bool, tuple[str, str, str]]
    ) -> tuple[AllowanceCharge, ...]:
        return tuple(self._read_allowance(e, rules) for e in owner.each("cac:AllowanceCharge"))

    def _read_allowance(
        self, element: Terms, rules: dict[bool, tuple[str, str, str]]
    ) -> AllowanceCharge:
        is_charge = element.truth("cbc:ChargeIndicator")
        missing, amount_decimals, base_decimals = rules[is_charge]
        amount = element.amount("cbc:Amount", self._currency, amount_decimals, missing)
        return AllowanceCharge(
            pointer=element.pointer,
            is_charge=is_charge,
            amount=amount or 0,
            base=element.amount("cbc:BaseAmount", self._currency, base_decimals),
            percent=element.number("cbc:MultiplierFactorNumeric"),
            vat_category=element.code("cac:TaxCategory/cbc:ID"),
            vat_rate=element.number("cac:TaxCategory/cbc:Percent"),
            reason=element.text("cbc:AllowanceChargeReason"),
            reason_code=element.code("cbc:AllowanceChargeReasonCode"),
        )
