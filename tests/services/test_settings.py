"""Settings come from PARAPHE_ variables, have sensible homes and keep secrets to themselves."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.settings import Settings, default_home


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PARAPHE_"):
            monkeypatch.delenv(name)


def test_without_a_database_url_the_embedded_server_is_used() -> None:
    settings = Settings()
    assert settings.embedded
    assert settings.migration_url is None
    assert settings.nats_url is None


def test_the_home_of_root_is_the_machines_and_that_of_a_user_is_his_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_home() == Path("/var/lib/paraphe")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_home() == tmp_path / ".local" / "share" / "paraphe"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == tmp_path / "data" / "paraphe"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path))
    monkeypatch.setenv("PARAPHE_DATABASE_URL", "postgresql://app:hush@db/books")
    settings = Settings()
    assert settings.home == tmp_path
    assert not settings.embedded
    assert settings.migration_url == settings.database_url
    monkeypatch.setenv("PARAPHE_OWNER_DATABASE_URL", "postgresql://owner:hush@db/books")
    assert Settings().migration_url != settings.database_url


def test_replicas_are_named_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().replica_urls == []
    one, two = "postgresql://app:hush@one,two/books", "postgresql://app:hush@three/books"
    monkeypatch.setenv("PARAPHE_REPLICA_URL", f" {one}\n{two}")
    assert Settings().replica_urls == [one, two]


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPHE_DATABASE_URL", "")
    assert Settings().embedded


def test_secrets_are_not_shown_even_by_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REPLICA_URL", "NATS_URL"):
        monkeypatch.setenv(f"PARAPHE_{name}", "postgresql://app:hush@db/books")
    assert "hush" not in f"{Settings()!r} {Settings()} {Settings().model_dump_json()}"
    monkeypatch.setenv("PARAPHE_LOG_LEVEL", "hush")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "hush" not in str(refused.value)
