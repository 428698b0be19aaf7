"""The accountant's nouns that events are made of: money, VAT, identifiers, quantities."""
