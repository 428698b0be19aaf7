"""Every event there is, by its stored name; an event that is not here cannot be read or written."""

from domain.archives.tabs import ArchiveTabsSet
from domain.archives.treated import DocumentsMarkedTreated, DocumentsMarkedUntreated
from domain.articles.article import (
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleComposed,
    ArticleCreated,
    ArticleRestored,
    ArticleVatChanged,
)
from domain.book.event import Event
from domain.book.rotation import SealKeyReplaced
from domain.deposits.deposit import DEPOSIT_EVENTS
from domain.deposits.invoice_deposit import InvoiceDepositSettled
from domain.imports.batch import ImportCompleted, ImportUndone
from domain.imports.fec import FecImportCompleted, FecImportStarted, FecImportUndone
from domain.ledger.closing import PeriodClosed
from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodLocked, PeriodReopened
from domain.ledger.vat_return import VatReturnFiled
from domain.operations.exported import ReportExported
from domain.operations.technical import TECHNICAL_EVENTS
from domain.orders.delivery import DeliveryCancelled, DeliveryIssued
from domain.orders.order import OrderCancelled, OrderConfirmed, OrderInvoiced
from domain.parties.company import (
    AccountMapped,
    BooksSynchronised,
    CompanyChanged,
    CompanyOpened,
    OptionSet,
)
from domain.parties.contact import (
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactRestored,
)
from domain.parties.dossier import DossierKept
from domain.privacy.erasing import PersonalDataErased
from domain.purchases.bill import BillRecorded
from domain.quotes.quote import QUOTE_EVENTS
from domain.reminders.events import REMINDER_EVENTS
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.sales.printing import DocumentPrinted
from domain.sales.template import LogoKept, TemplateVersioned
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.bank_account import BankAccountLinked
from domain.treasury.cheque_deposit import ChequeDepositCreated, ChequeDepositReversed
from domain.treasury.collection import CollectionCreated
from domain.treasury.creditor import CreditorIdentified
from domain.treasury.csv_layout import CsvLayoutSet
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.mandate import MandateRevoked, MandateSigned
from domain.treasury.payment import PaymentRecorded
from domain.treasury.remittance import (
    RemittanceCancelled,
    RemittanceLineReturned,
    RemittanceSettled,
)
from domain.treasury.reversal import PaymentReversed
from domain.treasury.statement import StatementImported
from domain.treasury.tolerance import PaymentToleranceSet
from domain.treasury.transfer_order import TransferOrdered
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue

EVENTS: tuple[type[Event], ...] = (
    CompanyOpened,
    CompanyChanged,
    AccountMapped,
    OptionSet,
    BooksSynchronised,
    DossierKept,
    ContactCreated,
    ContactChanged,
    ContactArchived,
    ContactRestored,
    ArticleCreated,
    ArticleChanged,
    ArticleVatChanged,
    ArticleAccountChanged,
    ArticleComposed,
    ArticleArchived,
    ArticleRestored,
    ImportCompleted,
    ImportUndone,
    FecImportStarted,
    FecImportCompleted,
    FecImportUndone,
    *QUOTE_EVENTS,
    *DEPOSIT_EVENTS,
    InvoiceDepositSettled,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceDiscarded,
    InvoiceValidated,
    CreditNoteIssued,
    InvoiceWrittenOff,
    BadDebtVatReclaimed,
    BadDebtRecovered,
    *REMINDER_EVENTS,
    OrderConfirmed,
    OrderCancelled,
    OrderInvoiced,
    DeliveryIssued,
    DeliveryCancelled,
    LogoKept,
    TemplateVersioned,
    DocumentPrinted,
    DocumentLinkSent,
    DocumentLinkOpened,
    BillRecorded,
    EntryPosted,
    PaymentRecorded,
    StatementImported,
    PaymentAssigned,
    BankAccountLinked,
    CsvLayoutSet,
    EntriesLettered,
    EntriesUnlettered,
    PaymentReversed,
    PaymentToleranceSet,
    PaymentDifferenceBooked,
    CashDiscountGranted,
    CashDiscountTaken,
    VatBecameDue,
    VatBecameDeductible,
    CreditorIdentified,
    MandateSigned,
    MandateRevoked,
    CollectionCreated,
    TransferOrdered,
    RemittanceSettled,
    RemittanceCancelled,
    RemittanceLineReturned,
    ChequeDepositCreated,
    ChequeDepositReversed,
    PeriodLocked,
    PeriodReopened,
    PeriodClosed,
    VatReturnFiled,
    SealKeyReplaced,
    PersonalDataErased,
    ArchiveTabsSet,
    DocumentsMarkedTreated,
    DocumentsMarkedUntreated,
    *TECHNICAL_EVENTS,
    ReportExported,
)

CATALOGUE: dict[str, type[Event]] = {event.stored_as: event for event in EVENTS}
