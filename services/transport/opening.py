"""The transport that the settings ask for; without PARAPHE_NATS_URL there is none."""

from services.replay.sharing import Alone, Sharing
from services.settings import Settings
from services.transport.outbox import Outbox
from services.transport.shared_work import SharedWork


def open_outbox(settings: Settings, url: str) -> Outbox | None:
    """The outbox of this process, not yet started."""
    servers = settings.nats_url
    return Outbox(url, servers.get_secret_value()) if servers else None


def open_sharing(settings: Settings, url: str) -> Sharing:
    """How this process shares the books with others."""
    servers = settings.nats_url
    return SharedWork(url, servers.get_secret_value()) if servers else Alone()
