"""`paraphe audit replay`, `explain` and `inspection-pack` as a person types them."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.root import build
from tests.databases import TestRun, UrlOf
from tests.services.audit.bundles import KEY, Json, members_of, packed
from tests.services.audit.lived import Lived, lived


@pytest.fixture(scope="module")
def year(
    server_url: UrlOf, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with (
        TestRun.joined().database(server_url, None, template_database) as url,
        lived(url, tmp_path_factory.mktemp("year")) as company,
    ):
        yield company


class Terminal:
    """A terminal on the database of the lived year."""

    def __init__(self) -> None:
        self._app = build(["audit"])

    def run(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(self._app, ["audit", *words])
        assert done.exit_code == code, (words, done.stdout, done.stderr, done.exception)
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Json:
        said: Json = json.loads(self.run(*words, "--json", code=code))
        return said


@pytest.fixture
def terminal(year: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("PARAPHE_DATABASE_URL", year.url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARAPHE_SEAL_KEY", KEY.written())
    return Terminal()


def test_a_bundle_is_replayed_and_reported(year: Lived, terminal: Terminal, tmp_path: Path) -> None:
    page, data = tmp_path / "report.html", tmp_path / "report.json"
    said = terminal.json("replay", str(year.bundle), "--report", str(page), "--report", str(data))
    assert (said["schema"], said["status"]) == ("paraphe.audit/1", "pass")
    assert json.loads(data.read_text())["head"] == said["head"]
    assert "Le livre tient" in page.read_text()
    few = terminal.json("replay", str(year.bundle), "--checks", "basic,vat-recomputes")
    assert "vat-recomputes" in [check["name"] for check in few["checks"]]
    assert "entries-derive" in [one["code"] for one in few["not_checked"]]


def test_the_book_in_the_database_is_replayed_without_a_bundle(
    terminal: Terminal, tmp_path: Path
) -> None:
    """And says so itself: with the verdict and the digest of the report."""
    report = tmp_path / "report.json"
    company = ("--company", "Atelier Garance SAS")
    said = terminal.json("replay", *company, "--report", str(report))
    assert {check["status"] for check in said["checks"]} == {"pass"}
    noted = terminal.json("journal", *company)[-1]
    assert noted["type"] == "audit.performed.v1"
    assert noted["data"]["verdict"] == "pass"
    assert noted["data"]["report"] == sha256(report.read_bytes()).hexdigest()
    assert (noted["data"]["size"], noted["data"]["root"]) == (
        said["head"]["position"],
        said["head"]["root"],
    )


def test_a_part_is_replayed_and_said_to_be_one(year: Lived, terminal: Terminal) -> None:
    bundle = str(year.bundle)
    said = terminal.json("replay", bundle, "--from", "10", "--to", "40")
    assert said["scope"]["from"] == 10
    assert 40 <= said["scope"]["to"] < 60  # a command is not cut
    assert {"before", "after"} <= {one["code"] for one in said["not_checked"]}
    early = terminal.json("replay", bundle, "--as-of", "2026-01-31")
    assert 0 < early["scope"]["to"] < said["head"]["position"]
    terminal.run("replay", bundle, "--from", "10", "--to", "4", code=2)


def test_a_replay_that_ran_out_of_time_is_resumed(year: Lived, terminal: Terminal) -> None:
    bundle = str(year.bundle)
    stopped = terminal.json("replay", bundle, "--max-duration", "0", code=4)
    assert stopped["status"] == "incomplete"
    done = terminal.json("replay", bundle, "--resume")
    assert done["status"] == "pass"
    assert {"code": "resumed", "why": str(stopped["scope"]["to"])} in done["not_checked"]
    again = terminal.json("replay", bundle, "--resume")  # nothing is left to go on from
    assert "resumed" not in {one["code"] for one in again["not_checked"]}


def test_findings_and_what_cannot_be_read_never_share_a_code(
    year: Lived, terminal: Terminal, tmp_path: Path
) -> None:
    forged = packed(tmp_path / "forged.zip", members_of(year.bundle), root="00" * 32)
    said = terminal.json("replay", str(forged), code=1)
    assert said["status"] == "fail"
    (tmp_path / "no.zip").write_bytes(b"no bundle")
    assert terminal.json("replay", str(tmp_path / "no.zip"), code=3)["status"] == "error"
    terminal.run("replay", str(year.bundle), "--checks", "everything", code=2)
    terminal.run("replay", str(year.bundle), "--report", "report.txt", code=2)
    terminal.run("replay", str(year.bundle), "--language", "de", code=2)
    terminal.run("replay", code=2)


def test_a_document_is_explained(terminal: Terminal) -> None:
    words = terminal.run("explain", "FA-2026-00001", "--company", "Atelier Garance SAS")
    assert "invoice.validated.v1" in words
    assert "holds: leaf" in words
    said = terminal.json("explain", "FA-2026-00001", "--company", "Atelier Garance SAS")
    assert said["number"] == "FA-2026-00001"
    terminal.run("explain", "FA-1999-00001", "--company", "Atelier Garance SAS", code=2)


def test_an_inspection_pack_is_gathered(terminal: Terminal, tmp_path: Path) -> None:
    company = ("--company", "Atelier Garance SAS")
    said = terminal.json("inspection-pack", "2026", *company, "-o", str(tmp_path / "pack.zip"))
    assert said["status"] == "pass"
    assert {"missing", "partly", "there"} == {item["state"] for item in said["items"]}
    zipped = members_of(tmp_path / "pack.zip")
    [fec] = [name for name in zipped if name.startswith("exports/") and "FEC" in name]
    left = terminal.json("journal", *company)[-1]
    assert left["type"] == "book.exported.v1"
    words = terminal.run("inspection-pack", "2026", *company, "-o", str(tmp_path / "pack"))
    assert "Dossier de contrôle" in words
    assert (tmp_path / "pack" / "index.html").exists()
    assert (tmp_path / "pack" / fec).read_bytes() == zipped[fec]
    terminal.run("inspection-pack", "2026", *company, "-o", str(tmp_path / "pack"), code=2)
    terminal.run("inspection-pack", "1999", *company, "-o", str(tmp_path / "none"), code=2)
