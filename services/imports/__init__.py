"""Contacts and articles from files: read, matched with what is known, taken in, undone."""
