"""How the system itself is run, as far as an inspector may ask: the journal of technical events."""
