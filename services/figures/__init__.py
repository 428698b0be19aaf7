"""Figures: what each is the sum of, and the address it is explained at."""
