"""Money in, money out, and which lines it settles."""
