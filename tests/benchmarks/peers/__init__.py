"""What people would pick instead, on the same machine in the same run: Tryton and beancount.

Opt-in: `python -m tests.benchmarks peers` installs them into an environment of their own, in the
user's cache folder, which takes a minute and the network the first time.
"""

from collections.abc import Iterator

from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure
from tests.benchmarks.peers import against_beancount, against_tryton, environment
from tests.benchmarks.peers.environment import Peer


def run(ground: Ground) -> Iterator[Figure]:
    """Installs the peers if need be, then measures both."""
    python = environment.make()
    print(f"# {environment.versions()}", flush=True)
    server, database = against_tryton.make_database(ground)
    with Peer(python, "beancount_load.py") as beancount:
        yield from against_beancount.run(ground, beancount)
    with Peer(python, "tryton_books.py", server, database) as tryton:
        yield from against_tryton.run(ground, tryton)
