"""Invoices and credit notes: from draft to entry, as debts, and as printed documents."""
