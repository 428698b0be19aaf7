"""The transport that the settings ask for; without PARAPHE_NATS_URL there is none.

Imported where it is needed: every command line would carry its weight.
"""

from typing import TYPE_CHECKING

from services.replay.sharing import Alone, Sharing
from services.settings import Settings

if TYPE_CHECKING:
    from services.transport.outbox import Outbox


def open_outbox(settings: Settings, url: str) -> "Outbox | None":
    """The outbox of this process, not yet started."""
    if settings.nats_url is None:
        return None
    from services.transport.outbox import Outbox  # noqa: PLC0415

    return Outbox(url, settings.nats_url.get_secret_value())


def open_sharing(settings: Settings, url: str) -> Sharing:
    """How this process shares the books with others."""
    if settings.nats_url is None:
        return Alone()
    from services.transport.shared_work import SharedWork  # noqa: PLC0415

    return SharedWork(url, settings.nats_url.get_secret_value())
