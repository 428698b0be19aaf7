"""Orders: confirmed, delivered and invoiced in parts, until nothing of them is left."""
