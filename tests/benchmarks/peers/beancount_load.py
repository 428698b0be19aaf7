"""Beancount as a peer: loads a file, which books, balances and checks every transaction.

Run by its own environment, not by ours. It reads one JSON array a line, and answers in JSON.
"""

import json
import sys
import time

from beancount import loader
from beancount.core.data import Transaction


def load(file: str) -> list[float]:
    """Loads a file with the load cache off; seconds, transactions and errors."""
    began = time.perf_counter()
    entries, errors, _ = loader.load_file(file)
    took = time.perf_counter() - began
    for error in errors[:3]:
        print(error.message, file=sys.stderr)
    return [took, sum(isinstance(entry, Transaction) for entry in entries), len(errors)]


if __name__ == "__main__":
    loader.initialize(use_cache=False)
    for request in sys.stdin:
        _, file = json.loads(request)
        print(json.dumps(load(file)), flush=True)
