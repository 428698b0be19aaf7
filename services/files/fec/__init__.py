"""The file of accounting entries that French tax offices read (FEC): LPF L47 A, A47 A-1."""
