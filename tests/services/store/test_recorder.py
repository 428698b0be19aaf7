"""The library's own tests of a recorder, on a book."""

from eventsourcing.dcb.tests import DCBRecorderTestCase

from services.store.recorder import BookRecorder
from services.store.store import Store

contract = DCBRecorderTestCase()


def test_appends_and_reads_as_the_library_asks(store: Store, book: str) -> None:
    contract._test_append_read(BookRecorder(store.datastore, book))


def test_subscribes_as_the_library_asks(store: Store, book: str) -> None:
    contract._test_append_subscribe(BookRecorder(store.datastore, book))
