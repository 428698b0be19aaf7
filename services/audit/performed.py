"""Use case of an audit of a live book: the book notes that it was audited, and the verdict."""

from domain.operations.technical import AuditPerformed
from services.audit.replay import Replay
from services.store.pen import Command
from services.store.store import Store
from services.technical import note


def note_audit(store: Store, audit: Replay, report: str, command: Command) -> None:
    """Notes that the book was replayed, with what verdict and the digest of the report."""
    event = AuditPerformed(
        verdict=audit.verdict,
        checks=tuple(check.name for check in audit.checks if check.status != "skipped"),
        failed=tuple(check.name for check in audit.checks if check.status == "fail"),
        size=audit.size,
        root=audit.root,
        report=report,
    )
    note(store, audit.book_id, event, command)
