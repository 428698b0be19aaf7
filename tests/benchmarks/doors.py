"""Commands over HTTP: real servers in processes of their own, against the least such a door can be.

Clients are threads of this process with a socket each; servers and PostgreSQL share the machine
with them, as they do for the references.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from api.ids import company_id
from services.access import Keyring
from tests.benchmarks import bare_api
from tests.benchmarks.commands import Drafts, unpaid_book
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook, Owed, third_party_line
from tests.benchmarks.measure import Figure, Sample, against, crowd, percentile, race, timed

PLAIN, CHAINED, GROUPED = "FastAPI + INSERT", "FastAPI + chained", "FastAPI + grouped"
DOCUMENT = {"customer": "Boulangerie Pineau", "text": "Pose de menuiseries, rénovation " * 40}
SECONDS_TO_START = 60


class Caller:
    """One client: a kept connection that sends JSON."""

    def __init__(self, port: int, key: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()
        assert self._connection.sock is not None
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def post(self, path: str, body: Any = None) -> bytes:
        """Posts under a new Idempotency-Key; raises for an answer that is no success."""
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        sent = b"" if body is None else json.dumps(body).encode()
        self._connection.request("POST", path, sent, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{path}: {response.status} {answer.decode()}")
        return answer


class Servers:
    """Our server (one process or two) and the bare one, all on one database."""

    def __init__(self, ours: Sequence[int], bare: int, key: str) -> None:
        self.ours = ours
        self.bare = bare
        self.key = key

    def callers(self, count: int, servers: int = 1) -> list[Caller]:
        """Clients of ours, shared out to one or more server processes."""
        return [Caller(self.ours[nth % servers], self.key) for nth in range(count)]

    def bare_callers(self, count: int) -> list[Caller]:
        """Clients of the bare server."""
        return [Caller(self.bare) for _ in range(count)]


@contextmanager
def served(ground: Ground) -> Iterator[Servers]:
    """Starts the servers and ends them; ours do not keep registers here. A quick run has one."""
    environment = {
        **os.environ,
        "PARAPHE_DATABASE_URL": ground.url,
        "PARAPHE_HOME": str(ground.home / "served"),
    }
    ports = [free_port() for _ in range(ground.sized(2, 3))]
    bare_api.make_tables(ground.url, [])
    wanted = [
        *(["api.cli", "serve", "--no-follow", "--port", str(port)] for port in ports[:-1]),
        ["tests.benchmarks.bare_api", ground.url, str(ports[-1])],
    ]
    started = [
        subprocess.Popen([sys.executable, "-m", *words], env=environment, stderr=subprocess.DEVNULL)
        for words in wanted
    ]
    try:
        for port in ports:
            wait_for(port)
        yield Servers(ports[:-1], ports[-1], Keyring(ground.url).issue("benchmark"))
    finally:
        for process in started:
            process.kill()  # asked to end, ours would seal all these books first
        for process in started:
            process.wait(30)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Returns once a server listens."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def run(ground: Ground) -> Iterator[Figure]:
    """Validation and payments over HTTP."""
    with ground.store() as store, served(ground) as servers:
        books = [LongBook(store, Calendar(), customers=20) for _ in range(16)]
        for clients, references in (
            (1, {CHAINED: 0.4, PLAIN: None}),
            (8, {GROUPED: None}),
            (16, {GROUPED: 0.35, PLAIN: None}),
        ):
            yield from validations(
                ground, servers, books[:1], clients=clients, references=references
            )
        yield from validations(ground, servers, books, clients=16, references={PLAIN: None})
        if len(servers.ours) > 1:
            two = {PLAIN: 0.35}
            yield from validations(ground, servers, books, clients=16, references=two, processes=2)
        yield from payments(ground, servers)


def validations(
    ground: Ground,
    servers: Servers,
    books: Sequence[LongBook],
    *,
    clients: int,
    references: Mapping[str, float | None],
    processes: int = 1,
) -> Iterator[Figure]:
    """Validation by some clients on one book, or each on a book of its own."""
    each = ground.sized(3, 150 if clients == 1 else 40)
    a_book = each * clients // len(books)
    drafts = Drafts(books, a_book * ground.rounds)
    callers = servers.callers(clients, processes)
    paths = [f"/v1/companies/{company_id(book.book_id)}/invoices" for book in books]

    def validate(caller: Caller, path: str, invoice_id: str) -> None:
        caller.post(f"{path}/{invoice_id}/validate")

    def ours() -> Sample:
        taken = drafts.take(a_book)
        works = [partial(validate, x, paths[n % len(books)]) for n, x in enumerate(callers)]
        step = clients // len(books)
        pieces = [taken[n % len(books)][n // len(books) :: step] for n in range(clients)]
        return crowd(works, pieces)

    bare_books = [str(uuid4()) for _ in books]
    bare_api.make_tables(ground.url, bare_books)
    bare_callers = servers.bare_callers(clients)
    sides = {"ours": ours}
    for name in references:
        way = name.rpartition(" ")[2].replace("INSERT", "plain")
        posts = [
            partial(post_bare, caller, f"/{way}/{bare_books[nth % len(books)]}")
            for nth, caller in enumerate(bare_callers)
        ]
        sides[name] = partial(crowd, posts, [range(each)] * clients)
    samples = race(sides, ground.rounds)
    where = "one book" if len(books) == 1 else f"{len(books)} books"
    more = "" if processes == 1 else f", {processes} processes"
    what = f"HTTP validate, {clients} client{'s' * (clients > 1)}, {where}{more}"
    for name, least in references.items():
        yield against(what, samples, name, unit="/s", least=least)
    first = next(iter(references))
    for share in (0.5, 0.99):
        took, theirs = percentile(samples["ours"], share), percentile(samples[first], share)
        yield Figure(
            what=f"  p{share * 100:.0f}",
            ours=took,
            unit="ms",
            reference=first,
            theirs=theirs,
            ratio=took / theirs,
            most=3 if share == 0.99 and clients == 16 and len(books) == 1 else None,
            rounds=ground.rounds,
        )


def post_bare(caller: Caller, path: str, _: int) -> None:
    """Posts a document to the bare server."""
    caller.post(path, DOCUMENT)


def payments(ground: Ground, servers: Servers) -> Iterator[Figure]:
    """A payment and its lettering, two requests, against one chained insert."""
    each = ground.sized(8, 100)
    book = unpaid_book(ground, each * ground.rounds)
    owed = iter(book.still_owed())
    [caller], [bare_caller] = servers.callers(1), servers.bare_callers(1)
    bare_book = str(uuid4())
    bare_api.make_tables(ground.url, [bare_book])
    sides: dict[str, Callable[[], Sample]] = {
        "ours": lambda: timed(
            partial(pay, caller, company_id(book.book_id)), [next(owed) for _ in range(each)]
        ),
        CHAINED: lambda: timed(
            partial(post_bare, bare_caller, f"/chained/{bare_book}"), range(each)
        ),
    }
    samples = race(sides, ground.rounds)
    yield against("HTTP payment and its lettering, 1 client", samples, CHAINED, unit="/s")


def pay(caller: Caller, company: str, item: tuple[str, Owed]) -> None:
    """Records a payment and letters it with what it pays."""
    customer, owed = item
    paid = json.loads(
        caller.post(
            f"/v1/companies/{company}/payments",
            {
                "direction": "received",
                "date": owed.entry.date.isoformat(),
                "amount": {"amount": owed.amount, "currency": "EUR"},
                "role": "customers",
                "party": customer,
            },
        )
    )
    parts = [
        {"entry": owed.position, "line": third_party_line(owed.entry)},
        {"entry": paid["entry"], "line": 1},
    ]
    caller.post(f"/v1/companies/{company}/letterings", {"parts": parts})
