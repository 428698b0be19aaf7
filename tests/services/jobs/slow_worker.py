"""A worker in a process of its own, to be killed: it says when it is in the middle of a job."""

import sys
import time

from services.jobs.job import Product, Work
from services.jobs.worker import Worker


def stuck(work: Work) -> Product:
    """Begins, says so, and never comes to an end."""
    work.progress(1, 3)
    print("begun", flush=True)
    time.sleep(600)
    raise AssertionError


if __name__ == "__main__":
    Worker(sys.argv[1], {"count": stuck}, lease_seconds=float(sys.argv[2])).run_due()
