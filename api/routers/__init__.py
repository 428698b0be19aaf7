"""One module a resource; each route parses, calls one use case or query, and renders."""
