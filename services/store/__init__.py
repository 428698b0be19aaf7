"""The book in PostgreSQL: what was recorded, the pen that writes it, the reads it allows."""
