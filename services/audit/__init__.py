"""Proof that a book is what it was: verification of stored bytes, and export for others."""
