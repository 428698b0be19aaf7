"""Particulars of a contact: further addresses, bank accounts, accounting data, templates."""

from typing import Literal

from msgspec import Struct

from domain.parties.company import Address

ContactRole = Literal["customer", "supplier", "partner"]
PartyNature = Literal["company", "private", "public"]
ContactLanguage = Literal["", "fr", "nl", "en"]
AddressUse = Literal["billing", "delivery", "other"]


class LinkedAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more address of a contact and what it is used for; `label` tells several apart."""

    use: AddressUse
    address: Address
    label: str = ""


class BankAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account of a contact; the BIC may be unknown, for within SEPA the IBAN is enough."""

    iban: str
    bic: str = ""


class AccountingData(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a contact is booked: its auxiliary account, and what its lines are sold and bought on.

    Empty accounts are the article's, or the company's. `auxiliary` is unique in the book: under it
    other programs know the contact on the company's account of customers or suppliers.
    `vat_on_debits` says that the supplier opted to owe VAT on services as he invoices them, so that
    it is deducted with his bill (CGI 269, 2, c).
    """

    auxiliary: str = ""
    sales_account: str = ""
    purchase_account: str = ""
    vat_on_debits: bool = False


class AssignedTemplates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The template of a contact's documents, per kind; empty is the company's (M4, M11)."""

    quote: str = ""
    invoice: str = ""
    reminder: str = ""
