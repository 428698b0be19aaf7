"""What the environment says: every setting is a variable whose name begins with PARAPHE_."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_home() -> Path:
    """Return where the books live when PARAPHE_HOME is not set."""
    if os.geteuid() == 0:
        return Path("/var/lib/paraphe")
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "paraphe"


class Settings(BaseSettings):
    """The settings of one process, read from the environment once; secrets print masked."""

    model_config = SettingsConfigDict(
        env_prefix="PARAPHE_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(
        default_factory=default_home,
        description="Folder of the embedded server, its books and keys.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL 15 or newer to use instead of the embedded server.",
    )
    owner_database_url: SecretStr | None = Field(
        default=None,
        description="The same database as the owner of its tables, for migrations, when the "
        "application's own login may not make tables.",
    )
    replica_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL servers that follow the database (several with spaces between); "
        "they answer what is asked of the registers.",
    )
    nats_url: SecretStr | None = Field(
        default=None,
        description="NATS server that events are published to; none publishes nothing.",
    )
    seal_key: SecretStr | None = Field(
        default=None,
        description="Private key that seals the books; without it keys/seal.key in the home.",
    )
    key_encryption_key: SecretStr | None = Field(
        default=None,
        description="Key (32 bytes in base64) that wraps the keys of personal data; without it "
        "keys/personal.key in the home.",
    )
    requests_a_minute: int = Field(
        default=60_000,
        ge=0,
        description="How many requests a key may make a minute, in each process; 0: any number.",
    )
    archive: Path | None = Field(
        default=None,
        description="Folder, best on another disk, in which every book is kept a second time.",
    )
    free_disk_mib: int = Field(
        default=256,
        ge=0,
        description="Commands are refused while the data's disk has less free space (MiB).",
    )
    fec_mib: int = Field(
        default=256,
        ge=1,
        le=1024,
        description="The longest FEC that is taken in over HTTP (MiB).",
    )
    closings: bool = Field(
        default=True,
        description="Days, months and fiscal years that are over are closed by themselves while a "
        "server or worker runs; without, by `paraphe close`.",
    )
    prints: bool = Field(
        default=True,
        description="The original of each issued document is printed here, soon after; without, "
        "by another server or worker, or when somebody asks for it.",
    )
    unique_companies: bool = Field(
        default=True,
        description="A registration number has one active company here; without, any number.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server that reminders leave by: smtp://user:password@host:port (with "
        "STARTTLS) or smtps://….",
    )
    mail_from: str | None = Field(
        default=None,
        pattern=r"^[^@\r\n]+@[^@\r\n]+$",
        description="The sender of mails: an address, or Name <address>.",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s?#]+$",
        description="Address under which customers reach this server: mailed links begin with it.",
    )
    timestamp_url: str | None = Field(
        default=None, description="Time-stamping authority (RFC 3161) asked to date seals."
    )
    metrics: str | None = Field(
        default=None,
        pattern=r"^(.*:)?[0-9]{1,5}$",
        description="Address (host:port) that answers Prometheus; without a host, this machine.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least serious log lines that are written."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Log lines for people, or one JSON object a line."
    )

    @field_validator("smtp_url")
    @classmethod
    def _of_a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("smtp://… or smtps://…")
        return url

    @property
    def embedded(self) -> bool:
        """Say whether the embedded server is used, for want of a database URL."""
        return self.database_url is None

    @property
    def replica_urls(self) -> list[str]:
        """The URLs of the read replicas."""
        return [] if self.replica_url is None else self.replica_url.get_secret_value().split()

    @property
    def migration_url(self) -> SecretStr | None:
        """The URL that may change tables; None with the embedded server, whose login owns them."""
        return self.owner_database_url or self.database_url
