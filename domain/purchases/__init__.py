"""What the company buys: the bills of its suppliers."""
