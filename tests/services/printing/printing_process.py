"""A printer in a process of its own, to be killed: it says when it has printed an original."""

import sys

from services.printing.originals import Printshop
from services.printing.press import Press
from services.printing.printer import Printer
from services.store.datastore import BookDatastore
from services.store.pen import KeptFile
from services.store.store import Store


class Telling(Printshop):
    """Says each time that it has printed."""

    def original(self, *document: str) -> KeptFile:  # type: ignore[override]
        file = super().original(*document)  # type: ignore[arg-type]
        print("printed", flush=True)
        return file


if __name__ == "__main__":
    store = Store(BookDatastore(sys.argv[1]))
    Printer(Telling(store, Press()), sys.argv[1]).run_due()
