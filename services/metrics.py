"""What this process counts and times, for Prometheus; nothing is told by book or by company."""

from prometheus_client import CollectorRegistry, Counter, Histogram

COUNTED = CollectorRegistry()
"""What is counted as it happens, in this process."""

_QUICK = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

PEN_WAIT = Histogram(
    "paraphe_pen_wait_seconds",
    "How long a command waited in line for the pen of its book.",
    buckets=_QUICK,
    registry=COUNTED,
)
COMMANDS = Counter(
    "paraphe_commands",
    "Commands by outcome: written, nothing, replayed, refused, reused, unavailable, failed or, "
    "when they were only rehearsed, rehearsed.",
    ["outcome"],
    registry=COUNTED,
)
COMMIT_SIZE = Histogram(
    "paraphe_commit_commands",
    "How many commands one commit combined.",
    buckets=(1, 2, 4, 8, 16, 24, 32),
    registry=COUNTED,
)
HTTP_SECONDS = Histogram(
    "paraphe_http_request_seconds",
    "Requests by method, route and status.",
    ["method", "route", "status"],
    buckets=_QUICK,
    registry=COUNTED,
)
