"""Quotes: written, answered, and invoiced at once, by their progress, or by way of deposits."""
