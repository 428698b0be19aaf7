"""Deposits of quotes and invoices: asked for, paid, taken off what follows, or given back."""
